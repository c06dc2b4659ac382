"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Listen(AppConfig):
    name = "socius.listen"
    label = "listen"
