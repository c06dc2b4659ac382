"""The verbs of socius.strategy."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from performers import Performer, World
from performers.accounts import listed
from socius.activity.models import ImportRun
from socius.connectors.files import Report, Upload
from socius.organisation.models import Actor
from socius.strategy import actions
from socius.strategy.actions.series import Point
from socius.strategy.models import Goal, Initiative, Series

DAY = date(2026, 3, 1)
OUTCOMES = "date,series,value,unit,class,source,why\n2026-02-01,Sales,4,EUR,outcome,shop,money\n"


def upload(kind: str, text: str) -> Upload:
    return Upload(text.encode(), f"{kind}.csv", apply=True)


def goal_of(world: World, key: str = "more") -> Goal:
    return actions.set_goal(
        world.hub, key=key, executive_owner="ceo@example.org", actor=world.founder
    )[0]


def initiative_of(world: World, key: str = "live") -> Initiative:
    return actions.set_initiative(world.hub, key=key, title="Live", actor=world.founder)[0]


def series_of(world: World) -> Series:
    return actions.set_series(
        world.hub, key="Sales", measure_unit="EUR", source="shop", why="money", stated="outcome", actor=world.founder,
    )[0]  # fmt: skip


def set_goal(world: World):
    return lambda actor: actions.set_goal(world.hub, key="new", statement="More", actor=actor)


def close_goal(world: World):
    goal = goal_of(world)
    return lambda actor: actions.close_goal(goal, actor=actor, reason="reached")


def reopen_goal(world: World):
    goal = actions.close_goal(goal_of(world), actor=world.founder, reason="reached")
    return lambda actor: actions.reopen_goal(goal, actor=actor)


def oppose(world: World):
    one, other = goal_of(world), goal_of(world, "other")
    return lambda actor: actions.oppose(one, to=other, actor=actor)


def set_kpi(world: World):
    goal, series = goal_of(world), series_of(world)
    return lambda actor: actions.set_kpi(goal, measure="Sales", series=series, actor=actor)


def drop_kpi(world: World):
    goal, series = goal_of(world), series_of(world)
    kpi, _ = actions.set_kpi(goal, measure="Sales", series=series, actor=world.founder)
    return lambda actor: actions.drop_kpi(kpi, actor=actor)


def set_experiment(world: World):
    return lambda actor: actions.set_experiment(
        world.hub, key="t", title="Trial", start=DAY, end=DAY, actor=actor
    )


def set_initiative(world: World):
    return lambda actor: actions.set_initiative(world.hub, key="new", title="New", actor=actor)


def serve_goals(world: World):
    initiative, goal = initiative_of(world), goal_of(world)
    return lambda actor: actions.serve_goals(initiative, goals=[goal], actor=actor)


def link(world: World):
    account, goal = listed(world), goal_of(world)
    return lambda actor: actions.link(account, goal=goal, actor=actor)


def unlink(world: World):
    tie = actions.link(listed(world), goal=goal_of(world), actor=world.founder)
    return lambda actor: actions.unlink(tie, actor=actor)


def activate(world: World):
    account = listed(world)
    actions.link(account, goal=goal_of(world), actor=world.founder)
    return lambda actor: actions.activate(account, owner=world.somebody, actor=actor)


def propose(world: World):
    account = listed(world)
    return lambda actor: actions.propose(
        account, proposal="keep", rule="r1", inputs={}, actor=actor
    )


def decide(world: World):
    account = listed(world)
    return lambda actor: actions.decide(account, decision="retire", reason="idle", actor=actor)


def decide_all(world: World):
    found = [(listed(world), "r1", {}), (listed(world, "bob"), "r1", {})]
    return lambda actor: actions.decide_all(found, decision="keep", reason="used", actor=actor)


def withdraw_decisions(world: World):
    row = actions.decide(listed(world), decision="retire", reason="idle", actor=world.founder)
    return lambda actor: actions.withdraw_decisions([row], actor=actor)


def plan_initiative(world: World):
    one = initiative_of(world)
    return lambda actor: actions.plan_initiative(one, functions="product", actor=actor)


def need_initiatives(world: World):
    one, other = initiative_of(world), initiative_of(world, "other")
    return lambda actor: actions.need_initiatives(one, needed=[other], actor=actor)


def set_prerequisites(world: World):
    one = initiative_of(world)
    return lambda actor: actions.set_prerequisites(one, first=[actions.First("Rules")], actor=actor)


def accept_initiative(world: World):
    one = actions.set_initiative(
        world.hub, key="new", title="New", status="idea", actor=world.founder
    )[0]
    return lambda actor: actions.accept_initiative(one, actor=actor)


def turn_down(world: World):
    one = initiative_of(world)
    return lambda actor: actions.turn_down(one, reason="No goal needs it", actor=actor)


def review_initiative(world: World):
    one = initiative_of(world)
    return lambda actor: actions.review_initiative(one, reason="On its way", due=None, actor=actor)


def place_initiative(world: World):
    one = initiative_of(world)
    return lambda actor: actions.place_initiative(one, place=1, reason="Promised", actor=actor)


def set_frame(world: World):
    return lambda actor: actions.set_frame(world.root, capacity_hours=Decimal(900), actor=actor)


def adopt_strategy(world: World):
    goal, parts = goal_of(world), actions.Parts("Nobody asks twice")
    return lambda actor: actions.adopt_strategy(world.root, parts=parts, goals=[goal], actor=actor)


def wish_of(world: World) -> actions.Wish:
    goal = goal_of(world)
    strategy = actions.adopt_strategy(
        world.root, parts=actions.Parts("Nobody asks twice"), goals=[goal], actor=world.founder
    )
    return actions.Wish("Inbox", "answer", goal=goal, strategy=strategy)


def ask_for_tool(world: World):
    wish = wish_of(world)
    return lambda actor: actions.ask_for_tool(world.hub, wish=wish, actor=actor)


def override_tool(world: World):
    wish = actions.Wish("Inbox", "answer")
    return lambda actor: actions.override_tool(
        world.hub, wish=wish, reason="The old one closes this week", actor=actor
    )


def decide_tool(world: World):
    tool = actions.ask_for_tool(world.hub, wish=wish_of(world), actor=world.founder)
    return lambda actor: actions.decide_tool(tool, grant=True, reason="It fits", actor=actor)


def retire_tool(world: World):
    tool = actions.ask_for_tool(world.hub, wish=wish_of(world), actor=world.founder)
    return lambda actor: actions.retire_tool(tool, reason="Nobody uses it", actor=actor)


def add_spend(world: World):
    return lambda actor: actions.add_spend(
        world.hub, date=DAY, amount=Decimal(10), currency="EUR", actor=actor
    )


def drop_spend(world: World):
    line = actions.add_spend(
        world.hub, date=DAY, amount=Decimal(10), currency="EUR", actor=world.founder
    )
    return lambda actor: actions.drop_spend(line, actor=actor, reason="wrong")


def set_hours(world: World):
    return lambda actor: actions.set_hours(world.hub, week=DAY, hours=Decimal(3), actor=actor)


def set_series(world: World):
    return lambda actor: actions.set_series(world.hub, key="New", actor=actor)


def load_values(world: World):
    series = series_of(world)
    points = [Point(DAY, Decimal(4))]
    return lambda actor: actions.load_values(series, points=points, actor=actor)


TEXTS = {
    "goals": "goal,statement\nnew,New\n",
    "kpis": "goal,measure,class\nmore,Sales,outcome\n",
    "initiatives": "initiative,title,goals\nnew,New,more\n",
    "spend": "date,amount,currency,unit\n2026-02-01,10,EUR,hub\n",
    "hours": "week,unit,hours\n2026-W05,hub,3\n",
    "outcomes": OUTCOMES,
    "activity": "at,verb,object_id\n2026-02-01T10:00:00Z,ran,1\n",
    "accounts": "network,handle,url,unit\nx,new,https://x.com/new,hub\n",
}


def taken(kind: str, actor: Actor) -> Report:
    verb = getattr(actions, f"import_{kind}")
    report: Report = verb(upload(kind, TEXTS[kind]), actor=actor)
    return report


def import_of(kind: str) -> Performer:
    def prepare(world: World):
        goal_of(world)
        return lambda actor: taken(kind, actor)

    return prepare


def undo_of(kind: str, verb: str) -> Performer:
    def prepare(world: World):
        goal_of(world)
        run = ImportRun.objects.get(pk=taken(kind, world.founder).run)
        return lambda actor: getattr(actions, verb)(run, actor=actor)

    return prepare


def trial_of(world: World):
    """A trial that has not begun."""
    start = world.founder.at.date() + timedelta(days=9)
    return actions.set_experiment(
        world.hub, key="t", title="Trial", start=start, end=start, actor=world.founder
    )


def laid(world: World, trial):
    return actions.lay_cells(
        trial,
        initiative=initiative_of(world),
        cells=[actions.Laid(trial.start, trial.end, "off")],
        actor=world.founder,
    )


def lay_cells(world: World):
    trial, initiative = trial_of(world), initiative_of(world)
    cells = [actions.Laid(trial.start, trial.end, "off")]
    return lambda actor: actions.lay_cells(trial, initiative=initiative, cells=cells, actor=actor)


def stop_experiment(world: World):
    trial = trial_of(world)
    return lambda actor: actions.stop_experiment(trial, actor=actor, reason="enough")


def note_learning(world: World):
    trial = trial_of(world)
    return lambda actor: actions.note_learning(trial, actor=actor, text="It works")


def override_cell(world: World):
    cell, account = laid(world, trial_of(world))[0], listed(world)
    return lambda actor: actions.override_cell(cell, account=account, actor=actor, reason="recall")


PERFORMERS: dict[str, Performer] = {
    **{
        verb.__name__: verb
        for verb in (
            set_goal, close_goal, reopen_goal, oppose, set_kpi, drop_kpi, set_experiment, set_initiative, serve_goals, link, unlink, activate,
            propose, decide, decide_all, withdraw_decisions, add_spend, drop_spend, set_hours, set_series, load_values,
            plan_initiative, need_initiatives, set_prerequisites, accept_initiative, turn_down, review_initiative, place_initiative, set_frame,
            adopt_strategy, ask_for_tool, override_tool, decide_tool, retire_tool,
            lay_cells, stop_experiment, note_learning, override_cell,
        )
    },
    **{f"import_{kind}": import_of(kind) for kind in TEXTS},
    "take_back_goals": undo_of("goals", "take_back_goals"),
    "take_back_initiatives": undo_of("initiatives", "take_back_initiatives"),
    "take_back_accounts": undo_of("accounts", "take_back_accounts"),
    "take_back_values": undo_of("outcomes", "take_back_values"),
}  # fmt: skip
