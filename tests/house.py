"""A founded organisation to which tests hand files, with a clock that moves on at each act."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from socius.activity.models import Entry, ImportRun
from socius.connectors.files import Report, Upload
from socius.measure.actions import IMPORTERS, undo_import
from socius.measure.reports import as_json, asked, line_of_sight
from socius.organisation.actions import NewUnit, create_unit, found
from socius.organisation.models import Actor, Unit

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


class House:
    """Everything is done by the founder, each act a minute after the one before."""

    def __init__(self, at: datetime = START, zone: str = "UTC") -> None:
        self.at = at
        self.person = found("Acme", zone=zone, email="ada@example.org", password=None, at=at)
        self.root = Unit.objects.get(kind="organisation")

    def unit(self, key: str, parent: Unit | None = None) -> Unit:
        return create_unit(NewUnit(key), parent or self.root, actor=self.actor())

    def actor(self) -> Actor:
        self.at += timedelta(minutes=1)
        return Actor(self.person, "cli", self.at)

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)

    def read(self, kind: str, text: str, **said: Any) -> Report:
        """Imports a text as a file of a kind, whatever comes of it."""
        actor = said.pop("actor", None) or self.actor()
        upload = Upload(text.encode(), f"{kind}.csv", **{"apply": True, **said})
        return IMPORTERS[kind](upload, actor=actor)

    def take(self, kind: str, text: str, **said: Any) -> Report:
        """Imports a text that must apply without a rejected row."""
        report = self.read(kind, text, **said)
        assert (report.state, report.rejected) == ("ok", 0), report.as_json()
        return report

    def undo(self, report: Report) -> dict[str, Any]:
        assert report.run is not None
        done = undo_import(report.run, actor=self.actor(), apply=True)
        assert done["applied"], done
        return done

    def sight(
        self, as_of: date | None = None, first: date | None = None, last: date | None = None
    ) -> dict[str, Any]:
        """The line of sight at this instant, never a remembered one."""
        question = asked(self.at, as_of, first, last)
        return as_json(*line_of_sight(Actor(self.person, "cli", self.at), question), question)

    def runs(self) -> int:
        return ImportRun.objects.count()

    def entries(self) -> int:
        return Entry.objects.count()


def codes(report: Report) -> dict[str, int]:
    """How often each finding was made."""
    return dict(report.counts)


def rows(report: Report) -> dict[str, int]:
    """The rows that came to something."""
    return {name: n for name, n in report.as_json()["rows"].items() if n}
