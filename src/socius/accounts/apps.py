"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "socius.accounts"
    label = "accounts"
