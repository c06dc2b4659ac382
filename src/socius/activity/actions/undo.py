"""Takes an import back by what compensates it: the owner restores what rows changed, the ledger gets retractions. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.db import transaction

from socius.activity.actions.ledger import Doer, Draft, append, record
from socius.activity.models import Content, Entry, ImportedRow, ImportRun
from socius.connectors.files import KINDS, Report
from socius.engine.verbs import RETRACT
from socius.kit.clock import micros
from socius.kit.errors import NotFound

BLOCK = 10_000
MOST_NAMED = 20
CHANGED = ("created", "updated")
# Puts back what an import made or changed, in the caller's transaction; returns how many objects it touched.
T = TypeVar("T")
Restore = Callable[[ImportRun], int]


def undo_run(run_id: int, *, who: Doer, restore: Restore | None = None) -> Report:
    """Undoes an applied import, as a run of its own. `restore` is the owner's; rows of the ledger are retracted here.

    Refused while later imports changed the same rows; the report names them.
    """
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound(f"There is no import {run_id}.")
    report = Report(
        run.kind,
        format="undo",
        mode="apply",
        previous_import=run.pk,
        file={"name": run.file_name, "sha256": run.sha256},
    )
    if run.state != "applied" or run.undoes_id is not None:
        say = f"Import {run.pk} is {run.state}; only an applied one that is not itself an undo can be taken back."
        report.find("error", "undo_impossible", say)
        report.worsen("refused")
        return report
    if not _blocked(run, report):
        if KINDS[run.kind].large:
            _retract_all(run, who, report)
        else:
            _restore(run, who, report, restore)
    return report


def _blocked(run: ImportRun, report: Report) -> bool:
    """Whether later imports changed what this one made or changed; they must be undone first."""
    mine = ImportedRow.objects.filter(run=run, outcome__in=CHANGED).values("object")
    later = ImportedRow.objects.filter(
        run__gt=run.pk, run__state="applied", run__undoes=None, outcome__in=CHANGED, object__in=mine
    )
    for line in later.order_by("run", "line")[:MOST_NAMED]:
        _block(
            report, line.object, f"import {line.run_id}, line {line.line}", f"import {line.run_id}"
        )
    report.counts["undo_blocked"] += max(0, later.count() - MOST_NAMED)
    touched = Entry.objects.filter(
        verb=RETRACT,
        run__gt=run.pk,
        run__in=ImportRun.objects.filter(state="applied", undoes=None).values("pk"),
    )
    for chunk in _chunks(list(touched.values_list("retracts", "run"))):
        by_id = {_id(target): later_run for target, later_run in chunk}
        for entry in Entry.objects.filter(id__in=list(by_id), run=run.pk):
            later_run = by_id[_id(entry.id)]
            _block(
                report,
                f"{entry.verb} {entry.remote_id}",
                f"import {later_run}",
                f"import {later_run}",
            )
    if report.counts["undo_blocked"]:
        report.worsen("refused")
    return report.state != "ok"


def _block(report: Report, what: str, where: str, first: str) -> None:
    report.find(
        "error",
        "undo_blocked",
        f"{what} was changed later, by {where}.",
        repair=f"Take {first} back first.",
    )


def _begin(run: ImportRun, who: Doer) -> ImportRun:
    undo, _ = ImportRun.objects.get_or_create(
        undoes=run,
        defaults={
            "kind": "undo",
            "file_name": run.file_name,
            "sha256": run.sha256,
            "state": "running",
            "actor": who.ref,
            "started_at": who.at,
        },
    )
    return undo


def _finish(run: ImportRun, undo: ImportRun, who: Doer, report: Report) -> None:
    run.state = "undone"
    run.save(update_fields=["state"])
    report.run = undo.pk
    report.applied_at = who.at.isoformat()
    undo.state = "applied"
    undo.applied_at = who.at
    undo.report = report.as_json()
    undo.save()
    record(
        who,
        "import_undone",
        f"import:{run.pk}",
        run=undo.pk,
        content={"kind": run.kind, "file": run.file_name, "sha256": run.sha256},
    )


def _restore(run: ImportRun, who: Doer, report: Report, restore: Restore | None) -> None:
    with transaction.atomic():
        undo = _begin(run, who)
        touched = restore(run) if restore else 0
        report.read = max(ImportedRow.objects.filter(run=run).count(), touched)
        report.outcomes["updated"] = touched
        report.outcomes["unchanged"] = report.read - touched
        _finish(run, undo, who, report)


def _retract_all(run: ImportRun, who: Doer, report: Report) -> None:
    """Blocks of 10,000, each its own transaction; an interrupted undo goes on behind the last row that it took back."""
    undo = _begin(run, who)
    last = bytes.fromhex(undo.report.get("last", ""))
    while entries := list(Entry.objects.filter(run=run.pk, id__gt=last).order_by("id")[:BLOCK]):
        last = _id(entries[-1].id)
        with transaction.atomic():
            undo.progress += append(_compensating(entries, run, undo, who))
            undo.report = {"last": last.hex()}
            undo.save(update_fields=["progress", "report"])
    with transaction.atomic():
        report.read = report.outcomes["updated"] = undo.progress
        _finish(run, undo, who, report)


def _compensating(
    entries: Sequence[Entry], run: ImportRun, undo: ImportRun, who: Doer
) -> Iterator[Draft]:
    """A retraction for each row that stands, and a new copy of each older row that the import had taken back."""
    counted = [_id(e.id) for e in entries if e.verb != RETRACT]
    targets = [_id(e.retracts) for e in entries if e.verb == RETRACT and e.retracts]
    gone = {
        _id(r)
        for chunk in _chunks(counted)
        for r in Entry.objects.filter(retracts__in=chunk, run=run.pk).values_list(
            "retracts", flat=True
        )
    }
    older = {
        _id(e.id): e
        for chunk in _chunks(targets)
        for e in Entry.objects.filter(id__in=chunk).exclude(run=run.pk)
    }
    contents = {
        _id(c.id): c.content
        for chunk in _chunks(list(older))
        for c in Content.objects.filter(id__in=chunk)
    }
    for entry in entries:
        if entry.verb == RETRACT:
            back = older.get(_id(entry.retracts))
            if back is not None:
                content = contents.get(_id(back.id))
                yield _copy(back, undo, who)._replace(
                    verb=back.verb,
                    remote_id=back.remote_id,
                    content=bytes(content) if content else None,
                )
        elif entry.verb != "import" and _id(entry.id) not in gone:
            yield _copy(entry, undo, who)._replace(retracts=_id(entry.id))


def _copy(entry: Entry, undo: ImportRun, who: Doer) -> Draft:
    return Draft(
        id=b"",
        at=entry.at,
        recorded_at=micros(who.at),
        actor=who.ref,
        origin=who.origin,
        verb=RETRACT,
        result="done",
        object=entry.object,
        unit=entry.unit,
        account=entry.account,
        initiative=entry.initiative,
        goal=entry.goal,
        network=entry.network,
        minutes=entry.minutes,
        run=undo.pk,
    )


def _chunks(items: list[T], size: int = 900) -> Iterator[list[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def _id(value: bytes | memoryview | None) -> bytes:
    """PostgreSQL gives a memoryview where SQLite gives bytes."""
    return bytes(value or b"")
