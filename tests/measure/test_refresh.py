"""The daily refresh: what changed is asked again, what did not is not, a killed pass goes on, and nothing is doubled."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from house import House
from socius.activity.models import Entry
from socius.engine.effect.methods import VERSIONS
from socius.kit.child import Broken
from socius.kit.errors import Conflict
from socius.measure import actions, jobs
from socius.measure.actions import refresh
from socius.measure.models import Effect, Refresh, RefreshedPair
from socius.measure.reports.refresh import coverage_of, last_refresh, pairs
from socius.strategy.models import Initiative, Series

FIRST = date(2025, 5, 1)
HEAD = "date,series,value,unit,class,source,why\n"


def values(name: str, a: int, b: int) -> str:
    return "".join(f"{FIRST + timedelta(days=i)},{name},{100 + random.Random(f'{name}{i}').gauss(0, 5):.2f},orders,outcome,shop,money\n" for i in range(a, b))  # fmt: skip


@pytest.fixture
def asked(house: House) -> House:
    """Two series with an estimate each, of one initiative that began thirty days before the newest values."""
    days = (house.at.date() - FIRST).days
    start = house.at.date() - timedelta(days=30)
    house.take("outcomes", HEAD + values("Orders", 0, days) + values("Calls", 0, days))
    house.take("initiatives", f"initiative,title,start\nlive,Live shopping,{start}\n")
    for name in ("Orders", "Calls"):
        actions.estimate_effect(Initiative.objects.get(key="live"), Series.objects.get(name=name), actor=house.actor())  # fmt: skip
    return house


def outcomes_of(run: Refresh) -> dict[str, int]:
    return coverage_of(run).counts


@pytest.mark.slow
@pytest.mark.django_db
def test_only_what_changed_is_estimated_again_and_the_former_is_kept(asked: House) -> None:
    asked.wait(hours=1)
    assert outcomes_of(actions.refresh_effects(actor=asked.actor())) == {"unchanged": 2}
    days = (asked.at.date() - FIRST).days
    asked.wait(days=3)
    asked.take("outcomes", HEAD + values("Orders", days, days + 3))
    run = actions.refresh_effects(actor=asked.actor())
    assert outcomes_of(run) == {"estimated": 1, "unchanged": 1}
    old, new = Effect.objects.filter(series__name="Orders").order_by("pk")
    assert (old.superseded_by, old.known_until is None, new.end) == (new, False, FIRST + timedelta(days=days + 2))  # fmt: skip
    assert new.answer_hash != old.answer_hash
    before = Effect.objects.count(), RefreshedPair.objects.count()
    asked.wait(hours=1)
    assert outcomes_of(actions.refresh_effects(actor=asked.actor())) == {"unchanged": 2}
    assert (Effect.objects.count(), RefreshedPair.objects.count()) == before
    newest = last_refresh()
    assert newest is not None
    assert (newest.done, newest.run.pairs, newest.run.ended_at is None) == (2, 2, False)


@pytest.mark.slow
@pytest.mark.django_db
def test_what_an_older_version_of_the_method_made_is_estimated_again(asked: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    asked.wait(hours=1)
    assert outcomes_of(actions.refresh_effects(actor=asked.actor())) == {"unchanged": 2}
    known = dict(VERSIONS)
    monkeypatch.setitem(VERSIONS, "gsr", "of yesterday")
    asked.wait(days=1)
    # Asked again; the child has the version of today, so the same answer comes out and the effect stands.
    assert outcomes_of(actions.refresh_effects(actor=asked.actor())) == {"unchanged": 2}
    assert RefreshedPair.objects.count() == 2
    monkeypatch.setitem(VERSIONS, "gsr", known["gsr"])
    Effect.objects.update(version="2", answer_hash="0" * 64)
    asked.wait(days=1)
    assert outcomes_of(actions.refresh_effects(actor=asked.actor())) == {"estimated": 2}
    assert {e.version for e in Effect.objects.filter(superseded_by=None)} == {known["gsr"]}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_killed_pass_goes_on_where_it_was(asked: House, monkeypatch: pytest.MonkeyPatch) -> None:
    RefreshedPair.objects.all().delete()
    days = (asked.at.date() - FIRST).days
    asked.wait(days=2)
    asked.take("outcomes", HEAD + values("Orders", days, days + 2) + values("Calls", days, days + 2))  # fmt: skip
    monkeypatch.setattr(refresh, "BLOCK", 1)
    real, calls = refresh.computed, []

    def dies(some: Any, *how: Any) -> Any:
        calls.extend(some)
        if some and len(calls) == 2:
            raise Broken("killed")
        return real(some, *how)

    monkeypatch.setattr(refresh, "computed", dies)
    worker = jobs.Refreshing(lambda: asked.at)
    assert worker() == 1
    with pytest.raises(Broken):
        worker()
    assert RefreshedPair.objects.count() == 1
    with pytest.raises(Conflict, match="is running"):
        actions.refresh_effects(actor=asked.actor())
    asked.wait(minutes=11)
    later = jobs.Refreshing(lambda: asked.at)
    assert [later(), later()] == [1, 0]
    run = Refresh.objects.get()
    assert (run.ended_at is None, outcomes_of(run)) == (False, {"estimated": 2})
    assert Effect.objects.filter(known_until=None).count() == 2
    assert Effect.objects.count() == 4
    assert Entry.objects.filter(verb="effect_estimated").count() == 4
    assert jobs.begins(asked.at) is False
    asked.wait(days=1)
    assert jobs.begins(asked.at.replace(hour=1)) is False
    assert jobs.begins(asked.at.replace(hour=4)) is True


@pytest.mark.slow
@pytest.mark.django_db
def test_a_window_that_somebody_chose_stays_and_what_cannot_be_asked_says_why(asked: House) -> None:
    live, calls = Initiative.objects.get(key="live"), Series.objects.get(name="Calls")
    chosen = asked.at.date() - timedelta(days=10)
    actions.estimate_effect(live, calls, actor=asked.actor(), end=chosen)
    days = (asked.at.date() - FIRST).days
    asked.wait(days=2)
    asked.take("outcomes", HEAD + values("Calls", days, days + 2) + values("Orders", days, days + 2))  # fmt: skip
    asked.take("goals", "goal,statement,executive_owner,period_start,period_end\nmore,More orders,cmo@example.org,2025-01-01,2027-12-31\n")  # fmt: skip
    asked.take("kpis", "goal,measure,class,series,direction\nmore,Orders,outcome,Orders,up\n")
    asked.take("initiatives", f"initiative,title,goals,start\nrival,Rival,more,{asked.at.date() - timedelta(days=12)}\n")  # fmt: skip
    assert len(pairs(asked.at)) == 2
    found = coverage_of(actions.refresh_effects(actor=asked.actor()))
    assert found.counts == {"unchanged": 1, "skipped": 1}
    assert "began on" in found.skipped[0].say
    assert Effect.objects.get(series=calls, known_until=None).end == chosen
