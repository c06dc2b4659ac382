"""Addresses of outcome series."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.series import views

urlpatterns = [
    path("series/", views.listing, name="series_list"),
    path("series/<int:pk>/", views.one, name="series"),
    path("series/<int:pk>/values.csv", views.export, name="series_values"),
    path("series/<int:pk>/describe/", views.describe, name="series_describe"),
]
