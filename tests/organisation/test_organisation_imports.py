from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from socius.activity.models import Entry, ImportedRow, ImportRun
from socius.connectors.files import Upload
from socius.kit.errors import Refused
from socius.organisation import actions
from socius.organisation.models import Actor, Grant, Person, ProposedGrant, Unit, UnitPlacement


def given(text, apply=True, **more):
    return Upload(text.encode(), "file.csv", apply=apply, answers={"bad_rows": "leave_out"}, **more)


def units(office, text, actor=None, apply=True):
    return actions.import_units(given(text, apply), actor=actor or office.founder)


def people(office, text, actor=None, apply=True, **more):
    return actions.import_people(given(text, apply, **more), actor=actor or office.founder)


def padded(text, good):
    """More good rows: above a fifth of bad ones a file is refused."""
    return text + "".join(good.format(n) for n in range(40))


def codes(report):
    """Findings but the one that says how many rows were bad."""
    return {code: n for code, n in report.counts.items() if code != "bad_rows"}


def said(report, code):
    return next(f["say"] for f in report.findings if f["code"] == code)


TREE = """unit,name,parent,kind,external_id,aliases,language,valid_from,valid_until
lyon,Lyon,france,spoke,17,Lugdunum|Lyons,fr,2026-01-01,
france,France,europe,hub,,,fr,,
europe,Europe,,hub,5,,,2020-01-01,2030-01-01
"""


def test_rows_come_in_any_order(office):
    report = units(office, TREE)
    assert report.state == "ok", report.findings
    assert report.outcomes["created"] == 3
    lyon = Unit.objects.get(key="lyon")
    assert [lyon.parent.key, lyon.parent.parent.key, lyon.parent.parent.parent.kind] == [
        "france",
        "europe",
        "organisation",
    ]
    assert Unit.objects.named("LUGDUNUM").get() == lyon
    assert Unit.objects.named("17").get() == lyon
    assert actions.allowed(office.founder, "account.edit", lyon)
    assert ImportedRow.objects.filter(outcome="created").count() == 3
    assert Entry.objects.filter(verb="import").count() == 1


def test_a_dry_run_counts_the_same_and_writes_nothing(office):
    dry = units(office, TREE, apply=False)
    assert not Unit.objects.filter(key="lyon").exists()
    assert not actions.allowed(office.founder, "account.edit", actions.Spot(10**6))
    real = units(office, TREE)
    assert (dry.outcomes, dry.counts, dry.read) == (real.outcomes, real.counts, real.read)


def test_a_second_file_changes_what_it_names_and_leaves_what_it_leaves_empty(office):
    units(office, TREE)
    again = units(office, "unit,name,parent\nlyon,Lyon,europe\nfrance,,\n")
    assert (again.outcomes["updated"], again.outcomes["unchanged"]) == (1, 1)
    lyon = Unit.objects.get(key="lyon")
    assert (lyon.parent.key, lyon.language) == ("europe", "fr")
    assert UnitPlacement.objects.filter(unit=lyon).count() == 2


def test_a_circle_is_rejected_with_its_path_and_what_hangs_on_it(office):
    text = "unit,parent\na,b\nb,c\nc,a\nd,c\ngood,\n" + "".join(f"g{n},good\n" for n in range(30))
    report = units(office, text)
    assert codes(report) == {"unit_circle": 3, "parent_rejected": 1}
    assert "a > b > c > a" in said(report, "unit_circle")
    assert Unit.objects.filter(key="g29", parent__key="good").exists()
    assert not Unit.objects.filter(key__in="abcd").exists()


def test_a_circle_through_known_units_is_rejected(office):
    report = units(office, "unit,parent\nhub,north\nx,\n")
    assert codes(report) == {"unit_circle": 1}
    assert "hub > north > hub" in said(report, "unit_circle")
    assert Unit.objects.get(key="hub").parent == office.root


def test_a_unit_outside_the_dates_of_its_parent_is_rejected_with_its_path(office):
    report = units(
        office,
        padded(
            "unit,parent,valid_from,valid_until\nold,,2026-01-01,2027-01-01\nlate,old,2026-06-01,2028-01-01\nin,old,2026-06-01,\nlater,late,,\n",
            "u{},,,\n",
        ),
    )
    assert codes(report) == {"unit_dates": 1, "parent_rejected": 1}
    assert "Acme > old > late" in said(report, "unit_dates")
    assert Unit.objects.get(key="in").valid_from == date(2026, 6, 1)


def test_an_unknown_parent_is_named(office):
    report = units(office, "unit,parent\nx,nowhere\ny,x\nz,\n")
    assert codes(report) == {"unknown_name": 1, "parent_rejected": 1}
    assert "nowhere" in said(report, "unknown_name")


def test_two_names_with_one_external_id_are_one_unit(office):
    report = units(
        office, "unit,external_id,parent\nDept A,9,\nDepartment A,9,\nchild,,Department A\n"
    )
    assert report.state == "ok", report.findings
    assert codes(report)["alias_by_id"] == 1
    one = Unit.objects.get(external_id="9")
    assert Unit.objects.named("department a").get() == one
    assert Unit.objects.get(key="child").parent == one
    renamed = units(office, "unit,external_id\nMinistry A,9\n")
    assert renamed.outcomes["updated"] == 1
    assert Unit.objects.named("Ministry A").get() == one


def test_a_name_and_an_id_that_mean_two_units_contradict(office):
    units(office, "unit,external_id\na,1\nb,2\nc,\n")
    report = units(office, "unit,external_id\nb,1\nc,7\na,7\n")
    assert codes(report) == {"unit_contradicts": 2}
    report = units(office, "unit,external_id\nnorth,8\nsouth,8\n")
    assert codes(report) == {"unit_contradicts": 1}


