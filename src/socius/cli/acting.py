"""Who acts on the command line: `--as`, else the token in SOCIUS_TOKEN, else the person made by `socius init`."""

from __future__ import annotations

import argparse
import os
from datetime import date

from socius.kit import clock
from socius.kit.errors import Usage
from socius.organisation.actions import actor_for, record_refusal
from socius.organisation.models import Actor

__all__ = ["acting", "day_of", "record_refusal"]


def acting(args: argparse.Namespace) -> Actor:
    """The actor of this command."""
    # The token comes from the environment: an argument would show in the list of processes.
    token = "" if args.acting else os.environ.get("SOCIUS_TOKEN", "")
    return actor_for(origin="cli", at=clock.now(), email=args.acting or None, token=token or None)


def day_of(text: str, name: str) -> date | None:
    """A date argument; None where it was left out."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Usage(
            f"--{name} is {text!r}.", field=name, repair="Write it as 2026-11-30."
        ) from error
