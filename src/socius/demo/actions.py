"""Builds the demonstration organisation the way a person would: ten files imported, then what no file can say.

It only ever runs in a process whose settings point at the demonstration's own home.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from socius.accounts.actions import correct
from socius.accounts.models import Account
from socius.activity import jobs
from socius.assess.actions import Dates, agree_action, enter_assessment, finish_action
from socius.assess.models import Assessment
from socius.demo import closing, grouping, planning, trials
from socius.demo.listening import listen
from socius.engine.demo import (
    ESTIMATED,
    FILES,
    FOUNDED,
    Organisation,
    as_csv,
    generate,
    planned_waves,
)
from socius.engine.demo import assessment as told
from socius.kit.errors import Conflict, SociusError
from socius.measure.actions import IMPORTERS, Upload, estimate_effect
from socius.organisation.actions import found
from socius.organisation.models import Actor, Unit
from socius.strategy.actions import Served, link, set_experiment
from socius.strategy.models import Experiment, Goal, Initiative, Series

ZONE = ZoneInfo("Europe/Amsterdam")
WAVE_DAYS = 21


@dataclass(frozen=True)
class Built:
    """What was built: how to sign in, and what the generator planned."""

    sign_in: str
    as_of: date
    truth: dict[str, Any]
    actor: Actor


def build(*, seed: int, accounts: int, as_of: date | None, now: datetime) -> Built:
    """Builds the organisation in an empty demonstration home. Everything in it became known on the as-of day."""
    if not settings.DEMONSTRATION:
        raise Conflict("The demonstration is built in a home of its own; this is not it.")
    today = now.astimezone(ZONE).date()
    day = as_of or today
    end_of_day = datetime.combine(day + timedelta(days=1), time(), ZONE) - timedelta(minutes=5)
    at = min(now, end_of_day)
    plan = generate(seed, as_of=day, accounts=accounts)
    password = secrets.token_urlsafe(9)
    head = plan.people[0].email
    founded = at - timedelta(days=FOUNDED)
    person = found(
        plan.name, zone=plan.zone, email=head, password=password, at=founded, demonstration=True
    )
    actor = Actor(person, "demo", at)
    trials.begin(actor, day)
    closing.promise(actor, day)
    for step, kind in enumerate(FILES):
        take(
            kind,
            as_csv(plan)[f"{kind}.csv"],
            Actor(person, "demo", at + timedelta(milliseconds=step)),
        )
    say_the_rest(plan, Actor(person, "demo", at + timedelta(seconds=1)))
    planning.plan(Actor(person, "demo", at + timedelta(seconds=2)), day)
    jobs.seal()
    jobs.roll_up()
    assess(seed, Actor(person, "demo", at + timedelta(seconds=3)))
    estimate(Actor(person, "demo", at + timedelta(seconds=4)), day)
    trials.end(Actor(person, "demo", at + timedelta(seconds=5)), day)
    closing.close(Actor(person, "demo", at + timedelta(seconds=6)), day, seed)
    grouping.declare(Actor(person, "demo", at + timedelta(seconds=7)), day)
    truth = {**plan.truth, "built_by": actor.ref}
    return Built(f"  {head}\n  password {password}", day, truth, actor)


def hear(built: Built, *, seed: int) -> None:
    """What the organisation heard. Apart from `build`, because streams go through the collector, a process that sees only what is committed."""
    listen(seed, replace(built.actor, at=built.actor.at + timedelta(seconds=5)))


def take(kind: str, text: str, actor: Actor) -> None:
    """Imports one file of the plan."""
    upload = Upload(source=text.encode(), name=f"{kind}.csv", apply=True, zone=str(ZONE))
    report = IMPORTERS[kind](upload, actor=actor)
    if report.state != "ok":
        raise SociusError(
            f"The demonstration's {kind} could not be imported: {report.state}, {report.findings[:3]}"
        )


def say_the_rest(plan: Organisation, actor: Actor) -> None:
    """Experiments and dated links, which no file carries."""
    trials: dict[str, Experiment] = {}
    for row in plan.experiments:
        unit = Unit.objects.named(row.unit).first() or Unit.objects.get(kind="organisation")
        trials[row.experiment] = set_experiment(
            unit,
            actor=actor,
            key=row.experiment,
            title=row.title,
            start=date.fromisoformat(row.start),
            end=date.fromisoformat(row.end),
        )
    for tie in plan.links:
        account = Account.objects.get(network=tie.network, url=tie.account)
        start = date.fromisoformat(tie.valid_from) if tie.valid_from else None
        until = date.fromisoformat(tie.valid_until) if tie.valid_until else None
        served: Served
        if tie.experiment:
            served = {"experiment": trials[tie.experiment]}
        elif tie.initiative:
            served = {"initiative": Initiative.objects.get(key=tie.initiative)}
        else:
            served = {"goal": Goal.objects.get(key=tie.goal)}
        link(account, actor=actor, start=start, until=until, **served)


def estimate(actor: Actor, day: date) -> None:
    """Effects that Socius computes itself, one of them refused; each takes a child process of about a second."""
    for key, series, start, end in ESTIMATED:
        estimate_effect(
            Initiative.objects.get(key=key),
            Series.objects.get(name=series),
            actor=actor,
            start=day - timedelta(days=start),
            end=day - timedelta(days=end),
        )


def assess(seed: int, actor: Actor) -> None:
    """Two waves of an assessment, the second with the platform's own facts, and what was agreed in each."""
    root = Unit.objects.get(kind="organisation")
    for unit, posts in told.PROMISES.items():
        for account in Account.objects.current().filter(unit__name=unit, status="active"):
            correct(account, actor=actor, posts_promised=posts)
    for at, plan in enumerate(planned_waves(seed)):
        closes = actor.at - timedelta(days=plan.closed_before)
        dates = Dates(plan.name, closes - timedelta(days=WAVE_DAYS), closes)
        wave = enter_assessment(root, dates, text=plan.text, live=plan.live, actor=actor)
        for one in told.AGREED:
            if one.wave == at:
                agree(wave, one, actor)


def agree(wave: Assessment, one: told.Agreed, actor: Actor) -> None:
    """One action, finished on its day where it is."""
    day = wave.closes.date()
    due = day + timedelta(days=one.due)
    row = agree_action(wave, one.item, text=one.text, owner=actor.person, due=due, actor=actor)
    if one.done is not None:
        finish_action(row, actor=actor, on=day + timedelta(days=one.done))
