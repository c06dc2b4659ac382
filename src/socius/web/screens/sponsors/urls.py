"""Addresses of the sponsors' pages."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.sponsors import views

urlpatterns = [
    path("sponsors/", views.listing, name="sponsors"),
    path("sponsors/<path:owner>/", views.one, name="sponsor"),
]
