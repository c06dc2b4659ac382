"""Files on their way in: the bytes in the home under a random name, the rest in a row that a worker takes under a lease.

How far a running import is, and the wish to stop it, stand in small files beside the bytes and not in the row: an import of a
small kind is one transaction, and on SQLite nobody else can write until it ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from socius.activity.actions.ledger import Doer
from socius.activity.models import ImportJob
from socius.kit.errors import Conflict, Invalid

LARGEST = 2 << 30
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=1)


class Stopped(Exception):
    """A person asked a running import to end; its transaction is rolled back."""


def file_of(job: ImportJob, suffix: str = "") -> Path:
    """Where the bytes of a job lie, or what stands beside them."""
    return Path(settings.HOME) / "uploads" / f"{job.place}{suffix}"


def receive(chunks: Iterable[bytes], name: str, *, kind: str, who: Doer) -> ImportJob:
    """Keeps a file that somebody handed over; only this account of the machine can read it."""
    job = ImportJob(place=secrets.token_hex(16), file_name=Path(name).name[:300], kind=kind)
    place = file_of(job)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    if not 0 < size <= LARGEST:
        place.unlink()
        say = (
            "The file is empty: it has not a single byte."
            if not size
            else "The file is larger than 2 GiB."
        )
        raise Invalid(say, field="file", repair="Export it again, or in parts.")
    job.sha256, job.size, job.actor = digest.hexdigest(), size, who.ref
    job.state, job.made_at = "open", who.at
    job.save()
    return job


def locked(job: ImportJob) -> ImportJob:
    """The row as it stands, held until the transaction ends."""
    return ImportJob.objects.select_for_update().get(pk=job.pk)


def describe(job: ImportJob, *, kind: str, said: dict[str, Any]) -> ImportJob:
    """Notes what the person says about the file; what an earlier reading found is void then."""
    with transaction.atomic():
        job = locked(job)
        refuse_busy(job)
        job.kind, job.said, job.report, job.failure = kind, said, {}, ""
        job.save()
    return job


def ask(job: ImportJob, *, apply: bool, at: datetime) -> ImportJob:
    """Puts the job where a worker finds it."""
    with transaction.atomic():
        job = locked(job)
        refuse_busy(job)
        if not file_of(job).exists():
            raise Conflict("The file is not kept any more. Hand it over again.")
        job.state, job.apply, job.asked_at, job.failure = "queued", apply, at, ""
        forget(job, ".progress", ".stop")
        job.save()
    return job


def refuse_busy(job: ImportJob) -> None:
    """Only a job that rests can be changed."""
    if job.state != "open":
        raise Conflict(f"This file is {STATES[job.state]}; it cannot be changed now.")


STATES = {"queued": "waiting its turn", "running": "being read", "applied": "applied already"}


def claim(at: datetime, number: int | None = None) -> ImportJob | None:
    """Takes one job that is due; two workers never get the same one."""
    with transaction.atomic():
        due = ImportJob.objects.due(at)
        due = due.filter(pk=number) if number else due
        job = due.select_for_update().first()
        if job is not None:
            job.state, job.leased_until = "running", at + LEASE
            job.save(update_fields=["state", "leased_until"])
    return job


def teller(job: ImportJob, clock: Callable[[], datetime]) -> Callable[[int], None]:
    """What a running import calls now and then: notes how far it is, and ends it where somebody asked for that."""
    place, stop = file_of(job, ".progress"), file_of(job, ".stop")

    def tell(rows: int) -> None:
        if stop.exists():
            raise Stopped
        draft = place.with_suffix(".telling")
        draft.write_text(json.dumps({"rows": rows, "at": clock().timestamp()}))
        draft.replace(place)

    return tell


def stop(job: ImportJob) -> None:
    """Takes a waiting job back, or asks the running one to end."""
    with transaction.atomic():
        if ImportJob.objects.filter(pk=job.pk, state="queued").update(state="open"):
            return
    file_of(job, ".stop").touch(mode=0o600)


def settle(
    job: ImportJob, report: dict[str, Any], lines: list[tuple[int, str, str]], at: datetime
) -> ImportJob:
    """Keeps what came of it. An applied file is not needed any more; what was said about its lines stays a day."""
    job.report, job.rows, job.ended_at = report, report["rows"]["read"], at
    job.state = "applied" if report.get("applied_at") else "open"
    with os.fdopen(
        os.open(file_of(job, ".lines"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
    ) as out:
        json.dump(lines, out)
    job.save()
    forget(job, ".progress", ".stop", *([""] if job.state == "applied" else []))
    return job


def give_up(job: ImportJob, say: str) -> ImportJob:
    """Back to the person who asked, with why."""
    job.state, job.failure = "open", say[:1000]
    job.save(update_fields=["state", "failure"])
    forget(job, ".progress", ".stop")
    return job


def forget(job: ImportJob, *suffixes: str) -> None:
    """Deletes the files of a job."""
    for suffix in suffixes:
        with contextlib.suppress(FileNotFoundError):
            file_of(job, suffix).unlink()


def forget_old(at: datetime) -> int:
    """After a day nothing of a file is kept that was not imported."""
    old = ImportJob.objects.filter(made_at__lt=at - KEPT).exclude(state__in=["running", "queued"])
    gone = list(old)
    for job in gone:
        forget(job, "", ".lines", ".progress", ".stop", ".findings")
        job.delete()
    return len(gone)
