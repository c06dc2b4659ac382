"""A wave from planning to its result: links open one rating, the server's clock closes it, small groups stay hidden."""

from __future__ import annotations

import json
from datetime import timedelta

import making_cases as making
import pytest

from house import House
from socius.activity.models import Content, Entry
from socius.assess import actions
from socius.assess.models import Answer, Assessment, Rating
from socius.assess.reports.platform import own_values, platform_facts
from socius.assess.reports.waves import aggregate_export, case_of, computed, taken_part, words_of
from socius.engine.assessment.facts_reading import as_block, read_facts
from socius.engine.assessment.place import Place
from socius.kit.errors import Conflict, Invalid, NotFound, Refused


def wave_of(house: House, form: str = "full@1", opened: bool = True) -> Assessment:
    actor = house.actor()
    wave = actions.plan_assessment(
        house.root,
        name="Spring",
        form=form,
        opens=house.at - timedelta(days=1),
        closes=house.at + timedelta(days=30),
        actor=actor,
    )
    if opened:
        actions.open_assessment(wave, actor=house.actor())
    return wave


def rate(house: House, token: str, given: dict, role: str = "strategist", unit=None) -> Rating:
    rater = actions.rater_of(token, origin="web", at=house.at)
    actions.introduce(rater, role=role, unit=unit)
    form = rater.rating.assessment.form
    answers = making.answers(given)
    for item in actions.ratings.questionnaire(form).items:
        said = answers[item.id]
        missing = said if said == "dont_know" else ""
        if form.startswith("short") and isinstance(said, dict) and item.id == "q40":
            said = said["listed"]
        actions.answer(rater, item.id, actions.Said(None if missing else said, missing))
    return actions.submit(rater, works="people care", fails="nobody decides")


@pytest.mark.parametrize("name", ["s0", "s2", "s4", "s6", "shell", "helpdesk_coe"])
def test_a_fixture_through_links_gives_the_answers_of_its_file(house: House, name: str) -> None:
    wave = wave_of(house)
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rate(house, token, making.CASES[name][0])
    wave.refresh_from_db()
    from socius.engine.assessment.maturity import mature
    from socius.engine.assessment.reading import read_case

    file = read_case(making.text(name))
    stored = case_of(wave)
    assert stored.ratings[0].values == file.ratings[0].values
    assert stored.ratings[0].missing == file.ratings[0].missing
    assert mature(stored.form, stored.ratings[0].values).stage == mature(file.form, file.ratings[0].values).stage  # fmt: skip


@pytest.mark.parametrize("name", list(making.CASES))
def test_facts_are_equal_through_file_and_database(house: House, name: str) -> None:
    wave = wave_of(house)
    block = json.loads(making.text(name))["platform"]
    Assessment.objects.filter(pk=wave.pk).update(frozen={"platform": block})
    wave.refresh_from_db()
    assert case_of(wave).facts == read_facts(Place(block, "platform"))


def test_a_link_opens_one_rating_and_changes_no_other(house: House) -> None:
    wave = wave_of(house, "short@1")
    one, other = actions.invite(wave, 2, actor=house.actor())
    first = rate(house, one, making.S3)
    rate(house, other, making.S1)
    before = list(Answer.objects.filter(rating=first).values_list("item", "value"))
    actions.answer(actions.rater_of(other, origin="web", at=house.at), "q02", actions.Said(4))
    assert list(Answer.objects.filter(rating=first).values_list("item", "value")) == before
    with pytest.raises(NotFound):
        actions.rater_of("x" * 43, origin="web", at=house.at)
    assert not Rating.objects.filter(token_sha256=one.encode()).exists()


def test_nothing_is_taken_before_the_opening_or_after_the_close(house: House) -> None:
    wave = wave_of(house, opened=False)
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rater = actions.rater_of(token, origin="web", at=house.at)
    with pytest.raises(Refused):
        actions.introduce(rater, role="other", unit=None)
    actions.open_assessment(wave, actor=house.actor())
    rate(house, token, making.S1)
    house.wait(days=31)
    late = actions.rater_of(token, origin="web", at=house.at)
    kept = list(Answer.objects.values_list("pk", "value"))
    entries = house.entries()
    for act in (
        lambda: actions.answer(late, "q01", actions.Said(4)),
        lambda: actions.introduce(late, role="other", unit=None),
        lambda: actions.submit(late),
    ):
        with pytest.raises(Refused):
            act()
    assert list(Answer.objects.values_list("pk", "value")) == kept
    assert house.entries() == entries


