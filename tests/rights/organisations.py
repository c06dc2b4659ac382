"""Random organisations from a seed, as plain data, and the same ones as the engine takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from socius.engine.rights import Hold, Place, Principal
from socius.engine.roles import RIGHTS, ROLES
from socius.kit.clock import micros
from socius.organisation.models import Grant, NodeShare
from socius.organisation.standing import Tree, parts, until_of

START = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # the night in which Europe changes its clocks
ZONES = [UTC, ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/Sao_Paulo")]
TICK = timedelta(microseconds=1)
COURSES = ["conduct", "replying", "crisis"]
LANGUAGES = ["de", "en", "fr"]
PEOPLE_ROLES = [key for key in ROLES if key != "plugin"]


@dataclass
class World:
    """An organisation as the oracle reads it."""

    root: int
    parents: dict[int, int | None]
    accounts: dict[int, int]
    goals: dict[int, int]
    people: list[int]
    disabled: set[int]
    instants: list[datetime]
    grants: list[dict[str, Any]] = field(default_factory=list)
    shares: list[dict[str, Any]] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)

    def nodes(self) -> list[tuple[str, int]]:
        """Everything that a grant may stand at or a decision be about."""
        kinds = {"unit": self.parents, "account": self.accounts, "goal": self.goals}
        return [(kind, key) for kind, keys in kinds.items() for key in keys]


def make(seed: int, most_units: int = 60) -> World:
    """One organisation: a skewed tree, overlapping grants, denies at all depths, adjacent and equal instants."""
    rng = Random(seed)
    size = 1 + int(most_units * rng.random() ** 2)
    parents: dict[int, int | None] = {1: None}
    for unit in range(2, size + 1):
        parents[unit] = rng.randint(max(1, unit - rng.choice([2, 8, unit])), unit - 1)
    if rng.random() < 0.3:
        # Damage: a Unit whose parent is gone, and all below it, belong to nobody.
        parents |= {9001: 9000, 9002: 9001}
    units = list(parents)
    instants = [START + timedelta(hours=rng.randint(0, 12)) for _ in range(6)]
    world = World(
        root=1,
        parents=parents,
        accounts={key: rng.choice(units) for key in range(1, rng.randint(2, 25))},
        goals={key: rng.choice(units) for key in range(1, rng.randint(2, 6))},
        people=list(range(1, rng.randint(3, 20))),
        disabled=set(),
        instants=[*instants, instants[0] + TICK],
    )
    world.disabled = {person for person in world.people if rng.random() < 0.1}
    world.grants = [grant(rng, world) for _ in range(rng.randint(0, 6 * len(world.people)))]
    world.shares = [share(rng, world) for _ in range(rng.randint(0, 10))]
    world.holds = [
        {"node": rng.choice(world.nodes()), **times(rng, world)} for _ in range(rng.randint(0, 2))
    ]
    return world


def times(rng: Random, world: World) -> dict[str, datetime | None]:
    """A stretch whose edges fall on the instants that are asked about, written in any zone."""
    begin, end = (rng.choice(world.instants).astimezone(rng.choice(ZONES)) for _ in range(2))
    if begin > end:
        begin, end = end, begin
    return {
        "from": START - timedelta(days=9) if rng.random() < 0.5 else begin,
        "until": None if rng.random() < 0.5 else end,
    }


def grant(rng: Random, world: World) -> dict[str, Any]:
    """One allow or deny."""
    deny = rng.random() < 0.25
    role = "" if rng.random() < 0.6 else rng.choice(PEOPLE_ROLES)
    few = rng.sample(RIGHTS, rng.choice([1, 3, 10, 30]))
    near_root = [("unit", unit) for unit in list(world.parents)[:5]]
    return {
        "person": rng.choice(world.people),
        "role": role,
        "rights": [] if role else few,
        "node": rng.choice(near_root if rng.random() < 0.4 else world.nodes()),
        "effect": "deny" if deny else "allow",
        "conditions": conditions(rng, world, deny) if rng.random() < 0.3 else {},
        **times(rng, world),
    }


def conditions(rng: Random, world: World, deny: bool) -> dict[str, Any]:
    """One or two conditions that this effect may carry."""
    clock = sorted(f"{rng.randint(0, 23):02}:{rng.choice([0, 30]):02}" for _ in range(2))
    if rng.random() < 0.3:
        clock.reverse()
    possible: dict[str, Any] = {
        "on_accounts": rng.sample(sorted(world.accounts), min(3, len(world.accounts))),
        "hours": {
            "zone": str(rng.choice(ZONES[1:])),
            "days": rng.sample(range(1, 8), 5),
            "from": clock[0],
            "until": clock[1],
        },
        "language": rng.sample(LANGUAGES, 2),
    }
    if not deny:
        possible["trained"] = rng.sample(COURSES, 1)
    return {name: possible[name] for name in rng.sample(sorted(possible), rng.choice([1, 1, 2]))}


def share(rng: Random, world: World) -> dict[str, Any]:
    """An account or goal opened to another Unit."""
    return {
        "node": rng.choice([n for n in world.nodes() if n[0] != "unit"]),
        "unit": rng.choice(list(world.parents)),
        "rights": rng.sample(RIGHTS, 20),
        **times(rng, world),
    }


def facts(rng: Random) -> dict[str, Any]:
    """What is known at a decision; often nothing."""
    known: dict[str, Any] = {}
    if rng.random() < 0.4:
        known["language"] = rng.choice(LANGUAGES)
    if rng.random() < 0.4:
        known["trained"] = rng.sample(COURSES, rng.randint(0, 3))
    return known


def questions(rng: Random, world: World, count: int) -> list[tuple[Any, ...]]:
    """(person, right, node, at, facts), half of them about somebody who holds something near."""
    nodes, asked = world.nodes(), []
    for number in range(count):
        person, right, node = rng.choice(world.people), rng.choice(RIGHTS), rng.choice(nodes)
        if number % 2 and world.grants:
            near = rng.choice(world.grants)
            person = near["person"]
            right = rng.choice(near["rights"]) if near["rights"] else right
            node = near["node"] if rng.random() < 0.3 else node
        at = rng.choice(world.instants) + rng.choice([-TICK, timedelta(), timedelta(), TICK])
        asked.append((person, right, node, at.astimezone(rng.choice(ZONES)), facts(rng)))
    return asked


def row(number: int, one: dict[str, Any]) -> Grant:
    """A grant as a row of the table, unsaved."""
    return Grant(
        pk=number,
        person_id=one["person"],
        role=one["role"],
        rights=frozenset(one["rights"]),
        node_kind=one["node"][0],
        node_id=one["node"][1],
        deny=one["effect"] == "deny",
        conditions=one["conditions"],
        starts=one["from"],
        until=one["until"],
        reason="made by a test",
    )


class Engine:
    """The same organisation for the evaluator, through the code that loads it in earnest."""

    def __init__(self, world: World) -> None:
        self.world = world
        grants: dict[int, list[Any]] = {person: [] for person in world.people}
        for number, one in enumerate(world.grants, 1):
            grants[one["person"]].extend(parts(row(number, one)))
        self.principals = {
            person: Principal(person, active=person not in world.disabled, grants=grants[person])
            for person in world.people
        }
        shares: dict[tuple[str, int], list[NodeShare]] = {}
        for one in world.shares:
            shares.setdefault(one["node"], []).append(
                NodeShare(
                    unit_id=one["unit"],
                    rights=frozenset(one["rights"]),
                    starts=one["from"],
                    until=one["until"],
                )
            )
        self.tree = Tree(world.root, dict(world.parents), shares)
        self.holds = [
            Hold(one["node"], starts=micros(one["from"]), until=until_of(one["until"]))
            for one in world.holds
        ]
        self.places: dict[tuple[str, int], Place] = {}

    def place(self, node: tuple[str, int]) -> Place:
        """Where the object stands, as `standing.place` finds it for a row."""
        if node not in self.places:
            kind, key = node
            unit = {"account": self.world.accounts, "goal": self.world.goals}.get(kind, {}).get(
                key, key
            )
            own = () if kind == "unit" else (node,)
            above = self.tree.path(unit)
            self.places[node] = (
                Place(own + above, self.tree.shares_of(own), self.holds) if above else Place(())
            )
        return self.places[node]

    def decide(self, person, right, node, at, known):
        """As the oracle answers."""
        return self.principals[person].decide(right, self.place(node), micros(at), known)
