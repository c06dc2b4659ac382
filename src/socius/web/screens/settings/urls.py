"""Addresses of one's own settings."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.settings import views

urlpatterns = [
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<int:number>/revoke/", views.revoke, name="token_revoke"),
]