def test_an_open_link_makes_a_rating_for_each_who_takes_it(house: House) -> None:
    wave = wave_of(house, opened=False)
    shared = actions.open_assessment(wave, actor=house.actor(), shared_link=True)
    mine, yours = (actions.take_part(shared, origin="web", at=house.at) for _ in range(2))
    assert mine != yours
    assert Rating.objects.filter(assessment=wave).count() == 2
    with pytest.raises(NotFound):
        actions.rater_of(shared, origin="web", at=house.at)


def test_wrong_answers_are_refused_and_nothing_is_kept(house: House) -> None:
    wave = wave_of(house)
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rater = actions.rater_of(token, origin="web", at=house.at)
    with pytest.raises(Invalid, match="role"):
        actions.answer(rater, "q01", actions.Said(1))
    actions.introduce(rater, role="strategist", unit=None)
    for item, said in (
        ("q01", actions.Said(5)),
        ("q99", actions.Said(1)),
        ("q01", actions.Said(1, evidence="javascript:alert(1)")),
        ("q01", actions.Said(None, "perhaps")),
        ("q01", actions.Said(1, note="x" * 501)),
    ):
        with pytest.raises(Invalid):
            actions.answer(rater, item, said)
    with pytest.raises(Invalid, match="Nothing is answered"):
        actions.submit(rater)
    assert Answer.objects.count() == 0


def test_the_ledger_holds_no_answer_and_no_name_of_a_rater(house: House) -> None:
    wave = wave_of(house, "short@1")
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rating = rate(house, token, making.S3)
    rows = Entry.objects.filter(actor=f"rater:{rating.pk}")
    assert sorted(rows.values_list("verb", flat=True)) == ["rating_begun", "rating_submitted"]
    assert set(rows.values_list("object", flat=True)) == {f"assessment:{wave.pk}"}
    texts = b"".join(bytes(c.content or b"") for c in Content.objects.all())
    assert token.encode() not in texts
    assert b"people care" not in texts
    assert {f.name for f in Rating._meta.get_fields()}.isdisjoint({"name", "email", "address"})


def test_closing_freezes_a_result_that_is_computed_again_to_the_same(house: House) -> None:
    wave = wave_of(house)
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rate(house, token, making.S3)
    wave = actions.close_assessment(wave, actor=house.actor())
    wave.refresh_from_db()
    assert wave.result is not None
    assert wave.result["stage"] in range(7)
    assert json.loads(json.dumps(computed(wave))) == wave.result
    assert wave.result["coherence"]["score"] is None
    assert wave.result["coherence"]["rules"][1]["message"] == "no goal is defined"
    with pytest.raises(Conflict):
        actions.close_assessment(wave, actor=house.actor())


def test_an_own_value_counts_until_a_dispute_is_accepted(house: House) -> None:
    house.take("goals", "goal,executive_owner\nmore,ada@example.org\n")
    wave = wave_of(house)
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rate(house, token, making.S3)
    wave = actions.close_assessment(wave, actor=house.actor())
    Assessment.objects.filter(pk=wave.pk).update(
        frozen={**wave.frozen, "auto": {"q04": {"value": 10, "as_of": "2026-06-01"}}}
    )
    with pytest.raises(Invalid):
        actions.accept_dispute(wave, "q04", reason=" ", actor=house.actor())
    with pytest.raises(Invalid):
        actions.accept_dispute(wave, "q01", reason="why", actor=house.actor())
    wave.refresh_from_db()
    assert computed(wave)["stage"] == 1
    wave = actions.accept_dispute(wave, "q04", reason="a list was missing", actor=house.actor())
    assert wave.result is not None
    assert wave.result["stage"] == 3


