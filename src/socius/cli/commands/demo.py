"""`socius demo build|reset|truth`"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from socius.activity.models import Installation
from socius.cli.acting import day_of
from socius.cli.output import dump, say
from socius.demo.actions import build, hear
from socius.kit import clock
from socius.kit.errors import Conflict, NotFound


def run(args: argparse.Namespace) -> int:
    """Acts on the demonstration's home only: a real home is never touched."""
    if not settings.DEMONSTRATION:
        # Settings are read once a process: the rest runs in one that has the demonstration's.
        words = [sys.executable, "-m", "socius.cli", *sys.argv[1:]]
        return subprocess.run(words, check=False, env={**os.environ, "SOCIUS_DEMO": "1"}).returncode  # noqa: S603 - our own program
    return {"build": build_home, "reset": reset, "truth": truth}[args.what](args)


def stands() -> bool:
    """Whether the demonstration was built to its end."""
    return (settings.HOME / "truth.json").exists()


def build_home(args: argparse.Namespace) -> int:
    """Makes the home and the organisation in it."""
    if stands():
        if args.if_missing:
            return 0
        raise Conflict(
            "The demonstration stands already. `socius demo reset` deletes it and builds it again."
        )
    if settings.HOME.exists():
        shutil.rmtree(settings.HOME)
    settings.HOME.mkdir(parents=True)
    call_command("migrate", verbosity=0, interactive=False)
    if not args.json:
        say("Building the demonstration organisation (once; half a minute) ...")
    built = build(
        seed=args.seed, accounts=args.accounts, as_of=day_of(args.as_of, "as-of"), now=clock.now()
    )
    hear(built, seed=args.seed)
    note = Path(settings.HOME) / "sign-in.txt"
    note.write_text(built.sign_in + "\n")
    note.chmod(0o600)
    (settings.HOME / "truth.json").write_text(json.dumps(built.truth, indent=1, default=str))
    if args.json:
        dump(
            {
                "home": str(settings.HOME),
                "accounts": args.accounts,
                "seed": args.seed,
                "sign_in": built.sign_in,
                "as_of": built.as_of,
            }
        )
    else:
        say(f"{Installation.objects.get().name} stands in {settings.HOME}.")
        say(built.sign_in)
    return 0


def reset(args: argparse.Namespace) -> int:
    """Deletes the demonstration's home and builds it again."""
    shutil.rmtree(settings.HOME, ignore_errors=True)
    return build_home(args)


def truth(_args: argparse.Namespace) -> int:
    """Prints what the generator planned, to hold against what Socius finds."""
    if not stands():
        raise NotFound("There is no demonstration yet: run `socius demo build`.")
    dump(json.loads((settings.HOME / "truth.json").read_text()))
    return 0
