"""Addresses of leads and attribution."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.leads import views

urlpatterns = [
    path("leads/", views.listing, name="leads"),
    path("leads/count/", views.count, name="leads_count"),
    path("attribution/", views.attribution, name="attribution"),
]
