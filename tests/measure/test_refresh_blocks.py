"""What writing a block of answers at once might break: a bad one among good ones, a kill half-way, two who write, and statements that grow.

The numbers are not computed here: `computed` gives answers of the shape that the engine gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from house import House
from socius.accounts.models import Account
from socius.activity.models import Content, Entry
from socius.kit.clock import micros
from socius.measure import actions
from socius.measure.actions import refresh
from socius.measure.actions.refresh import Children, Nightly, Ready, opened, step
from socius.measure.models import Effect, Refresh, RefreshedPair
from socius.measure.reports.asking import Together
from socius.measure.reports.inputs import known_points, rivals
from socius.measure.reports.refresh import Coverage, coverage_of, in_short, pairs
from socius.measure.reports.trials import hidden
from socius.strategy.models import Initiative, Series, SeriesValue

DAYS, WORKS = 40, 6
HEAD = "date,series,value,unit,class,source,why\n"
Answers = Callable[..., list[dict[str, Any]]]


def answer(one: Ready, value: float = 1.0, **other: Any) -> dict[str, Any]:
    return {
        "method": "gsr", "version": "9", "grade": "D", "grade_reason": "no design", "effect_mean": value, "low": 0.5, "high": 1.5, "sd": 0.3,
        "p": 0.01, "placebo": {"factor": 1.0, "n": 12, "hits": 0}, "second": None, "window": {"pre": ["2026-01-01", "2026-02-01"]},
        "verdict": "up", "refused": None, "data_sha256": "d" * 64, "seed": one.asked.seed, "of": f"{one.asked.subject} {one.asked.series}",
        "cpu_seconds": 3.0, **other,
    }  # fmt: skip


def answers(value: float = 1.0) -> Answers:
    return lambda some, *_: [answer(one, value) for one in some]


@pytest.fixture
def many(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Two series and a control, six initiatives, and a former answer of each initiative on each series."""
    first, start = house.at.date() - timedelta(days=DAYS), house.at.date() - timedelta(days=10)
    rows = [f"{first + timedelta(days=i)},{name},{100 + i % 7},orders,outcome,shop,money\n" for name in ("Calls", "Orders", "Weather") for i in range(DAYS)]  # fmt: skip
    house.take("outcomes", HEAD + "".join(rows))
    house.take("initiatives", "initiative,title,start\n" + "".join(f"i{i},Work {i},{start}\n" for i in range(WORKS)))  # fmt: skip
    for name in ("Calls", "Orders"):
        for work in Initiative.objects.order_by("pk"):
            stood(work, Series.objects.get(name=name), start, house)
    monkeypatch.setattr(refresh, "computed", answers())
    house.wait(hours=1)
    return house


def stood(work: Initiative, series: Series, start: date, house: House) -> Effect:
    """An answer of an earlier day."""
    end, at = house.at.date() - timedelta(days=1), house.at
    effect = Effect.objects.create(initiative=work, series=series, start=start, end=end, dated=end, method="gsr", grade="D", by_hand=False, seed=1, made_at=at, known_from=micros(at))  # fmt: skip
    effect.controls.set([Series.objects.get(name="Weather")])
    return effect


def passed(house: House) -> Coverage:
    return coverage_of(actions.refresh_effects(actor=house.actor()))


@pytest.mark.django_db
def test_a_block_keeps_answers_controls_and_the_chain_of_supersession(many: House) -> None:
    former = {e.initiative_id: e for e in Effect.objects.filter(series__name="Orders")}
    assert passed(many).counts == {"estimated": 2 * WORKS}
    for effect in Effect.objects.filter(series__name="Orders", known_until=None):
        old = former[effect.initiative_id]
        old.refresh_from_db()
        assert (old.superseded_by, old.known_until) == (effect, effect.known_from)
        assert [c.name for c in effect.controls.all()] == ["Weather"]
        assert effect.answer is not None
        assert (effect.answer["of"], "cpu_seconds" in effect.answer) == (f"{effect.initiative} Orders", False)  # fmt: skip
        entry = Entry.objects.get(object=f"effect:{effect.pk}")
        assert (entry.verb, entry.initiative, entry.actor) == ("effect_estimated", effect.initiative_id, many.actor().ref)  # fmt: skip
        content = bytes(Content.objects.get(id=entry.id).content or b"").decode()
        assert f'"supersedes":[{old.pk}]' in content
    many.wait(hours=1)
    assert passed(many).counts == {"unchanged": 2 * WORKS}
    assert Effect.objects.count() == 4 * WORKS


