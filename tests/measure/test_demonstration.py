"""The demonstration, built through the real import, says what its generator planned."""

from __future__ import annotations

import runpy
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from socius.demo.actions import build
from socius.engine.demo import BESIDES, FILES, Organisation, as_csv, generate
from socius.measure.models import Effect
from socius.measure.reports import asked, sighted
from socius.organisation.models import Actor, Person, Unit

LEVELS = ("none", "goal", "outcome", "fresh")
AS_OF = date(2026, 11, 20)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
recompute = runpy.run_path(str(Path(__file__).parents[1] / "demo" / "recompute.py"))["main"]


def built(seed: int, accounts: int, settings: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the truth, the report) of a demonstration that was built just now."""
    settings.DEMONSTRATION = True
    truth = build(seed=seed, accounts=accounts, as_of=AS_OF, now=NOW).truth
    actor = Actor(Person.objects.order_by("pk")[0], "demo", NOW)
    return truth, sighted(actor, asked(NOW, AS_OF))


def levels(block: dict[str, Any]) -> dict[str, Any]:
    return {name: block[name] for name in (*LEVELS, "measured") if block[name]}


def equal_to_truth(truth: dict[str, Any], found: dict[str, Any]) -> None:
    """Every figure of the truth file is in the report."""
    # Where an estimate was refused, the effect that was typed in speaks in its place.
    computed = set(Effect.objects.filter(by_hand=False, refused=False).values_list("initiative__key", flat=True))  # fmt: skip
    fallen_back = sum(n for key, n in truth["estimated"].items() if key not in computed)
    planned = truth["activity"]["by_hand"] + fallen_back
    assert found["activity"] == {**truth["activity"], "by_hand": planned}
    assert (found["from"], found["to"]) == (truth["from"], truth["to"])
    for share in ("share", "share_fresh", "share_measured_ab"):
        assert found[share] == pytest.approx(truth[share])
    keys = {0: "", **dict(Unit.objects.values_list("pk", "key"))}
    units = {keys[row["key"]]: levels(row) for row in found["by_unit"]}
    assert units == {key: levels(block) for key, block in truth["by_unit"].items()}
    networks = {row["key"]: levels(row) for row in found["by_network"]}
    assert networks == {key: levels(block) for key, block in truth["by_network"].items()}
    goals = {row["key"]: levels(row) for row in found["by_goal"] if row["total"]}
    assert goals == {key: levels(block) for key, block in truth["by_goal"].items()}
    assert broken(found["breaks"]) == broken(truth["breaks"])
    for name, block in (("hours", found["hours"]), ("spend", found["spend"]["EUR"])):
        ours = {level: f"{sum_of(block[level]):.2f}" for level in ("total", *LEVELS, "measured")}
        assert ours == truth[name]
    assert found["drift"] is not None


def sum_of(part: Any) -> Any:
    return sum(part.values()) if isinstance(part, dict) else part


def broken(breaks: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in breaks:
        found[row["kind"]] += row["activities"]
    return found


def equal_to_recomputed(plan: Organisation, found: dict[str, Any], folder: Path) -> None:
    """The same once more, from the exported files, by a script that knows nothing of Socius."""
    for name, text in as_csv(plan, FILES + BESIDES).items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    again = recompute(folder, AS_OF, plan.zone)
    assert {k: n for k, n in again["levels"].items() if n} == {
        level: sum_of(found["activity"][level])
        for level in (*LEVELS, "measured")
        if sum_of(found["activity"][level])
    }
    assert {k: n for k, n in again["breaks"].items() if k} == broken(found["breaks"])


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "accounts"), [(11, 40)])
def test_a_small_demonstration_says_what_was_planned(
    seed: int, accounts: int, settings: Any, tmp_path: Path
) -> None:
    truth, found = built(seed, accounts, settings)
    equal_to_truth(truth, found)
    equal_to_recomputed(generate(seed, as_of=AS_OF, accounts=accounts), found, tmp_path)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "accounts"), [(7, 178), (1, 60), (2, 120), (3, 300)])
def test_the_demonstration_says_what_was_planned(
    seed: int, accounts: int, settings: Any, tmp_path: Path
) -> None:
    truth, found = built(seed, accounts, settings)
    equal_to_truth(truth, found)
    equal_to_recomputed(generate(seed, as_of=AS_OF, accounts=accounts), found, tmp_path)
