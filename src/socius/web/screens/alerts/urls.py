"""Addresses of the alert centre."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.alerts import views

urlpatterns = [
    path("listen/alerts/", views.listing, name="alerts"),
    path("listen/alerts/settings/", views.settle, name="alerts_settings"),
    path("listen/alerts/<int:pk>/", views.one, name="alert"),
    path("listen/alerts/<int:pk>/<str:act>/", views.turn, name="alert_turn"),
]
