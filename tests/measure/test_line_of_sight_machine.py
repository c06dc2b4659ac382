"""Whatever happens in whatever order, the report equals brute force over the raw rows, now and as of every earlier day.

The brute force reads the ledger and the tables row by row, with plain loops, and shares no code with `measure` and
`engine.sight`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from house import House
from socius.accounts.actions import merge, move, separate
from socius.accounts.models import Account, Identity, Merger, Placement, Reference
from socius.activity import jobs
from socius.activity.actions import rollups
from socius.activity.models import Entry, ImportRun
from socius.kit.errors import Conflict
from socius.measure.actions import undo_import
from socius.measure.models import Effect
from socius.organisation.actions import move_unit
from socius.organisation.models import Unit
from socius.strategy.actions import link, set_goal, unlink
from socius.strategy.models import (
    KPI,
    Experiment,
    Goal,
    GoalTerm,
    InitiativeGoal,
    Link,
    Series,
)

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
COUNTED = {"posted", "replied", "moderated", "ran"}
LEVELS = ("none", "goal", "outcome", "fresh")
GOALS = "goal,statement,executive_owner,period_end\ng1,One,ceo@example.org,\ng2,Two,coo@example.org,2026-05-25\ng3,Three,,\n"
OUTCOMES = "date,series,value,unit,class,source,why\n" + "".join(
    f"2026-05-{day},Sales,{day},EUR,outcome,shop,money\n" for day in range(20, 32)
)
KPIS = "goal,measure,class,series\ng1,Sales,outcome,Sales\ng2,Orders,outcome,\n"
INITIATIVES = "initiative,title,goals\ni1,One,g1\ni2,Two,g2|g3\ni3,None,\n"
ACCOUNTS = """network,handle,url,unit,owner_email,goal
x,ann,https://x.com/ann,North,,g1
x,bob,https://x.com/bob,North,,g2
bluesky,cas,https://bsky.app/profile/cas,South,,
"""
EFFECTS = "initiative,series,method,estimate,until\ni1,Sales,before and after,4,2026-05-01\n"
CELLS = [("x", "ann"), ("x", "bob"), ("bluesky", "cas"), ("x", "dan"), ("x", "eve"), ("", "")]
# Accounts that activity may name before the inventory lists them.
LATE = {"dan": "x,dan,https://x.com/dan,South,,g1\n", "eve": "x,eve,https://x.com/eve,South,,\n"}


def us(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def held(row: Any, at: int) -> bool:
    """A row was known at an instant."""
    return row.known_from <= at and (row.known_until is None or row.known_until > at)


class Plain:
    """What was known at an instant, read row by row."""

    def __init__(self, at: datetime, as_of: date) -> None:
        self.at, self.as_of = us(at), as_of
        self.applied = {
            r.pk for r in ImportRun.objects.all() if r.applied_at and r.applied_at <= at
        }
        self.names = dict(Account.objects.values_list("pk", "network"))
        self.keys = dict(Goal.objects.values_list("pk", "key"))
        self.terms = {t.goal_id: t for t in GoalTerm.objects.all() if held(t, self.at)}
        self.kpis = [k for k in KPI.objects.select_related("series") if held(k, self.at)]
        self.serves = [s for s in InitiativeGoal.objects.all() if held(s, self.at)]
        self.ties = [t for t in Link.objects.all() if held(t, self.at)]
        self.effects = [e for e in Effect.objects.all() if held(e, self.at)]
        self.trials = {e.pk: e for e in Experiment.objects.all() if held(e, self.at)}
        self.homes = {p.account_id: p.unit_id for p in Placement.objects.all() if held(p, self.at)}
        self.parts = {m.account_id: m.into_id for m in Merger.objects.all() if held(m, self.at)}
        self.fresh = {s.pk: self.is_fresh(s) for s in Series.objects.all()}

    def is_fresh(self, series: Series) -> bool:
        last: dict[Any, Any] = {}
        for value in sorted(series.values.all(), key=lambda v: (v.known_at, v.pk)):
            if value.known_at <= self.at:
                last[value.date] = value.value
        days = [day for day, value in last.items() if value is not None]
        return (
            bool(days) and (self.as_of - max(days)).days <= 2 * {"day": 1, "week": 7}[series.grain]
        )

    def whole(self, account: int | None) -> int | None:
        # An account whose listing was taken back is unknown, whatever it was part of.
        while account in self.parts and account in self.homes:
            account = self.parts[account]
        return account if account in self.homes else None

    def account(self, entry: Entry) -> int | None:
        if entry.account:
            return self.whole(entry.account)
        if not entry.object.startswith("reference:"):
            return None
        named = Reference.objects.get(pk=int(entry.object.split(":")[1]))
        found = {
            i.account_id
            for i in Identity.objects.filter(network=named.network, kind="handle", key=named.key)
            if i.known_from <= self.at and i.account_id in self.homes
        }
        return self.whole(found.pop()) if len(found) == 1 else None

    def lines(
        self, entry: Entry, account: int | None, day: date
    ) -> list[tuple[int | None, int | None]]:
        if entry.initiative:
            return [(entry.initiative, s.goal_id) for s in self.serves if s.initiative_id == entry.initiative]  # fmt: skip
        if entry.goal:
            return [(None, entry.goal)]
        found: list[tuple[int | None, int | None]] = []
        for tie in self.ties:
            early = tie.valid_from and day < tie.valid_from
            late = tie.valid_until and day >= tie.valid_until
            if account is None or early or late or self.whole(tie.account_id) != account:
                continue
            if tie.goal_id:
                found.append((None, tie.goal_id))
            if tie.initiative_id:
                found += [(s.initiative_id, s.goal_id) for s in self.serves if s.initiative_id == tie.initiative_id]  # fmt: skip
        return found

    def level(self, initiative: int | None, goal: int | None, day: date) -> tuple[int, str]:
        term = self.terms.get(goal or 0)
        if term is None or term.closed or not term.executive_owner:
            return 0, ""
        if (term.period_start and day < term.period_start) or (
            term.period_end and day > term.period_end
        ):
            return 0, ""
        best = (1, "")
        for kpi in self.kpis:
            if kpi.goal_id != goal or kpi.class_name != "outcome" or kpi.series_id is None:
                continue
            grades = sorted(
                e.grade
                for e in self.effects
                if e.series_id == kpi.series_id and initiative and e.initiative_id == initiative
                and not e.refused and (self.as_of - e.dated).days <= 366
            )  # fmt: skip
            here = (
                (3 + bool(grades), grades[0] if grades else "")
                if self.fresh[kpi.series_id]
                else (2, "")
            )
            best = min(best, here, key=lambda x: (-x[0], x[1]))
        return best

    def told(self, first: date, last: date) -> dict[str, Any]:
        rows = {bytes(e.id): e for e in Entry.objects.all()}
        block, units, networks, goals = Counter(), Counter(), Counter(), Counter()  # type: ignore[var-annotated]
        for row in rows.values():
            sign, entry = 1, row
            if row.verb == "retract":
                sign, entry = -1, rows[bytes(row.retracts or b"")]
            if entry.verb not in COUNTED or row.run not in self.applied:
                continue
            day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=entry.at)).date()
            if not first <= day <= last:
                continue
            account = self.account(entry)
            best, each = (0, ""), {}
            for initiative, goal in self.lines(entry, account, day):
                here = self.level(initiative, goal, day)
                best = min(best, here, key=lambda x: (-x[0], x[1]))
                each[goal] = max(each.get(goal, 0), here[0])
            block[best[1] or LEVELS[best[0]]] += sign
            units[self.homes[account] if account else 0] += sign
            networks[
                Account.objects.get(pk=account).network if account else entry.network or ""
            ] += sign
            for goal in each:
                if goal in self.terms:
                    goals[self.keys[goal]] += sign
        return {"block": +block, "units": +units, "networks": +networks, "goals": +goals}


def reported(found: dict[str, Any]) -> dict[str, Any]:
    block = found["activity"]
    return {
        "block": +Counter({**{n: block[n] for n in LEVELS}, **block["measured"]}),
        "units": +Counter({r["key"]: r["total"] for r in found["by_unit"]}),
        "networks": +Counter({r["key"]: r["total"] for r in found["by_network"]}),
        "goals": +Counter({r["key"]: r["total"] for r in found["by_goal"]}),
    }


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, and what was not committed is gone."""


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.atomic()
        self.mark.__enter__()
        self.house = House(START)
        for kind, text in (
            ("goals", GOALS), ("outcomes", OUTCOMES), ("kpis", KPIS), ("accounts", ACCOUNTS), ("initiatives", INITIATIVES), ("effects", EFFECTS),
        ):  # fmt: skip
            self.house.take(kind, text)
        # Without accounts nothing more can happen: the first inventory stays.
        self.inventory = ImportRun.objects.get(kind="accounts").pk
        self.serial = 0
        every = [(cell, i, g, day, "posted") for day, cell in enumerate(CELLS) for i, g in (("", ""), ("i1", ""), ("", "g1"))]  # fmt: skip
        self.bring_in(every)
        self.bring_in([(cell, "", "", day, "replied") for day, cell in enumerate(CELLS)])

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.mark.__exit__(None, None, None)

    def accounts(self) -> list[Account]:
        return list(Account.objects.filter(withdrawn=False).order_by("pk"))

    @rule(hours=st.sampled_from([1, 12, 24, 30]))
    def wait(self, hours: int) -> None:
        self.house.wait(hours=hours)

    def bring_in(self, picks: list[Any], again: int = 0) -> None:
        """Imports a file; `again`: the first so many rows have numbers that were given before, so they replace."""
        lines = ["at,verb,object_id,network,account,initiative,goal"]
        for n, ((network, handle), initiative, goal, day, verb) in enumerate(picks):
            number = 1 + n if n < again else self.serial + n + 1
            done = verb if network else "ran"
            at = (START - timedelta(days=day)).isoformat()
            lines.append(f"{at},{done},{number},{network},{handle},{initiative},{goal}")
        self.serial += len(picks)
        self.house.read("activity", "\n".join(lines) + "\n")

    @rule(
        picks=st.lists(
            st.tuples(st.sampled_from(CELLS), st.sampled_from(["", "", "", "i1", "i2", "i3"]), st.sampled_from(["", "", "g1", "g3"]), st.integers(0, 14), st.sampled_from(["posted", "replied", "ran"])),
            min_size=1, max_size=5,
        ),
        again=st.integers(0, 5),
    )  # fmt: skip
    def import_activity(self, picks: list[Any], again: int) -> None:
        self.bring_in(picks, again)

    @rule(kind=st.sampled_from(["activity", "activity", "outcomes", "accounts", "kpis"]), choice=st.integers(0, 3))  # fmt: skip
    def undo(self, kind: str, choice: int) -> None:
        runs = ImportRun.objects.filter(state="applied", undoes=None, kind=kind)
        live = list(runs.exclude(pk=self.inventory).order_by("-pk"))
        if live:
            run = live[choice % len(live)]
            # Refused where something was merged into an account of that import.
            with suppress(Conflict):
                undo_import(run.pk, actor=self.house.actor(), apply=True)

    @rule(handle=st.sampled_from(sorted(LATE)))
    def list_late(self, handle: str) -> None:
        head = "network,handle,url,unit,owner_email,goal\n"
        self.house.read("accounts", f"{head}{LATE[handle]}")

    @rule(choice=st.integers(0, 9), goal=st.sampled_from(["g1", "g2", "g3"]), back=st.integers(0, 20), span=st.sampled_from([0, 0, 5, 10]))  # fmt: skip
    def link_back_dated(self, choice: int, goal: str, back: int, span: int) -> None:
        accounts = self.accounts()
        start = (START - timedelta(days=back)).date()
        until = start + timedelta(days=span) if span else None
        account = accounts[choice % len(accounts)]
        link(account, goal=Goal.objects.get(key=goal), start=start, until=until, actor=self.house.actor())  # fmt: skip

    @rule(choice=st.integers(0, 20), back=st.sampled_from([None, 3]))
    def end_a_link(self, choice: int, back: int | None) -> None:
        ties = list(Link.objects.filter(known_until=None).order_by("pk"))
        if ties:
            until = (START - timedelta(days=back)).date() if back else None
            unlink(ties[choice % len(ties)], until=until, actor=self.house.actor())

    @rule(choice=st.integers(0, 9), unit=st.sampled_from(["North", "South"]))
    def move_account(self, choice: int, unit: str) -> None:
        accounts = self.accounts()
        to = Unit.objects.get(key=unit)
        move(accounts[choice % len(accounts)], to=to, actor=self.house.actor())

    @rule(below=st.booleans())
    def move_the_unit(self, below: bool) -> None:
        north, south = (Unit.objects.get(key=key) for key in ("North", "South"))
        move_unit(north, south if below else self.house.root, actor=self.house.actor())

    @rule(one=st.integers(0, 9), other=st.integers(0, 9))
    def merge_accounts(self, one: int, other: int) -> None:
        own = [a for a in self.accounts() if a.merged_into_id is None]
        part, whole = own[one % len(own)], own[other % len(own)]
        if part != whole:
            merge(part, into=whole, actor=self.house.actor(), reason="the same desk")

    @rule(choice=st.integers(0, 9))
    def separate_accounts(self, choice: int) -> None:
        parts = list(Account.objects.exclude(merged_into=None).order_by("pk"))
        if parts:
            separate(parts[choice % len(parts)], actor=self.house.actor())

    @rule(day=st.integers(0, 5), known=st.sampled_from([0, 1, 30]))
    def late_value(self, day: int, known: int) -> None:
        on = (START + timedelta(days=day)).date()
        since = (self.house.at - timedelta(hours=known)).isoformat()
        text = f"date,series,value,known_at\n{on},Sales,{self.house.at.minute},{since}\n"
        self.house.read("outcomes", text)

    @rule(goal=st.sampled_from(["g1", "g3"]), owner=st.sampled_from(["", "new@example.org"]))
    def change_owner(self, goal: str, owner: str) -> None:
        set_goal(self.house.root, key=goal, executive_owner=owner, actor=self.house.actor())

    @rule(batch=st.sampled_from([1, 3, 1000]))
    def roll_up(self, batch: int) -> None:
        jobs.seal()
        jobs.roll_up(batch)

    @rule(batch=st.sampled_from([1, 3]), counted=st.booleans())
    def die_between_ledger_and_rollup(self, batch: int, counted: bool) -> None:
        real = rollups.add

        def dying(counts: Any) -> None:
            if counted:
                real(counts)
            raise Killed

        jobs.seal()
        with mock.patch.object(rollups, "add", dying), suppress(Killed):
            jobs.roll_up(batch)

    @rule(number=st.integers(1, 6))
    def die_in_an_import(self, number: int) -> None:
        """The first block is in, and then nothing more: no report counts a row of it, and no later import builds on it."""
        self.serial += 1
        text = f"at,verb,object_id,network,account,goal\n2026-05-20T10:00:00Z,posted,{number},x,ann,g3\n2026-05-20T10:00:00Z,ran,{self.serial},,,g1\n"
        with (
            mock.patch("socius.activity.actions.imports.BLOCK", 1),
            mock.patch("socius.activity.actions.imports._keep", side_effect=self.keep_once),
            suppress(Killed),
        ):
            self.house.read("activity", text)

    def keep_once(self, row: Any, run: Any, taken: int) -> None:
        if taken > 1:
            raise Killed
        row.progress = taken
        row.report = run.said()
        row.save(update_fields=["progress", "report"])

    @invariant()
    def the_report_equals_brute_force(self) -> None:
        today = self.house.at.date()
        for day in {today, START.date()}:
            end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
            known = min(self.house.at, end - timedelta(microseconds=1))
            plain = Plain(known, day).told(day - timedelta(days=89), day)
            found = self.house.sight(as_of=day)
            assert reported(found) == plain, day
            whole = sum(found["activity"]["measured"].values())
            broken = sum(b["activities"] for b in found["breaks"])
            assert broken == found["activity"]["total"] - whole


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def some_rows(rng: random.Random) -> list[Any]:
    return [
        (rng.choice(CELLS), rng.choice(["", "", "", "i1", "i2", "i3"]), rng.choice(["", "", "g1", "g3"]), rng.randrange(15), rng.choice(["posted", "replied", "ran"]))
        for _ in range(rng.randrange(1, 6))
    ]  # fmt: skip


