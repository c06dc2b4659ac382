"""Addresses of the line of sight."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.line_of_sight import views

urlpatterns = [path("", views.home, name="home")]
