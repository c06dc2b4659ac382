"""`socius worker`"""

from __future__ import annotations

import argparse

from django.core.management import call_command

from socius.cli.output import dump, say


def run(args: argparse.Namespace) -> int:
    """Runs the loop until it is told to stop. The loop is a door of its own; Django's command starts it."""
    done = call_command("work", once=args.once)
    if args.once:
        dump({"did": int(done or 0)}) if args.json else say(f"{done or 0} pieces of work done.")
    return 0
