"""The verbs of socius.assess."""

from __future__ import annotations

import json
from datetime import date, timedelta

from performers import Performer, World
from socius.assess import actions
from socius.assess.models import Assessment


def planned(world: World) -> Assessment:
    return actions.plan_assessment(
        world.hub,
        name="Wave",
        form="short@1",
        opens=world.at - timedelta(days=1),
        closes=world.at + timedelta(days=30),
        actor=world.founder,
    )


def rated(world: World) -> Assessment:
    wave = planned(world)
    actions.open_assessment(wave, actor=world.founder)
    (token,) = actions.invite(wave, 1, actor=world.founder)
    rater = actions.rater_of(token, origin="web", at=world.at)
    actions.introduce(rater, role="strategist", unit=world.hub)
    actions.answer(rater, "q02", actions.Said(3))
    actions.submit(rater)
    return wave


def closed(world: World) -> Assessment:
    return actions.close_assessment(rated(world), actor=world.founder)


def plan_assessment(world: World):
    return lambda actor: actions.plan_assessment(
        world.hub, name="Next", form="full@1", opens=world.at, closes=world.at + timedelta(days=9), actor=actor
    )  # fmt: skip


def open_assessment(world: World):
    wave = planned(world)
    return lambda actor: actions.open_assessment(wave, actor=actor)


def invite(world: World):
    wave = planned(world)
    return lambda actor: actions.invite(wave, 2, actor=actor)


def close_assessment(world: World):
    wave = rated(world)
    return lambda actor: actions.close_assessment(wave, actor=actor)


def accept_dispute(world: World):
    wave = closed(world)
    return lambda actor: actions.accept_dispute(wave, "q04", reason="half were closed", actor=actor)


def add_note(world: World):
    wave = planned(world)
    return lambda actor: actions.add_note(wave, "q02", text="said on the phone", actor=actor)


def agree_action(world: World):
    wave, owner = closed(world), world.somebody
    return lambda actor: actions.agree_action(
        wave, "q21", text="train", owner=owner, due=date(2026, 9, 1), actor=actor
    )


def enter_assessment(world: World):
    text = json.dumps({"format": "socius-assessment/1", "questionnaire": "short@1", "raters": [{"id": "a", "role": "other"}], "answers": {"a": {"q02": 2}}, "platform": None})  # fmt: skip
    dates = actions.Dates("On paper", world.at - timedelta(days=30), world.at - timedelta(days=9))
    return lambda actor: actions.enter_assessment(world.hub, dates, text=text, actor=actor)


def waive(world: World):
    wave, sponsor = closed(world), world.somebody
    return lambda actor: actions.waive(wave, "C5", sponsor=sponsor, reason="none runs", actor=actor)


def end_waiver(world: World):
    wave = closed(world)
    actions.waive(wave, "C5", sponsor=world.somebody, reason="none runs", actor=world.founder)
    return lambda actor: actions.end_waiver(wave, "C5", actor=actor)


def renew_link(world: World):
    wave = rated(world)
    return lambda actor: actions.renew_link(wave, actor=actor)


def finish_action(world: World):
    wave = closed(world)
    row = actions.agree_action(wave, "q21", text="train", owner=world.somebody, due=date(2026, 9, 1), actor=world.founder)  # fmt: skip
    return lambda actor: actions.finish_action(row, actor=actor)


def answer_need(world: World):
    return lambda actor: actions.answer_need(world.root, use_case="response", level=3, actor=actor)


def choose_preset(world: World):
    return lambda actor: actions.choose_preset(world.root, use_case="response", actor=actor)


PERFORMERS: dict[str, Performer] = {
    one.__name__: one
    for one in (
        accept_dispute,
        answer_need,
        choose_preset,
        add_note,
        agree_action,
        close_assessment,
        end_waiver,
        enter_assessment,
        finish_action,
        invite,
        open_assessment,
        plan_assessment,
        renew_link,
        waive,
    )
}
