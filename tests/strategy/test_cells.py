"""Cells of an experiment on simulated days: which post is refused where and when, and what can no longer be changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from house import House
from socius.accounts.models import Account
from socius.activity.models import Entry, Installation
from socius.kit.errors import Conflict, Invalid
from socius.strategy.actions import (
    Laid,
    lay_cells,
    note_learning,
    override_cell,
    set_experiment,
    set_initiative,
    stop_experiment,
)
from socius.strategy.models import Cell, Experiment, Initiative

FIRST, LAST = date(2026, 6, 8), date(2026, 7, 5)
MIDDLE = date(2026, 6, 21)
ACCOUNTS = """network,handle,url,unit,region
x,north,https://x.com/north,North,Norrland
x,south,https://x.com/south,South,Skåne
x,world,https://x.com/world,North,
x,south2,https://x.com/south2,South,Europe
"""


@pytest.fixture
def ready(house: House) -> House:
    house.take("units", "unit,kind\nNorth,spoke\nSouth,spoke\n")
    house.take("accounts", ACCOUNTS)
    set_initiative(house.root, key="live", title="Live", actor=house.actor())
    set_initiative(house.root, key="other", title="Other", actor=house.actor())
    return house


def trial(house: House, key: str = "t", first: date = FIRST, last: date = LAST) -> Experiment:
    return set_experiment(house.root, key=key, title=key, start=first, end=last, actor=house.actor())  # fmt: skip


def live() -> Initiative:
    return Initiative.objects.get(key="live")


def account(handle: str) -> Account:
    return Account.objects.get(handle=handle)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def by_region(house: House) -> Experiment:
    made = trial(house)
    cells = [Laid(FIRST, LAST, "on", region="Norrland"), Laid(FIRST, LAST, "off", region="skåne")]
    lay_cells(made, initiative=live(), cells=cells, actor=house.actor())
    return made


def test_every_day_of_a_holdout_is_refused_in_the_held_out_region_only(ready: House) -> None:
    by_region(ready)
    for n in range(-3, 32):
        day = FIRST + timedelta(days=n)
        inside = FIRST <= day <= LAST
        assert Cell.objects.forbids(account("north"), at(day)) is None
        assert bool(Cell.objects.forbids(account("south"), at(day))) is inside
        # Without a region its posts would reach the held-out one.
        assert bool(Cell.objects.forbids(account("world"), at(day))) is inside
        # Nor does anybody know whom posts from a place that was never drawn reach.
        assert bool(Cell.objects.forbids(account("south2"), at(day))) is inside
    other = Initiative.objects.get(key="other")
    assert Cell.objects.forbids(account("south"), at(MIDDLE), other) is None
    assert Cell.objects.forbids(account("south"), at(MIDDLE), live()) is not None


def test_a_post_that_only_places_with_it_will_see_goes_out_from_anywhere(ready: House) -> None:
    by_region(ready)
    for handle in ("south", "world", "south2"):
        one = account(handle)
        assert Cell.objects.forbids(one, at(MIDDLE), live(), aimed=["NORRLAND "]) is None
        for aimed in (["Skåne"], ["Norrland", "Skåne"], ["Lapland"]):
            held = Cell.objects.forbids(one, at(MIDDLE), live(), aimed=aimed)
            assert held is not None
            assert held.arm == "off"
    assert Cell.objects.forbids(account("north"), at(MIDDLE), live(), aimed=["Skåne"]) is not None


def test_a_unit_that_was_not_drawn_reaches_all_of_them(ready: House) -> None:
    made = trial(ready)
    north, south = account("north").unit, account("south").unit
    ready.take("accounts", ACCOUNTS + "x,head,https://x.com/head,,\n")
    cells = [Laid(FIRST, LAST, "on", unit=north), Laid(FIRST, LAST, "off", unit=south)]
    lay_cells(made, initiative=live(), cells=cells, actor=ready.actor())
    held = {h: Cell.objects.forbids(account(h), at(MIDDLE)) for h in ("north", "world", "south", "south2", "head")}  # fmt: skip
    assert {h for h, cell in held.items() if cell} == {"south", "south2", "head"}
    assert {cell.unit for cell in held.values() if cell} == {south}


def test_the_hour_that_is_twice_or_missing_belongs_to_its_day(ready: House) -> None:
    Installation.objects.update(zone="Europe/Stockholm")
    for key, day in (("autumn", date(2026, 10, 25)), ("spring", date(2028, 3, 26)), ("leap", date(2028, 2, 29))):  # fmt: skip
        made = trial(ready, key, day - timedelta(days=1), day + timedelta(days=1))
        cells = [Laid(day - timedelta(days=1), day - timedelta(days=1), "on"), Laid(day, day, "off"), Laid(day + timedelta(days=1), day + timedelta(days=1), "on")]  # fmt: skip
        lay_cells(made, initiative=live(), cells=cells, actor=ready.actor())
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
        hours = [begin + timedelta(hours=h) for h in range(72)]
        held = [h for h in hours if Cell.objects.forbids(account("north"), h)]
        assert {h.astimezone(ZoneInfo("Europe/Stockholm")).date() for h in held} == {day}
        assert len(held) == {"autumn": 25, "spring": 23, "leap": 24}[key]


def test_an_account_costs_as_many_statements_whatever_the_number_of_cells(ready: House) -> None:
    north = account("north").unit
    other = account("south").unit
    for key, n in (("few", 2), ("many", 40)):
        made = trial(ready, key, FIRST + timedelta(days=60 * (n > 2)), LAST + timedelta(days=60 * (n > 2)))  # fmt: skip
        cells = [Laid(made.start, made.end, "on", unit=north), *[Laid(made.start, made.end, "off", unit=other)] * (n - 1)]  # fmt: skip
        lay_cells(made, initiative=live(), cells=cells, actor=ready.actor())
        one = account("north")
        with CaptureQueriesContext(connection) as asked:
            assert Cell.objects.forbids(one, at(made.start)) is None
        assert len(asked) <= 3


def test_a_switchback_holds_everybody_on_its_days_off(ready: House) -> None:
    made = trial(ready)
    cells = [Laid(FIRST + timedelta(days=7 * i), FIRST + timedelta(days=7 * i + 6), "on" if i % 2 else "off") for i in range(4)]  # fmt: skip
    lay_cells(made, initiative=live(), cells=cells, actor=ready.actor())
    off = [n for n in range(28) if Cell.objects.forbids(account("north"), at(FIRST + timedelta(days=n)))]  # fmt: skip
    assert off == [*range(7), *range(14, 21)]


def test_units_hold_what_lies_below_them_and_an_account_itself(ready: House) -> None:
    made = trial(ready)
    north = account("north").unit
    lay_cells(made, initiative=live(), cells=[Laid(FIRST, LAST, "off", unit=north), Laid(FIRST, LAST, "off", account=account("south"))], actor=ready.actor())  # fmt: skip
    assert {a for a in ("north", "south", "world") if Cell.objects.forbids(account(a), at(MIDDLE))} == {"north", "south", "world"}  # fmt: skip
    assert str(Cell.objects.forbids(account("south"), at(MIDDLE))).startswith("south, 2026-06-08")


def test_it_ends_on_its_date_without_a_person_and_earlier_by_one(ready: House) -> None:
    made = by_region(ready)
    ready.wait(days=15)
    stop_experiment(made, actor=ready.actor(), reason="the shop closes")
    today = ready.at.date()
    assert Cell.objects.forbids(account("south"), at(today)) is not None
    assert Cell.objects.forbids(account("south"), at(today + timedelta(days=1))) is None
    with pytest.raises(Conflict, match="stopped on"):
        stop_experiment(made, actor=ready.actor(), reason="again")
    assert Entry.objects.filter(verb="experiment_stopped").count() == 1


def test_the_day_is_that_of_the_organisation(ready: House) -> None:
    by_region(ready)
    late = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)
    assert Cell.objects.forbids(account("south"), late) is None
    Installation.objects.update(zone="Europe/Stockholm")
    assert Cell.objects.forbids(account("south"), late) is not None


def test_what_is_drawn_before_the_start_is_never_changed(ready: House) -> None:
    made = by_region(ready)
    laid = [Laid(FIRST, LAST, "off")]
    with pytest.raises(Conflict, match="never changed"):
        lay_cells(made, initiative=live(), cells=laid, actor=ready.actor())
    with pytest.raises(Conflict, match="its dates stay"):
        set_experiment(ready.root, key="t", title="t", start=FIRST, end=MIDDLE, actor=ready.actor())
    twin = trial(ready, "twin")
    with pytest.raises(Conflict, match="same initiative"):
        lay_cells(twin, initiative=live(), cells=laid, actor=ready.actor())
    late = trial(ready, "late", date(2026, 6, 1), LAST)
    with pytest.raises(Conflict, match="before the start"):
        lay_cells(late, initiative=live(), cells=laid, actor=ready.actor())
    for cells in ([], [Laid(FIRST, LAST, "maybe")], [Laid(FIRST, LAST + timedelta(days=1), "on")]):
        with pytest.raises(Invalid):
            lay_cells(twin, initiative=Initiative.objects.get(key="other"), cells=cells, actor=ready.actor())  # fmt: skip


def test_notes_and_overrides_stand_in_the_ledger(ready: House) -> None:
    made = by_region(ready)
    note_learning(made, actor=ready.actor(), text="Evenings work")
    cell = made.cells.get(arm="off")
    override_cell(cell, account=account("south"), actor=ready.actor(), reason="a recall")
    assert list(Entry.objects.filter(verb__in=("experiment_learned", "cell_overridden")).values_list("object", flat=True)) == [f"experiment:{made.pk}"] * 2  # fmt: skip
    for act in (lambda: note_learning(made, actor=ready.actor(), text=" "), lambda: override_cell(cell, account=account("south"), actor=ready.actor(), reason=" ")):  # fmt: skip
        with pytest.raises(Invalid):
            act()
