"""`socius roadmap`"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from socius.cli.output import dump, say, table, warn
from socius.engine.roadmap import answer, read_plan, what_if_of
from socius.kit import clock
from socius.kit.errors import Usage
from socius.kit.figures import percent


def run(args: argparse.Namespace) -> int:
    """Checks a roadmap file; exit status 1 when it cannot be planned. Flags are advice and leave the status at 0."""
    items, frame, problems = read_plan(read(args.file), clock.now().date())
    if args.effort <= 0 or (args.capacity is not None and args.capacity < 0):
        raise Usage("--effort has to be above 0 and --capacity at least 0.")
    found = answer(items, frame, problems, what_if=what_if_of(frame, args.capacity, args.effort))
    if args.json:
        dump(found)
    elif found["sound"]:
        show(found)
    if not found["sound"]:
        for one in found["problems"]:
            warn(f"socius: {args.file}: {one['place']}: {one['say']} {one['remedy']}")
        return 1
    return 0


def read(name: str) -> Any:
    """The JSON of a file; Usage when there is none."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise Usage(f"{name} cannot be read: {error.strerror}. Give the path of a file.") from error
    except UnicodeDecodeError as error:
        raise Usage(f"{name} is no text in UTF-8 (byte {error.start}). Save it again.") from error
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Usage(f"{name} is no JSON at {place}: {error.msg}. Correct it there.") from error
    except RecursionError as error:
        raise Usage(f"{name} is nested too deeply. A roadmap needs four levels.") from error


def show(found: dict[str, Any]) -> None:
    """The answer for people."""
    capacity = found["capacity_hours"]
    hours = "no capacity given" if capacity is None else f"{capacity:,.0f} hours a quarter"
    say(
        f"{len(found['order'])} initiatives, {hours}, as of {found['as_of']}; last end {found['horizon'] or 'none'}."
    )
    for flag in found["flags"]:
        say(f"  ! {flag['say']}")
    changes = {one["id"]: one["say"] for one in found.get("what_if", {}).get("changes", ())}
    if found["order"]:
        say()
        head = ["#", "initiative", "from", "until", "fits", "points/100 h", "why"]
        table(
            [*head, "what if"] if changes else head, [row(one, changes) for one in found["order"]]
        )
    if found["wont_do"]:
        say("\nWill not be done")
        table(("initiative", "reason"), [(o["title"], o["reason"]) for o in found["wont_do"]])


def row(one: dict[str, Any], changes: dict[str, str]) -> list[Any]:
    """One line of the order."""
    ratio = one["standing"]["points_per_100_hours"]
    return [
        one["place"],
        one["title"],
        one["first"] or "–",
        (one["last"] or "–") + ("" if one["ends_inside"] or one["last"] is None else " →"),
        "–" if one["fits"] is None else percent(one["fits"]),
        "–" if ratio is None else f"{ratio[1]:g} ({ratio[0]:g} to {ratio[2]:g})",
        one["waits"] or one["why"],
        *([changes[one["id"]]] if changes else []),
    ]
