"""Addresses of the needs profile and of the watch over the hub."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.needs import views

urlpatterns = [
    path("needs/", views.home, name="needs"),
    path("needs/answer/", views.answer, name="needs_answer"),
    path("needs/preset/", views.preset, name="needs_preset"),
    path("hub/", views.hub, name="hub"),
]
