"""`socius listen queries|sources|alerts`: the verbs of listening that work on the organisation instead of on files."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from socius.cli.acting import acting
from socius.cli.output import dump, say, table
from socius.kit.errors import Invalid, NotFound, Usage
from socius.listen import actions, reports
from socius.listen.actions import undo_responses
from socius.listen.actions.reputation import current_question
from socius.listen.jobs.intake import mapped, take_file
from socius.listen.models import Alert, Intake, Query, Source
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Unit
from socius.organisation.reports import visible

SHOWN = 200


def run(args: argparse.Namespace) -> int:
    """Lists, or does one thing with one object and shows it."""
    actor = acting(args)
    require_somewhere(actor, "analytics.view")
    verbs = {"queries": queries, "sources": sources, "alerts": alerts, "answers": answers, "standing": standing}  # fmt: skip
    verbs[args.what](args, actor)
    return 0


def answers(args: argparse.Namespace, actor: Actor) -> None:
    """A file of answers: tried, or with --apply taken in; with --undo taken back; without a file the list of them."""
    if args.undo is not None:
        undo_responses(intake_of(args.undo), actor=actor)
    if not args.file:
        shown([intake_data(row) for row in Intake.objects.select_related("question")], args.json)
        return
    try:
        data = Path(args.file).read_bytes()
    except OSError as error:
        raise Invalid(f"{args.file} cannot be read: {error.strerror}.", repair="Check the name and its rights.") from error  # fmt: skip
    said = mapped(vars(args))
    found = take_file(Path(args.file).name, data, actor=actor, channel=args.channel, said=said, dry=not args.apply)  # fmt: skip
    if args.json:
        dump({**asdict(found), "applied": args.apply})
        return
    done = "taken in" if args.apply else "would be taken in (--apply takes them in)"
    say(
        f"{found.taken} of {found.rows} answers {done}, {found.known} known already, {found.rejected} cannot be taken."
    )
    for one in found.findings:
        say(f"line {one['line']}: {one['say']}")


def intake_of(number: int) -> Intake:
    """The file of answers of a number. Raises NotFound where there is none."""
    row = Intake.objects.filter(pk=number).first()
    if row is None:
        raise NotFound(f"No file of answers has the number {number}.")
    return row


def intake_data(row: Intake) -> dict[str, Any]:
    """A file of answers in the list."""
    return {"id": row.pk, "source": row.source, "question": row.question.version, "taken": row.taken, "rejected": row.rejected, "made_at": row.made_at, "undone_at": row.undone_at}  # fmt: skip


def standing(args: argparse.Namespace, actor: Actor) -> None:
    """Days and channels of the index."""
    question = current_question()
    if question is None:
        raise NotFound("No question is asked yet. Write it on the page Reputation.")
    first = actor.at.date() - timedelta(days=max(1, args.days))
    names = ("day", "index", "low", "high", "n", "effective", "raw", "unscored", "covered", "missing")  # fmt: skip
    rows = [{"channel": s.channel or "all", **{n: plain(getattr(s, n)) for n in names}} for s in question.standings.filter(day__gte=first).order_by("channel", "day")]  # fmt: skip
    shown(rows, args.json)


def plain(value: Any) -> Any:
    """Three places are enough."""
    return round(value, 3) if isinstance(value, float) else value


def root() -> Unit:
    """Where a query or source belongs that names no unit."""
    return Unit.objects.get(kind="organisation")


def unit_of(args: argparse.Namespace) -> Unit:
    """The unit of --unit."""
    if not args.unit:
        return root()
    found = Unit.objects.named(args.unit).first()
    if found is None:
        raise NotFound(f"There is no unit {args.unit!r}. `socius import units` makes units.")
    return found


def number_of(args: argparse.Namespace, what: str) -> int:
    """The object that a verb needs."""
    if args.number is None:
        raise Usage(f"Say which: socius listen {args.what} {args.act} NUMBER. The list shows the numbers of {what}.")  # fmt: skip
    return int(args.number)


def shown(rows: list[dict[str, Any]], as_json: bool) -> None:
    """A list for programs, or as columns."""
    if as_json:
        dump(rows)
    elif rows:
        table(list(rows[0]), [list(r.values()) for r in rows])
    else:
        say("None.")


def one_query(args: argparse.Namespace, actor: Actor) -> Query:
    """The query of a verb."""
    row = Query.objects.filter(visible(actor, "analytics.view"), pk=number_of(args, "queries")).first()  # fmt: skip
    if row is None:
        raise NotFound(f"There is no query {args.number} here that you may see.")
    return row


def queries(args: argparse.Namespace, actor: Actor) -> None:
    """list, add, edit, limit, archive, restore"""
    if args.act == "add":
        if not args.name or not args.text:
            raise Usage("A query needs --name and --text.")
        actions.make_query(unit_of(args), actor=actor, name=args.name, text=args.text)
    elif args.act == "edit":
        row = one_query(args, actor)
        actions.edit_query(row, actor=actor, name=args.name or row.name, text=args.text or row.text)
    elif args.act == "limit":
        actions.set_threshold(one_query(args, actor), actor=actor, per_hour=args.per_hour)
    elif args.act in {"archive", "restore"}:
        verb = actions.archive_query if args.act == "archive" else actions.restore_query
        verb(one_query(args, actor), actor=actor)
    rows = reports.counted(Query.objects.filter(visible(actor, "analytics.view")).order_by("pk"))
    shown(
        [
            {"id": q.pk, "name": q.name, "text": q.text, "version": q.version, "found": n, "archived": q.archived_at is not None,
             "per_hour": q.threshold.per_hour if hasattr(q, "threshold") else None}
            for q, n in rows
        ],
        args.json,
    )  # fmt: skip


def sources(args: argparse.Namespace, actor: Actor) -> None:
    """list, add, edit, pause, resume"""
    if args.act == "add":
        if not args.name or not args.address or not args.kind:
            raise Usage("A source needs --name, --kind and --address.")
        actions.add_source(unit_of(args), actor=actor, name=args.name, kind=args.kind, address=args.address)  # fmt: skip
    elif args.act != "list":
        row = Source.objects.filter(visible(actor, "analytics.view"), pk=number_of(args, "sources")).first()  # fmt: skip
        if row is None:
            raise NotFound(f"There is no source {args.number} here that you may see.")
        if args.act == "edit":
            actions.edit_source(row, actor=actor, name=args.name or row.name, address=args.address or row.address)  # fmt: skip
        else:
            verb = actions.pause_source if args.act == "pause" else actions.resume_source
            verb(row, actor=actor)
    names = ("name", "kind", "address", "state", "received", "stored", "duplicates", "malformed", "last_at", "last_error")  # fmt: skip
    rows = Source.objects.filter(visible(actor, "analytics.view")).order_by("pk")
    shown([{"id": s.pk, **{n: getattr(s, n) for n in names}} for s in rows], args.json)


def alerts(args: argparse.Namespace, actor: Actor) -> None:
    """list, acknowledge, note, close"""
    if args.act != "list":
        row = reports.seen_alerts(actor).filter(pk=number_of(args, "alerts")).first()
        if row is None:
            raise NotFound(f"There is no alert {args.number} here that you may see.")
        handled(row, args, actor)
    rows = reports.narrowed(reports.seen_alerts(actor), state=args.state, level=args.level)
    names = ("level", "state", "reason", "onset", "until", "expected", "observed", "authors", "negative", "opened_at", "due_at", "verdict")  # fmt: skip
    shown(
        [
            {"id": a.pk, "query": a.query.name, **{n: getattr(a, n) for n in names}, "owner": a.owner.email if a.owner else None}
            for a in rows[:SHOWN]
        ],
        args.json,
    )  # fmt: skip


def handled(row: Alert, args: argparse.Namespace, actor: Actor) -> None:
    """One act on an alert."""
    if args.act == "acknowledge":
        actions.acknowledge_alert(row, actor=actor)
    elif args.act == "note":
        actions.note_alert(row, actor=actor, text=args.text)
    else:
        actions.close_alert(row, actor=actor, verdict=args.verdict, text=args.text)
