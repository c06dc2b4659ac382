"""`socius assess`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from socius.cli.output import dump, say, table
from socius.engine.assessment.questionnaire import FACTOR_NAMES
from socius.engine.assessment.reading import decoded, read_case
from socius.engine.assessment.result import as_json, assess, versioned
from socius.engine.published import ROWS
from socius.kit.errors import Invalid, Usage


def run(args: argparse.Namespace) -> int:
    """Scores a file, or lists the published figures. Neither needs an organisation."""
    return benchmark(args) if args.what == "benchmark" else score(args)


def score(args: argparse.Namespace) -> int:
    """The result of one file; exit status 1 where the file breaks a rule."""
    if not args.file:
        raise Usage("Name the file to score: socius assess score FILE ('-': standard input).")
    try:
        case = read_case(decoded(read(args.file)))
    except Invalid as error:
        raise Invalid(f"{args.file}: {error}", field=error.field) from error
    if args.version:
        case = versioned(case, args.version)
    found = as_json(assess(case))
    if args.json:
        dump(found)
    else:
        show(found)
    return 0


def read(name: str) -> bytes:
    """The bytes of a file; Invalid where there is none."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Invalid(
            f"cannot be read: {error.strerror}.", repair="Give the path of a file."
        ) from error


def show(found: dict[str, Any]) -> None:
    """The result for people."""
    say(
        f"{found['sensitivity']['say'][0].upper()}{found['sensitivity']['say'][1:]} · {found['stage_name']}"
    )
    if found["self_placed"] is not None:
        say(
            f"You place yourselves at {found['self_placed']}; the practices you report reach {found['stage']}."
        )
    unmet = [g for g in found["gates"] if not g["met"]]
    if unmet:
        nearest = min(g["stage"] for g in unmet)
        say(f"\nUnmet gates; stage {nearest} comes next")
        head = ("stage", "item", "needs", "found", "status", "practice")
        table(head, [(g["stage"], g["item"], g["needed"], words(g["got"]), g["status"], g["name"]) for g in unmet])  # fmt: skip
    if found["factors"]:
        say("\nFactors, 0 to 1")
        table(
            ("factor", "score", "name"),
            [
                (f, "–" if s is None else f"{s:.2f}", FACTOR_NAMES[f])
                for f, s in found["factors"].items()
            ],
        )
    coherence = found["coherence"]
    shown = "not shown" if coherence["score"] is None else f"{coherence['score']:.3f}"
    say(f"\nCoherence {shown}; {coherence['say']}")
    rules = sorted(coherence["rules"], key=lambda r: (r["score"] is None, r["score"]))
    table(("rule", "score", "what"), [(r["id"], "–" if r["score"] is None else f"{r['score']:.2f}", r["message"]) for r in rules])  # fmt: skip
    say("\nDoubts")
    for doubt in found["doubts"]:
        say(f"  {doubt}")
    say(f"  {found['method']}")


def words(got: Any) -> str:
    """What was found at a gate, for people."""
    if isinstance(got, dict):
        return ", ".join(f"{name} {words(one)}" for name, one in got.items())
    if isinstance(got, list):
        return ", ".join(got) or "none"
    return "not answered" if got is None else str(got)


def benchmark(args: argparse.Namespace) -> int:
    """Every published figure with its base, interval and source."""
    if args.file:
        raise Usage("`socius assess benchmark` takes no file.")
    if args.json:
        dump([row.as_json() for row in ROWS])
        return 0
    for row in ROWS:
        say(f"{row.id}: {row.question}: {row.sentence()}")
    return 0
