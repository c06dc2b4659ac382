"""Addresses of insights."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.insights import views

urlpatterns = [
    path("insights/", views.listing, name="insights"),
    path("insights/<int:pk>/close/", views.close, name="insight_close"),
    path("insights/<int:pk>/reopen/", views.reopen, name="insight_reopen"),
]
