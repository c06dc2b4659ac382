"""`socius import KIND FILE`, `socius import DIR`, `socius import undo N`"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from socius.activity.models import Installation
from socius.cli.acting import acting
from socius.cli.output import dump, say, table
from socius.cli.parser import KINDS
from socius.cli.progress import progress
from socius.kit.errors import NotFound, Usage
from socius.measure.actions import IMPORTERS, Upload, undo_import
from socius.organisation.models import Actor

STATUS = {
    "ok": 0,
    "already_imported": 0,
    "held": 1,
    "needs_answer": 1,
    "refused": 1,
    "not_recognised": 2,
    "not_allowed": 3,
}
SHOWN = 3


def run(args: argparse.Namespace) -> int:
    """Reads, reports, and with --apply writes."""
    actor = acting(args)
    if args.target == "undo":
        return undo(args, actor)
    if args.target in KINDS and args.file:
        report = one(args.target, args.file, args, actor)
        shown(report, args)
        return STATUS[report["state"]]
    if Path(args.target).is_dir() and not args.file:
        return folder(Path(args.target), args, actor)
    raise usage(args)


def usage(args: argparse.Namespace) -> NotFound:
    """What is wrong with the words of the command."""
    if args.target in KINDS:
        return NotFound(f"Which file? socius import {args.target} FILE")
    if args.file:
        return NotFound(f"{args.target!r} is no kind. Kinds are {', '.join(KINDS)}.")
    return NotFound(
        f"{args.target!r} is neither a kind nor a folder. Kinds are {', '.join(KINDS)}."
    )


def pairs(given: list[str], flag: str) -> dict[str, str]:
    """COLUMN=FIELD and QUESTION=VALUE arguments."""
    found = {}
    for text in given:
        left, equals, right = text.rpartition("=") if flag == "--map" else text.partition("=")
        if not equals or not left.strip():
            raise Usage(
                f"{flag} {text!r} has no `=`.",
                field=flag.lstrip("-"),
                repair=f"Write {flag} LEFT=RIGHT.",
            )
        found[left.strip()] = right.strip()
    return found


def upload(place: str, args: argparse.Namespace, reason: str = "") -> Upload:
    """The file with what the command says about it."""
    if args.confirm_shrink != bool(args.reason):
        raise Usage(
            "--confirm-shrink and --reason go together.",
            field="reason",
            repair="Give both or neither.",
        )
    if place != "-" and not Path(place).is_file():
        raise NotFound(f"There is no file {place!r}.")
    return Upload(
        source=sys.stdin.buffer.read() if place == "-" else Path(place),
        name="standard input" if place == "-" else Path(place).name,
        apply=args.apply,
        mapping=pairs(args.map, "--map"),
        answers=pairs(args.answer, "--answer"),
        expect_sha256=args.expect_sha256.casefold(),
        complete=args.complete,
        confirm_shrink=args.confirm_shrink,
        reason=args.reason or reason,
        zone=args.zone or str(Installation.objects.zone()),
    )


def one(kind: str, place: str, args: argparse.Namespace, actor: Actor) -> dict[str, Any]:
    """One file; a bar on standard error while a large one goes in."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows, {task.speed} a second"),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(kind, total=None)
        given = replace(upload(place, args), progress=lambda rows: bar.update(task, completed=rows))
        return IMPORTERS[kind](given, actor=actor).as_json()


def folder(place: Path, args: argparse.Namespace, actor: Actor) -> int:
    """units.csv, people.csv, ... in the order in which they need each other."""
    files = [(kind, place / f"{kind}.csv") for kind in KINDS if (place / f"{kind}.csv").is_file()]
    if not files:
        raise NotFound(f"{place} holds none of {', '.join(f'{k}.csv' for k in KINDS)}.")
    if args.expect_sha256:
        raise Usage(
            "--expect-sha256 is of one file, and this is a folder.",
            field="expect_sha256",
            repair="Import the files one by one.",
        )
    reports = []
    bar = progress()
    with bar:
        task = bar.add_task("import", total=len(files))
        for kind, file in files:
            bar.update(task, description=kind)
            reports.append(one(kind, str(file), args, actor))
            bar.advance(task)
            if STATUS[reports[-1]["state"]] and args.apply:
                break
    if args.json:
        dump({"imports": reports})
    else:
        for report in reports:
            shown(report, args)
    return max(STATUS[r["state"]] for r in reports)


def shown(report: dict[str, Any], args: argparse.Namespace) -> None:
    """The report, for programs or for people."""
    if args.json:
        dump(report)
        return
    rows = report["rows"]
    nothing = "nothing to do" if report["state"] == "already_imported" else "dry run"
    applied = "applied" if report["applied_at"] else nothing
    say(f"{report['kind']} from {report['file'].get('name', '')}: {report['state']} ({applied})")
    say(
        "  "
        + ", ".join(
            f"{rows[name]:,} {name}"
            for name in ("read", "created", "updated", "unchanged", "skipped", "rejected")
        )
    )
    if report["columns"]["unknown_kept"]:
        say(f"  columns kept but not understood: {', '.join(report['columns']['unknown_kept'])}")
    for question in report["questions"]:
        say(
            f"  ? {question['ask']} ({' | '.join(map(str, question['choices']))}): answer with --answer {question['id']}=VALUE"
        )
    if report["summary"]:
        say(f"  {report['summary']}")
    if report["shrink"] and report["shrink"]["would_mark_absent"]:
        say(
            f"  shrink guard: {report['shrink']['would_mark_absent']} of {report['shrink']['owned']} no longer listed (limit {report['shrink']['limit']})"
        )
    show_findings(report)
    if report["state"] == "ok" and not report["applied_at"]:
        say("  Nothing was written. Say --apply to write it.")


def show_findings(report: dict[str, Any]) -> None:
    """The first findings of each code as a table, the others as counts."""
    shown: Counter[str] = Counter()
    rows = []
    for finding in report["findings"]:
        shown[finding["code"]] += 1
        if shown[finding["code"]] <= SHOWN:
            says = f"{finding['say']} {finding.get('repair', '')}".strip()
            rows.append((finding.get("line", ""), finding["code"], finding.get("column", ""), says))
    if rows:
        table(("line", "what", "column", "says"), rows)
    more = {code: n for code, n in report["finding_counts"].items() if n > SHOWN}
    if more:
        counted = ", ".join(f"{code} {n:,}" for code, n in more.items())
        say(f"  in all: {counted}; --json lists up to 1,000")


def undo(args: argparse.Namespace, actor: Actor) -> int:
    """Takes an import back with compensating rows."""
    if not args.file.isdecimal():
        raise NotFound(
            "Which import? socius import undo NUMBER (the report of the import names it)"
        )
    done = undo_import(int(args.file), actor=actor, apply=args.apply)
    if args.json:
        dump(done)
    else:
        say(
            f"import {done['import']}: {done['rows']:,} rows {'taken back' if done['applied'] else 'would be taken back'}"
        )
        if not done["applied"]:
            say("Nothing was written. Say --apply to write it.")
        for finding in done["findings"]:
            say(f"  {finding['say']} {finding.get('repair', '')}")
    return 0 if done["state"] == "ok" else 1
