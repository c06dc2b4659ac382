"""Registers the package with Django, for its command."""

from __future__ import annotations

from django.apps import AppConfig


class Worker(AppConfig):
    name = "socius.worker"
    label = "worker"
