"""Addresses of effects."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.effects import views

urlpatterns = [
    path("effects/", views.listing, name="effects"),
    path("effects/estimate/", views.estimate, name="effect_estimate"),
    path("effects/<int:pk>/", views.one, name="effect"),
]
