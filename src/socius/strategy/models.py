"""Goals, KPIs, outcome series, initiatives, experiments, money and hours, and which goal an account serves.

What the line of sight reads is kept as known from one instant to another (`known_from`, `known_until`, UTC microseconds):
a correction closes a row and opens the next, so that any earlier state can be asked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TypeVar

from django.db import models

from socius.accounts.models import Account
from socius.activity.models import Installation
from socius.organisation.models import Person, Unit, fold
from socius.strategy.holding import first_holding

OBJECTIVES = {
    "brand_health": "Brand health",
    "marketing_optimisation": "Marketing optimisation",
    "revenue_generation": "Revenue generation",
    "operational_efficiency": "Operational efficiency",
    "customer_experience": "Customer experience",
    "innovation": "Innovation",
}


K = TypeVar("K", bound=models.Model)


class KnownRows(models.QuerySet[K]):
    """Rows as they were known at an instant."""

    def known_at(self, at_us: int) -> KnownRows[K]:
        """Neither later than `at_us` nor replaced by then."""
        return self.filter(known_from__lte=at_us).filter(
            models.Q(known_until=None) | models.Q(known_until__gt=at_us)
        )


class Known(models.Model):
    """A statement that holds as known from one instant to another."""

    known_from = models.BigIntegerField()
    known_until = models.BigIntegerField(null=True)

    objects = KnownRows.as_manager()

    class Meta:
        abstract = True


class Goal(models.Model):
    """A business goal with an executive owner and a period; its terms over time are `GoalTerm`."""

    key = models.CharField(max_length=200, unique=True)
    statement = models.TextField(blank=True)
    # As given: a name or an address; the person where one of that address is known.
    executive_owner = models.CharField(max_length=254, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    objective = models.CharField(max_length=40, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    conflicts_with = models.ManyToManyField("self", symmetrical=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.statement or self.key


class GoalTerm(Known):
    """Owner and period of a goal as they were known."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="terms")
    executive_owner = models.CharField(max_length=254, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    closed = models.BooleanField(default=False)


class Series(models.Model):
    """An outcome series; its class follows from names and source, never from the user's word alone."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=300)
    measure_unit = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    grain = models.CharField(max_length=8, blank=True)  # day, week, month, quarter, year
    class_name = models.CharField(
        max_length=9, default="unclassed"
    )  # outcome, driver, health, vanity, unclassed
    class_reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=500, blank=True)
    simulated = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SeriesTerm(Known):
    """The class of a series as it was known: what is lowered today was an outcome yesterday."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="terms")
    class_name = models.CharField(max_length=9)


class SeriesValue(models.Model):
    """A value of a series on a date, as known since `known_at`; a revision is a further row."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="values")
    date = models.DateField()
    geo = models.CharField(max_length=80, blank=True)
    org_unit = models.CharField(max_length=200, blank=True)
    # Null in the row that takes a value back.
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    known_at = models.BigIntegerField()
    run = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["series", "date"], name="value_by_date")]


class KPI(Known):
    """What a goal is measured by; tied to a series, or not yet."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="kpis")
    measure = models.CharField(max_length=200)
    class_name = models.CharField(max_length=9, default="unclassed")
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="kpis")
    direction = models.CharField(max_length=4, blank=True)
    target = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    target_date = models.DateField(null=True)


