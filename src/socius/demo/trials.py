"""The demonstration's experiments: one that is over, analysed as registered, and one that runs, whose contrast is hidden."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from socius.engine.demo import trials as told
from socius.engine.demo.cast import executive
from socius.measure.actions import (
    IMPORTERS,
    About,
    Amounts,
    Noticed,
    Upload,
    close_insight,
    conclude_experiment,
    note_insight,
    plan_experiment,
    state_worth,
)
from socius.measure.models import Design
from socius.measure.reports.trials import Wish, initiative_of
from socius.organisation.models import Actor, Person, Unit
from socius.strategy.actions import (
    add_spend,
    load_values,
    note_learning,
    serve_goals,
    set_initiative,
    set_series,
)
from socius.strategy.actions.series import Point
from socius.strategy.models import Goal, Initiative, Series

SEEDS = {told.FINISHED.initiative: 12, told.RUNNING.initiative: 5}


def at_day(actor: Actor, day: date, back: int) -> Actor:
    """The same person so many days before, at noon."""
    noon = datetime.combine(day - timedelta(days=back), time(12), actor.at.tzinfo)
    return Actor(actor.person, actor.origin, noon)


def begin(actor: Actor, day: date) -> None:
    """Both experiments as they were drawn, each before its start."""
    for trial in (told.FINISHED, told.RUNNING):
        who = at_day(actor, day, trial.planned)
        series = prepared(trial, who)
        initiative = Initiative.objects.get(key=trial.initiative)
        load(series, told.history(trial, day, trial.planned + 1), who)
        wish = Wish(trial.design, day - timedelta(days=trial.start), trial.days, block_days=trial.block, worth=0.05)  # fmt: skip
        about = About(trial.title, trial.hypothesis, trial.risk, SEEDS[trial.initiative])
        plan_experiment(initiative, series, wish=wish, actor=who, about=about)


def prepared(trial: told.Trial, who: Actor) -> Series:
    """The initiative and its series."""
    root = Unit.objects.get(kind="organisation")
    start, end = (who.at.date() + timedelta(days=n) for n in (trial.planned - trial.start, trial.planned - trial.start + trial.days - 1))  # fmt: skip
    set_initiative(root, actor=who, key=trial.initiative, title=trial.title, status="running", start=start, end=end)  # fmt: skip
    series, _ = set_series(
        root,
        actor=who,
        key=trial.series,
        name=trial.series,
        measure_unit=trial.unit,
        source="customer system",
        why=trial.why,
        stated="outcome",
    )
    return series


def load(series: Series, rows: Iterable[tuple[date, str, object]], who: Actor) -> None:
    """Values as they became known."""
    points = [Point(day, value, geo=place) for day, place, value in rows]  # type: ignore[arg-type]
    load_values(series, points=points, actor=who)


def end(actor: Actor, day: date) -> None:
    """What followed: posts and values of the finished one, its analysis, and the goal that both serve."""
    trial = told.FINISHED
    design = Design.objects.select_related("experiment", "series").get(initiative__key=trial.initiative)  # fmt: skip
    assert design.experiment is not None  # noqa: S101 - it was drawn
    cells = list(design.experiment.cells.filter(arm="on"))
    treated = frozenset(c.start + timedelta(days=i) for c in cells for i in range(trial.block))
    lines = [f"{c.start}T10:00:00Z,ran,{trial.initiative}-{c.pk},{trial.initiative}\n" for c in cells]  # fmt: skip
    who = at_day(actor, day, trial.start - trial.days - 3)
    text = "at,verb,object_id,initiative\n" + "".join(lines)
    IMPORTERS["activity"](Upload(source=text.encode(), name="repair-by-post.csv", apply=True), actor=who)  # fmt: skip
    rows = list(told.history(trial, day, 1, treated))
    load(design.series, [r for r in rows if r[0] >= design.start], who)
    note_learning(design.experiment, actor=who, text=trial.learning)
    conclude_experiment(design, actor=at_day(actor, day, trial.start - trial.days - 4))
    running = Series.objects.get(key=told.RUNNING.series)
    fresh = list(told.history(told.RUNNING, day, 1))
    load(running, [r for r in fresh if r[0] > day - timedelta(days=told.RUNNING.planned + 1)], actor)  # fmt: skip
    amounts = Amounts(Decimal(38), Decimal("46.50"), Decimal(55), "EUR")
    why = "Mean margin of a paid visit, as finance books it"
    state_worth(design.series, amounts=amounts, why=why, actor=actor)
    initiative = initiative_of(design)
    unit, first, cost = initiative.unit, design.start, Decimal("21480.35")
    add_spend(unit, actor=who, date=first, amount=cost, currency="EUR", kind="media", initiative=initiative)  # fmt: skip
    notice(actor, day)
    goal = Goal.objects.get(key="repair-first")
    for key in (told.FINISHED.initiative, told.RUNNING.initiative):
        serve_goals(Initiative.objects.get(key=key), goals=[goal], actor=actor)


def notice(actor: Actor, day: date) -> None:
    """Insights: one that waits for its act, one that was done, one that was dropped."""
    root = Unit.objects.get(kind="organisation")
    made = []
    for one in told.INSIGHTS:
        owner = Person.objects.get(email=executive(one.owner))
        about = Initiative.objects.filter(key=one.initiative).first()
        due = actor.at.date() + timedelta(days=one.due)
        noticed = Noticed(one.say, one.act, owner, due, one.evidence, about)
        made.append(note_insight(root, noticed=noticed, actor=actor))
    for insight, one in zip(made, told.INSIGHTS, strict=True):
        if one.outcome:
            close_insight(insight, outcome=one.outcome, result=one.result, actor=actor)