# Every rule with arguments drawn at random: long walks, which Hypothesis rarely takes.
STEPS: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "wait": lambda r: {"hours": r.choice([1, 12, 24])},
    "import_activity": lambda r: {"picks": some_rows(r), "again": r.randrange(6)},
    "undo": lambda r: {"kind": r.choice(["activity", "outcomes", "accounts", "kpis"]), "choice": r.randrange(4)},
    "list_late": lambda r: {"handle": r.choice(sorted(LATE))},
    "link_back_dated": lambda r: {"choice": r.randrange(9), "goal": r.choice(["g1", "g2", "g3"]), "back": r.randrange(20), "span": r.choice([0, 5, 10])},
    "end_a_link": lambda r: {"choice": r.randrange(20), "back": r.choice([None, 3])},
    "move_account": lambda r: {"choice": r.randrange(9), "unit": r.choice(["North", "South"])},
    "move_the_unit": lambda r: {"below": r.random() < 0.5},
    "merge_accounts": lambda r: {"one": r.randrange(9), "other": r.randrange(9)},
    "separate_accounts": lambda r: {"choice": r.randrange(9)},
    "late_value": lambda r: {"day": r.randrange(6), "known": r.choice([0, 1, 30])},
    "change_owner": lambda r: {"goal": r.choice(["g1", "g3"]), "owner": r.choice(["", "new@example.org"])},
    "roll_up": lambda r: {"batch": r.choice([1, 3, 1000])},
    "die_between_ledger_and_rollup": lambda r: {"batch": r.choice([1, 3]), "counted": r.random() < 0.5},
    "die_in_an_import": lambda r: {"number": r.randrange(1, 7)},
}  # fmt: skip


def walk(seed: int, steps: int) -> None:
    rng, machine = random.Random(seed), Machine()
    try:
        for _ in range(steps):
            name = rng.choice(sorted(STEPS))
            said = STEPS[name](rng)
            getattr(machine, name)(**said)
            machine.the_report_equals_brute_force()
    finally:
        machine.teardown()


def test_every_rule_is_walked() -> None:
    rules = {name for name in dir(Machine) if hasattr(getattr(Machine, name), RULE_MARKER)}
    assert rules == set(STEPS)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_the_report_equals_brute_force_on_long_walks(seed: int) -> None:
    walk(seed, 45)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(100, 106))
def test_the_report_equals_brute_force_on_many_long_walks(seed: int) -> None:
    walk(seed, 150)


@pytest.mark.django_db
def test_the_report_equals_brute_force_after_each_step() -> None:
    run(15, 8)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_report_equals_brute_force_after_each_of_many_steps() -> None:
    run(60, 20)
