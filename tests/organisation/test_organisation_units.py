from __future__ import annotations

from datetime import date

import pytest

from socius.activity.models import Entry
from socius.kit.errors import Conflict, Invalid, Refused
from socius.organisation import actions, reports
from socius.organisation.actions import NewUnit
from socius.organisation.models import Unit, UnitClosure


def shape(office, on):
    return [(row.key, row.depth) for row in reports.units_tree(on, office.founder)]


def closure():
    return set(UnitClosure.objects.values_list("ancestor_id", "unit_id", "depth"))


def closure_by_hand():
    pairs = set()
    for unit in Unit.objects.all():
        step, depth = unit, 0
        while step is not None:
            pairs.add((step.pk, unit.pk, depth))
            step, depth = step.parent, depth + 1
    return pairs


def test_yesterdays_tree_can_be_asked_after_a_move(office):
    today = office.founder.at.date()
    actions.move_unit(office.south, office.north, actor=office.founder, on=today)
    assert shape(office, date(2026, 2, 28)) == [("Acme", 0), ("hub", 1), ("north", 2), ("south", 2)]
    assert shape(office, today) == [("Acme", 0), ("hub", 1), ("north", 2), ("south", 3)]


def test_a_unit_is_in_the_tree_from_its_first_day_until_its_last_is_over(office):
    actions.date_unit(
        office.north,
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 4, 1),
        actor=office.founder,
    )
    keys = {
        day: [key for key, _ in shape(office, day)]
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1))
    }
    assert ["north" in found for found in keys.values()] == [False, True, True, False]


def test_what_lies_below_an_ended_unit_is_not_in_the_tree(office):
    actions.date_unit(
        office.hub, valid_from=None, valid_until=date(2026, 4, 1), actor=office.founder
    )
    assert shape(office, date(2026, 4, 1)) == [("Acme", 0)]


def test_moves_keep_the_closure_equal_to_a_walk_up_the_tree(office):
    west = actions.create_unit(NewUnit("west", kind="hub"), office.root, actor=office.founder)
    deep = actions.create_unit(NewUnit("deep"), office.north, actor=office.founder)
    for unit, parent in [
        (office.hub, west),
        (office.north, office.root),
        (deep, office.south),
        (west, office.north),
    ]:
        actions.move_unit(unit, parent, actor=office.founder)
        assert closure() == closure_by_hand()


def test_a_unit_cannot_move_below_itself(office):
    with pytest.raises(Invalid, match="below itself"):
        actions.move_unit(office.hub, office.south, actor=office.founder)
    with pytest.raises(Invalid, match="cannot be moved"):
        actions.move_unit(office.root, office.south, actor=office.founder)


def test_a_move_asks_at_both_parents(office):
    other = actions.create_unit(NewUnit("other", kind="hub"), office.root, actor=office.founder)
    here = office.holder("here@example.org", office.hub, "", "unit.edit")
    with pytest.raises(Refused):
        actions.move_unit(office.south, other, actor=here)
    actions.move_unit(office.south, office.north, actor=here)


def test_one_edits_below_ones_unit_and_not_the_unit_itself(office):
    lead = office.holder("lead@example.org", office.hub, "", "unit.edit")
    actions.rename_unit(office.north, name="The North", actor=lead)
    with pytest.raises(Refused):
        actions.rename_unit(office.hub, name="Mine", actor=lead)


def test_a_move_takes_effect_today_or_earlier_and_not_before_the_last(office):
    with pytest.raises(Invalid, match="today or on an earlier"):
        actions.move_unit(office.south, office.north, actor=office.founder, on=date(2026, 3, 2))
    actions.move_unit(office.south, office.north, actor=office.founder, on=date(2026, 2, 1))
    with pytest.raises(Invalid, match="last moved on 2026-02-01"):
        actions.move_unit(office.south, office.hub, actor=office.founder, on=date(2026, 1, 1))
    actions.move_unit(office.south, office.root, actor=office.founder, on=date(2026, 2, 1))
    assert ("south", 1) in shape(office, date(2026, 2, 1))
    assert ("south", 2) in shape(office, date(2026, 1, 31))


def test_dates_must_lie_within_those_of_the_unit_above(office):
    year = {"valid_from": date(2026, 1, 1), "valid_until": date(2027, 1, 1)}
    actions.date_unit(office.hub, **year, actor=office.founder)
    with pytest.raises(Invalid, match="outside those of the Unit above"):
        actions.date_unit(
            office.north, valid_from=date(2025, 1, 1), valid_until=None, actor=office.founder
        )
    actions.date_unit(office.north, **year, actor=office.founder)
    with pytest.raises(Invalid, match="north below it"):
        actions.date_unit(
            office.hub, valid_from=None, valid_until=date(2026, 6, 1), actor=office.founder
        )


def test_one_name_means_one_unit_whatever_its_case_and_spaces(office):
    actions.alias_unit(office.north, "Région  Nord", actor=office.founder)
    assert Unit.objects.named(" RE\u0301GION nord ").get() == office.north
    assert Unit.objects.named("North").get() == office.north
    for taken in ("région nord", "SOUTH"):
        with pytest.raises(Conflict, match="already names"):
            actions.create_unit(NewUnit(taken), office.hub, actor=office.founder)
    with pytest.raises(Conflict, match="already names"):
        actions.alias_unit(office.south, "North", actor=office.founder)
    with pytest.raises(Invalid, match="no alias"):
        actions.drop_alias(office.north, "north", actor=office.founder)


def test_each_act_is_a_row_of_the_ledger(office):
    actions.rename_unit(office.north, name="The North", actor=office.founder)
    rows = Entry.objects.order_by("id").values_list("actor", "verb", "object", "result")
    assert (
        f"person:{office.founder.person.pk}",
        "unit_renamed",
        f"unit:{office.north.pk}",
        "done",
    ) in rows
    assert Entry.objects.filter(verb="unit_created").count() == 3
    assert Entry.objects.filter(verb="founded").count() == 1


def test_a_second_organisation_is_refused(office):
    with pytest.raises(Conflict):
        actions.found(
            "Other", zone="UTC", email="b@example.org", password=None, at=office.founder.at
        )


def test_who_sees_one_spoke_sees_its_way_up_by_name_only(office):
    viewer = office.holder("v@example.org", office.north, "viewer")
    rows = reports.units_tree(date(2026, 3, 1), viewer)
    assert [(row.key, row.seen) for row in rows] == [
        ("Acme", False),
        ("hub", False),
        ("north", True),
    ]


def test_many_units_are_made_at_once_or_none(office):
    news = [NewUnit(f"store {n}", external_id=f"s{n}") for n in range(40)]
    made = actions.create_units(news, office.north, actor=office.founder)
    assert [unit.key for unit in made] == [new.key for new in news]
    assert list(UnitClosure.objects.filter(unit=made[7]).order_by("-depth").values_list("ancestor__key", flat=True))[-2:] == [
        office.north.key, "store 7",
    ]  # fmt: skip
    assert Entry.objects.filter(verb="unit_created", unit__in=[u.pk for u in made]).count() == 40
    before = Unit.objects.count()
    for wrong in (NewUnit("Store 3"), NewUnit("fine", external_id="s3"), NewUnit("new store")):
        with pytest.raises(Conflict):
            actions.create_units([NewUnit("New  Store"), wrong], office.north, actor=office.founder)
    assert Unit.objects.count() == before
