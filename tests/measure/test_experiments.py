"""An experiment from its plan to its result on simulated days; and the sheet that makes grade B reachable."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from house import House
from socius.accounts.models import Account
from socius.activity.models import Content, Entry, Installation
from socius.cli import main
from socius.kit import clock
from socius.kit.errors import Conflict, Invalid
from socius.measure import actions
from socius.measure.models import Design, Effect
from socius.measure.reports.compliance import compliance, strays
from socius.measure.reports.effects import in_words, portfolio
from socius.measure.reports.replaying import replay
from socius.measure.reports.trials import (
    Wish,
    hidden,
    pairs_from,
    planned_look,
    stage,
    trials,
)
from socius.measure.reports.veil import shown, veiled
from socius.strategy.models import Cell, Initiative, Series
from socius.strategy.reports import Value

REGIONS = [f"Region {i:02d}" for i in range(20)]
START = date(2026, 6, 8)
DAYS = 28
HEAD = "date,series,value,unit,class,source,why,geo\n"
PLAN = Wish("geo_holdout", START, DAYS, worth=0.05)
REASON = "the board meets tomorrow"


def values(first: date, n: int, lifted: frozenset[str] = frozenset(), lift: float = 0.0) -> str:
    """Daily orders of each region: levels that differ, noise, and a lift where asked."""
    rows = []
    for place, region in enumerate(REGIONS):
        for i in range(n):
            day = first + timedelta(days=i)
            rng = random.Random(f"{region}{day}")
            value = 100 + 4 * place + rng.gauss(0, 6) + (lift if region in lifted else 0)
            rows.append(f"{day},Orders,{value:.2f},orders,outcome,shop,money,{region}\n")
    return HEAD + "".join(rows)


@pytest.fixture
def shop(house: House) -> House:
    """Twenty regions with an account each, sixty days of orders, one initiative that serves a goal."""
    house.take("goals", "goal,statement,executive_owner,period_start,period_end\nmore,More orders,cmo@example.org,2026-01-01,2026-12-31\n")  # fmt: skip
    house.take("outcomes", values(START - timedelta(days=66), 66))
    house.take("kpis", "goal,measure,class,series,direction\nmore,Orders,outcome,Orders,up\n")
    house.take("initiatives", "initiative,title,goals\nlive,Live shopping,more\n")
    house.take("accounts", "network,handle,url,unit,region\n" + "".join(f"x,shop{i},https://x.com/shop{i},Marketing,{r}\n" for i, r in enumerate(REGIONS)))  # fmt: skip
    return house


def live() -> Initiative:
    return Initiative.objects.get(key="live")


def orders() -> Series:
    return Series.objects.get(name="Orders")


def planned(house: House, **wish: Any) -> Design:
    about = actions.About(title="Evenings by region", hypothesis="Evenings sell", seed=7)
    return actions.plan_experiment(live(), orders(), wish=Wish(**{**PLAN.__dict__, **wish}), actor=house.actor(), about=about)  # fmt: skip


def on_regions(design: Design) -> frozenset[str]:
    assert design.experiment is not None
    return frozenset(design.experiment.cells.filter(arm="on").values_list("region", flat=True))


def carry_out(house: House, design: Design, regions: frozenset[str]) -> None:
    """Posts of the initiative in these regions, a day after its start, and orders that follow."""
    accounts = {a.region: a.handle for a in Account.objects.all()}
    at = f"{START + timedelta(days=1)}T18:00:00Z"
    rows = [f"{at},posted,p-{accounts[r]},x,{accounts[r]},live\n" for r in sorted(regions)]
    house.take("activity", "at,verb,object_id,network,account,initiative\n" + "".join(rows))


@pytest.mark.slow
@pytest.mark.django_db
def test_from_the_plan_to_a_grade_a_that_anybody_can_recompute(shop: House) -> None:
    design = planned(shop)
    assert design.mde is not None
    assert design.mde <= 0.05
    drawn = Entry.objects.get(verb="experiment_drawn")
    said = Content.objects.get(pk=drawn.id).content
    assert design.scheme_sha256 in str(said)
    on = on_regions(design)
    assert len(on) == 10
    with pytest.raises(Conflict, match="starts on"):
        actions.look_at_experiment(design, actor=shop.actor(), reason=REASON)
    shop.wait(days=12)
    held_out = Account.objects.exclude(region__in=on)[0]
    assert Cell.objects.forbids(held_out, shop.at, live()) is not None
    carry_out(shop, design, on)
    states = {k.cell.region: k.state for k in compliance(design, shop.at)}
    assert set(states.values()) == {"running"}
    assert strays(design, shop.at) == 0
    shop.take("activity", f"at,verb,object_id,network,account,initiative\n{START + timedelta(days=2)}T18:00:00Z,posted,p-far,x,nobody,live\n")  # fmt: skip
    assert strays(design, shop.at) == 1
    assert hidden(live(), orders(), shop.at) == design
    with pytest.raises(Invalid, match="would look at it"):
        actions.estimate_effect(live(), orders(), actor=shop.actor(), start=START)
    with pytest.raises(Conflict, match="runs until"):
        actions.conclude_experiment(design, actor=shop.actor())
    shop.wait(days=23)
    with pytest.raises(Invalid, match="Import the rest first"):
        actions.conclude_experiment(design, actor=shop.actor())
    shop.take("outcomes", values(START, DAYS, on, 12))
    effect = actions.conclude_experiment(design, actor=shop.actor())
    assert (effect.grade, effect.verdict, effect.by_hand, effect.replays) == ("A", "up", False, True)  # fmt: skip
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < 12 < effect.high
    assert effect.answer is not None
    assert effect.answer["where_delivered"] is None
    assert "caused it" in in_words(effect)
    assert effect in [t.effect for t in portfolio(shop.actor()).called]
    assert [t.state for t in trials(shop.actor())] == ["analysed"]
    with pytest.raises(Conflict, match="analysed once"):
        actions.conclude_experiment(Design.objects.get(), actor=shop.actor())
    sight = shop.sight()
    assert sight["activity"]["measured"]["A"] == 11
    assert replay(effect).same
    Design.objects.update(seed=None)
    with pytest.raises(Invalid, match="seed of the draw is gone"):
        replay(Effect.objects.get(pk=effect.pk))


@pytest.mark.slow
@pytest.mark.django_db
def test_a_look_costs_grade_a_and_what_was_not_carried_out_shows_no_effect(shop: House) -> None:
    design = planned(shop)
    on = on_regions(design)
    shop.wait(days=12)
    shop.take("outcomes", values(START, 4, on, 12))
    seen = actions.look_at_experiment(design, actor=shop.actor(), reason=REASON)
    assert seen["difference"] > 0
    assert Entry.objects.filter(verb="experiment_looked").count() == 1
    # Eight of ten regions carry it out, and only there it does something.
    some = frozenset(sorted(on)[:8])
    carry_out(shop, design, some)
    shop.wait(days=23)
    shop.take("outcomes", values(START, DAYS, some, 12))
    shop_at = shop.actor()
    effect = actions.conclude_experiment(Design.objects.get(), actor=shop_at)
    assert effect.grade == "B"
    assert "looked at once" in effect.grade_reason
    assert effect.answer is not None
    there = effect.answer["where_delivered"]
    assert effect.estimate is not None
    assert effect.estimate < 11 < there["effect"]
    assert there["low"] < 12 < there["high"]
    assert (there["carried_out"], there["p"]) == ({"on": [8, 10], "off": [0, 10]}, effect.p)
    assert sum(effect.answer["delivered"]["units"]) == 8
    assert replay(effect).same
    # The same design with posts in every region: the held-out half was not held out.
    Effect.objects.all().delete()
    Design.objects.update(concluded_at=None)
    carry_out(shop, design, frozenset(REGIONS) - some)
    effect = actions.conclude_experiment(Design.objects.get(), actor=shop.actor())
    assert (effect.refused, effect.refusal, effect.estimate) == (True, "not_carried_out", None)
    assert "10 of 20 cells" in in_words(effect)


@pytest.mark.slow
@pytest.mark.django_db
def test_plans_that_cannot_be_are_refused_with_the_reason(shop: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    for wish, word in (
        ({"start": START - timedelta(days=7)}, "not after today"), ({"days": 90}, "do not hold enough"), ({"start": date(9999, 12, 31)}, "no day of the calendar"), ({"design": "account_holdout"}, "no values by unit"),
        ({"design": "switchback", "block_days": 7}, "too few, or odd"), ({"design": "time_holdout"}, "needs a control"), ({"design": "dice"}, "no design"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=word):
            planned(shop, **wish)
    assert not Design.objects.exists()
    assert not Cell.objects.exists()
    planned(shop)
    with pytest.raises(Conflict, match="same initiative"):
        planned(shop)
    monkeypatch.setattr(clock, "now", lambda: shop.at)
    number = str(Design.objects.get().pk)
    assert main(["measure", "experiment", "stop", number]) == 1
    assert main(["measure", "experiment", "stop", number, "--reason", "the shop closes"]) == 0
    assert ", stopped. Hash" in capsys.readouterr().out
    assert main(["measure", "experiment", "stop", number, "--reason", "again"]) == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_a_sheet_before_the_start_makes_grade_b_reachable_and_another_window_does_not(house: House) -> None:  # fmt: skip
    first, start = date(2025, 5, 1), date(2026, 6, 8)
    rng = random.Random(2)
    n = 440
    demand = [rng.gauss(50, 5) for _ in range(n)]
    own = [100 + 2 * (d - 50) + rng.gauss(0, 3) + (9 if i >= (start - first).days else 0) for i, d in enumerate(demand)]  # fmt: skip

    def rows(name: str, series: list[float], a: int, b: int) -> str:
        return "".join(f"{first + timedelta(days=i)},{name},{series[i]:.2f},orders,outcome,shop,money\n" for i in range(a, b))  # fmt: skip

    known, head = (house.at.date() - first).days, "date,series,value,unit,class,source,why\n"
    house.take("outcomes", head + rows("Orders", own, 0, known) + rows("Demand", demand, 0, known))
    house.take("initiatives", f"initiative,title,start\nlive,Live shopping,{start}\n")
    controls = (Series.objects.get(name="Demand"),)
    terms = actions.Terms(start, start + timedelta(days=20), 0.05, controls)
    sheet = actions.register_design(live(), orders(), terms=terms, actor=house.actor())
    assert sheet.sheet["answer"] == "can_be_seen"
    newer = actions.register_design(live(), orders(), terms=terms, actor=house.actor())
    assert Design.objects.get(pk=sheet.pk).superseded_by == newer
    house.wait(days=40)
    house.take("outcomes", head + rows("Orders", own, known, n) + rows("Demand", demand, known, n))
    with pytest.raises(Invalid, match="not after today"):
        actions.register_design(live(), orders(), terms=terms, actor=house.actor())
    other = actions.estimate_effect(live(), orders(), actor=house.actor(), end=terms.end)
    assert (other.grade, other.pre_registered) == ("D", False)
    effect = actions.estimate_effect(live(), orders(), actor=house.actor(), end=terms.end, controls=controls)  # fmt: skip
    assert (effect.grade, effect.pre_registered, effect.design, effect.replays) == ("B", True, newer, True), effect.grade_reason  # fmt: skip
    assert replay(effect).same
    assert stage(newer, Installation.objects.day(house.at)) == "ended"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_promised_look_keeps_the_grade_and_no_other_door_shows_the_arms(shop: House) -> None:
    ring = tuple(zip(REGIONS, [*REGIONS[1:], REGIONS[0]], strict=True))
    design = planned(shop, looks=1, neighbours=ring)
    assert design.sheet["look_days"] == ["2026-06-21"]
    on = on_regions(design)
    assert {v.place for v in shown(orders(), shop.at).values} == set(REGIONS)
    shop.wait(days=12)
    carry_out(shop, design, on)
    shop.take("outcomes", values(START, 8, on, 12))
    veil = shown(orders(), shop.at)
    inside = [v for v in veil.values if v.date >= START]
    assert [(v.place, v.date) for v in inside] == [
        ("", START + timedelta(days=i)) for i in range(8)
    ]
    assert "summed over the places" in veil.say
    assert planned_look(design, Installation.objects.day(shop.at)) is None
    shop.wait(days=10)
    shop.take("outcomes", values(START, 17, on, 12))
    seen = actions.look_at_experiment(design, actor=shop.actor())
    # Of 1,024 assignments none has a p of .001, and the plan says so.
    assert (seen["planned"], seen["called"], seen["day"]) == (True, False, "2026-06-21")
    assert any("No planned look can call" in w for w in design.sheet["warnings"])
    with pytest.raises(Invalid, match="needs a reason"):
        actions.look_at_experiment(design, actor=shop.actor())
    shop.wait(days=13)
    shop.take("outcomes", values(START, DAYS, on, 12))
    assert not shown(orders(), shop.at).veiled
    effect = actions.conclude_experiment(Design.objects.get(), actor=shop.actor())
    assert (effect.grade, effect.answer["level"]) == ("A", 0.049), effect.grade_reason
    assert effect.answer["spill_over"]["units"] == 20
    assert effect.answer["delivered"]["planned_looks"] == 1
    assert replay(effect).same


def day_values(n: int) -> list[Value]:
    return [Value(START + timedelta(days=i), "", Decimal(i), datetime(2026, 6, 1, tzinfo=UTC)) for i in range(-3, n)]  # fmt: skip


def test_blocks_show_as_means_of_pairs_and_one_stretch_not_at_all() -> None:
    design = Design(kind="switchback", start=START, end=START + timedelta(days=27), sheet={"block_days": 7})  # fmt: skip
    found = veiled(day_values(20), design)
    assert [v.date for v in found] == [*(START - timedelta(days=n) for n in (3, 2, 1)), START + timedelta(days=13)]  # fmt: skip
    assert found[-1].value == Decimal("6.50")
    design.kind = "time_holdout"
    assert [v.date for v in veiled(day_values(20), design)] == [START - timedelta(days=n) for n in (3, 2, 1)]  # fmt: skip
    assert pairs_from("Lyon ~ Turin, Ghent~Antwerp,") == (("Lyon", "Turin"), ("Ghent", "Antwerp"))
    with pytest.raises(Invalid, match="no pair of places"):
        pairs_from("Lyon")
