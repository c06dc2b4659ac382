"""A file on its way in: whose it is, where it lies, who takes it, how it ends."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from socius.activity.actions import claim, file_of, teller
from socius.activity.models import Entry, ImportJob, ImportRun
from socius.kit.errors import Conflict, NotFound, Refused
from socius.measure import reports
from socius.measure.actions import (
    IMPORTERS,
    Said,
    ask_import,
    cancel_import,
    describe_import,
    receive_file,
)
from socius.measure.jobs import forget_files, import_now, import_waiting
from socius.organisation.actions import NewPerson, found, invite_person
from socius.organisation.models import Actor

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOALS = b"goal,statement,executive_owner\ngrow,Grow,ceo@example.org\nhold,Hold,ceo@example.org\n"


def clock() -> datetime:
    return AT


@pytest.fixture
def founder(db, tmp_path, settings) -> Actor:
    settings.HOME = tmp_path
    person = found("Acme", zone="UTC", email="a@example.org", password=None, at=AT)
    return Actor(person, "web", AT)


def tried(founder: Actor, data: bytes = GOALS) -> ImportJob:
    job = receive_file([data], "goals.csv", kind="goals", actor=founder)
    ask_import(job, actor=founder)
    assert import_now(job.pk, clock) == 1
    return ImportJob.objects.get(pk=job.pk)


def test_the_bytes_lie_under_a_random_name_that_only_we_can_read(founder: Actor) -> None:
    job = receive_file([GOALS], "../../goals.csv", actor=founder)
    place = file_of(job)
    assert job.file_name == "goals.csv"
    assert place.parent == settings.HOME / "uploads"
    assert "goals" not in place.name
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_dry_run_writes_nothing_and_tells_which_line_becomes_what(founder: Actor) -> None:
    job = tried(founder)
    assert job.state == "open"
    assert job.report["state"] == "ok"
    assert [line for line, _ in reports.lines(job, "created")] == [2, 3]
    assert not ImportRun.objects.exists()


def test_applying_names_the_hash_that_was_shown_and_forgets_the_file(founder: Actor) -> None:
    job = tried(founder)
    with pytest.raises(Conflict, match="not the file"):
        ask_import(job, sha256="0" * 64, apply=True, actor=founder)
    ask_import(job, sha256=job.sha256, apply=True, actor=founder)
    assert import_waiting(clock) == 1
    job.refresh_from_db()
    assert job.state == "applied"
    assert not file_of(job).exists()
    assert Entry.objects.filter(verb="import", object=f"import:{job.report['import']}").count() == 1


def test_a_file_that_changed_on_the_disk_is_refused(founder: Actor) -> None:
    job = tried(founder)
    ask_import(job, sha256=job.sha256, apply=True, actor=founder)
    file_of(job).write_bytes(GOALS + b"more,More,x\n")
    import_waiting(clock)
    job.refresh_from_db()
    assert job.report["state"] == "refused"
    assert job.state == "open"


def test_nothing_is_applied_without_a_dry_run_in_order(founder: Actor) -> None:
    job = receive_file([GOALS], "goals.csv", kind="goals", actor=founder)
    with pytest.raises(Conflict, match="dry run"):
        ask_import(job, sha256=job.sha256, apply=True, actor=founder)


def test_two_workers_never_take_one_job_and_a_dead_ones_job_is_taken_up(founder: Actor) -> None:
    job = receive_file([GOALS], "goals.csv", kind="goals", actor=founder)
    ask_import(job, actor=founder)
    assert claim(AT) == job
    assert claim(AT) is None
    assert claim(AT + timedelta(minutes=11)) == job


def test_cancelling_a_waiting_job_takes_it_back(founder: Actor) -> None:
    job = receive_file([GOALS], "goals.csv", kind="goals", actor=founder)
    ask_import(job, actor=founder)
    cancel_import(job, actor=founder)
    assert import_waiting(clock) == 0
    job.refresh_from_db()
    assert job.state == "open"


def test_cancelling_a_running_job_ends_it_and_nothing_of_it_stays(founder: Actor, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    job = receive_file([GOALS], "goals.csv", kind="goals", actor=founder)
    ask_import(job, actor=founder)
    real = IMPORTERS["goals"]

    def stopped_half_way(upload, *, actor):
        cancel_import(job, actor=actor)
        upload.progress(1)
        return real(upload, actor=actor)

    monkeypatch.setitem(IMPORTERS, "goals", stopped_half_way)
    assert import_waiting(clock) == 1
    job.refresh_from_db()
    assert job.state == "open"
    assert job.failure == "Cancelled. Nothing of it counts."


def test_progress_is_told_beside_the_row(founder: Actor) -> None:
    job = receive_file([GOALS], "goals.csv", kind="goals", actor=founder)
    ask_import(job, actor=founder)
    job.refresh_from_db()
    job.rows = 400
    teller(job, lambda: AT + timedelta(seconds=10))(100)
    now = reports.progress(job, AT + timedelta(seconds=10))
    assert (now.rows, now.share, now.rate, now.left) == (100, 0.25, 10.0, 30.0)


def test_nobody_sees_the_file_of_another(founder: Actor) -> None:
    job = tried(founder)
    other = Actor(invite_person(NewPerson("b@example.org"), actor=founder), "web", AT)
    with pytest.raises(NotFound):
        reports.job(job.pk, other)
    with pytest.raises(Refused):
        describe_import(job, Said(), kind="goals", actor=other)


def test_after_a_day_nothing_is_kept(founder: Actor) -> None:
    job = tried(founder)
    assert forget_files(AT + timedelta(hours=23)) == 0
    assert forget_files(AT + timedelta(hours=25)) == 1
    assert list((settings.HOME / "uploads").iterdir()) == []
    assert not ImportJob.objects.filter(pk=job.pk).exists()


def test_findings_come_with_their_rows(founder: Actor) -> None:
    rows = b"".join(b"g%d,Goal %d,ceo@example.org,2026-01-01\n" % (n, n) for n in range(9))
    job = tried(founder, b"goal,statement,executive_owner,period_start\n" + rows + b",No key,ceo@example.org,2026-01-01\n")  # fmt: skip
    columns, found_rows = reports.findings(job)
    bad = [row for row in found_rows if row[-1] == 11]
    assert columns[:2] == ["goal", "statement"]
    assert bad[0][:3] == ["", "No key", "ceo@example.org"]
