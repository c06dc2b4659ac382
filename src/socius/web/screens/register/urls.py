"""Addresses of the register of tools."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.register import views

urlpatterns = [
    path("tools/", views.listing, name="tools"),
    path("tools/ask/", views.ask, name="tool_ask"),
    path("tools/strategy/", views.strategy, name="strategy"),
    path("tools/<int:pk>/decide/", views.decide, name="tool_decide"),
    path("tools/<int:pk>/retire/", views.retire, name="tool_retire"),
]
