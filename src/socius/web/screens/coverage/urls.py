"""Addresses of coverage."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.coverage import views

urlpatterns = [
    path("listen/coverage/", views.home, name="coverage"),
    path("listen/coverage/<int:pk>/withdraw/", views.withdraw, name="coverage_withdraw"),
]
