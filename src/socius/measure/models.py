"""Effects: what was found, how, and how sure we are."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from socius.accounts.models import Account
from socius.organisation.models import Person, Unit
from socius.strategy.models import Experiment, Goal, Initiative, Known, KnownRows, Series


class AccountGroup(Known):
    """Accounts that somebody declared, with a reason and a first day, as one subject of measurement, and the outcomes it is for.

    Never changed: another choice is another group. A separate effect for each account is never estimated.
    """

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    # What they do in common from the first day on, and why just these.
    why = models.CharField(max_length=500)
    start = models.DateField()
    end = models.DateField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    accounts = models.ManyToManyField(Account, related_name="+")
    outcomes = models.ManyToManyField(Series, related_name="+")
    declared_on = models.DateField()
    declared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    # A name of its own, as `Effect` has.
    objects: ClassVar[KnownRows[AccountGroup]] = KnownRows.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(why=""), name="no_group_without_a_reason")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def late(self) -> bool:
        """Declared when its first days had been seen."""
        return self.declared_on >= self.start


class Effect(Known):
    """An effect of an initiative, of a declared account group, or of all that serves a goal, on a series. The grade follows from the
    method and is capped.
    """

    # Named anew: a model that points at itself loses the type of an inherited one.
    objects: ClassVar[KnownRows[Effect]] = KnownRows.as_manager()  # type: ignore[assignment]

    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="+")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(AccountGroup, models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    method = models.CharField(max_length=80)
    grade = models.CharField(max_length=1)
    # Null where no number is shown: a refused estimate.
    estimate = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    source = models.CharField(max_length=500, blank=True)
    by_hand = models.BooleanField(default=True)
    refused = models.BooleanField(default=False)
    # The day from which its age counts: the end of its window, else the day on which it was recorded.
    dated = models.DateField()

    # From here on: only what Socius computed. `answer` is what the engine gave, the path included.
    version = models.CharField(max_length=40, blank=True)
    code_version = models.CharField(max_length=40, blank=True)
    pre_start = models.DateField(null=True)
    pre_end = models.DateField(null=True)
    controls = models.ManyToManyField(Series, related_name="+")
    # Days of other initiatives that no fake start's window may hold.
    excluded = models.JSONField(default=list)
    seed = models.BigIntegerField(null=True)
    sd = models.FloatField(null=True)
    p = models.FloatField(null=True)
    factor = models.FloatField(null=True)
    placebo_n = models.PositiveIntegerField(null=True)
    placebo_hits = models.PositiveIntegerField(null=True)
    verdict = models.CharField(max_length=12, blank=True)  # up, down, cannot_tell, refused
    grade_reason = models.CharField(max_length=400, blank=True)
    refusal = models.CharField(max_length=20, blank=True)
    second_method = models.CharField(max_length=40, blank=True)
    second_estimate = models.FloatField(null=True)
    agrees = models.BooleanField(null=True)
    pre_registered = models.BooleanField(default=False)
    design_hash = models.CharField(max_length=64, blank=True)
    data_hash = models.CharField(max_length=64, blank=True)
    answer_hash = models.CharField(max_length=64, blank=True)
    answer = models.JSONField(null=True)
    # Whether the same bytes came out when it was computed again from what was stored.
    replays = models.BooleanField(null=True)
    made_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # What was registered before the start, where it was.
    design = models.ForeignKey("Design", models.PROTECT, null=True, related_name="effects")

    @property
    def subject(self) -> Initiative | AccountGroup | None:
        """What it is an effect of, where that is an initiative or a group."""
        return self.initiative or self.group


class Design(models.Model):
    """What was registered before an initiative, its experiment or an account group began: a sheet with its hash. Never changed; a later
    one supersedes it.

    Of the kind `sheet` an estimate of the series itself follows. The other kinds own an experiment whose assignment was drawn:
    `scheme`, `seed`, `arms` and the hash of scheme and seed that went to the ledger.
    """

    kind = models.CharField(max_length=16)  # sheet, geo_holdout, account_holdout, switchback, time_holdout  # fmt: skip
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="+")
    # A group has sheets only: an experiment binds an initiative's posts.
    group = models.ForeignKey(AccountGroup, models.PROTECT, null=True, related_name="sheets")
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    experiment = models.OneToOneField(Experiment, models.PROTECT, null=True, related_name="+")
    start = models.DateField()
    end = models.DateField()
    controls = models.ManyToManyField(Series, related_name="+")
    # The smallest relative effect worth acting on, and the smallest that could be seen in 80 %.
    worth = models.FloatField(null=True)
    mde = models.FloatField(null=True)
    # Everything that was promised, the power at each lift included, and its SHA-256.
    sheet = models.JSONField()
    sha256 = models.CharField(max_length=64)
    scheme = models.JSONField(null=True)
    scheme_sha256 = models.CharField(max_length=64, blank=True)
    seed = models.BigIntegerField(null=True)
    arms = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # Looks outside the plan; looks that the sheet promised, and whether one of them called the effect at its strict level.
    looks = models.PositiveIntegerField(default=0)
    planned_looks = models.PositiveIntegerField(default=0)
    called_early = models.BooleanField(default=False)
    concluded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(initiative=None) ^ models.Q(group=None),
                name="a_design_has_one_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(group=None) | models.Q(kind="sheet"),
                name="a_group_has_sheets_only",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} on {self.series}"

    @property
    def subject(self) -> Initiative | AccountGroup | None:
        """What it was registered for."""
        return self.initiative or self.group


class Refresh(models.Model):
    """One pass over every pair that somebody asked about or registered. A pass without an end is running, or was killed."""

    day = models.DateField()
    began_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    pairs = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"refresh of {self.day}"


class RefreshedPair(models.Model):
    """How a pair came out the last time: one row a pair. `mark` says what it was asked with; the same mark is not asked again."""

    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(AccountGroup, models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    start = models.DateField()
    refresh = models.ForeignKey(Refresh, models.PROTECT, related_name="refreshed")
    mark = models.CharField(max_length=64)
    outcome = models.CharField(max_length=9)  # estimated, refused, unchanged, skipped, failed
    say = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "series", "start"], name="one_row_a_refreshed_pair"
            ),
            models.UniqueConstraint(
                fields=["group", "series", "start"], name="one_row_a_refreshed_group"
            ),
            models.CheckConstraint(
                condition=models.Q(initiative=None) ^ models.Q(group=None),
                name="a_pair_has_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} on {self.series}"

    @property
    def key(self) -> tuple[int, int, int, date]:
        """Initiative and group (the one that it is not of: 0), series, first day."""
        return self.initiative_id or 0, self.group_id or 0, self.series_id, self.start

    @property
    def subject(self) -> Initiative | AccountGroup | None:
        """What was asked about."""
        return self.initiative or self.group


class UnitWorth(Known):
    """What one unit of an outcome is worth, as somebody stated it; of a saving, what one unit less is worth."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, default="revenue")  # revenue, saving
    low = models.DecimalField(max_digits=18, decimal_places=4)
    likely = models.DecimalField(max_digits=18, decimal_places=4)
    high = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    why = models.CharField(max_length=500)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stated_on = models.DateField()


class Insight(models.Model):
    """Something that was noticed, with the act that follows, who does it, and until when. Without those three it is not kept."""

    say = models.CharField(max_length=500)
    evidence = models.CharField(max_length=500, blank=True)
    act = models.CharField(max_length=500)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    due = models.DateField()
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="+")
    effect = models.ForeignKey(Effect, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # What came of it: done, or dropped with a reason.
    outcome = models.CharField(max_length=8, blank=True)
    result = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(act="") & ~models.Q(say=""), name="no_insight_without_an_act"
            )
        ]

    def __str__(self) -> str:
        return self.say


class Lead(models.Model):
    """A lead that a sales system gave back: where it came from, and whether it was won. No name and no address of anybody."""

    key = models.CharField(max_length=200, unique=True)
    date = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    # The post it came through, by the network's id.
    post = models.CharField(max_length=200, blank=True)
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=4, default="open")  # open, won, lost
    decided_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    run = models.BigIntegerField(null=True)
    withdrawn = models.BooleanField(default=False)
