"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Measure(AppConfig):
    name = "socius.measure"
    label = "measure"
