"""Rows of the ten kinds and of effects, in exactly the columns that `socius import` reads; all cells are text."""

from __future__ import annotations

from typing import NamedTuple


class UnitRow(NamedTuple):
    """units.csv"""

    unit: str
    name: str
    parent: str
    kind: str
    external_id: str = ""
    aliases: str = ""
    language: str = ""
    valid_from: str = ""
    valid_until: str = ""


class PersonRow(NamedTuple):
    """people.csv"""

    email: str
    name: str
    unit: str
    role: str
    valid_until: str = ""


class GoalRow(NamedTuple):
    """goals.csv"""

    goal: str
    statement: str
    executive_owner: str
    objective: str
    period_start: str
    period_end: str
    unit: str
    conflicts_with: str = ""


class OutcomeRow(NamedTuple):
    """outcomes.csv"""

    date: str
    series: str
    value: str
    unit: str
    currency: str
    geo: str
    org_unit: str
    class_: str
    source: str
    why: str
    known_at: str


class KpiRow(NamedTuple):
    """kpis.csv"""

    goal: str
    measure: str
    class_: str
    series: str
    direction: str
    target: str = ""
    target_date: str = ""


class AccountRow(NamedTuple):
    """accounts.csv"""

    network: str
    handle: str
    url: str
    remote_id: str
    unit: str
    owner_email: str
    purpose: str
    goal: str
    language: str
    country: str
    status: str
    last_post_at: str
    decision: str
    audience: str
    region: str


class InitiativeRow(NamedTuple):
    """initiatives.csv"""

    initiative: str
    title: str
    kind: str
    scope: str
    goals: str
    sponsor: str
    status: str
    start: str
    end: str
    cost: str
    currency: str
    hours: str
    accounts: str


class SpendRow(NamedTuple):
    """spend.csv"""

    date: str
    amount: str
    currency: str
    kind: str
    unit: str
    goal: str
    initiative: str


class HoursRow(NamedTuple):
    """hours.csv"""

    week: str
    unit: str
    hours: str
    person_or_team: str
    type: str
    initiative: str
    account: str


class ActivityRow(NamedTuple):
    """activity.csv"""

    at: str
    verb: str
    object_id: str
    actor: str
    network: str
    account: str
    initiative: str
    goal: str
    minutes: str
    origin: str


class EffectRow(NamedTuple):
    """effects.csv"""

    initiative: str
    series: str
    method: str
    estimate: str
    grade: str
    low: str
    high: str
    from_: str
    until: str
    source: str


class ExperimentRow(NamedTuple):
    """A dated trial; no file of the ten kinds can say it."""

    experiment: str
    title: str
    question: str
    start: str
    end: str
    goal: str
    unit: str


class LinkRow(NamedTuple):
    """A dated link that neither an account's `goal` cell nor an initiative's `accounts` cell can say."""

    network: str
    account: str
    goal: str
    initiative: str
    experiment: str
    valid_from: str
    valid_until: str
