"""The verbs of socius.measure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from performers import Performer, World
from performers.accounts import listed
from performers.strategy import OUTCOMES, TEXTS, goal_of, initiative_of, series_of, taken
from socius.activity.models import ImportJob, ImportRun
from socius.connectors.files import Upload
from socius.measure import actions
from socius.measure.actions import IMPORTERS, undo
from socius.measure.actions.leads import take_back_leads as take_back
from socius.measure.models import Effect
from socius.measure.reports.trials import Wish
from socius.organisation.actions import allowed
from socius.organisation.models import Actor

EFFECTS = "initiative,series,method,estimate\nlive,Sales,before and after,4\n"
ASKED = "goal.edit"  # of an import of goals


def effect_of(world: World) -> Effect:
    return actions.record_effect(
        initiative_of(world), series=series_of(world), method="before and after", estimate=4.0, actor=world.founder,
    )[0]  # fmt: skip


def effects(actor: Actor):
    upload = Upload(EFFECTS.encode(), "effects.csv", apply=True)
    return actions.import_effects(upload, actor=actor)


def record_effect(world: World):
    initiative, series = initiative_of(world), series_of(world)
    return lambda actor: actions.record_effect(
        initiative, series=series, method="before and after", estimate=4.0, actor=actor
    )


def estimate_effect(world: World):
    """A history of fourteen days: the smallest that the engine is asked about. It answers that this is too short, and that is kept."""
    initiative, series = initiative_of(world), series_of(world)
    days = "".join(
        f"2026-01-{day:02d},Sales,{day},EUR,outcome,shop,money\n" for day in range(1, 17)
    )
    upload = Upload(
        (OUTCOMES.partition("\n")[0] + "\n" + days).encode(), "outcomes.csv", apply=True
    )
    IMPORTERS["outcomes"](upload, actor=world.founder)
    return lambda actor: actions.estimate_effect(
        initiative, series, actor=actor, start=date(2026, 1, 15)
    )


def refresh_effects(world: World):
    """Nothing was ever estimated, so the pass is empty."""
    return lambda actor: actions.refresh_effects(actor=actor)


def withdraw_effect(world: World):
    effect = effect_of(world)
    return lambda actor: actions.withdraw_effect(effect, actor=actor, reason="wrong")


def import_effects(world: World):
    initiative_of(world), series_of(world)
    return effects


def take_back_effects(world: World):
    initiative_of(world), series_of(world)
    run = ImportRun.objects.get(pk=effects(world.founder).run)
    return lambda actor: undo.take_back_effects(run, actor=actor)


def undo_import(world: World):
    goal_of(world)
    number = taken("goals", world.founder).run
    return lambda actor: actions.undo_import(number, actor=actor, apply=True)


def handed_over(world: World) -> ImportJob:
    """A file that waits to be described; it is handed on to whoever holds the Right, because others' files nobody sees."""
    return actions.receive_file(
        [TEXTS["goals"].encode()], "goals.csv", kind="goals", actor=world.founder
    )


def own(job: ImportJob, actor: Actor) -> ImportJob:
    if allowed(actor, ASKED, None):
        ImportJob.objects.filter(pk=job.pk).update(actor=actor.ref)
    return job


def receive_file(world: World):
    return lambda actor: actions.receive_file(
        [TEXTS["goals"].encode()], "goals.csv", kind="goals", actor=actor
    )


def describe_import(world: World):
    job = handed_over(world)
    said = actions.Said(answers={"q1": "yes"})
    return lambda actor: actions.describe_import(own(job, actor), said, kind="goals", actor=actor)


def ask_import(world: World):
    job = handed_over(world)
    return lambda actor: actions.ask_import(own(job, actor), actor=actor)


def cancel_import(world: World):
    job = handed_over(world)
    actions.ask_import(job, actor=world.founder)
    return lambda actor: actions.cancel_import(own(job, actor), actor=actor)


def tried(world: World):
    """Twenty days of twelve places, before anything starts."""
    initiative, series = initiative_of(world), series_of(world)
    first = world.at.date() - timedelta(days=20)
    rows = [(first + timedelta(days=i), place) for i in range(21) for place in range(12)]
    lines = "".join(f"{day},Sales,{place * 10 + day.day},EUR,outcome,shop,money,p{place}\n" for day, place in rows)  # fmt: skip
    text = OUTCOMES.partition("\n")[0] + ",geo\n" + lines
    IMPORTERS["outcomes"](Upload(text.encode(), "outcomes.csv", apply=True), actor=world.founder)
    wish = Wish("geo_holdout", world.at.date() + timedelta(days=1), 5)
    return initiative, series, wish


