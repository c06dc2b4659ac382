"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Assess(AppConfig):
    name = "socius.assess"
    label = "assess"
