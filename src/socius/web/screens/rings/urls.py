"""Addresses of suspected rings."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.rings import views

urlpatterns = [
    path("listen/rings/", views.listing, name="rings"),
    path("listen/rings/<int:pk>/decide/", views.decide, name="ring_decide"),
]