def plan_experiment(world: World):
    initiative, series, wish = tried(world)
    return lambda actor: actions.plan_experiment(initiative, series, wish=wish, actor=actor)


def later(actor: Actor, days: int) -> Actor:
    return Actor(actor.person, actor.origin, actor.at + timedelta(days=days))


def look_at_experiment(world: World):
    initiative, series, wish = tried(world)
    design = actions.plan_experiment(initiative, series, wish=wish, actor=world.founder)
    return lambda actor: actions.look_at_experiment(
        design, actor=later(actor, 3), reason="It cannot wait any longer"
    )


def conclude_experiment(world: World):
    """Nothing was posted, so no effect is shown; that is kept."""
    initiative, series, wish = tried(world)
    design = actions.plan_experiment(initiative, series, wish=wish, actor=world.founder)
    rows = [(wish.start + timedelta(days=i), place) for i in range(5) for place in range(12)]
    lines = "".join(f"{day},Sales,{place},EUR,outcome,shop,money,p{place}\n" for day, place in rows)  # fmt: skip
    text = OUTCOMES.partition("\n")[0] + ",geo\n" + lines
    IMPORTERS["outcomes"](Upload(text.encode(), "outcomes.csv", apply=True), actor=world.founder)
    return lambda actor: actions.conclude_experiment(design, actor=later(actor, 7))


def register_design(world: World):
    initiative, series, wish = tried(world)
    terms = actions.Terms(wish.start, wish.end, 0.02)
    return lambda actor: actions.register_design(initiative, series, terms=terms, actor=actor)


def state_worth(world: World):
    series = series_of(world)
    amounts = actions.Amounts(Decimal(1), Decimal(2), Decimal(3), "EUR")
    return lambda actor: actions.state_worth(series, amounts=amounts, why="finance", actor=actor)


def insight_of(world: World):
    due = world.at.date() + timedelta(days=9)
    noticed = actions.Noticed("Films are passed on", "Make two more", world.somebody, due)
    return actions.note_insight(world.hub, noticed=noticed, actor=world.founder)


def note_insight(world: World):
    due = world.at.date() + timedelta(days=9)
    noticed = actions.Noticed("Films are passed on", "Make two more", world.somebody, due)
    return lambda actor: actions.note_insight(world.hub, noticed=noticed, actor=actor)


def close_insight(world: World):
    one = insight_of(world)
    return lambda actor: actions.close_insight(one, outcome="done", result="Two films", actor=actor)


def reopen_insight(world: World):
    one, due = insight_of(world), world.at.date() + timedelta(days=19)
    actions.close_insight(one, outcome="dropped", result="No time", actor=world.founder)
    return lambda actor: actions.reopen_insight(one, actor=actor, due=due)


def declared(world: World) -> actions.Declared:
    accounts = (listed(world, unit=world.hub), listed(world, "bob", world.hub))
    return actions.Declared("Stores", "They open on Saturdays", date(2026, 7, 1), accounts, (series_of(world),))  # fmt: skip


def declare_group(world: World):
    said = declared(world)
    return lambda actor: actions.declare_group(world.hub, key="stores", declared=said, actor=actor)


def withdraw_group(world: World):
    group = actions.declare_group(world.hub, key="stores", declared=declared(world), actor=world.founder)  # fmt: skip
    return lambda actor: actions.withdraw_group(group, actor=actor, reason="another choice")


LEADS = "lead,date,initiative,stage\nL1,2026-05-20,live,won\n"


def leads(actor: Actor):
    return actions.import_leads(Upload(LEADS.encode(), "leads.csv", apply=True), actor=actor)


def import_leads(world: World):
    initiative_of(world)
    return leads


def take_back_leads(world: World):
    initiative_of(world)
    run = ImportRun.objects.get(pk=leads(world.founder).run)
    return lambda actor: take_back(run, actor=actor)


def count_leads(world: World):
    initiative_of(world)
    leads(world.founder)
    return lambda actor: actions.count_leads(world.hub, actor=actor)


OF_THE_IMPORT = (undo_import, receive_file, describe_import, ask_import, cancel_import)
for verb in OF_THE_IMPORT:
    verb.asked = ASKED  # type: ignore[attr-defined]

PERFORMERS: dict[str, Performer] = {
    verb.__name__: verb
    for verb in (
        record_effect,
        estimate_effect,
        refresh_effects,
        withdraw_effect,
        import_effects,
        take_back_effects,
        plan_experiment,
        look_at_experiment,
        conclude_experiment,
        register_design,
        state_worth,
        declare_group,
        withdraw_group,
        import_leads,
        take_back_leads,
        count_leads,
        note_insight,
        close_insight,
        reopen_insight,
        *OF_THE_IMPORT,
    )
}
