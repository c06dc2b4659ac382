"""Rollups plus the end of the ledger equal plain counting, whatever happened in between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from append_only import TABLES, lifted
from socius.activity import jobs, reports
from socius.activity.actions import ledger, rollups
from socius.activity.models import Cursor, Entry, ImportRun, Installation, Rollup
from socius.engine.sight.segments import Segments
from socius.kit.clock import instant, micros

START = datetime(2026, 3, 27, 20, tzinfo=UTC)  # before a change of the clocks in Berlin
FOREVER = (date(1960, 1, 1), date(2040, 1, 1))
VERBS = ("posted", "replied", "moderated", "ran", "import")
EXAMPLES = int(os.environ.get("SOCIUS_MACHINES", "25"))


@dataclass(frozen=True)
class Fact:
    """What a test knows of a row that it wrote."""

    id: bytes
    at: int
    recorded_at: int
    verb: str
    references: tuple[
        int, int, int, int, int, str
    ]  # unit, account, reference, initiative, goal, network
    minutes: int
    run: int
    result: str = "done"
    takes_back: bytes | None = None


def plain_count(facts: list[Fact], zone: str, as_of: datetime) -> Counter[tuple[Any, ...]]:
    """The slow, obvious way, from what was written and nothing that we keep."""
    by_id = {fact.id: fact for fact in facts}
    applied = {
        run.pk for run in ImportRun.objects.all() if run.applied_at and run.applied_at <= as_of
    }
    total: Counter[tuple[Any, ...]] = Counter()
    for fact in facts:
        known = (
            fact.run in applied
            if fact.run
            else instant(fact.recorded_at).date() <= as_of.astimezone(UTC).date()
        )
        subject = by_id[fact.takes_back] if fact.takes_back else fact
        if (
            known
            and fact.result == "done"
            and subject.verb != "import"
            and subject.result == "done"
        ):
            sign = -1 if fact.takes_back else 1
            day = instant(subject.at).astimezone(ZoneInfo(zone)).date()
            total[(day, *subject.references, subject.verb, "n")] += sign
            total[(day, *subject.references, subject.verb, "minutes")] += sign * subject.minutes
    return Counter({key: n for key, n in total.items() if n})


def reported(as_of: datetime, window: tuple[date, date] = FOREVER) -> Counter[tuple[Any, ...]]:
    total: Counter[tuple[Any, ...]] = Counter()
    for *key, n, minutes in reports.rollups(*window, as_of):
        total[(*key, "n")] += n
        total[(*key, "minutes")] += minutes
    return Counter({key: n for key, n in total.items() if n})


def added_up(as_of: datetime, cuts: Segments, last: date) -> tuple[Counter[Any], Counter[Any]]:
    """What `counted` tells for these segments, and the same from the rows by day."""

    def start(day: date, account: int, reference: int) -> date:
        apart = account in cuts.accounts or reference in cuts.references
        return day if apart else cuts.starts[bisect_right(cuts.starts, day) - 1]

    got: Counter[Any] = Counter()
    with mock.patch.object(reports, "FEW_ROWS", -1):  # as if there were many
        counted = list(reports.counted(cuts, last, as_of))
    for day, account, unit, network, reference, *rest, n in counted:
        got[start(day, account, reference), account, unit, network, reference, *rest] += n
    wanted: Counter[Any] = Counter()
    for row in reports.rollups(cuts.starts[0], last, as_of):
        day, unit, account, reference, initiative, goal, network, _, n, _ = row
        key = (account, unit, network, reference, initiative, goal)
        wanted[start(day, account, reference), *key] += n
    return Counter({k: n for k, n in got.items() if n}), Counter(
        {k: n for k, n in wanted.items() if n}
    )


class Writer:
    """Writes rows and remembers them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.at = START
        self.facts: list[Fact] = []
        self.zone = "Europe/Berlin"

    def drafts(self, n: int, run: int) -> Iterator[ledger.Draft]:
        for _ in range(n):
            account = self.rng.choice([0, 1, 2])
            reference = 0 if account else self.rng.choice([0, 8, 9])
            references = (
                self.rng.choice([0, 4]), account, reference, self.rng.choice([0, 0, 6]), self.rng.choice([0, 0, 7]), self.rng.choice(["", "x"])
            )  # fmt: skip
            at = (
                micros(self.at)
                - self.rng.choice([0, 1, 3600, 86_400, 400 * 86_400, 20_000 * 86_400]) * 1_000_000
            )
            fact = Fact(
                os.urandom(16), at, micros(self.at), self.rng.choice(VERBS), references, self.rng.choice([0, 0, 15]), run,
                self.rng.choice(["done", "done", "done", "refused"]),
            )  # fmt: skip
            self.facts.append(fact)
            yield self.draft(fact)

    def draft(self, fact: Fact) -> ledger.Draft:
        unit, account, reference, initiative, goal, network = fact.references
        thing = f"reference:{reference}" if reference else "post:1"
        return ledger.Draft(
            fact.id, fact.at, fact.recorded_at, "person:1", "import", fact.verb, fact.result, thing, unit or None, account or None,
            initiative or None, goal or None, network or None, None, fact.minutes or None, fact.run or None, fact.takes_back,
        )  # fmt: skip

    def import_run(self, *, applied: bool) -> ImportRun:
        return ImportRun.objects.create(
            kind="activity", file_name="a.csv", sha256="", state="applied" if applied else "running", actor="person:1",
            started_at=self.at, applied_at=self.at if applied else None,
        )  # fmt: skip

    def take_back(self, taken: list[Fact], run: int) -> None:
        rows = [
            replace(fact, id=os.urandom(16), at=micros(self.at), recorded_at=micros(self.at), verb="retract", run=run,
                    result="done", takes_back=fact.id)
            for fact in taken
        ]  # fmt: skip
        ledger.append(map(self.draft, rows))
        self.facts += rows


