"""Runs a command with Django set up, and turns what went wrong into a sentence and an exit status."""

from __future__ import annotations

import argparse
import importlib

import django
from django.db import DatabaseError

from socius.cli.output import dump, warn
from socius.kit.errors import Misconfigured, NotFound, Refused, SociusError

# These set the home up; every other command needs one that stands.
FOUNDERS = {"init", "serve", "serve-prepare", "demo"}

# Modules that need no Django: `serve` starts children that do, `measure` reads files and asks a child for numbers, `fakenet` has no data.
PLAIN = {"serve", "measure", "fakenet"}


def guarded(args: argparse.Namespace) -> int:
    """The last-resort handler of this door."""
    try:
        if args.module not in PLAIN:
            django.setup()
        # Imported late: only what runs is loaded, and only once Django is set up.
        return int(importlib.import_module(f"socius.cli.commands.{args.module}").run(args))
    except Refused as refused:
        put_on_record(refused, args)
        return failed(refused, args)
    except SociusError as error:
        return failed(error, args)
    except DatabaseError as error:
        return failed(explained(error, args), args)


def explained(error: DatabaseError, args: argparse.Namespace) -> SociusError:
    """A database error as a sentence, where its cause is known; else it is raised again."""
    text = str(error).casefold()
    missing = "no such table" in text or "does not exist" in text or "unable to open" in text
    if missing and args.command not in FOUNDERS:
        where = (
            "the demonstration's home: run `socius demo build`"
            if args.demo
            else "this home: run `socius init`"
        )
        return Misconfigured(f"There is no organisation in {where}.")
    if "locked" in text:
        return SociusError("The database is busy with another writer. Try again in a moment.")
    raise error


def failed(error: SociusError, args: argparse.Namespace) -> int:
    """Says what is wrong and returns the exit status that the error stands for."""
    status = 2 if isinstance(error, NotFound) and args.command != "accounts" else error.exit_status
    if args.json:
        dump(
            {
                "error": {
                    "kind": type(error).__name__.lower(),
                    "say": str(error),
                    "exit_status": status,
                }
            }
        )
    warn(f"socius: {error}")
    return status


def put_on_record(refused: Refused, args: argparse.Namespace) -> None:
    """A refused act of a known person goes into the ledger."""
    # Imported late: what it leads to needs Django set up.
    door = importlib.import_module("socius.cli.acting")
    try:
        door.record_refusal(refused, door.acting(args))
    except NotFound:
        return
