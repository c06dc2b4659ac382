"""`django-admin work`: starts the loop; `socius worker` and `socius serve` call it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from socius.worker.loop import Loop


class Command(BaseCommand):
    """Runs the worker."""

    help = "Does what is due until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--once`: do what is due and end."""
        parser.add_argument("--once", action="store_true")

    def handle(self, *_: Any, **options: Any) -> str | None:
        """Returns the number of pieces of work for `--once`."""
        loop = Loop()
        if options["once"]:
            return str(loop.once())
        loop.run()
        return None