def test_rows_where_the_importer_may_not_edit_are_rejected(office):
    lead = office.holder("lead@example.org", office.hub, "", "unit.edit")
    text = padded("unit,parent\nmine,hub\nnext,mine\nyours,\nhub,north\n", "u{},hub\n")
    report = units(office, text, actor=lead)
    assert codes(report) == {"not_allowed": 1, "unit_circle": 1}
    assert set(
        Unit.objects.filter(key__in=["mine", "next", "yours"]).values_list("key", flat=True)
    ) == {"mine", "next"}
    nobody = Actor(office.person("n@example.org"), "web", lead.at)
    with pytest.raises(Refused):
        units(office, "unit\nx\n", actor=nobody)


def test_an_import_of_units_can_be_taken_back_and_made_again(office):
    units(office, "unit,name,parent,aliases,language\nnorth,The North,Acme,Norden,de\n")
    run = ImportRun.objects.get()
    more = units(office, TREE)
    assert actions.undo_units(ImportRun.objects.get(pk=more.run), actor=office.founder) == 3
    lyon = Unit.objects.get(key="lyon")
    assert lyon.valid_until == office.founder.at.date()
    assert actions.undo_units(run, actor=office.founder) == 1
    north = Unit.objects.get(key="north")
    assert (north.name, north.language, north.parent) == ("north", "", office.hub)
    assert not Unit.objects.named("Norden").exists()
    ImportRun.objects.update(state="undone")
    again = units(office, TREE)
    assert again.outcomes["updated"] == 3
    assert Unit.objects.get(key="lyon").valid_until is None
    assert Unit.objects.get(key="europe").valid_until == date(2030, 1, 1)


def test_unknown_columns_are_kept(office):
    units(office, "unit,Cost centre\nnew,4711\n")
    assert Unit.objects.get(key="new").extra == {"Cost centre": "4711"}


PEOPLE = """email,name,unit,role,valid_until
Bo@Example.org,Bo,north,Analyst,2026-12-31
cy@example.org,Cy,south,hub_lead,
di@example.org,Di,,,
"""


def test_people_get_the_roles_that_the_importer_may_give(office):
    report = people(office, PEOPLE, zone="Europe/Paris")
    assert report.state == "ok", report.findings
    assert report.outcomes["created"] == 3
    grant = Grant.objects.get(person__email="bo@example.org")
    assert (grant.role, grant.node_id, grant.run) == ("analyst", office.north.pk, report.run)
    assert grant.until == datetime(2026, 12, 31, tzinfo=ZoneInfo("Europe/Paris"))
    assert not Person.objects.get(email="cy@example.org").has_usable_password()
    again = people(office, PEOPLE + "\n", zone="Europe/Paris")
    assert again.outcomes["unchanged"] == 3
    assert Grant.objects.filter(run=report.run).count() == 2


def test_a_role_that_the_importer_may_not_give_waits(office):
    inviter = office.holder("in@example.org", office.hub, "", "person.invite")
    report = people(office, "email,unit,role\nbo@example.org,north,viewer\n", actor=inviter)
    assert codes(report) == {"grant_proposed": 1}
    proposal = ProposedGrant.objects.get()
    bo = Actor(proposal.person, "web", inviter.at)
    assert not actions.allowed(bo, "account.view", office.north)
    with pytest.raises(Refused):
        actions.accept_proposal(proposal, reason="fine", actor=inviter)
    actions.accept_proposal(proposal, reason="fine", actor=office.founder)
    assert actions.allowed(bo, "account.view", office.north)


def test_a_person_does_not_give_themselves_a_role_by_a_file(office):
    lead = office.holder("lead@example.org", office.hub, "hub_lead")
    report = people(office, "email,unit,role\nlead@example.org,north,viewer\n", actor=lead)
    assert codes(report) == {"grant_proposed": 1}


def test_bad_rows_say_what_is_wrong(office):
    text = "email,unit,role\nx@example.org,nowhere,\ny@example.org,,king\nnot an address,,\nz@example.org,,plugin\nc@example.org,,community_moderator\nok@example.org,,\n"
    report = people(office, padded(text, "p{}@example.org,,\n"))
    assert codes(report) == {"unknown_name": 1, "role_unknown": 2, "invalid_person": 2}
    assert Person.objects.filter(email="ok@example.org").exists()
    assert Person.objects.count() == 1 + 1 + 40


def test_people_are_entered_where_the_importer_may(office):
    inviter = office.holder("in@example.org", office.north, "", "person.invite")
    report = people(
        office,
        "email,unit\na@example.org,north\nb@example.org,south\nc@example.org,\nada@example.org,north\n",
        actor=inviter,
    )
    assert codes(report) == {"not_allowed": 3}
    assert report.outcomes["created"] == 1


def test_an_import_of_people_can_be_taken_back(office):
    office.person("bo@example.org", office.south)
    report = people(office, PEOPLE)
    run = ImportRun.objects.get(pk=report.run)
    later = office.later(office.founder, hours=1)
    actions.undo_people(run, actor=later)
    bo = Person.objects.get(email="bo@example.org")
    assert (bo.name, bo.unit, bo.is_active) == ("", office.south, True)
    assert not Person.objects.get(email="cy@example.org").is_active
    assert not Grant.objects.active(later.at).filter(run=run.pk).exists()
    ImportRun.objects.update(state="undone")
    again = people(office, PEOPLE)
    assert Person.objects.get(email="cy@example.org").is_active
    assert again.outcomes["updated"] == 3


def test_an_end_in_the_past_is_no_grant(office):
    past = (office.founder.at - timedelta(days=2)).date()
    report = people(
        office, f"email,role,valid_until\na@example.org,viewer,{past}\nb@example.org,,\n"
    )
    assert codes(report) == {"invalid_person": 1}
