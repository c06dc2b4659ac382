"""One import while it goes on: what became of each row, and what is remembered between two imports of a kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection, transaction

from socius.activity.actions.ledger import Doer, record
from socius.activity.models import ImportRun, Mapping
from socius.connectors.files import Reading, Report, Row, Upload, read
from socius.connectors.files.drift import drift
from socius.connectors.files.masks import masked

INTO_LINES = """
    INSERT INTO activity_importedrow (run_id, line, row_hash, object, outcome, "before") VALUES (%s, %s, %s, %s, %s, %s)
"""
LINES = 2_000  # ImportedRow rows that are written together
TOLD_EVERY = 1_000
SAY = 400
# Answers to questions of the run itself: they do not change what a file says.
PASSING = frozenset({"bad_rows"})


class Run:
    """What an owner's action is given besides the rows."""

    def __init__(self, reading: Reading, who: Doer, *, id: int, lines: bool) -> None:
        self.reading = reading
        self.report: Report = reading.report
        self.upload: Upload = reading.upload
        self.who = who
        self.id = id
        self.dry = not reading.upload.apply
        self._keeps_lines = lines
        self._lines: list[tuple[Any, ...]] = []
        self._headers = {name: header for header, name in reading.mapped.items()}
        # What the owner said, apart from what reading found: a resumed run has to remember it.
        self.outcomes: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.rejected = 0
        self.findings: list[dict[str, Any]] = []

    def done(
        self, row: Row, outcome: str, object: str = "", before: dict[str, Any] | None = None
    ) -> None:
        """The row came to `created`, `updated`, `unchanged` or `skipped`; `before` holds the fields that it replaced."""
        self.report.outcomes[outcome] += 1
        self.report.take(row.line, outcome, object)
        if self._keeps_lines:
            kept = None if before is None else json.dumps(before)
            self._lines.append((self.id, row.line, row.row_hash, object, outcome, kept))
            if len(self._lines) >= LINES:
                self.write_lines()
        else:
            self.outcomes[outcome] += 1

    def write_lines(self) -> None:
        """Writes which line made or changed what. Plain SQL: as objects these rows would cost more than the import itself."""
        if self._lines:
            with connection.cursor() as cursor:
                cursor.executemany(INTO_LINES, self._lines)
        self._lines.clear()

    def reject(self, row: Row, code: str, say: str, *, column: str = "", repair: str = "") -> None:
        """The row cannot be taken; the others go on."""
        self.rejected += 1
        self.report.rejected += 1
        self.report.take(row.line, "rejected")
        self.note(row, code, say, severity="error", column=column, repair=repair)

    def note(
        self, row: Row, code: str, say: str, *, severity: str = "warning", **where: Any
    ) -> None:
        """A remark about a row that is taken. `column` may be a field: the report shows the header of the file."""
        shown: dict[str, Any] = {"line": row.line}
        for name, value in where.items():
            if value != "":
                shown[name] = (
                    self._headers.get(value, value)
                    if name == "column"
                    else masked(value, longest=SAY)
                    if isinstance(value, str)
                    else value
                )
        before = len(self.report.findings)
        self.report.find(severity, code, masked(say, longest=SAY), **shown)
        self.counts[code] += 1
        self.findings += self.report.findings[before:]

    def count(self, code: str) -> None:
        """One more of a finding that is listed already: a thousand rows with one cause are one remark."""
        self.report.counts[code] += 1
        self.counts[code] += 1

    def ask(self, id: str, say: str, choices: Sequence[str]) -> str:
        """The answer to a question, '' where there is none yet: then the import waits for it."""
        answer = self.upload.answers.get(id, "")
        if answer and (not choices or answer in choices):
            return answer
        self.report.questions.append({"id": id, "ask": say, "choices": list(choices)})
        self.report.worsen("needs_answer")
        return ""

    def said(self) -> dict[str, Any]:
        """What the owner said so far, as a resumed run needs it."""
        return {
            "outcomes": dict(self.outcomes),
            "counts": dict(self.counts),
            "rejected": self.rejected,
            "findings": self.findings,
        }

    def recall(self, said: dict[str, Any]) -> None:
        """Takes up what was said about rows that an earlier, interrupted run wrote."""
        self.outcomes.update(said.get("outcomes", {}))
        self.counts.update(said.get("counts", {}))
        self.rejected += said.get("rejected", 0)
        self.findings = [*said.get("findings", []), *self.findings]
        self.report.outcomes.update(said.get("outcomes", {}))
        self.report.counts.update(said.get("counts", {}))
        self.report.rejected += said.get("rejected", 0)
        self.report.findings += said.get("findings", [])

    def told(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, while the progress bar is told about them."""
        tell: Callable[[int], None] | None = self.upload.progress
        if tell is None:
            yield from rows
            return
        for n, row in enumerate(rows, 1):
            yield row
            if n % TOLD_EVERY == 0:
                tell(n)


def opened(upload: Upload, kind: str) -> Reading:
    """The file, read with a mapping that a person confirmed for these headers before, compared with what came last."""
    reading = read(upload, kind)
    if not upload.mapping and reading.headers:
        kept = Mapping.objects.filter(kind=kind, header_hash=reading.header_hash).first()
        if kept is not None and set(kept.columns) <= set(reading.headers):
            reading = read(replace(upload, mapping=kept.columns), kind)
            why = f"a person mapped these headers on {kept.confirmed_at:%Y-%m-%d}"
            reading.report.decisions.append(
                {"column": ", ".join(kept.columns), "read_as": "mapped", "why": why, "asked": False}
            )
    if reading.report.state == "ok":
        _already(reading)
    if reading.report.state == "ok":
        _drifted(reading)
    return reading


def options(upload: Upload) -> dict[str, Any]:
    """What else than the bytes decides about the rows."""
    answers = {k: v for k, v in sorted(upload.answers.items()) if k not in PASSING}
    return {
        "mapping": dict(upload.mapping),
        "answers": answers,
        "complete": upload.complete,
        "zone": upload.zone,
        "sheet": upload.sheet,
    }


def _already(reading: Reading) -> None:
    report = reading.report
    wanted = options(reading.upload)
    for run in ImportRun.objects.filter(
        kind=report.kind, sha256=report.file["sha256"], state="applied", undoes=None
    ).order_by("-pk"):
        if run.options == wanted:
            report.previous_import = run.pk
            day = f"{run.applied_at:%Y-%m-%d}" if run.applied_at else "an earlier day"
            report.find(
                "info",
                "already_imported",
                f"This file was already imported on {day}, as import {run.pk}; nothing was done.",
            )
            report.worsen("already_imported")
            return


def _drifted(reading: Reading) -> None:
    """R11. A rename that an alias explains is told; a column that is gone stops a source that claims to be complete."""
    report, upload = reading.report, reading.upload
    last = (
        ImportRun.objects.filter(kind=report.kind, state="applied", undoes=None)
        .order_by("-pk")
        .first()
    )
    if last is None or last.report.get("format") != report.format:
        return
    found = drift(
        last.report.get("columns", {}).get("mapped", {}), reading.mapped, frozenset(upload.answers)
    )
    for name, before, now in found.renamed:
        report.columns["drift"].append({"field": name, "from": before, "to": now})
        report.find(
            "info",
            "header_drift",
            f"The column '{before}' is called '{now}' now; it is read as before.",
            column=now,
        )
    for name, header in found.gone:
        say = f"The column '{header}' ({name}) was in the last import and is gone."
        asked = f"gone.{name}"
        report.columns["drift"].append({"field": name, "from": header, "to": None})
        report.find(
            "warning",
            "column_gone",
            say,
            column=header,
            repair=f"--map COLUMN={name}, or go on without it: its values are not delivered.",
        )
        if upload.complete and upload.answers.get(asked) != "go_on":
            report.questions.append(
                {"id": asked, "ask": f"{say} Go on without it?", "choices": ["go_on", "stop"]}
            )
            report.worsen("needs_answer")


def begin(reading: Reading, who: Doer) -> ImportRun:
    """The record of an import that is about to write."""
    return ImportRun.objects.create(
        kind=reading.report.kind,
        file_name=reading.upload.name[:300],
        sha256=reading.report.file["sha256"],
        size=reading.report.file["bytes"],
        state="running",
        complete=reading.upload.complete,
        actor=who.ref,
        started_at=who.at,
        headers=reading.headers,
        options=options(reading.upload),
    )


def settle(row: ImportRun, run: Run) -> None:
    """Makes an import count: its record, its row in the ledger, the mapping that was confirmed with it; in one transaction."""
    report, upload, who = run.report, run.upload, run.who
    report.run = row.pk
    report.applied_at = who.at.isoformat()
    with transaction.atomic():
        content: dict[str, Any] = {
            "kind": report.kind,
            "file": row.file_name,
            "sha256": row.sha256,
            "rows": report.as_json()["rows"],
        }
        if upload.confirm_shrink and report.shrink is not None:
            content["reason"] = upload.reason
        record(who, "import", f"import:{row.pk}", run=row.pk, content=content)
        row.state = "applied"
        row.applied_at = who.at
        row.report = report.as_json()
        row.save()
        if upload.mapping:
            Mapping.objects.update_or_create(
                kind=report.kind,
                header_hash=run.reading.header_hash,
                defaults={
                    "columns": dict(upload.mapping),
                    "confirmed_by": who.ref,
                    "confirmed_at": who.at,
                },
            )


def account_for(report: Report) -> None:
    """R9: every row that was read came to something, or the program is wrong and must not write."""
    if report.unaccounted():
        raise RuntimeError(
            f"{report.unaccounted()} of {report.read} rows of {report.kind} came to nothing: an action forgot `done` or `reject`."
        )
