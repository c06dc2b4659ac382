"""Addresses of the unit tree."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.units import views

urlpatterns = [path("units/", views.tree, name="units")]
