"""`socius init`: an organisation in the data folder, with its first person."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from socius.cli.output import dump, say
from socius.kit import clock
from socius.organisation.actions import found


def run(args: argparse.Namespace) -> int:
    """Makes the tables and founds the organisation."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    made = "" if args.password_file else secrets.token_urlsafe(12)
    password = made or read_password(args.password_file)
    person = found(args.name, zone=args.zone, email=args.email, password=password, at=clock.now())
    if args.json:
        dump(
            {
                "organisation": args.name,
                "home": str(settings.HOME),
                "person": person.email,
                "password": made or None,
            }
        )
    else:
        say(f"{args.name} stands in {settings.HOME}.")
        say(
            f"Sign in as {person.email}"
            + (f" with the password {made} (shown this once)." if made else ".")
        )
        say("Next: socius import DIR, then socius line-of-sight; or socius serve.")
    return 0


def read_password(place: str) -> str:
    """The first line of a file, or of standard input for `-`."""
    text = sys.stdin.readline() if place == "-" else Path(place).read_text().split("\n")[0]
    return text.strip()