def wipe() -> None:
    with lifted(), connection.cursor() as cursor:
        for table in (
            *TABLES,
            "activity_rollup",
            "activity_cursor",
            "activity_importrun",
            "activity_installation",
        ):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, and the transaction is not committed."""


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        wipe()
        ledger.found("Acme", "Europe/Berlin", START)
        self.writer = Writer(1)
        self.moments = [START]
        self.retracted: set[bytes] = set()
        self.undone: set[int] = set()

    @rule(seconds=st.sampled_from([1, 600, 7200, 86_400, 200_000]))
    def wait(self, seconds: int) -> None:
        self.writer.at += timedelta(seconds=seconds)
        self.moments.append(self.writer.at)

    @rule(n=st.integers(1, 12), seed=st.integers(0, 2**32))
    def happen(self, n: int, seed: int) -> None:
        self.writer.rng.seed(seed)
        ledger.append(self.writer.drafts(n, 0))

    @rule(n=st.integers(1, 12), seed=st.integers(0, 2**32), applied=st.booleans())
    def bring_in(self, n: int, seed: int, applied: bool) -> None:
        self.writer.rng.seed(seed)
        ledger.append(self.writer.drafts(n, self.writer.import_run(applied=applied).pk))

    @rule()
    def finish_an_import(self) -> None:
        waiting = ImportRun.objects.filter(applied_at=None).first()
        if waiting:
            ImportRun.objects.filter(pk=waiting.pk).update(
                applied_at=self.writer.at, state="applied"
            )

    @rule(choice=st.integers(0, 1000), applied=st.booleans())
    def undo_an_import(self, choice: int, applied: bool) -> None:
        runs = [
            r
            for r in ImportRun.objects.exclude(applied_at=None).order_by("pk")
            if r.pk not in self.undone
        ]
        taken = [
            f
            for f in self.writer.facts
            if runs and f.run == runs[choice % len(runs)].pk and not f.takes_back
        ]
        if taken:
            self.undone.add(taken[0].run)
            undo = self.writer.import_run(applied=applied).pk
            self.undone.add(undo)
            self.writer.take_back(taken, undo)

    @rule(choice=st.integers(0, 1000))
    def take_one_back(self, choice: int) -> None:
        live = [
            f
            for f in self.writer.facts
            if not f.run and not f.takes_back and f.id not in self.retracted
        ]
        if live:
            fact = live[choice % len(live)]
            self.retracted.add(fact.id)
            self.writer.take_back([fact], 0)

    @rule(batch=st.sampled_from([1, 3, 1000]))
    def work(self, batch: int) -> None:
        jobs.seal()
        jobs.roll_up(batch)
        assert Cursor.objects.get(pk="rollup").seq == reports.head()[0]

    @rule(
        batch=st.sampled_from([1, 3, 1000]), batches=st.integers(0, 3), after_adding=st.booleans()
    )
    def die_at_work(self, batch: int, batches: int, after_adding: bool) -> None:
        jobs.seal()
        real, calls = rollups.add, 0

        def dying(counts: Any) -> None:
            nonlocal calls
            calls += 1
            if calls <= batches or after_adding:
                real(counts)
            if calls > batches:
                raise Killed

        with mock.patch.object(rollups, "add", dying), suppress(Killed):
            jobs.roll_up(batch)

    @rule(zone=st.sampled_from(["UTC", "Asia/Kathmandu", "America/New_York"]))
    def move(self, zone: str) -> None:
        self.writer.zone = zone
        with transaction.atomic():
            Installation.objects.update(zone=zone)
            rollups.forget_rollups()

    @precondition(lambda self: self.writer.facts)
    @invariant()
    def the_report_equals_plain_counting(self) -> None:
        for as_of in {self.writer.at, *self.moments[-4:]}:
            assert reported(as_of) == plain_count(self.writer.facts, self.writer.zone, as_of)

    @precondition(lambda self: self.writer.facts)
    @invariant()
    def a_window_holds_its_days(self) -> None:
        window = (date(2026, 3, 27), date(2026, 3, 29))
        inside = {
            k: n
            for k, n in plain_count(self.writer.facts, self.writer.zone, self.writer.at).items()
            if window[0] <= k[0] <= window[1]
        }
        assert reported(self.writer.at, window) == inside

    @precondition(lambda self: self.writer.facts)
    @invariant()
    def segments_add_up_to_their_days(self) -> None:
        starts = [date(2026, 3, 16), date(2026, 3, 23), date(2026, 3, 27), date(2026, 3, 28)]
        cuts = Segments(starts, frozenset({2}), frozenset({9}))
        for as_of in {self.writer.at, *self.moments[-2:]}:
            got, wanted = added_up(as_of, cuts, date(2026, 4, 12))
            assert got == wanted

    def teardown(self) -> None:
        jobs.seal()
        assert reports.verify().ok


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_rollups_equal_plain_counting_after_each_step() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_a_window_of_thirty_years_is_counted_too() -> None:
    ledger.found("Acme", "Europe/Berlin", START)
    writer = Writer(8)
    ledger.append(writer.drafts(300, writer.import_run(applied=True).pk))
    jobs.roll_up()
    weeks = [date(1998, 1, 5) + timedelta(weeks=n) for n in range(1_600)]
    got, wanted = added_up(START, Segments(weeks), date(2028, 8, 1))
    assert got == wanted
    assert got


@pytest.mark.django_db(transaction=True)
def test_many_rows_rolled_up_equal_the_same_rows_not_rolled_up() -> None:
    ledger.found("Acme", "Europe/Berlin", START)
    writer = Writer(7)
    run = writer.import_run(applied=True).pk
    ledger.append(writer.drafts(20_000, run))
    live = reported(START)
    assert live == plain_count(writer.facts, writer.zone, START)
    jobs.seal()
    assert jobs.roll_up(3_000) == 20_000
    assert reported(START) == live
    assert jobs.roll_up() == 0
    before = sorted(
        Rollup.objects.values_list("day", "account", "reference", "verb", "n", "minutes")
    )
    assert jobs.rebuild_rollups() == 20_000
    assert (
        sorted(Rollup.objects.values_list("day", "account", "reference", "verb", "n", "minutes"))
        == before
    )


@pytest.mark.django_db(transaction=True)
def test_an_undone_import_counts_until_it_was_undone() -> None:
    ledger.found("Acme", "UTC", START)
    writer = Writer(7)
    ledger.append(writer.drafts(50, writer.import_run(applied=True).pk))
    writer.at += timedelta(days=3)
    writer.take_back(writer.facts[:], writer.import_run(applied=True).pk)
    jobs.seal()
    jobs.roll_up()
    assert reported(START) == plain_count(writer.facts[:50], "UTC", START) != Counter()
    assert reported(START + timedelta(days=4)) == Counter()
    assert Entry.objects.count() == 100


WORKER = """
import django; django.setup()
from socius.activity import jobs
print("ready", flush=True)
while True:
    jobs.roll_up(200)
"""


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="makes a home of its own")
def test_kill_minus_nine_neither_loses_nor_doubles_a_count(tmp_path: Path) -> None:
    """A worker in a process of its own is killed again and again while rows are written; then the totals are compared."""
    environment = {
        **os.environ,
        "SOCIUS_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)

    def python(code: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    python(
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from test_rollups import *\n"
        "ledger.found('Acme', 'Europe/Berlin', START); w = Writer(3)\n"
        "run = w.import_run(applied=True).pk\n"
        "for _ in range(15): ledger.append(w.drafts(1000, run))"
    )
    rng = random.Random(9)
    for _ in range(6):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0.005, 0.06))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    compared = python(
        "import django; django.setup()\n"
        "from test_rollups import *\n"
        "some = Cursor.objects.get().seq; a = reported(START); jobs.roll_up(); b = reported(START); jobs.rebuild_rollups()\n"
        "print(some, a == b == reported(START), sum(a.values()) > 0)"
    )
    assert compared.split()[1:] == ["True", "True"], compared
