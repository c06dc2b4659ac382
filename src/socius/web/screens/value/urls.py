"""Addresses of net value."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.value import views

urlpatterns = [
    path("value/", views.listing, name="value"),
    path("value/lines.csv", views.export, name="value_export"),
    path("value/worth/", views.worth, name="value_worth"),
]
