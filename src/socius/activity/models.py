"""The ledger's tables. References are plain ids: nothing above is a parent of the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import models

from socius.engine.tally import Fact
from socius.engine.verbs import COUNTED, RETRACT


class Installations(models.Manager["Installation"]):
    """Phrases about the one row."""

    def zone(self) -> ZoneInfo:
        """The organisation's time zone; UTC as long as there is no organisation."""
        return ZoneInfo(self.values_list("zone", flat=True).first() or "UTC")

    def day(self, at: datetime) -> date:
        """The day of an instant where the organisation is."""
        return at.astimezone(self.zone()).date()


class Installation(models.Model):
    """The one row that says whose ledger this is: one installation serves one organisation."""

    key = models.BinaryField(max_length=16)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")
    demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # The last chained row. Until the first one: 0 and the start of the chain.
    head_seq = models.BigIntegerField(default=0)
    head_hash = models.BinaryField(max_length=32)

    objects = Installations()


class Entries(models.QuerySet["Entry"]):
    """Phrases over the ledger."""

    def chained_after(self, seq: int) -> Entries:
        """Rows of the chain behind `seq`, in its order."""
        return self.filter(seq__gt=seq).order_by("seq")

    def beyond(self, seq: int) -> Entries:
        """Rows that a reader who stands at `seq` has not seen, the ones not chained yet among them."""
        return self.filter(models.Q(seq__gt=seq) | models.Q(seq=None))

    def counting(self) -> Entries:
        """Rows that change a count: activities that were done, and what takes rows back."""
        return self.filter(verb__in=[*sorted(COUNTED), RETRACT], result="done")

    def facts(self) -> models.QuerySet[Entry, tuple[object, ...]]:
        """What counting needs of each row."""
        return self.values_list(*Fact._fields)


class Entry(models.Model):
    """One row of the ledger; never updated, never deleted (triggers). `seq` and `hash` come when it is chained.

    On PostgreSQL the table has two columns more, filled by the database: `tx` and `place`, by which the sealer orders.
    """

    id = models.BinaryField(primary_key=True, max_length=16)
    v = models.SmallIntegerField(default=1)
    seq = models.BigIntegerField(null=True, unique=True)
    at = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    actor = models.CharField(max_length=80)
    origin = models.CharField(max_length=12)
    verb = models.CharField(max_length=40)
    result = models.CharField(max_length=8)
    object = models.CharField(max_length=120)
    unit = models.BigIntegerField(null=True)
    account = models.BigIntegerField(null=True)
    initiative = models.BigIntegerField(null=True)
    goal = models.BigIntegerField(null=True)
    network = models.CharField(max_length=40, null=True)  # noqa: DJ001 - null and empty hash differently
    remote_id = models.CharField(max_length=300, null=True)  # noqa: DJ001 - as above
    minutes = models.IntegerField(null=True)
    run = models.BigIntegerField(null=True, db_column="import")
    retracts = models.BinaryField(null=True, max_length=16)
    commitment = models.BinaryField(null=True, max_length=32)
    hash = models.BinaryField(null=True, max_length=32)

    objects = Entries.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["remote_id", "verb", "network"],
                name="entry_natural_key",
                condition=models.Q(remote_id__isnull=False),
            ),
            models.Index(fields=["run"], name="entry_run", condition=models.Q(run__isnull=False)),
            models.Index(
                fields=["retracts"],
                name="entry_retracts",
                condition=models.Q(retracts__isnull=False),
            ),
        ]


class Content(models.Model):
    """What a row was about, apart from it, so that it can be erased without breaking the chain."""

    id = models.BinaryField(primary_key=True, max_length=16)
    salt = models.BinaryField(max_length=32, null=True)
    content = models.BinaryField(null=True)
    dek = models.BigIntegerField(null=True)
    erased_at = models.BigIntegerField(null=True)
    erased_by = models.CharField(max_length=80, blank=True)
    basis = models.CharField(max_length=200, blank=True)


class ImportRuns(models.QuerySet["ImportRun"]):
    """Phrases over import runs."""

    def applied(self, as_of: datetime) -> ImportRuns:
        """Runs whose rows count at `as_of`; an undo is a run of its own, so what it takes back counts until then."""
        return self.filter(applied_at__lte=as_of)


class ImportRun(models.Model):
    """One file read with the intent to apply it; a half-done one is invisible to every report."""

    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)
    state = models.CharField(max_length=16)  # running, applied, held, undone
    complete = models.BooleanField(default=False)
    actor = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    # Of an undo: the run that it takes back.
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    # Rows of the file that stand in the database, for large kinds that go in block by block.
    progress = models.BigIntegerField(default=0)
    headers = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict)

    objects = ImportRuns.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "sha256"], name="run_by_file")]


