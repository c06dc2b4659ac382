"""Effects that Socius computes: kept, superseded, replayed; refusals never lend a grade."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from house import House
from socius.activity.models import Entry
from socius.kit.errors import Invalid
from socius.measure.actions import estimate_effect, estimates, record_effect
from socius.measure.models import Effect
from socius.measure.reports.effects import in_words, portfolio
from socius.measure.reports.facts import effect_facts
from socius.measure.reports.replaying import replay
from socius.strategy.models import Initiative, Series

FIRST, START, DAYS = date(2025, 9, 1), date(2026, 4, 1), 260
HEAD = "date,series,value,unit,class,source,why\n"


def lines(name: str, values: list[float], first: date = FIRST, step: int = 1) -> str:
    return "".join(f"{first + timedelta(days=step * i)},{name},{v:.2f},orders,outcome,shop,money\n" for i, v in enumerate(values))  # fmt: skip


def noisy(lift: float, seed: int = 1) -> list[float]:
    rng, since = random.Random(seed), (START - FIRST).days
    return [100 + rng.gauss(0, 3) + (lift if i >= since else 0) for i in range(DAYS)]


@pytest.fixture
def full(house: House) -> House:
    weeks = [100 + i % 3 for i in range(40)]
    months = "".join(
        f"2025-{m:02d}-01,Score,{m},points,outcome,survey,money\n" for m in range(1, 13)
    )
    house.take(
        "goals",
        "goal,statement,executive_owner,period_start,period_end\nmore,More orders,cmo@example.org,2026-01-01,2026-12-31\n",
    )
    house.take(
        "outcomes",
        HEAD
        + lines("Orders", noisy(8))
        + lines("Weekly", weeks, step=7)
        + months
        + lines("Demand", noisy(0, 5)),
    )
    house.take("kpis", "goal,measure,class,series,direction\nmore,Orders,outcome,Orders,up\n")
    house.take(
        "initiatives",
        f"initiative,title,goals,start\nlive,Live shopping,more,{START}\nlater,Later,more,2026-05-10\nopen,Without a start,more,\n",
    )
    return house  # fmt: skip


def live() -> Initiative:
    return Initiative.objects.get(key="live")


def series(name: str = "Orders") -> Series:
    return Series.objects.get(name=name)


END = date(2026, 5, 9)


@pytest.mark.slow
@pytest.mark.django_db
def test_an_estimate_is_kept_replayed_and_superseded(full: House) -> None:
    effect = estimate_effect(live(), series(), actor=full.actor(), end=END)
    assert (effect.verdict, effect.grade, effect.by_hand, effect.refused) == (
        "up",
        "D",
        False,
        False,
    )
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < 8 < effect.high
    assert "no power stated before the start" in effect.grade_reason
    assert "it is not called an effect" in in_words(
        effect
    )  # two fake starts cannot check an interval
    assert "caused" not in in_words(effect)
    assert effect.answer is not None
    assert len(effect.answer["path"]["day"]) == 39
    assert effect.sd
    assert effect.p is not None
    assert effect.placebo_n is not None
    row = Entry.objects.get(verb="effect_estimated")
    assert row.object == f"effect:{effect.pk}"
    # Values that arrive later do not touch what was computed from those known then.
    full.take("outcomes", HEAD + lines("Orders", [500.0], START + timedelta(days=5)))
    again = Effect.objects.get(pk=effect.pk)
    assert replay(again).same
    newer = estimate_effect(live(), series(), actor=full.actor(), end=END)
    old = Effect.objects.get(pk=effect.pk)
    assert old.superseded_by == newer
    assert old.known_until is not None
    assert newer.data_hash != old.data_hash
    assert replay(old).same
    Effect.objects.filter(pk=newer.pk).update(seed=9)
    found = replay(Effect.objects.get(pk=newer.pk))
    assert not found.same
    assert "seed" in found.differs
    assert [t.effect for t in portfolio(full.actor()).shown] == [newer]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_refused_estimate_is_kept_and_never_measured(full: House) -> None:
    # The end is no Monday: the window ends with the last week before it.
    effect = estimate_effect(live(), series("Weekly"), actor=full.actor(), end=date(2026, 5, 6))
    assert (effect.refused, effect.refusal, effect.estimate, effect.verdict) == (
        True,
        "too_short",
        None,
        "refused",
    )
    assert "too little before the start" in in_words(effect)
    assert [f.refused for f in effect_facts(effect.known_from)] == [True]
    assert [t.effect for t in portfolio(full.actor()).refused] == [effect]
    assert full.sight()["activity"]["measured"] == dict.fromkeys("ABCDE", 0)
    assert replay(Effect.objects.get(pk=effect.pk)).same


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("initiative", "name", "end", "said"),
    [
        ("open", "Orders", None, "has no start date"),
        ("live", "Score", None, "one value a month; effects are estimated from daily or weekly"),
        ("live", "Orders", None, "Later serves the same outcome and began on 2026-05-10, inside the window"),
        ("live", "Orders", date(2027, 1, 1), "does not lie within the values"),
        ("later", "Short", None, "at least 14 are needed to ask"),
        ("live", "Followers", None, "is vanity"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_a_sentence(full: House, initiative: str, name: str, end: date | None, said: str) -> None:  # fmt: skip
    full.take("outcomes", HEAD + lines("Short", [1.0, 2.0, 3.0], date(2026, 5, 8)) + lines("Followers", [1.0, 2.0, 3.0]))  # fmt: skip
    with pytest.raises(Invalid, match=said):
        estimate_effect(Initiative.objects.get(key=initiative), series(name), actor=full.actor(), end=end)  # fmt: skip
    assert not Effect.objects.exists()


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The engine's answer, made up: what the house does with it is what is tried."""
    found = {
        "effect_mean": 8.0, "low": 6.0, "high": 10.0, "sd": 1.0, "p": 0.001, "refused": None, "say": "", "verdict": "up", "grade": "B", "grade_reason": "all of it",
        "placebo": {"n": 12, "hits": 0, "rate": 0.0, "low": 0.0, "high": 0.24, "factor": 1.0}, "second": {"method": "window_difference", "effect": 8.1, "agree": True},
        "window": {"pre": ["2025-09-01", "2026-03-31"], "post": ["2026-04-01", "2026-05-09"]}, "method": "gsr", "version": "1", "data_sha256": "ab", "seed": 0, "grain": "day", "path": None,
    }  # fmt: skip
    monkeypatch.setattr(estimates, "ask", lambda *_a, **_k: {"effects": [found]})
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("again", "grades"), [("same", ["B"]), ("other", [])])
def test_a_grade_of_weight_reaches_the_line_only_if_it_replays(full: House, answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch, again: str, grades: list[str]) -> None:  # fmt: skip
    digest = estimates.fingerprint(answer) if again == "same" else "else"
    monkeypatch.setattr(estimates, "recomputed", lambda *_a: (digest, answer))
    effect = estimate_effect(live(), series(), actor=full.actor(), end=END)
    assert effect.replays is (again == "same")
    assert [f.grade for f in effect_facts(effect.known_from)] == grades


@pytest.mark.django_db
def test_what_was_typed_in_is_not_replayed(full: House) -> None:
    effect, _ = record_effect(live(), series=series(), method="before and after", estimate=4.0, actor=full.actor())  # fmt: skip
    with pytest.raises(Invalid, match="entered by hand"):
        replay(effect)


@pytest.mark.django_db
def test_the_family_prints_its_comparisons(full: House, answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(estimates, "recomputed", lambda *_a: (estimates.fingerprint(answer), answer))  # fmt: skip
    estimate_effect(live(), series(), actor=full.actor(), end=END)
    answer.update(p=0.5, verdict="cannot_tell", low=-1.0)
    estimate_effect(live(), series("Demand"), actor=full.actor(), end=END)
    family = portfolio(full.actor())
    assert (family.comparisons, len(family.called), len(family.unsure)) == (2, 1, 1)
    assert family.called[0].q == pytest.approx(0.002)
    assert "cannot be told" in family.unsure[0].say
