"""A file's way in, for a person who may leave the page meanwhile: hand it over, say what it is, have it tried out, have it applied.

Nothing here changes the organisation: that does the import itself, which asks its Right again and stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from socius.activity import actions as records
from socius.activity.models import ImportJob
from socius.activity.reports import installation
from socius.connectors.files import KINDS, Report, Upload
from socius.kit.errors import Conflict, Invalid, NotFound, Refused, SociusError
from socius.measure.actions.kinds import ASKED, IMPORTERS
from socius.organisation.actions import allowed, record_refusal, require_somewhere
from socius.organisation.models import Actor, Person

# Read within the request; a larger file waits for the worker.
SMALL = 200_000
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Said:
    """What a person says about a file."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    confirm_shrink: bool = False
    reason: str = ""


def receive_file(chunks: Iterable[bytes], name: str, *, kind: str = "", actor: Actor) -> ImportJob:
    """Keeps a file for its import. Asks the Right of its kind; of a file whose kind is not known yet, any Right to import."""
    require_import(kind, actor)
    return records.receive(chunks, name, kind=kind, who=actor)


def require_import(kind: str, actor: Actor) -> None:
    """The Right to import the kind, somewhere: rows ask one by one. Without a kind, the Right to import anything."""
    if kind and kind not in IMPORTERS:
        raise NotFound(f"There is no kind {kind!r}. Kinds are {', '.join(IMPORTERS)}.")
    if kind or not any(allowed(actor, right, None) for right in ASKED.values()):
        require_somewhere(actor, ASKED[kind or "accounts"])


def describe_import(job: ImportJob, said: Said, *, kind: str, actor: Actor) -> ImportJob:
    """Notes what the file is, what its columns mean, and what was answered."""
    require_import(kind, actor)
    job = own(job.pk, actor)
    if said.confirm_shrink and not said.reason.strip():
        raise Invalid("Say why it is right that so many are no longer listed.", field="reason")
    return records.describe(job, kind=kind, said=asdict(said))


def ask_import(job: ImportJob, *, sha256: str = "", apply: bool = False, actor: Actor) -> ImportJob:
    """Has the file tried out, or with `apply` applied: then `sha256` is that of the file whose report was shown."""
    require_import(job.kind, actor)
    job = own(job.pk, actor)
    if not job.kind:
        raise Invalid("Say what the file holds.", field="kind")
    if apply and sha256 != job.sha256:
        raise Conflict("This is not the file whose report was shown. Look at its report first.")
    if apply and job.report.get("state") != "ok":
        raise Conflict("Only a file whose dry run is in order can be applied.")
    return records.ask(job, apply=apply, at=actor.at)


def cancel_import(job: ImportJob, *, actor: Actor) -> ImportJob:
    """Takes a waiting import back, or ends the running one: what it wrote is rolled back, or stays unseen until it is taken up again."""
    require_import(job.kind, actor)
    job = own(job.pk, actor)
    records.stop(job)
    return job


def own(number: int, actor: Actor) -> ImportJob:
    """A file that the actor handed over; of others' files nobody learns."""
    job = ImportJob.objects.of(actor.ref).filter(pk=number).first()
    if job is None:
        raise NotFound(
            "There is no such file; it may have been forgotten after a day. Hand it over again."
        )
    return job


def upload_of(job: ImportJob, progress: Callable[[int], None] | None = None) -> Upload:
    """The job as the importers take it."""
    said = Said(**job.said)
    return Upload(
        source=records.file_of(job),
        name=job.file_name,
        apply=job.apply,
        mapping=said.mapping,
        answers=said.answers,
        expect_sha256=job.sha256,
        complete=said.complete,
        confirm_shrink=said.confirm_shrink,
        reason=said.reason,
        zone=str(ZoneInfo(installation().zone)),
        progress=progress,
    )


def run_next(clock: Clock, number: int | None = None) -> bool:
    """Takes one job that is due, or the one of this number, and does it to its end."""
    job = records.claim(clock(), number)
    if job is None:
        return False
    actor = Actor(Person.objects.get(pk=int(job.actor.partition(":")[2])), "web", clock())
    try:
        report = IMPORTERS[job.kind](upload_of(job, records.teller(job, clock)), actor=actor)
    except records.Stopped:
        records.give_up(job, "Cancelled. Nothing of it counts.")
    except Refused as refused:
        records.give_up(job, str(refused))
        record_refusal(refused, actor)
    except SociusError as error:
        records.give_up(job, str(error))
    except (DatabaseError, OSError, RuntimeError, ValueError, UnicodeError):
        # The person must not wait for ever; the worker's log has the rest.
        records.give_up(
            job,
            "The import ended with an error of ours; the log of the server says which. Nothing of it counts.",
        )
        raise
    else:
        finish(job, report, clock())
    return True


def finish(job: ImportJob, report: Report, at: datetime) -> None:
    """Keeps the report; a large kind does not tell which line became what."""
    lines = [] if KINDS[job.kind].large else report.taken
    records.settle(job, report.as_json(), lines, at)


def forget_files(at: datetime) -> int:
    """Deletes what was handed over more than a day ago."""
    return records.forget_old(at)
