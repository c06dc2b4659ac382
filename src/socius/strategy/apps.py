"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Strategy(AppConfig):
    name = "socius.strategy"
    label = "strategy"
