"""The demonstration: deterministic, true to its plan, and told by a script that knows nothing of it."""

from __future__ import annotations

import ast
import csv
import io
import random
import runpy
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import socius.engine.demo
from socius.engine.demo import BESIDES, FILES, TEN, Organisation, as_csv, generate
from socius.engine.demo.figures import outcomes
from socius.engine.demo.story import Dates
from socius.engine.drift import watch
from socius.engine.measures.names import classify

Recompute = Callable[[Path, date, str], dict[str, Any]]
SCRIPT = Path(__file__).parent / "recompute.py"
AS_OF = date(2026, 11, 20)
SIZES = [
    (7, 178, 365, AS_OF),
    (1, 60, 200, date(2024, 3, 1)),
    (2, 400, 365, date(2025, 8, 31)),
    (3, 40, 120, date(2027, 1, 31)),
]
LEVELS = ("none", "goal", "outcome", "fresh", "measured")


@pytest.fixture(scope="module")
def plan() -> Organisation:
    return generate(7, as_of=AS_OF)


@pytest.fixture(scope="module")
def recompute() -> Recompute:
    main: Recompute = runpy.run_path(str(SCRIPT))["main"]
    return main


def write(organisation: Organisation, folder: Path, kinds: tuple[str, ...]) -> Path:
    folder.mkdir()
    for name, text in as_csv(organisation, kinds).items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def of_levels(block: dict[str, Any]) -> dict[str, int]:
    return {
        level: sum(block[level].values()) if isinstance(block[level], dict) else block[level]
        for level in LEVELS
    }