class Initiative(models.Model):
    """Work that serves goals: a campaign, a care programme, an internal network."""

    key = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=8, default="external")
    scope = models.CharField(max_length=10, default="function")
    sponsor = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=8, default="running")
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    cost_low = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    cost_likely = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    cost_high = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    hours_low = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    hours_likely = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    hours_high = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # What the roadmap knows of it. Value in points from 0 to 100; functions are joined by `|`.
    functions = models.CharField(max_length=300, blank=True)
    value_low = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    value_likely = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    value_high = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    quarters = models.PositiveSmallIntegerField(default=1)  # it cannot be done in fewer
    review_due = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # why it will not be done
    place = models.PositiveSmallIntegerField(default=0)  # in the order, chosen by a person; 0: none
    place_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class InitiativeGoal(Known):
    """An initiative serves a goal."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="initiative_links")


class Experiment(Known):
    """A dated trial: until its end an account or activity under it has a line without a goal."""

    key = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    question = models.TextField(blank=True)
    start = models.DateField()
    end = models.DateField()
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="experiments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # What it tries, where its cells bind posts of an initiative; and what the public could hold against it.
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="trials")
    risk = models.CharField(max_length=500, blank=True)
    # The last day on which its cells bind, where somebody ended it before its end.
    stopped_on = models.DateField(null=True)
    learning = models.TextField(blank=True)


class Cells(models.QuerySet["Cell"]):
    """What posting must obey."""

    def forbids(self, account: Account, at: datetime, initiative: Initiative | None = None, *, aimed: Collection[str] = ()) -> Cell | None:  # fmt: skip
        """The cell that keeps posts of its initiative off this account at an instant; None: none does.

        `initiative`: what the post is bound to; left out, any initiative that is being tried. `aimed`: the regions or countries that
        alone will see the post; left out, the account's own. Days are those of the organisation's zone. While an experiment holds
        some place back, its initiative is posted from (or to) a cell with it and from nowhere else: an account that lies in no cell, or of
        which nobody knows where it lies, would reach the held-out ones. Then the first of those is what holds it.
        """
        day = at.astimezone(Installation.objects.zone())
        rows = self.binding(day.date())
        if initiative is not None:
            rows = rows.filter(experiment__initiative=initiative)
        return first_holding(rows.select_related("experiment__initiative").order_by("pk"), account, aimed)  # fmt: skip

    def binding(self, day: date) -> Cells:
        """The cells that bind on a day: inside their dates, of an experiment that was neither stopped before nor taken back."""
        stopped = models.Q(experiment__stopped_on=None) | models.Q(experiment__stopped_on__gte=day)
        return self.filter(stopped, start__lte=day, until__gte=day, experiment__known_until=None)


class Cell(models.Model):
    """In this unit, region or account (all blank: everywhere), from one day to another, both included: the arm. Never changed."""

    experiment = models.ForeignKey(Experiment, models.PROTECT, related_name="cells")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    region = models.CharField(max_length=120, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    start = models.DateField()
    until = models.DateField()
    arm = models.CharField(max_length=3)  # on: the initiative runs there; off: it does not

    objects = Cells.as_manager()

    class Meta:
        indexes = [models.Index(fields=["start", "until"], name="cell_by_days")]

    def __str__(self) -> str:
        return f"{self.place}, {self.start} to {self.until}: {self.arm}"

    @property
    def place(self) -> str:
        """Where it holds, in words."""
        named = self.account or self.unit
        return str(named) if named else self.region or "everywhere"

    def holds(self, account: Account, places: Collection[str], units: Collection[int]) -> bool:
        """Whether the account lies in it; `places`: its folded region and country, `units`: its unit and those above (`units_above`)."""
        if self.account_id:
            return self.account_id == account.pk
        if self.unit_id:
            return self.unit_id in units
        return not self.region or not places or fold(self.region) in places


class Link(Known):
    """An account serves a goal, an initiative or an experiment, from one day to another (either end may be open)."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="account_links")
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, related_name="account_links"
    )
    experiment = models.ForeignKey(
        Experiment, models.PROTECT, null=True, related_name="account_links"
    )
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="link_by_account")]


class SpendLine(Known):
    """Money spent on a day; without goal and initiative it is listed as unassigned."""

    date = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=8, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="spend_lines")
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, related_name="spend_lines"
    )
    row_hash = models.BinaryField(max_length=32)
    ordinal = models.IntegerField(default=0)


class HoursLine(Known):
    """Hours worked in a week (its Monday)."""

    week = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=10, decimal_places=2)
    person_or_team = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=12, blank=True)
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, related_name="hours_lines"
    )
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")


class Proposal(models.Model):
    """What the audit, or an imported file, proposes for an account; a person decides."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    proposal = models.CharField(max_length=12)  # keep, consolidate, retire, verify
    rule = models.CharField(max_length=40)
    inputs = models.JSONField(default=dict)
    source = models.CharField(max_length=20, default="audit")  # audit, import
    run = models.BigIntegerField(null=True)
    line = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided = models.CharField(max_length=12, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    status_before = models.CharField(
        max_length=12, blank=True
    )  # the account's, where the decision changed it
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="proposal_by_account")]


class Dependency(Known):
    """An initiative needs another one to have ended before it begins."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="needs")
    needed = models.ForeignKey(Initiative, models.CASCADE, related_name="needed_by")


class Prerequisite(Known):
    """What has to stand before an initiative begins: a gate (`q30`), a coherence rule (`C4`), or something else in words."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="prerequisites")
    say = models.CharField(max_length=300)
    item = models.CharField(max_length=4, blank=True)
    expected = models.DateField(null=True)
    met_on = models.DateField(null=True)


class RoadmapFrame(Known):
    """What all initiatives of the organisation have to fit into."""

    capacity_hours = models.DecimalField(max_digits=10, decimal_places=2)  # a quarter
    hour_value = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")


class StrategyVersion(models.Model):
    """The strategy as it was adopted on a day: vision, goals, plans, resources. A change is a further version."""

    number = models.PositiveIntegerField(unique=True)
    adopted_on = models.DateField()
    adopted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    vision = models.TextField()
    plans = models.TextField(blank=True)
    resources = models.TextField(blank=True)
    goals = models.ManyToManyField(Goal, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Strategy {self.number} of {self.adopted_on}"


class Tool(models.Model):
    """A tool or connector: asked for with a goal and a strategy version, or let in past that rule by a named person."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=9, default="tool")  # tool, connector
    vendor = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=500)
    status = models.CharField(max_length=9, default="asked")  # asked, in_use, refused, retired
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="+")
    strategy = models.ForeignKey(StrategyVersion, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.CharField(max_length=500, blank=True)
    # Set where it came in without a goal or without a strategy.
    override_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    override_reason = models.CharField(max_length=500, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name
