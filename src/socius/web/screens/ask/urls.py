"""Addresses of the one-question survey."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.ask import views

urlpatterns = [
    path("ask/<str:token>/", views.page, name="ask"),
    path("ask/<str:token>/embed/", views.embedded, name="ask_embedded"),
]