@pytest.mark.django_db
def test_statements_of_a_block_do_not_grow_with_its_pairs(many: House) -> None:
    def cost(n: int) -> int:
        """Statements of a block of n pairs, all of which changed; then of the same block where nothing did."""
        RefreshedPair.objects.all().delete()
        Refresh.objects.all().delete()
        many.wait(hours=1)
        run = opened(many.at)
        assert run is not None
        refresh.BLOCK = n
        with CaptureQueriesContext(connection) as asked:
            assert step(run, Nightly(many.at), Children()) == n
        return len(asked)

    block = refresh.BLOCK
    try:
        few, more = cost(2), cost(2 * WORKS)
        assert Effect.objects.count() == 4 * WORKS
        again = [cost(2), cost(2 * WORKS)]
    finally:
        refresh.BLOCK = block
    # What the first ones answered stands, so the later ones write notes only.
    assert (few, again[0]) == (more, again[1])
    assert few < 50


@pytest.mark.django_db
def test_an_answer_that_cannot_be_written_takes_no_other_one_along(many: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def one_bad(some: Sequence[Ready], *_: Any) -> list[dict[str, Any]]:
        return [answer(one, method=None if str(one.asked.subject) == "Work 3" and one.asked.series.name == "Calls" else "gsr") for one in some]  # fmt: skip

    monkeypatch.setattr(refresh, "computed", one_bad)
    found = passed(many)
    assert found.counts == {"estimated": 2 * WORKS - 1, "failed": 1}
    assert "could not be kept" in found.skipped[0].say
    assert "1 failed" in in_short(found)
    assert Effect.objects.filter(known_until=None).count() == 2 * WORKS
    assert Entry.objects.filter(verb="effect_estimated").count() == 2 * WORKS - 1
    monkeypatch.setattr(refresh, "computed", answers())
    many.wait(hours=1)
    assert passed(many).counts == {"estimated": 1, "unchanged": 2 * WORKS - 1}


@pytest.mark.django_db
def test_a_case_that_cannot_be_computed_takes_no_other_one_along(many: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    said = {"Work 1": {"say": "The outcome never changes.", "code": "invalid"}, "Work 2": {"say": "The calculation failed.", "code": "broken"}}  # fmt: skip

    def two_bad(some: Sequence[Ready], *_: Any) -> list[dict[str, Any]]:
        return [{"error": said[str(o.asked.subject)]} if str(o.asked.subject) in said else answer(o) for o in some]  # fmt: skip

    monkeypatch.setattr(refresh, "computed", two_bad)
    assert passed(many).counts == {"estimated": 2 * WORKS - 4, "skipped": 2, "failed": 2}
    monkeypatch.setattr(refresh, "computed", answers())
    many.wait(hours=1)
    # Wrong data stay wrong until they change; what broke is tried again.
    assert passed(many).counts == {"unchanged": 2 * WORKS - 4, "skipped": 2, "estimated": 2}


@pytest.mark.django_db
def test_a_kill_while_a_block_is_written_leaves_nothing_of_it(many: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(refresh, "BLOCK", 5)
    real, calls = refresh.note, []

    def dies(run: Refresh, made: Any) -> None:
        calls.append(made)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(run, made)

    monkeypatch.setattr(refresh, "note", dies)
    with pytest.raises(KeyboardInterrupt):
        passed(many)
    kept = Effect.objects.count(), RefreshedPair.objects.count(), Entry.objects.filter(verb="effect_estimated").count()  # fmt: skip
    assert kept == (2 * WORKS + 5, 5, 5)
    many.wait(minutes=11)
    assert passed(many).counts == {"estimated": 2 * WORKS}
    assert Refresh.objects.count() == 1
    assert (Effect.objects.count(), Effect.objects.filter(known_until=None).count()) == (4 * WORKS, 2 * WORKS)  # fmt: skip
    assert Entry.objects.filter(verb="effect_estimated").count() == 2 * WORKS


@pytest.mark.django_db
def test_what_somebody_decides_while_a_block_is_computed_stands(many: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def meanwhile(some: Sequence[Ready], *_: Any) -> list[dict[str, Any]]:
        if not some:
            return []
        pair = next(one.pair for one in some if str(one.asked.subject) == "Work 0")
        assert pair.effect is not None
        Effect.objects.filter(pk=pair.effect.pk).update(known_until=micros(many.at))
        stood(Initiative.objects.get(pk=pair.subject.pk), pair.series, pair.start, many)
        return [answer(one) for one in some]

    monkeypatch.setattr(refresh, "computed", meanwhile)
    found = passed(many)
    assert found.counts == {"estimated": 2 * WORKS - 1, "skipped": 1}
    assert "asked again next time" in found.skipped[0].say
    newest = Effect.objects.filter(initiative__title="Work 0", series__name="Calls", known_until=None).get()  # fmt: skip
    assert newest.answer is None
    monkeypatch.setattr(refresh, "computed", answers())
    many.wait(hours=1)
    assert passed(many).counts == {"estimated": 1, "unchanged": 2 * WORKS - 1}


@pytest.mark.django_db
def test_two_who_work_at_one_pass_write_each_pair_once(many: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(refresh, "BLOCK", 5)
    turns: list[int] = []

    def slow(some: Sequence[Ready], *_: Any) -> list[dict[str, Any]]:
        turns.append(len(some))
        if len(turns) == 1:
            # Eleven minutes go by; another process holds the pass for killed and does these and more.
            later = Nightly(many.at + timedelta(minutes=11))
            run = opened(later.at)
            assert run is not None
            assert [step(run, later, Children()) for _ in range(2)] == [5, 5]
        return [answer(one, 7.0) for one in some]

    monkeypatch.setattr(refresh, "computed", slow)
    assert passed(many).counts == {"estimated": 2 * WORKS}
    assert Effect.objects.count() == 4 * WORKS
    assert Entry.objects.filter(verb="effect_estimated").count() == 2 * WORKS


@pytest.mark.django_db
def test_what_is_read_for_a_block_is_what_each_pair_would_read(many: House) -> None:
    start = many.at.date() - timedelta(days=8)
    many.take("goals", "goal,statement,executive_owner,period_start,period_end\nmore,More,cmo@example.org,2026-01-01,2026-12-31\nless,Less,cmo@example.org,2026-01-01,2026-12-31\n")  # fmt: skip
    many.take("kpis", "goal,measure,class,series,direction\nmore,Orders,outcome,Orders,up\nless,Orders,outcome,Orders,up\nless,Calls,outcome,Calls,up\n")  # fmt: skip
    many.take("initiatives", f"initiative,title,goals,start\na,Twin,more|less,{start}\nb,Twin,more,{start}\nc,Other,less,{start - timedelta(days=1)}\nd,No day,less,\n")  # fmt: skip
    many.take("accounts", "network,handle,url\n" + "".join(f"x,@shop{i},https://x.com/shop{i}\n" for i in range(3)))  # fmt: skip
    accounts, both = tuple(Account.objects.order_by("pk")[:2]), tuple(Series.objects.exclude(name="Weather").order_by("name"))  # fmt: skip
    for key in ("gone", "here"):
        group = actions.declare_group(many.root, key=key, declared=actions.Declared(name=f"Shops {key}", why="why", start=start, accounts=accounts, outcomes=both), actor=many.actor())  # fmt: skip
        if key == "gone":
            actions.withdraw_group(group, actor=many.actor(), reason="another")
    orders = Series.objects.get(name="Orders")
    for key in ("a", "c"):
        stood(Initiative.objects.get(key=key), orders, start, many)
    day = many.at.date() - timedelta(days=5)
    many.take("outcomes", HEAD + f"{day},Orders,77,orders,outcome,shop,money\n")
    some = pairs(many.at)
    assert len(some) == 2 * WORKS + 4
    reader = Together(some, many.at)
    reader.fetch(some)
    for pair in some:
        assert reader.points(pair.series, many.at) == known_points(pair.series, many.at)
        assert reader.rivals(pair.subject, pair.series) == rivals(pair.subject, pair.series)
        assert reader.hidden(pair) == hidden(pair.subject, pair.series, many.at)
    assert [reader.rivals(p.subject, orders)[0][1] for p in some if str(p.subject) == "Other"] == ["Shops here"]  # fmt: skip
    assert {reader.declared(group, one) for one in both} == {True}
    before = many.at - timedelta(days=30)
    for at in (many.at, before):
        rows = SeriesValue.objects.filter(series=orders, known_at__lte=micros(at), value__isnull=False)  # fmt: skip
        assert reader.newest(orders, at) == rows.aggregate(m=Max("date"))["m"]
