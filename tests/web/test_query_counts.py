"""How many statements each main page costs, committed, and the same for an organisation many times as large.

A page that asks more of the database than the file says fails; so does one that asks less, for the file is what people
read. To write the file anew: `WRITE_QUERY_COUNTS=1 pytest tests/web/test_query_counts.py`.
"""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from small_organisation import OWNER, Small, build, listed

from socius.activity.actions import record
from socius.activity.jobs import roll_up, seal
from socius.organisation.actions import NewUnit, create_unit
from socius.strategy.actions import link, serve_goals, set_goal, set_initiative, set_kpi

FILE = Path(__file__).with_name("query_counts.csv")
MAIN = (
    "/", "/accounts/", "/accounts/proposals/", "/accounts/duplicates/", "/units/", "/goals/", "/goals/{goal}/",
    "/initiatives/", "/initiatives/{initiative}/", "/series/", "/series/{series}/", "/effects/", "/sponsors/",
    "/ledger/", "/people/", "/import/", "/assess/", "/roadmap/", "/needs/", "/search/?q=acme",
)  # fmt: skip


# PostgreSQL is asked once more, how far rows are sealed; the file is of SQLite.
pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def small(db: None) -> Small:
    return build()


def counted(small: Small) -> dict[str, int]:
    """The statements of each main page, looked at once before so that nothing is counted that only a first visit costs."""
    door = small.client()
    ids = {
        "goal": small.goal.pk,
        "initiative": small.initiative.pk,
        "series": small.series.pk,
    }
    found = {}
    for page in MAIN:
        address = page.format(**ids)
        assert door.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as asked:
            door.get(address)
        found[page] = len(asked)
    return found


def grown(small: Small) -> None:
    """Ten times the accounts, goals, initiatives and units."""
    for n in range(27):
        unit = create_unit(
            NewUnit(f"u{n}", kind="spoke", name=f"Unit {n}"), small.hub, actor=small.actor
        )
        account = listed(small.actor, unit, f"Grown{n}", owner=small.actor.person, purpose="News")
        goal, _ = set_goal(
            unit, actor=small.actor, key=f"g{n}", statement=f"Goal {n}.", executive_owner=OWNER
        )
        set_kpi(
            goal,
            actor=small.actor,
            measure="Qualified leads",
            series=small.series,
            target=Decimal(n),
        )
        initiative, _ = set_initiative(
            unit, actor=small.actor, key=f"i{n}", title=f"Initiative {n}"
        )
        serve_goals(initiative, goals=[goal, small.goal], actor=small.actor)
        link(account, actor=small.actor, initiative=initiative)
        record(small.actor, "posted", f"account:{account.pk}", account=account.pk, network="x")
    seal()
    roll_up()


def test_each_main_page_asks_what_the_file_says_and_no_more_when_there_is_more(
    small: Small,
) -> None:
    found = counted(small)
    grown(small)
    more = counted(small)
    rows = [(page, found[page], more[page]) for page in found]
    if os.environ.get("WRITE_QUERY_COUNTS"):
        with FILE.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([("page", "small", "ten_times"), *rows])
    with FILE.open(encoding="utf-8") as file:
        said = [(r["page"], int(r["small"]), int(r["ten_times"])) for r in csv.DictReader(file)]
    assert rows == said
    # Lists that were empty in the small one may ask once for what stands in them, never once for each row.
    assert {page: most for page, least, most in rows if most > least + 3} == {}
