"""Imports: small kinds in one transaction, large ones in blocks that can be taken up again; undo by what compensates.

The action of the noun's owner calls these after its own `require`; nobody else does.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from django.db import transaction

from socius.activity.actions.ledger import Doer
from socius.activity.actions.runs import Run, account_for, begin, opened, options, settle
from socius.activity.models import ImportRun, Installation
from socius.connectors.files import Reading, Report, Row, Upload

__all__ = ["BLOCK", "Run", "run_blocks", "run_import"]

BLOCK = 10_000


class _TakenBack(Exception):
    """Ends a transaction whose work must not stay: a dry run, or a file that turned out not to be `ok`."""


def run_import(
    upload: Upload, *, kind: str, who: Doer, apply: Callable[[Iterable[Row], Run], None]
) -> Report:
    """Reads a file and applies it in one transaction. A dry run does the same and takes it back, so both count alike."""
    reading = opened(upload, kind)
    report = reading.report
    if report.state != "ok":
        return report
    try:
        with transaction.atomic(), few_collections():
            row = begin(reading, who)
            run = Run(reading, who, id=row.pk, lines=True)
            apply(run.told(reading.rows()), run)
            run.write_lines()
            account_for(report)
            report.judge(upload.answers)
            _stay_or_go(report, run)
            settle(row, run)
    except _TakenBack:
        pass
    return report


def _stay_or_go(report: Report, run: Run) -> None:
    if report.state != "ok" or run.dry:
        raise _TakenBack


def run_blocks(
    upload: Upload, *, kind: str, who: Doer, apply_block: Callable[[list[Row], Run], None]
) -> Report:
    """Reads a file of any size and applies it in blocks, each its own transaction; a killed one goes on where it was.

    Until the last block is in, no report counts a row of it. A dry run calls `apply_block` too, with `run.dry`, and takes each block back.
    """
    reading = opened(upload, kind)
    report = reading.report
    if report.state != "ok":
        return report
    seen = _applied(kind)
    row = _unfinished(reading) or begin(reading, who) if upload.apply else None
    run = Run(reading, who, id=row.pk if row else 0, lines=False)
    with few_collections():
        _each_block(run, row, apply_block)
    if report.state == "ok":
        account_for(report)
        report.judge(upload.answers)
    if report.state == "ok" and row is not None:
        _settle_unless_overtaken(row, run, seen)
    return report


def _applied(kind: str) -> frozenset[int]:
    """The imports of a kind whose rows a block can know of."""
    done = ImportRun.objects.filter(kind=kind, undoes=None).exclude(state="running")
    return frozenset(done.values_list("pk", flat=True))


@transaction.atomic
def _settle_unless_overtaken(row: ImportRun, run: Run, seen: frozenset[int]) -> None:
    """Makes the import count, unless another of its kind came to count while this one was read: its blocks have not seen those rows."""
    # One at a time: of two that end at once, the second sees the first.
    Installation.objects.select_for_update().get()
    later = sorted(_applied(run.report.kind) - seen)
    if not later:
        settle(row, run)
        return
    run.report.find(
        "error",
        "overtaken",
        f"Import {later[-1]} was applied while this file was being read: rows that are in both would count twice. Nothing of this file counts.",
        repair="Import the file once more.",
    )
    run.report.worsen("refused")


@contextmanager
def few_collections() -> Iterator[None]:
    """A million short-lived rows make the collector of cycles look again and again at what is no garbage: a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _unfinished(reading: Reading) -> ImportRun | None:
    """An import of the same bytes, read in the same way, that was interrupted, and that no other has overtaken."""
    wanted = options(reading.upload)
    runs = ImportRun.objects.filter(kind=reading.report.kind, undoes=None)
    # What was applied since has not seen the rows that stand: they would count beside its own.
    last = runs.exclude(state="running").order_by("-pk").values_list("pk", flat=True).first() or 0
    same = runs.filter(sha256=reading.report.file["sha256"], state="running", pk__gt=last)
    return next((run for run in same.order_by("-pk") if run.options == wanted), None)


def _each_block(
    run: Run, row: ImportRun | None, apply_block: Callable[[list[Row], Run], None]
) -> None:
    """Applies the blocks behind those that stand. Blocks of one file are the same each time: they are cut by counting good rows."""
    report, standing, taken = run.report, row.progress if row else 0, 0
    said = dict(row.report) if row else {}
    for block in _blocks(run.reading.rows()):
        taken += len(block)
        if taken <= standing:
            continue
        run.recall(said)
        said = {}
        if report.too_bad(run.upload.answers):
            report.judge(run.upload.answers)
            return
        with transaction.atomic():
            apply_block(block, run)
            _keep(row, run, taken)
        if run.upload.progress:
            run.upload.progress(report.read)
        if report.state != "ok":
            return
    run.recall(said)


def _keep(row: ImportRun | None, run: Run, taken: int) -> None:
    """How far the import is, in the transaction of the block; a dry run keeps nothing."""
    if row is None:
        transaction.set_rollback(True)
        return
    row.progress = taken
    row.report = run.said()
    row.save(update_fields=["progress", "report"])


def _blocks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while block := list(islice(rows, BLOCK)):
        yield block
