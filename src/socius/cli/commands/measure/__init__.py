"""`socius measure VERB`: files in, an answer out. Needs no organisation; the numbers are worked out in a child."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from socius.cli.commands.measure.showing import SHOWN
from socius.cli.output import dump, say, warn
from socius.kit import clock
from socius.kit.child import ask
from socius.kit.errors import Invalid

TASKS = "socius.engine.effect.tasks"
# Words of the door itself, which are no business of the calculation.
OWN = {"command", "verb", "module", "home", "demo", "json", "acting", "sheet", "dir"}
FILES = ("outcome", "file", "paths", "design")
NOT_FILES = {("ab", "outcome"), ("panel", "outcome"), ("adjust", "outcome")}


def run(args: argparse.Namespace) -> int:
    """Reads the files, asks the child, prints. What is refused is an answer: status 0; a file of a folder that cannot be asked is not: 1."""
    options: dict[str, Any] = {k: v for k, v in vars(args).items() if k not in OWN}
    files: dict[str, bytes] = {}
    for option in FILES:
        place = options.get(option)
        if place and (args.verb, option) not in NOT_FILES:
            options[option], files[Path(place).name] = Path(place).name, content(place, option)
    if args.verb == "batch":
        files, options["unread"], options["ignored"] = folder(args.dir)
    if args.verb == "power":
        options["today"] = clock.now().date().isoformat()
    if options.get("klass"):
        options["class"] = options.pop("klass")
    place_for_sheet(args)
    found = ask(f"{TASKS}.{args.verb}", options, files)
    if getattr(args, "sheet", ""):
        write_sheet(args, found)
    if args.json:
        dump(found)
    else:
        SHOWN[args.verb](found)
    return told_of_failed(found)


def told_of_failed(found: dict[str, Any]) -> int:
    """A sentence on standard error for each file of a folder that could not be asked, and status 1 where there is one."""
    failed = found.get("failed") or []
    for one in failed:
        warn(f"socius: {one['say']}")
    if failed:
        warn(f"socius: {len(failed)} of {len(failed) + len(found['effects'])} questions could not be asked; the others are answered.")  # fmt: skip
    return 1 if failed else 0


def content(place: str, option: str) -> bytes:
    """The bytes of a file."""
    path = Path(place)
    if path.is_dir():
        raise Invalid(f"{place} is a folder.", field=option, repair="Name a file.")
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Invalid(f"There is no file {place!r}.", field=option, repair="Check the name.") from error  # fmt: skip
    except OSError as error:
        raise Invalid(f"{place} cannot be read: {error.strerror}.", field=option, repair="Check its rights.") from error  # fmt: skip


def folder(place: str) -> tuple[dict[str, bytes], list[dict[str, str]], list[str]]:
    """Every CSV of a folder, those that cannot be read with the reason, and the names of what is no CSV."""
    path = Path(place)
    if not path.is_dir():
        raise Invalid(f"There is no folder {place!r}.", field="dir", repair="Check the name.")
    files: dict[str, bytes] = {}
    unread: list[dict[str, str]] = []
    ignored: list[str] = []
    for one in listed(path):
        if one.suffix.casefold() not in {".csv", ".tsv", ".txt"} or not one.is_file():
            ignored.append(one.name)
            continue
        try:
            files[one.name] = content(str(one), "dir")
        except Invalid as error:
            unread.append({"file": one.name, "say": str(error)})
    if not files and not unread:
        raise Invalid(f"{place} holds no CSV file.", field="dir", repair="Put one file a series into it.")  # fmt: skip
    return files, unread, ignored


def listed(path: Path) -> list[Path]:
    """What stands in a folder, in order; hidden files and those of a spreadsheet that is open are nobody's data."""
    try:
        return sorted(p for p in path.iterdir() if not p.name.startswith((".", "~$")))
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="dir", repair="Check its rights.") from error  # fmt: skip


def place_for_sheet(args: argparse.Namespace) -> None:
    """Raises Invalid before anything is worked out where the sheet could not be written."""
    if not getattr(args, "sheet", ""):
        return
    if not args.start:
        raise Invalid("A sheet needs the day on which it will start.", field="start", repair="Say --start DATE.")  # fmt: skip
    path = Path(args.sheet)
    if path.exists():
        raise Invalid(f"{args.sheet} exists already.", field="sheet", repair="A sheet is never overwritten: name another file.")  # fmt: skip
    if not path.absolute().parent.is_dir():
        raise Invalid(f"There is no folder {str(path.parent)!r} to write {path.name} into.", field="sheet", repair="Make it, or name another place.")  # fmt: skip


def write_sheet(args: argparse.Namespace, found: dict[str, Any]) -> None:
    """The design sheet, never over another one: a file that came meanwhile is left as it is."""
    try:
        with Path(args.sheet).open("x", encoding="utf-8") as file:
            file.write(json.dumps(found["sheet"], indent=1) + "\n")
    except OSError as error:
        raise Invalid(f"{args.sheet} cannot be written: {error.strerror}.", field="sheet", repair="Name another place.") from error  # fmt: skip
    if not args.json:
        say(f"Sheet written to {args.sheet}, hash {found['sheet']['sha256'][:16]}.")
