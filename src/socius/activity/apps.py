"""Registers the package with Django."""

from __future__ import annotations

from django.apps import AppConfig


class Activity(AppConfig):
    name = "socius.activity"
    label = "activity"