class ImportedRow(models.Model):
    """Which line of which file made or changed which object (small kinds)."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="lines")
    line = models.BigIntegerField()
    row_hash = models.BinaryField(max_length=32)
    object = models.CharField(max_length=120)
    outcome = models.CharField(max_length=12)
    # The fields that this row replaced, so that an undo can put them back.
    before = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["row_hash"], name="row_by_hash"),
            models.Index(fields=["object"], name="row_by_object"),
        ]


class ImportJobs(models.QuerySet["ImportJob"]):
    """Phrases over files on their way in."""

    def of(self, who: str) -> ImportJobs:
        """Those that this person handed over: a file is nobody else's to look at."""
        return self.filter(actor=who)

    def due(self, at: datetime) -> ImportJobs:
        """Waiting for a worker, or left behind by one that is gone."""
        left = models.Q(state="running", leased_until__lt=at)
        return self.filter(models.Q(state="queued") | left).order_by("asked_at", "pk")


class ImportJob(models.Model):
    """A file on its way in: handed over, looked at, tried out, applied. The bytes lie in the home under a random name."""

    place = models.CharField(max_length=40, unique=True)
    file_name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    actor = models.CharField(max_length=80)
    kind = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12)  # open, queued, running, applied
    # What is asked: a dry run, or the real one.
    apply = models.BooleanField(default=False)
    # What the person said about the file: mapping, answers, complete, confirm_shrink, reason.
    said = models.JSONField(default=dict)
    # Rows that an earlier reading of the file counted: the length of the progress bar.
    rows = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict)
    failure = models.CharField(max_length=1000, blank=True)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportJobs.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state"], name="job_by_state")]


class Answered(models.Model):
    """A request that a program marked with a key, and what it was answered: sent again it is answered, not done, again."""

    # Who sent what to where under which key; a digest, so that no credential stands here.
    scope = models.CharField(max_length=64, primary_key=True)
    # A digest of the body under the installation's secret: a body may hold a password.
    fingerprint = models.CharField(max_length=64)
    began_at = models.DateTimeField(db_index=True)
    # 0 until there is an answer.
    status = models.SmallIntegerField(default=0)
    media_type = models.CharField(max_length=80, blank=True)
    # Null where an answer is told once only: the clear text of a token, for instance.
    body = models.BinaryField(null=True)


class Mapping(models.Model):
    """A mapping of headers to fields that a person confirmed, remembered by the set of headers."""

    kind = models.CharField(max_length=40)
    header_hash = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "header_hash"], name="one_mapping_a_header_set")
        ]


class Cursor(models.Model):
    """How far a reader of the ledger has come."""

    name = models.CharField(primary_key=True, max_length=40)
    seq = models.BigIntegerField(default=0)


class Rollups(models.QuerySet["Rollup"]):
    """Phrases over the rollups."""

    def within(self, first: date, last: date) -> Rollups:
        """Of the days from `first` to `last`, both included."""
        return self.filter(day__gte=first, day__lte=last)

    def known(self, as_of: datetime) -> Rollups:
        """Brought by import runs that were applied at `as_of`, or recorded without one up to its UTC day."""
        live = models.Q(run=0, known_on__lte=as_of.astimezone(UTC).date())
        return self.filter(live | models.Q(run__in=ImportRun.objects.applied(as_of).values("pk")))


class Rollup(models.Model):
    """Counted activities of a day. Purely additive: a retraction is a negative count under the run that undid.

    0 and '' stand for null, so that the key is unique on both databases.
    """

    day = models.DateField()
    # The UTC day on which a row without import run became known.
    known_on = models.DateField()
    run = models.BigIntegerField(default=0)
    unit = models.BigIntegerField(default=0)
    account = models.BigIntegerField(default=0)
    reference = models.BigIntegerField(default=0)
    initiative = models.BigIntegerField(default=0)
    goal = models.BigIntegerField(default=0)
    network = models.CharField(max_length=40, default="")
    verb = models.CharField(max_length=40)
    n = models.BigIntegerField()
    minutes = models.BigIntegerField(default=0)

    objects = Rollups.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "day",
                    "known_on",
                    "run",
                    "unit",
                    "account",
                    "reference",
                    "initiative",
                    "goal",
                    "network",
                    "verb",
                ],
                name="one_rollup_a_key",
            )
        ]