def test_groups_below_three_raters_are_shown_nowhere(house: House) -> None:
    care, board = house.unit("Care desk"), house.unit("Secret board")
    wave = wave_of(house, "short@1")
    tokens = actions.invite(wave, 6, actor=house.actor())
    for at, token in enumerate(tokens):
        few = at >= 4
        rate(
            house, token, making.S3, "executive" if few else "practitioner", board if few else care
        )
    wave = actions.close_assessment(wave, actor=house.actor())
    told = json.dumps(
        [
            wave.result,
            taken_part(wave).__dict__,
            words_of(wave),
            aggregate_export(wave, house.actor()),
        ]
    )
    assert "Secret board" not in told
    assert '"executive"' not in told


def test_the_export_has_no_person_and_needs_three(house: House) -> None:
    wave = wave_of(house)
    tokens = actions.invite(wave, 4, actor=house.actor())
    for token in tokens[:2]:
        rate(house, token, making.S3)
    closed = actions.close_assessment(wave, actor=house.actor())
    with pytest.raises(NotFound, match="Fewer than 3"):
        aggregate_export(closed, house.actor())
    other = wave_of(house)
    for token in actions.invite(other, 3, actor=house.actor()):
        rate(house, token, making.S3)
    closed = actions.close_assessment(other, actor=house.actor())
    out = aggregate_export(closed, house.actor())
    assert out["stage"] in range(7)
    assert len(out["items"]) == 44
    assert {"licence", "attribution", "questionnaire"} <= set(out)
    assert "people care" not in json.dumps(out)


def test_what_is_not_installed_is_null_with_a_reason(house: House) -> None:
    facts = platform_facts(house.actor(), house.root)
    assert facts.goals == ()
    assert facts.capacity is facts.decisions is facts.cells is facts.work is None
    assert all(reason.startswith("no evidence yet") for reason in facts.reasons.values())
    assert read_facts(Place(as_block(facts), "platform")) == facts
    values = own_values(house.actor(), house.root)
    assert {key for key, row in values.items() if row["value"] is None} == {"q04", "q19", "q29.score", "q31", "q41.in_time"}  # fmt: skip


def test_facts_follow_goals_kpis_initiatives_and_hours(house: House) -> None:
    house.take("goals", "goal,statement,executive_owner\nmore,More orders,ada@example.org\n")
    house.take("outcomes", "date,series,value,unit,class,source,why\n2026-05-30,Orders,4,EUR,outcome,shop,money\n")  # fmt: skip
    house.take("kpis", "goal,measure,series,direction\nmore,Orders,Orders,up\n")
    house.take("initiatives", "initiative,title,kind,goals\nlive,Live,external,more\ninner,Inner,internal,\n")  # fmt: skip
    facts = platform_facts(house.actor(), house.root)
    assert facts.goals is not None
    (goal,) = facts.goals
    assert (goal.id, goal.sponsor is not None, len(goal.kpis)) == ("more", True, 1)
    assert {(i.id, i.kind, i.linked) for i in facts.initiatives or ()} == {("live", "external", True), ("inner", "internal", False)}  # fmt: skip


def test_an_action_is_agreed_once_for_a_gap_and_finished(house: House) -> None:
    wave = wave_of(house)
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rate(house, token, making.S3)
    wave = actions.close_assessment(wave, actor=house.actor())
    due = (house.at + timedelta(days=60)).date()
    for text in ("talk", "train"):
        row = actions.agree_action(wave, "q21", text=text, owner=house.person, due=due, actor=house.actor())  # fmt: skip
    assert list(wave.agreed.values_list("text", flat=True)) == ["train"]
    assert actions.finish_action(row, actor=house.actor()).done_on == house.at.date()
    with pytest.raises(Invalid):
        actions.agree_action(
            wave, "q77", text="x", owner=house.person, due=due, actor=house.actor()
        )


def test_what_is_taken_back_leaves_no_answer(house: House) -> None:
    wave = wave_of(house, "short@1")
    (token,) = actions.invite(wave, 1, actor=house.actor())
    rater = actions.rater_of(token, origin="web", at=house.at)
    actions.introduce(rater, role="strategist", unit=None)
    actions.answer(rater, "q02", actions.Said(3))
    assert actions.unsay(rater, "q02")
    assert not actions.unsay(rater, "q02")
    assert not Answer.objects.exists()
    late = actions.rater_of(token, origin="web", at=house.at + timedelta(days=31))
    with pytest.raises(Refused):
        actions.unsay(late, "q02")
