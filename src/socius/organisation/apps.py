"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Organisation(AppConfig):
    name = "socius.organisation"
    label = "organisation"
