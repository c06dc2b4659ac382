"""C3 and C8 on the organisation's own rows: promises against hours, and units that share an audience."""

from __future__ import annotations

from datetime import timedelta

import pytest

from house import House
from socius.accounts.actions import correct
from socius.accounts.models import Account
from socius.assess.reports.platform import platform_facts
from socius.engine.assessment.coherence import cohere
from socius.engine.assessment.facts import CellFacts, CoherenceFacts
from socius.engine.assessment.facts_reading import as_block, read_facts
from socius.engine.assessment.place import Place
from socius.measure.models import Design
from socius.strategy.actions import set_experiment
from socius.strategy.models import Goal, Initiative, Series

ACCOUNTS = """network,handle,url,unit,status,language,country,goal
x,sales,https://x.com/sales,Sales,active,de,DE,more
x,care,https://x.com/care,Care,active,de,DE,less
x,far,https://x.com/far,Care,active,fr,FR,less
"""
POSTS = """at,verb,object_id,network,account
2026-05-04T10:00:00Z,posted,1,x,sales
2026-05-05T10:00:00Z,posted,2,x,sales
2026-05-06T10:00:00Z,posted,3,x,care
2026-05-06T11:00:00Z,replied,4,x,care
2026-05-12T10:00:00Z,posted,5,x,care
2026-05-06T10:00:00Z,posted,6,x,far
"""


@pytest.fixture
def two(house: House) -> House:
    """Two units that speak to Germany, each for a goal of its own."""
    for key in ("Sales", "Care"):
        house.unit(key)
    house.take("goals", "goal,statement,executive_owner\nmore,More,ada@example.org\nless,Less,ada@example.org\n")  # fmt: skip
    house.take("accounts", ACCOUNTS)
    Account.objects.update(status="active")  # an inventory only claims
    house.take("activity", POSTS)
    return house


def facts(house: House) -> CoherenceFacts:
    return platform_facts(house.actor(), house.root)


def rule(house: House, name: str) -> tuple[float | None, str]:
    found = next(r for r in cohere(facts(house)).rules if r.id == name)
    return found.score, found.message


def test_units_share_a_week_with_an_audience_and_harmless_overlap_is_no_conflict(
    two: House,
) -> None:
    assert facts(two).cells == (CellFacts("DE", "x", "de", "2026-W19", ("Care", "Sales"), 3),)
    score, said = rule(two, "C8")
    assert score == 1
    assert said.endswith("what posts say is not compared)")


def test_goals_declared_to_conflict_set_their_units_at_odds(two: House) -> None:
    Goal.objects.get(key="more").conflicts_with.add(Goal.objects.get(key="less"))
    score, said = rule(two, "C8")
    assert score == 0
    assert said.startswith("Care and Sales follow goals that conflict: DE, x, 2026-W19")


def test_one_measure_pushed_both_ways_sets_units_at_odds(two: House) -> None:
    two.take("kpis", "goal,measure,series,direction\nmore,Price,,up\nless,Price,,down\n")
    assert rule(two, "C8")[0] == 0


def test_accounts_that_state_no_audience_are_no_evidence(house: House) -> None:
    house.unit("Marketing")
    house.take("accounts", "network,handle,url,unit,status\nx,brand,https://x.com/brand,Marketing,active\n")  # fmt: skip
    Account.objects.update(status="active")
    assert facts(house).cells is None
    assert "no active account states" in facts(house).reasons["cells"]


def test_what_is_promised_is_compared_with_recorded_hours(two: House) -> None:
    assert rule(two, "C3") == (None, "no evidence yet: no account states how many posts a week it promises")  # fmt: skip
    for handle, posts in (("sales", 40), ("care", 8)):
        correct(Account.objects.get(handle=handle), actor=two.actor(), posts_promised=posts)
    assert rule(two, "C3")[1] == "no evidence yet: the units that promise posts record no hours"
    two.take("hours", "week,unit,hours\n2026-05-04,Sales,10\n2026-05-11,Sales,20\n")
    score, said = rule(two, "C3")
    # Sales: 40 posts of 45 minutes are 30 hours a week, and 15 were recorded in the weeks that have some.
    assert score == pytest.approx(0.5)
    assert said.startswith("Sales promises 30 h a week and has 15 h")
    assert "1 unit without recorded hours left out" in said
    whole = facts(two)
    assert read_facts(Place(as_block(whole), "platform")) == whole


def test_a_drawn_experiment_that_runs_with_enough_power_is_learning(two: House) -> None:
    two.take("outcomes", "date,series,value,unit,class,source,why\n2026-05-30,Orders,4,EUR,outcome,shop,money\n")  # fmt: skip
    two.take("kpis", "goal,measure,series,direction\nmore,Orders,Orders,up\n")
    two.take("initiatives", "initiative,title,kind,goals\nlive,Live,external,more\n")
    live, day = Initiative.objects.get(key="live"), two.at.date()
    until = day + timedelta(days=30)
    trial = set_experiment(two.root, actor=two.actor(), key="t", title="Trial", start=day, end=until)  # fmt: skip
    design = Design.objects.create(
        kind="geo_holdout", initiative=live, series=Series.objects.get(key="Orders"), experiment=trial, start=day, end=until,
        worth=0.05, mde=0.04, sheet={}, sha256="0" * 64, made_at=two.at, made_by=two.person,
    )  # fmt: skip
    assert running(two) == {"more": 0.8, "less": None}
    Design.objects.filter(pk=design.pk).update(mde=0.06)
    assert running(two) == {"more": None, "less": None}


def running(house: House) -> dict[str, float | None]:
    return {goal.id: goal.running_power for goal in facts(house).goals or ()}
