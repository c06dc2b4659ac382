"""Queries with their versions, sources, what was collected from when to when, and hits. Texts of mentions are in the store, not here."""

from __future__ import annotations

from django.db import models

from socius.organisation.models import Person, Unit

KINDS = ("jetstream", "mastodon", "imap")
WAITING, LIVE, SILENT, BROKEN, PAUSED = "waiting", "live", "silent", "broken", "paused"


class Query(models.Model):
    """What is listened for. Its text is that of its newest version."""

    name = models.CharField(max_length=120)
    text = models.TextField(max_length=8192)
    version = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class QueryVersion(models.Model):
    """A text as it stood. Counts of two versions are never joined into one series."""

    query = models.ForeignKey(Query, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=8192)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["query", "version"], name="one_text_a_version")
        ]


class Source(models.Model):
    """A stream that is collected, how far it got and what came of it."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=500)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    paused = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=WAITING)
    last_error = models.CharField(max_length=500, blank=True)
    # Opaque to us but for Jetstream, where it is microseconds since 1970.
    cursor = models.CharField(max_length=100, blank=True)
    block = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    received = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    malformed = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Coverage(models.Model):
    """A stretch in which everything that a source told was collected; between two stretches lies a gap."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="spans")
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["since"]
        indexes = [models.Index(fields=["source", "until"], name="coverage_by_source")]


class Hit(models.Model):
    """A mention that a query found, once. `key` names the mention in the store."""

    query = models.ForeignKey(Query, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    key = models.CharField(max_length=32)
    day = models.DateField()
    at = models.DateTimeField()
    observed_at = models.DateTimeField()
    block = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["query", "key"], name="one_hit_a_query_and_mention")
        ]
        indexes = [
            models.Index(fields=["query", "day"], name="hits_by_day"),
            models.Index(fields=["key"], name="hits_by_key"),
        ]


class Claim(models.Model):
    """Who works on what, where several collectors share one queue: `block:7`, `source:3`. It holds until a time; whoever lives renews it."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()


class Alerting(models.Model):
    """How often an alarm may be false, and how soon each level is to be answered; the one row of an installation."""

    budget = models.FloatField(default=1.0)  # false alarms in a month over all queries
    minutes_1 = models.PositiveIntegerField(default=24 * 60)
    minutes_2 = models.PositiveIntegerField(default=4 * 60)
    minutes_3 = models.PositiveIntegerField(default=60)
    looked_at = models.DateTimeField(null=True)

    def minutes(self, level: int) -> int:
        """How long an answer may take at a level."""
        return {1: self.minutes_1, 2: self.minutes_2, 3: self.minutes_3}[level]


class Threshold(models.Model):
    """A person's own limit for a query: it alarms at so many mentions in an hour, whatever is usual."""

    query = models.OneToOneField(Query, models.CASCADE, related_name="threshold")
    per_hour = models.PositiveIntegerField()


class Alert(models.Model):
    """A rise that somebody is to look at. A crisis is another object, and is opened by a person."""

    query = models.ForeignKey(Query, models.PROTECT, related_name="alerts")
    version = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    # rise: unusual by the counts; threshold: a limit that a person set.
    reason = models.CharField(max_length=12, default="rise")
    onset = models.DateTimeField()
    peak = models.DateTimeField()
    until = models.DateTimeField()
    expected = models.FloatField()
    observed = models.PositiveIntegerField()
    p = models.FloatField(null=True)
    authors = models.PositiveIntegerField()
    scored = models.PositiveIntegerField()
    negative = models.FloatField(null=True)  # share of the scored ones
    # Band, coverage and keys of mentions; never their texts, which can be erased where they are.
    evidence = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    mailed_level = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["query", "until"], name="alerts_by_query")]

    @property
    def state(self) -> str:
        """open until somebody acknowledges it, then acknowledged, then closed."""
        if self.closed_at:
            return "closed"
        return "acknowledged" if self.acknowledged_at else "open"


class AlertNote(models.Model):
    """What somebody wrote down while handling an alert."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notes")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class LookBack(models.Model):
    """How far a query has looked through what is stored: its version, and the last block of a file that was looked at."""

    query = models.OneToOneField(Query, models.CASCADE, related_name="look_back")
    version = models.PositiveIntegerField(default=0)
    block = models.BigIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)


class Question(models.Model):
    """The one question that is asked on every channel, as it stood; another wording is another version and another series."""

    version = models.PositiveIntegerField(unique=True)
    text = models.CharField(max_length=300)
    low = models.IntegerField(default=1)
    high = models.IntegerField(default=7)
    low_words = models.CharField(max_length=60)
    high_words = models.CharField(max_length=60)
    # Segment -> share of the whole; empty: unadjusted. Channel -> fixed weight; empty: equal.
    mix = models.JSONField(default=dict)
    weights = models.JSONField(default=dict)
    # Mentions that this query finds are the voice of the social channels.
    query = models.ForeignKey(Query, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return self.text


class SurveyLink(models.Model):
    """Where the question can be answered without signing in. The token is public: it stands on the sites that embed it."""

    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=40)
    token = models.CharField(max_length=43, unique=True)
    # Origins that may frame it, such as https://shop.example.org.
    hosts = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Intake(models.Model):
    """A file of answers that was taken in, so that it can be taken back as a whole."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="intakes")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    source = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.source.removeprefix("file:")


class Response(models.Model):
    """One answer, 0 to 100. Who gave it is a keyed hash or nothing."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="responses")
    channel = models.CharField(max_length=40)
    at = models.DateTimeField()
    day = models.DateField()
    value = models.FloatField()
    segment = models.CharField(max_length=80, blank=True)
    author = models.CharField(max_length=32, blank=True)
    source = models.CharField(max_length=40)
    intake = models.ForeignKey(Intake, models.PROTECT, null=True, related_name="responses")
    # Names the answer where it came from: the same row of a file is taken once.
    key = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="one_answer_once")]
        indexes = [models.Index(fields=["question", "day"], name="responses_by_day")]


class Standing(models.Model):
    """The index of a day and channel (empty: all), or why there is none. Worked out again whenever answers come in."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="standings")
    channel = models.CharField(max_length=40, blank=True)
    day = models.DateField()
    index = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField()
    effective = models.FloatField()
    raw = models.FloatField(null=True)
    unscored = models.FloatField()
    covered = models.FloatField()
    short_history = models.BooleanField()
    missing = models.CharField(max_length=200, blank=True)
    # The index when suspected rings weigh as much as everybody else.
    plain = models.FloatField(null=True)

    class Meta:
        ordering = ["day", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "channel", "day"], name="one_standing_a_day"
            )
        ]


class Reckoning(models.Model):
    """How the standings of a question were worked out last, and what the channels say against one another."""

    question = models.OneToOneField(Question, models.CASCADE, related_name="reckoning")
    made_at = models.DateTimeField()
    mark = models.CharField(max_length=100)  # changes with what there was to work on
    said = models.JSONField()


class CoverageWord(models.Model):
    """What a person says of a stretch of a source against what was noted: that all of it, or nothing of it, was collected."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="words")
    since = models.DateTimeField()
    until = models.DateTimeField()
    full = models.BooleanField()
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]


class Ring(models.Model):
    """Authors who act as one, by a computer's suspicion, and what a person says of it. Authors are kept as hashes, never by name."""

    members = models.JSONField()  # hashes of author ids, sorted
    moments = models.PositiveIntegerField()
    texts = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()
    keys = models.JSONField(default=list)  # of some of their mentions
    days = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="suspected")
    reason = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
