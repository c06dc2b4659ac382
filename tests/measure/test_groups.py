"""Declared account groups: never changed, estimated only on what they were declared for, and never part of a line or a sum."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from house import House
from socius.accounts.models import Account
from socius.activity.models import Entry
from socius.cli import main
from socius.engine.effect.sheets import digest
from socius.kit.errors import Conflict, Invalid
from socius.measure import actions
from socius.measure.models import AccountGroup, Design, Effect, RefreshedPair
from socius.measure.reports.effects import in_words, portfolio
from socius.measure.reports.facts import effect_facts
from socius.measure.reports.groups import group_shape
from socius.measure.reports.inputs import question, rivals
from socius.measure.reports.refresh import coverage_of, pairs
from socius.measure.reports.replaying import replay
from socius.measure.reports.trials import registered
from socius.measure.reports.value import valued
from socius.strategy.models import Initiative, Series

FIRST, START = date(2025, 3, 1), date(2026, 5, 1)
HEAD = "date,series,value,unit,class,source,why\n"


def values(name: str, lift: float = 0.0) -> str:
    rng = random.Random(name)
    days = [FIRST + timedelta(days=i) for i in range((date(2026, 6, 1) - FIRST).days)]
    return "".join(f"{d},{name},{100 + rng.gauss(0, 3) + lift * (d >= START):.2f},orders,outcome,shop,money\n" for d in days)  # fmt: skip


@pytest.fixture
def shops(house: House) -> House:
    house.take("outcomes", HEAD + values("Orders", 6) + values("Calls"))
    lines = "".join(f"x,@shop{i},https://x.com/shop{i}\n" for i in range(4))
    house.take("accounts", "network,handle,url\n" + lines)
    return house


def said(**other: Any) -> actions.Declared:
    accounts = tuple(Account.objects.order_by("pk")[:3])
    orders = Series.objects.get(name="Orders")
    return actions.Declared(**{"name": "Shops", "why": "They announce Saturdays", "start": START, "accounts": accounts, "outcomes": (orders,), **other})  # fmt: skip


def declare(house: House, key: str = "shops", **other: Any) -> AccountGroup:
    return actions.declare_group(house.root, key=key, declared=said(**other), actor=house.actor())


@pytest.mark.django_db
def test_a_group_is_declared_once_and_taken_back_with_a_reason(shops: House) -> None:
    group = declare(shops)
    assert (group.accounts.count(), group.late, group.declared_by) == (3, True, shops.person)
    assert Entry.objects.filter(verb="group_declared", object=f"group:{group.pk}").count() == 1
    with pytest.raises(Conflict, match="taken"):
        declare(shops)
    for wrong, field in (({"why": " "}, "why"), ({"accounts": said().accounts[:1]}, "accounts"), ({"outcomes": ()}, "outcomes"), ({"end": START - timedelta(days=1)}, "end")):  # fmt: skip
        with pytest.raises(Invalid) as error:
            declare(shops, "other", **wrong)
        assert error.value.field == field
    calls = Series.objects.get(name="Calls")
    with pytest.raises(Invalid, match="was not declared for Calls"):
        question(group, calls, at=shops.at)
    with pytest.raises(Invalid, match="reason"):
        actions.withdraw_group(group, actor=shops.actor(), reason=" ")
    assert [p.subject for p in pairs(shops.at)] == [group]
    actions.withdraw_group(group, actor=shops.actor(), reason="another choice")
    assert pairs(shops.at) == []
    group.refresh_from_db()
    with pytest.raises(Invalid, match="taken back"):
        question(group, group.outcomes.get(), at=shops.at)
    with pytest.raises(Conflict):
        actions.withdraw_group(group, actor=shops.actor(), reason="again")


@pytest.mark.django_db
def test_a_group_and_an_initiative_that_begin_together_are_not_told_apart(shops: House) -> None:
    shops.take("goals", "goal,statement,executive_owner,period_start,period_end\nmore,More,cmo@example.org,2026-01-01,2026-12-31\n")  # fmt: skip
    shops.take("kpis", "goal,measure,class,series,direction\nmore,Orders,outcome,Orders,up\n")
    shops.take("initiatives", f"initiative,title,goals,start\nlive,Live shopping,more,{START}\n")
    group, live = declare(shops), Initiative.objects.get(key="live")
    orders = group.outcomes.get()
    assert rivals(live, orders) == [(START, "Shops")]
    assert rivals(group, orders) == [(START, "Live shopping")]
    for subject in (live, group):
        with pytest.raises(Invalid, match="cannot be told apart"):
            question(subject, orders, at=shops.at)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_refresh_estimates_a_declared_group_and_its_effect_joins_no_line_and_no_sum(shops: House) -> None:  # fmt: skip
    group = declare(shops)
    run = actions.refresh_effects(actor=shops.actor())
    assert coverage_of(run).counts == {"estimated": 1}
    effect = Effect.objects.get()
    assert (effect.subject, effect.initiative, effect.verdict, effect.grade) == (group, None, "up", "D")  # fmt: skip
    assert "without Shops" in in_words(effect)
    assert replay(effect).same
    assert effect_facts(effect.known_from) == []
    assert valued(Initiative.objects.all(), shops.actor()) == []
    assert [t.effect for t in portfolio(shops.actor()).shown] == [effect]
    shops.wait(hours=1)
    assert coverage_of(actions.refresh_effects(actor=shops.actor())).counts == {"unchanged": 1}
    again = actions.estimate_effect(group, effect.series, actor=shops.actor(), seed=3)
    effect.refresh_from_db()
    assert (effect.superseded_by, RefreshedPair.objects.count()) == (again, 1)


@pytest.mark.django_db
def test_a_group_on_the_command_line(shops: House, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["measure", "group", "declare", "shops", "--outcomes", "Orders", "--why", "Saturdays"]
    assert main([*words, "--accounts", "shop0,x/shop1", "--start", "2026-05-01", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["key"], len(found["accounts"]), found["outcome_keys"], found["withdrawn"], found["sheet"]) == ("shops", 2, ["Orders"], False, None)  # fmt: skip
    assert main(["measure", "group", "list", "--json"]) == 0
    assert [g["key"] for g in json.loads(capsys.readouterr().out)["groups"]] == ["shops"]
    for wrong, status in (
        ([*words, "--accounts", "shop0,nobody", "--start", "2026-05-01"], 2),
        ([*words, "--accounts", "shop0,shop1"], 2),
        (["measure", "group", "show"], 2),
        (["measure", "group", "show", "nothing"], 2),
        (["measure", "group", "withdraw", "shops"], 1),
        (["measure", "estimate", "nothing", "Orders"], 2),
        (["measure", "sheet", "shops", "Orders", "--end", "2026-06-01", "--worth", "0.05"], 1),
        (["measure", "sheet", "shops"], 2),
        (["measure", "experiment", "plan", "shops", "Orders", "--start", "9999-12-31"], 2),
    ):
        assert main(wrong) == status, wrong
    capsys.readouterr()
    assert main(["measure", "group", "withdraw", "shops", "--why", "wrong accounts"]) == 0
    assert "taken back" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "series", "words"), [
    ({}, "Calls", "was not declared for Calls"),
    ({"start": date(2026, 6, 9)}, "Orders", "begins on 2026-06-08"),
    ({"end": date(2026, 6, 30)}, "Orders", "ends on 2026-06-28"),
    ({"end": date(2026, 6, 7)}, "Orders", "before it starts"),
    ({"end": date(9999, 12, 31)}, "Orders", "at most 730"),
    ({"worth": 0.0}, "Orders", "is no share"),
    ({"worth": float("nan")}, "Orders", "is no share"),
])  # fmt: skip
def test_a_sheet_of_a_group_promises_its_own_window_and_outcomes(shops: House, change: dict[str, Any], series: str, words: str) -> None:  # fmt: skip
    group = declare(shops, start=date(2026, 6, 8), end=date(2026, 6, 28))
    terms = actions.Terms(**{"start": None, "end": None, "worth": 0.05, **change})
    with pytest.raises(Invalid, match=words):
        actions.register_design(group, Series.objects.get(name=series), terms=terms, actor=shops.actor())  # fmt: skip
    assert not Design.objects.exists()
    actions.withdraw_group(group, actor=shops.actor(), reason="another choice")
    group.refresh_from_db()
    with pytest.raises(Invalid, match="taken back"):
        actions.register_design(group, group.outcomes.get(), terms=actions.Terms(None, None, 0.05), actor=shops.actor())  # fmt: skip


@pytest.mark.django_db
def test_a_group_that_has_begun_gets_no_sheet(shops: House) -> None:
    with pytest.raises(Invalid, match="not after today") as error:
        actions.register_design(declare(shops), said().outcomes[0], terms=actions.Terms(None, date(2026, 6, 28), 0.05), actor=shops.actor())  # fmt: skip
    assert "another group" in error.value.repair


@pytest.mark.slow
@pytest.mark.django_db
def test_a_sheet_before_the_start_makes_grade_b_reachable_for_a_group(house: House) -> None:
    first, start, n = date(2025, 5, 1), date(2026, 6, 8), 440
    known, rng = (house.at.date() - first).days, random.Random(2)
    demand = [rng.gauss(50, 5) for _ in range(n)]
    own = [100 + 2 * (d - 50) + rng.gauss(0, 3) + 9 * (i >= (start - first).days) for i, d in enumerate(demand)]  # fmt: skip

    def rows(a: int, b: int) -> str:
        lines = [(name, i, some[i]) for name, some in (("Orders", own), ("Demand", demand)) for i in range(a, b)]  # fmt: skip
        return HEAD + "".join(f"{first + timedelta(days=i)},{name},{v:.2f},orders,outcome,shop,money\n" for name, i, v in lines)  # fmt: skip

    house.take("outcomes", rows(0, known))
    house.take("accounts", "network,handle,url\n" + "".join(f"x,@shop{i},https://x.com/shop{i}\n" for i in range(3)))  # fmt: skip
    group, controls = declare(house, start=start), (Series.objects.get(name="Demand"),)
    orders = group.outcomes.get()
    actions.state_worth(orders, amounts=actions.Amounts(Decimal(1), Decimal(2), Decimal(3), "EUR"), why="finance", actor=house.actor())  # fmt: skip
    terms = actions.Terms(None, start + timedelta(days=20), 0.05, controls)
    former = actions.register_design(group, orders, terms=terms, actor=house.actor())
    sheet = actions.register_design(group, orders, terms=terms, actor=house.actor())
    former.refresh_from_db()
    assert (former.superseded_by, sheet.subject, sheet.initiative, sheet.start) == (sheet, group, None, start)  # fmt: skip
    assert (sheet.sheet["group"], sheet.sheet["value_per_unit"]["likely"], sheet.sheet["answer"]) == ("shops", "2.0000", "can_be_seen")  # fmt: skip
    assert digest(sheet.sheet) == sheet.sha256
    assert Entry.objects.filter(verb="design_registered", object=f"design:{sheet.pk}").count() == 1
    assert group_shape(group)["sheet"] == sheet.pk
    assert list(registered(house.actor()).order_by("pk")) == [former, sheet]
    house.wait(days=20)
    house.take("outcomes", rows(known, known + 20))
    house.wait(hours=1)
    assert coverage_of(actions.refresh_effects(actor=house.actor())).counts == {"skipped": 1}
    # Somebody looks before the window is over: that is another estimate, and the promise stands.
    early = actions.estimate_effect(group, orders, actor=house.actor())
    assert (early.grade, early.pre_registered) == ("D", False)
    house.wait(days=20)
    house.take("outcomes", rows(known + 20, n))
    house.wait(hours=1)
    assert coverage_of(actions.refresh_effects(actor=house.actor())).counts == {"estimated": 1}
    effect = Effect.objects.get(known_until=None)
    assert (effect.subject, effect.grade, effect.pre_registered, effect.design, effect.replays) == (group, "B", True, sheet, True), effect.grade_reason  # fmt: skip
    assert replay(effect).same
    assert (portfolio(house.actor()).registered, effect_facts(effect.known_from)) == (1, [])
    house.wait(hours=1)
    assert coverage_of(actions.refresh_effects(actor=house.actor())).counts == {"unchanged": 1}