def counted(groups: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {
        key: {level: n for level, n in block.items() if n and level != "total"}
        for key, block in groups.items()
    }


@pytest.mark.parametrize(("seed", "accounts", "days", "as_of"), SIZES)
def test_the_truth_equals_what_a_plain_script_makes_of_the_files(
    tmp_path: Path, recompute: Recompute, seed: int, accounts: int, days: int, as_of: date
) -> None:
    o = generate(seed, accounts=accounts, days=days, as_of=as_of)
    found = recompute(write(o, tmp_path / "all", FILES + BESIDES), as_of, o.zone)
    truth = o.truth
    assert found["accounts"] == truth["accounts"] == accounts
    assert {level: found["levels"][level] for level in LEVELS} == of_levels(truth["activity"])
    assert {grade: found["grades"][grade] for grade in "ABCDE"} == truth["activity"]["measured"]
    for name in ("by_unit", "by_network", "by_goal"):
        assert {k: dict(v) for k, v in found[name].items()} == counted(truth[name])
    stops: Counter[str] = Counter()
    for row in truth["breaks"]:
        stops[row["kind"]] += row["activities"]
    assert {k: n for k, n in found["breaks"].items() if k} == stops
    assert found["weekly"] == truth["weekly"]
    plain = recompute(write(o, tmp_path / "ten", FILES), as_of, o.zone)
    assert {level: plain["levels"][level] for level in LEVELS} == of_levels(
        truth["ten_kinds_only"]["activity"]
    )


def test_the_script_is_at_most_a_hundred_lines_and_knows_nothing_of_socius() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    imported = {
        str(n.module) if isinstance(n, ast.ImportFrom) else n.names[0].name
        for n in ast.walk(ast.parse(text))
        if isinstance(n, (ast.Import, ast.ImportFrom))
    }
    assert not any(name.startswith("socius") for name in imported)


def test_the_generator_imports_nothing_that_is_checked_against_it() -> None:
    folder = Path(socius.engine.demo.__file__).parent
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py")]
    modules = {
        str(n.module)
        for n in chain.from_iterable(map(ast.walk, trees))
        if isinstance(n, ast.ImportFrom)
    }
    assert {m for m in modules if m.startswith("socius.")} == {
        m for m in modules if m.startswith("socius.engine.demo")
    }


def test_the_story_of_the_default_organisation(plan: Organisation) -> None:
    truth = plan.truth
    assert truth["share"] == pytest.approx(0.61, abs=0.025)
    assert truth["share_fresh"] == pytest.approx(0.31, abs=0.02)
    assert truth["share_measured"] == pytest.approx(0.12, abs=0.015)
    assert truth["share_measured_ab"] == 0
    estimated = sum(truth["estimated"].values())
    assert truth["activity"]["by_hand"] + estimated == sum(truth["activity"]["measured"].values())
    assert 18_000 <= truth["activities"] <= 25_000
    assert len(truth["planted"]["rogues"]) == 20
    assert len(truth["planted"]["duplicates"]) == 9
    assert len(plan.goals) == 8
    assert len(plan.initiatives) >= 10
    assert {b["kind"] for b in truth["breaks"]} == {
        "account_without_goal", "initiative_without_goal", "goal_without_owner", "goal_without_outcome_kpi", "kpi_without_series", "series_stale", "no_effect", "account_unknown",
    }  # fmt: skip
    unknown = sum(b["activities"] for b in truth["breaks"] if b["kind"] == "account_unknown")
    assert 0.01 <= unknown / truth["activity"]["total"] <= 0.02
    worst = max(("europe", "overseas", "care", "brand"), key=lambda hub: under(plan, hub))
    assert worst == "brand"


def under(plan: Organisation, hub: str) -> int:
    """Activities without a goal in a hub and its spokes."""
    below = {u.unit for u in plan.units if hub in (u.unit, u.parent)}
    return sum(block["none"] for unit, block in plan.truth["by_unit"].items() if unit in below)


def test_the_same_arguments_give_the_same_bytes_and_other_ones_do_not(plan: Organisation) -> None:
    again, other = generate(7, as_of=AS_OF), generate(8, as_of=AS_OF)
    assert as_csv(again, FILES + BESIDES) == as_csv(plan, FILES + BESIDES)
    assert again.truth == plan.truth
    assert other.activity != plan.activity


def test_it_takes_at_most_two_seconds_of_a_processor() -> None:
    start = time.process_time()
    generate(9, as_of=AS_OF)
    assert time.process_time() - start <= 2


def test_columns_are_those_that_the_import_reads(plan: Organisation) -> None:
    heads = {
        name.removesuffix(".csv"): next(csv.reader(io.StringIO(text)))
        for name, text in as_csv(plan).items()
    }
    assert set(heads) == {*TEN, "effects"}
    assert heads["activity"] == [
        "at",
        "verb",
        "object_id",
        "actor",
        "network",
        "account",
        "initiative",
        "goal",
        "minutes",
        "origin",
    ]
    assert heads["accounts"] == [
        "network",
        "handle",
        "url",
        "remote_id",
        "unit",
        "owner_email",
        "purpose",
        "goal",
        "language",
        "country",
        "status",
        "last_post_at",
        "decision",
        "audience",
        "region",
    ]
    assert heads["effects"] == [
        "initiative",
        "series",
        "method",
        "estimate",
        "grade",
        "low",
        "high",
        "from",
        "until",
        "source",
    ]
    assert heads["outcomes"] == [
        "date",
        "series",
        "value",
        "unit",
        "currency",
        "geo",
        "org_unit",
        "class",
        "source",
        "why",
        "known_at",
    ]
    assert heads["kpis"] == [
        "goal",
        "measure",
        "class",
        "series",
        "direction",
        "target",
        "target_date",
    ]


def test_every_name_in_a_cell_is_known_in_its_own_file(plan: Organisation) -> None:
    def used(column: str, *kinds: str) -> set[str]:
        cells = {getattr(row, column) for kind in kinds for row in getattr(plan, kind)}
        return {part for cell in cells for part in cell.split("|") if part}

    urls = {a.url for a in plan.accounts}
    assert used("goal", "kpis", "accounts", "spend", "activity", "links") <= used("goal", "goals")
    assert used("goals", "initiatives") <= used("goal", "goals")
    named = used("initiative", "spend", "hours", "activity", "effects", "links")
    assert named <= used("initiative", "initiatives")
    placed = used("unit", "people", "goals", "accounts", "spend", "hours", "experiments")
    assert placed | used("parent", "units") <= used("unit", "units")
    assert used("series", "kpis", "effects") <= used("series", "outcomes")
    people = used("owner_email", "accounts") | used("actor", "activity")
    assert people | used("executive_owner", "goals") <= used("email", "people")
    assert used("accounts", "initiatives") | used("account", "hours", "links") <= urls


def test_activity_is_well_formed(plan: Organisation) -> None:
    ids = {(r.network, r.object_id, r.verb) for r in plan.activity}
    assert len(ids) == len({r.object_id for r in plan.activity}) == len(plan.activity)
    assert {r.verb for r in plan.activity} == {"posted", "replied", "moderated", "ran"}
    assert all(r.network or r.verb == "ran" for r in plan.activity)
    assert all(not r.initiative or not r.goal for r in plan.activity)
    by_weekday = Counter(date.fromisoformat(r.at[:10]).weekday() for r in plan.activity)
    assert by_weekday[6] < by_weekday[1] * 0.75


def test_outcome_keys_are_unique_and_known_by_the_day_of_the_report(plan: Organisation) -> None:
    keys = Counter((r.series, r.date, r.known_at) for r in plan.outcomes)
    assert max(keys.values()) == 1
    assert max(r.known_at[:10] for r in plan.outcomes) <= AS_OF.isoformat()
    assert all(
        len({(r.unit, r.currency) for r in plan.outcomes if r.series == s}) == 1
        for s in {r.series for r in plan.outcomes}
    )


def test_names_of_measures_have_the_class_that_the_plan_gives_them(plan: Organisation) -> None:
    for kpi in plan.kpis:
        found = classify(kpi.measure, stated=kpi.class_, unit="u", source="s", why="w")
        assert (found.class_name, found.lowered) == (kpi.class_, False), kpi
    for row in {r.series: r for r in plan.outcomes}.values():
        found = classify(
            row.series, stated=row.class_, unit=row.unit, source=row.source, why=row.why
        )
        assert found.class_name == (row.class_ or "unclassed"), row
        assert not found.lowered


def test_a_planted_lift_is_in_the_series() -> None:
    """Against the same weekday of the year before, over ten draws: the effect and a year of growth."""
    on, lift = Dates(AS_OF), []
    for seed in range(10):
        rows = outcomes(random.Random(seed), on)
        values = {r.date: float(r.value) for r in rows if r.series == "Online orders"}
        for ago in range(1, 139):
            lift.append(values[on.text(ago)] / values[on.text(ago + 364)] - 1)
    assert sum(lift) / len(lift) == pytest.approx(0.06 + 0.03, abs=0.015)


def test_the_alarm_of_drift_rings(plan: Organisation) -> None:
    found = watch((date.fromisoformat(week), n, lined) for week, n, lined in plan.truth["weekly"])
    assert found.alarm
    assert plan.truth["planted"]["drift"]["alarm"]


def test_the_dormant_have_been_silent_for_half_a_year(plan: Organisation) -> None:
    latest: dict[tuple[str, str], str] = defaultdict(str)
    for row in plan.activity:
        latest[row.network, row.account.casefold()] = row.at[:10]
    silent = [d for d in plan.truth["planted"]["dormant"] if d["last_activity"]]
    assert len(silent) >= 28
    assert all((AS_OF - date.fromisoformat(d["last_activity"])).days > 180 for d in silent)
    for d in silent:
        network, handle = d["account"].split(":", 1)
        assert latest[network, handle] <= (AS_OF - timedelta(days=181)).isoformat()


@pytest.mark.parametrize("wrong", [{"accounts": 39}, {"days": 90}, {"days": 400}])
def test_sizes_that_cannot_tell_the_story_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="were asked for"):
        generate(1, as_of=AS_OF, **wrong)


@pytest.mark.parametrize("month", range(1, 13))
def test_monthly_series_stay_fresh_on_any_day(
    month: int, recompute: Recompute, tmp_path: Path
) -> None:
    """The level of a line must not depend on the day on which the demonstration is built."""
    for day in (1, 28):
        o = generate(5, as_of=date(2026, month, day), accounts=40, days=120)
        found = recompute(write(o, tmp_path / f"{month}-{day}", FILES + BESIDES), o.as_of, o.zone)
        assert {level: found["levels"][level] for level in LEVELS} == of_levels(o.truth["activity"])
