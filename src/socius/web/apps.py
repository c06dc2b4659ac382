"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    name = "socius.web"
    label = "web"
