"""Net value to the cent, what may stand in the sum and what not; insights; what bought followers change."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from house import House
from socius.activity.models import Entry
from socius.engine.effect.value import Line, Worth, net
from socius.kit.errors import Conflict, Invalid
from socius.measure import actions
from socius.measure.models import Effect, Insight
from socius.measure.reports import asked
from socius.measure.reports.cases import cases
from socius.measure.reports.value import cannot_tell, closure, exported, valued
from socius.organisation.models import Actor
from socius.strategy.models import Goal, Initiative, Series

D = Decimal
OUTCOMES = "date,series,value,unit,class,source,why\n2026-05-30,Orders,11,orders,outcome,shop,money\n2026-05-30,Calls,40,calls,outcome,centre,cost\n"
FOLLOWERS = "date,series,value,unit,class,source,why\n2026-05-{day},Followers,{n},people,outcome,network,we like them\n"


def kept(initiative: Initiative, series: Series, grade: str, total: float, spread: float, **more: Any) -> Effect:  # fmt: skip
    """An effect as an analysis leaves it."""
    answer = {"effect_total": total, "total": {"low": total - spread, "high": total + spread}}
    fields = {"by_hand": False, "replays": True, "method": "randomisation", "verdict": "up", **more}
    return Effect.objects.create(initiative=initiative, series=series, grade=grade, estimate=total / 10, low=1, high=2, dated=date(2026, 5, 30), answer=answer, known_from=0, **fields)  # fmt: skip


@pytest.fixture
def shop(house: House) -> House:
    house.take("goals", "goal,statement,executive_owner,period_start,period_end\nmore,More orders,cmo@example.org,2026-01-01,2026-12-31\n")  # fmt: skip
    house.take("outcomes", OUTCOMES)
    house.take("kpis", "goal,measure,class,series,direction\nmore,Orders,outcome,Orders,up\n")
    house.take("initiatives", "initiative,title,goals\nlive,Live shopping,more\n")
    house.take("spend", "date,amount,currency,unit,initiative\n2026-05-01,1234.565,EUR,Acme,live\n2026-05-02,100,EUR,Acme,live\n")  # fmt: skip
    return house


def live() -> Initiative:
    return Initiative.objects.get(key="live")


def series(name: str) -> Series:
    return Series.objects.get(name=name)


def worth(house: House, name: str, *three: str, kind: str = "revenue", currency: str = "EUR") -> None:  # fmt: skip
    amounts = actions.Amounts(*map(D, three), currency, kind)  # type: ignore[arg-type]
    actions.state_worth(series(name), amounts=amounts, why="finance, last year", actor=house.actor())  # fmt: skip


def test_the_net_is_the_sum_of_rounded_lines_and_its_range_holds_it() -> None:
    lines = [Line("Orders", D("380.123456"), D("300"), D("460"), Worth(D("18"), D("20.005"), D("23"))), Line("Calls", D("-50.5"), D("-60"), D("-41"), Worth(D("4"), D("4"), D("4"), True))]  # fmt: skip
    found = net(lines, [D("1334.565")])
    by_hand = (D("380.123456") * D("20.005")).quantize(D("0.01"), ROUND_HALF_EVEN) + D("202.00")
    assert (found.value, found.cost, found.net) == (by_hand, D("1334.56"), by_hand - D("1334.56"))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.net < found.high
    assert net(lines, [D("1334.565")]) == found
    assert net([], [D(5)]).low is None


@pytest.mark.django_db
def test_net_value_is_done_again_by_hand_from_its_export_to_the_cent(shop: House) -> None:
    kept(live(), series("Orders"), "A", 380.123456, 80)
    kept(live(), series("Orders"), "D", 9_999.0, 80)
    kept(live(), series("Calls"), "B", -50.5, 9.5)
    worth(shop, "Orders", "18", "20", "23")
    worth(shop, "Orders", "18", "20.005", "23")
    worth(shop, "Calls", "4", "4", "4", kind="saving")
    one = valued([live()], shop.actor())[0]
    assert one.net is not None
    assert [p.effect.grade for p in one.priced] == ["A", "B"]
    assert [e.grade for e in one.beside] == ["D"]
    rows = list(exported([one]))
    assert sum(row[-1] for row in rows) == one.net.net  # type: ignore[misc]
    for row in rows:
        if row[1] == "value":
            total, value, sign = D(str(row[5])), row[10], -1 if row[12] == "saving" else 1
            assert row[-1] == (sign * total * value).quantize(D("0.01"), ROUND_HALF_EVEN)  # type: ignore[operator]
    assert Entry.objects.filter(verb="worth_stated").count() == 3


@pytest.mark.django_db
def test_what_is_no_effect_of_grade_a_or_b_never_enters_the_sum(shop: House) -> None:
    worth(shop, "Orders", "18", "20", "23")
    for more in ({"by_hand": True}, {"replays": None}, {"refused": True}):
        kept(live(), series("Orders"), "B", 100.0, 10, **more)
    for grade in "CDE":
        kept(live(), series("Orders"), grade, 100.0, 10)
    one = valued([live()], shop.actor())[0]
    assert one.net is None
    assert "No effect of grade A or B" in one.why_not
    kept(live(), series("Calls"), "A", -50.0, 10)
    one = valued([live()], shop.actor())[0]
    assert [e.series.name for e in one.unpriced] == ["Calls"]
    assert "Calls has no unit value" in str(cannot_tell([one]))
    worth(shop, "Calls", "4", "4", "4", currency="USD")
    one = valued([live()], shop.actor())[0]
    assert "not added without a stated rate" in one.why_not


@pytest.mark.django_db
def test_only_an_outcome_is_worth_money_and_only_by_a_rising_range(shop: House) -> None:
    shop.take("outcomes", FOLLOWERS.format(day="30", n=5))
    for name, three, word in (("Followers", ("1", "2", "3"), "only an outcome"), ("Orders", ("0", "2", "3"), "do not rise"), ("Orders", ("3", "2", "1"), "do not rise")):  # fmt: skip
        with pytest.raises(Invalid, match=word):
            worth(shop, name, *three)
    with pytest.raises(Invalid, match="no currency"):
        worth(shop, "Orders", "1", "2", "3", currency="Euro")


@pytest.mark.django_db
def test_a_hundred_thousand_bought_followers_change_no_outcome_tile(shop: House) -> None:
    """Classed vanity whatever the file says: no KPI, no worth, no estimate; goal, value and line of sight stay as they are."""
    kept(live(), series("Orders"), "A", 380.0, 80)
    worth(shop, "Orders", "18", "20", "23")
    shop.take("outcomes", FOLLOWERS.format(day="29", n=5_000))

    def tiles() -> tuple[Any, ...]:
        actor = Actor(shop.person, "cli", shop.at)
        question = asked(shop.at)
        case = cases(actor, Goal.objects.all(), question)[0]
        sight = shop.sight()
        return (
            [(k.kpi.measure, k.now and k.now.total) for k in case.outcomes], case.counts, case.level, case.grade, [f.effect.pk for f in case.effects],
            valued([live()], actor)[0].net, {k: sight[k] for k in ("share", "share_fresh", "share_measured_ab", "activity")},
        )  # fmt: skip

    before = tiles()
    shop.take("outcomes", FOLLOWERS.format(day="30", n=105_000))
    assert tiles() == before
    followers = series("Followers")
    assert followers.class_name == "vanity"
    report = shop.read("kpis", "goal,measure,class,series,direction\nmore,Followers,outcome,Followers,up\n")  # fmt: skip
    assert report.rejected == 1
    with pytest.raises(Invalid, match="vanity"):
        actions.estimate_effect(live(), followers, actor=shop.actor(), start=date(2026, 5, 30))
    with pytest.raises(Invalid, match="only an outcome"):
        worth(shop, "Followers", "1", "2", "3")
    assert tiles() == before


def noticed(house: House, **change: Any) -> actions.Noticed:
    due = house.at.date() + timedelta(days=9)
    return actions.Noticed("Films are passed on", "Make two more", house.person, due)._replace(**change)  # fmt: skip


@pytest.mark.django_db
def test_no_insight_is_kept_without_an_act_an_owner_and_a_date(shop: House) -> None:
    for change in ({"act": " "}, {"owner": None}, {"due": None}, {"due": date(2026, 1, 1)}, {"say": ""}):  # fmt: skip
        with pytest.raises(Invalid):
            actions.note_insight(shop.root, noticed=noticed(shop, **change), actor=shop.actor())
    made = actions.note_insight(shop.root, noticed=noticed(shop), actor=shop.actor())
    with pytest.raises(IntegrityError), transaction.atomic():
        Insight.objects.filter(pk=made.pk).update(act="")
    assert Insight.objects.count() == 1


@pytest.mark.django_db
def test_the_closure_rate_is_that_of_the_ledger(shop: House) -> None:
    made = [actions.note_insight(shop.root, noticed=noticed(shop), actor=shop.actor()) for _ in range(5)]  # fmt: skip
    actions.close_insight(made[0], outcome="done", result="Two films", actor=shop.actor())
    actions.close_insight(made[1], outcome="dropped", result="No time", actor=shop.actor())
    actions.close_insight(made[2], outcome="done", result="Done", actor=shop.actor())
    actions.reopen_insight(made[2], due=shop.at.date() + timedelta(days=3), actor=shop.actor())
    with pytest.raises(Conflict):
        actions.close_insight(made[0], outcome="done", result="again", actor=shop.actor())
    with pytest.raises(Conflict):
        actions.reopen_insight(made[4], due=shop.at.date(), actor=shop.actor())
    for outcome, result in (("won", "x"), ("done", " ")):
        with pytest.raises(Invalid):
            actions.close_insight(made[4], outcome=outcome, result=result, actor=shop.actor())
    shop.wait(days=5)
    found = closure(shop.actor())
    said = Counter(Entry.objects.filter(verb__startswith="insight_").values_list("verb", flat=True))
    assert (found.open, found.late, found.done, found.dropped) == (3, 1, 1, 1)
    assert found.rate == (said["insight_closed"] - said["insight_reopened"]) / said["insight_noted"]
