"""After a wave: actions are finished, what does not count is waived with a name, evidence is counted."""

from __future__ import annotations

import json
from datetime import timedelta

import making_cases as making
import pytest
from test_waves import rate, wave_of

from house import House
from socius.accounts.models import Account
from socius.activity.models import Entry
from socius.assess import actions
from socius.assess.reports.evidence import backed, otherwise
from socius.assess.reports.platform import platform_facts
from socius.engine.assessment.reading import read_case
from socius.kit.errors import Conflict, Invalid, NotFound


def closed(house: House, people: int = 1):
    wave = wave_of(house)
    for token in actions.invite(wave, people, actor=house.actor()):
        rate(house, token, making.S3)
    return actions.close_assessment(wave, actor=house.actor())


def test_an_action_is_finished_on_a_day_by_somebody_and_only_once(house: House) -> None:
    wave = closed(house)
    due = (house.at + timedelta(days=60)).date()
    row = actions.agree_action(
        wave, "q21", text="train", owner=house.person, due=due, actor=house.actor()
    )
    with pytest.raises(Invalid, match="future"):
        actions.finish_action(row, on=due, actor=house.actor())
    done = actions.finish_action(row, on=house.at.date(), actor=house.actor())
    assert (done.done_on, done.done_by) == (house.at.date(), house.person)
    with pytest.raises(Conflict, match="was finished"):
        actions.finish_action(row, actor=house.actor())


@pytest.mark.parametrize("what", ["q44", "C5"])
def test_a_waiver_takes_one_thing_out_with_a_name_and_back_in(house: House, what: str) -> None:
    wave = closed(house)
    before = wave.result
    wave = actions.waive(
        wave, what, sponsor=house.person, reason="no internal network", actor=house.actor()
    )
    result = wave.result or {}
    gates = {g["item"]: g["status"] for g in result["gates"]}
    rules = {r["id"]: r for r in result["coherence"]["rules"]}
    assert (gates["q44"] == "not applicable") == (what == "q44")
    assert rules["C5"]["waived"] == (what == "C5")
    if what == "C5":
        assert str(house.person) in rules["C5"]["message"]
    assert actions.end_waiver(wave, what, actor=house.actor()).result == before
    with pytest.raises(Conflict, match="not waived"):
        actions.end_waiver(wave, what, actor=house.actor())
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"assessment_waived", "waiver_ended"} <= verbs


def test_what_may_not_be_waived_is_refused(house: House) -> None:
    wave = closed(house)
    for what, reason in (("q01", "why"), ("C9", "why"), ("q44", " ")):
        with pytest.raises(Invalid):
            actions.waive(wave, what, sponsor=house.person, reason=reason, actor=house.actor())
    house.person.disabled_at = house.at
    with pytest.raises(Invalid, match="no longer here"):
        actions.waive(wave, "C5", sponsor=house.person, reason="why", actor=house.actor())


def test_a_note_goes_beside_a_rating_only_with_its_link(house: House) -> None:
    wave = wave_of(house)
    one, other = actions.invite(wave, 2, actor=house.actor())
    note = actions.add_note(wave, "q02", text="said so", token=one, actor=house.actor())
    rater = actions.rater_of(one, origin="web", at=house.at)
    assert list(rater.rating.notes.all()) == [note]
    assert not actions.rater_of(other, origin="web", at=house.at).rating.notes.exists()
    with pytest.raises(Invalid, match="opens no rating"):
        actions.add_note(wave, "q02", text="x", token="y" * 43, actor=house.actor())


def test_a_renewed_link_ends_the_one_before(house: House) -> None:
    wave = wave_of(house, opened=False)
    first = actions.open_assessment(wave, actor=house.actor(), shared_link=True)
    mine = actions.take_part(first, origin="web", at=house.at)
    second = actions.renew_link(wave, actor=house.actor())
    with pytest.raises(NotFound):
        actions.take_part(first, origin="web", at=house.at)
    assert actions.take_part(second, origin="web", at=house.at)
    assert actions.rater_of(mine, origin="web", at=house.at)


def test_evidence_and_other_opinions_are_counted_from_handed_in_answers(house: House) -> None:
    wave = wave_of(house)
    tokens = actions.invite(wave, 3, actor=house.actor())
    for token in tokens:
        rate(house, token, making.S3)
    before = backed(wave)
    rater = actions.rater_of(tokens[0], origin="web", at=house.at)
    actions.answer(rater, "q01", actions.Said(3, evidence="https://example.org/plan"))
    after = backed(wave)
    assert (after.linked, after.items) == (1, 1)
    assert after.answers == before.answers
    wave.frozen = {"auto": {"q04": {"value": 3, "as_of": "2026-06-01"}}}
    assert (otherwise(wave)["q04"].n, otherwise(wave)["q04"].differ) == (3, 3)


def test_decisions_are_read_from_grants_of_people_who_are_here(house: House) -> None:
    assert platform_facts(house.actor(), house.root).decisions is None
    house.take("units", "unit,parent,kind\nMarketing,,hub\n")
    house.take(
        "accounts", "network,handle,url,unit,status\nx,brand,https://x.com/brand,Marketing,active\n"
    )
    Account.objects.update(status="active")
    rows = platform_facts(house.actor(), house.root).decisions or ()
    assert {row.unit for row in rows} == {"Marketing"}
    held = {row.decision: row.holders for row in rows}
    assert len(held) == 7
    assert held["decide which accounts to open or retire"] == 1


def test_an_action_is_agreed_for_any_gap_and_evidence_comes_with_a_file(house: House) -> None:
    case = json.loads(making.text("s3"))
    case["evidence"] = {"r1": {"q03": "https://example.org/roadmap"}}
    dates = actions.Dates("On paper", house.at - timedelta(days=90), house.at - timedelta(days=60))
    wave = actions.enter_assessment(house.root, dates, text=json.dumps(case), actor=house.actor())
    assert backed(wave).linked == 1
    due = house.at.date()
    for key in ("stage", "C5", "q11"):
        row = actions.agree_action(wave, key, text="talk", owner=house.person, due=due, actor=house.actor())  # fmt: skip
    assert set(wave.agreed.values_list("item", flat=True)) == {"stage", "C5", "q11"}
    # What was agreed on paper may have been done before it was entered here, and not before the wave closed.
    with pytest.raises(Invalid):
        actions.finish_action(row, actor=house.actor(), on=house.at.date() - timedelta(days=70))
    done = house.at.date() - timedelta(days=30)
    assert actions.finish_action(row, actor=house.actor(), on=done).done_on == done
    with pytest.raises(Invalid):
        actions.agree_action(wave, "C9", text="x", owner=house.person, due=due, actor=house.actor())


def test_an_address_that_is_none_is_refused_with_its_place(house: House) -> None:
    case = json.loads(making.text("s3"))
    case["evidence"] = {"r1": {"q03": "in the cupboard"}}
    with pytest.raises(Invalid, match="evidence"):
        read_case(json.dumps(case))
