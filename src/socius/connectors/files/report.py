"""The report that every import prints: the same object on screen, from the API and from `--json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from socius.connectors.files.spans import span
from socius.kit.figures import percent

MOST_FINDINGS = 1000
MOST_TAKEN = 20_000
ASK_SHARE, ASK_ROWS, REFUSE_SHARE = 0.05, 5, 0.20
OUTCOMES = ("created", "updated", "unchanged", "skipped")


@dataclass
class Report:
    """Grows while a file is read and applied. `state` only ever gets worse (see `worsen`)."""

    kind: str
    file: dict[str, Any] = field(default_factory=dict)
    format: str = ""
    format_confidence: float = 0.0
    mode: str = "dry_run"
    state: str = "ok"
    applied_at: str | None = None
    previous_import: int | None = None
    run: int | None = None
    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    blank: int = 0
    totals_set_apart: int = 0
    columns: dict[str, Any] = field(
        default_factory=lambda: {
            "mapped": {},
            "unknown_kept": [],
            "missing_optional": [],
            "drift": [],
        }
    )
    decisions: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    shrink: dict[str, Any] | None = None
    compare: dict[str, Any] | None = None
    summary: dict[str, Any] | None = None
    # Good rows by the day of which they speak, in the file's zone, and whether the file is said to hold everything.
    days: Counter[date] = field(default_factory=Counter)
    complete: bool = False
    # (line, what became of it, object) of the first rows, for whoever looks behind a count; no part of the JSON.
    taken: list[tuple[int, str, str]] = field(default_factory=list)
    _looked: tuple[int, Counter[str]] | None = None

    def count(self, outcome: str) -> None:
        """One row that came to `created`, `updated`, `unchanged` or `skipped`."""
        self.outcomes[outcome] += 1

    def find(self, severity: str, code: str, say: str, **where: Any) -> None:
        """A finding; `where` may hold line, column, value (already masked), repair. At most 1,000 are listed, all are counted."""
        self.counts[code] += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append({"severity": severity, "code": code, "say": say, **where})

    def reject(self, code: str, say: str, **where: Any) -> None:
        """A row that cannot be taken; it is counted and listed, and the rest goes on."""
        self.rejected += 1
        self.take(where.get("line", 0), "rejected")
        self.find("error", code, say, **where)

    def take(self, line: int, outcome: str, object: str = "") -> None:
        """Notes which line it was that came to this."""
        if len(self.taken) < MOST_TAKEN:
            self.taken.append((line, outcome, object))

    def forget_rows(self) -> None:
        """Before the rows are read (again): what the look at the whole file found stays, what single rows gave goes."""
        if self._looked is None:
            self._looked = (len(self.findings), Counter(self.counts))
        kept, counts = self._looked
        del self.findings[kept:]
        self.counts = Counter(counts)
        self.outcomes.clear()
        self.taken.clear()
        self.days.clear()
        self.read = self.rejected = self.blank = self.totals_set_apart = 0
        self.compare = None

    def judge(self, answers: Mapping[str, str]) -> None:
        """R9: few bad rows pass, more of them ask, many refuse the file."""
        if self.rejected > self.read * REFUSE_SHARE:
            say = f"{self.rejected} of {self.read} rows cannot be taken; above {percent(REFUSE_SHARE)} the file is refused."
            self.find(
                "error",
                "bad_rows",
                say,
                repair="Mend the rows that are listed, or map the columns by hand.",
            )
            self.worsen("refused")
        elif (
            self.rejected >= ASK_ROWS
            and self.rejected > self.read * ASK_SHARE
            and answers.get("bad_rows") != "leave_out"
        ):
            say = f"{self.rejected} of {self.read} rows cannot be taken. Import the others?"
            self.questions.append({"id": "bad_rows", "ask": say, "choices": ["leave_out", "stop"]})
            self.find(
                "warning", "bad_rows", say, repair="--answer bad_rows=leave_out imports the others."
            )
            self.worsen("held")

    def too_bad(self, answers: Mapping[str, str]) -> bool:
        """Whether `judge` would stop the import, were this all of it."""
        share = self.rejected / max(self.read, 1)
        return share > REFUSE_SHARE or (
            self.rejected >= ASK_ROWS
            and share > ASK_SHARE
            and answers.get("bad_rows") != "leave_out"
        )

    def unaccounted(self) -> int:
        """Rows that were read and came to nothing: 0, or an action forgot to say what became of one (R9)."""
        return self.read - self.rejected - sum(self.outcomes.values())

    def worsen(self, state: str) -> None:
        """Leaves `ok` for good: the first reason not to apply stands."""
        if self.state == "ok":
            self.state = state

    @property
    def exit_status(self) -> int:
        """Of the command that printed this report."""
        return {"ok": 0, "already_imported": 0, "not_recognised": 2, "not_allowed": 3}.get(
            self.state, 1
        )

    def as_json(self) -> dict[str, Any]:
        """The contract of docs/reference/import.md."""
        rows = {"read": self.read, **{o: self.outcomes[o] for o in OUTCOMES}}
        rows |= {
            "rejected": self.rejected,
            "blank": self.blank,
            "totals_set_apart": self.totals_set_apart,
        }
        return {
            "report": 1,
            "kind": self.kind,
            "format": self.format,
            "format_confidence": self.format_confidence,
            "file": self.file,
            "mode": self.mode,
            "state": self.state,
            "applied_at": self.applied_at,
            "previous_import": self.previous_import,
            "import": self.run,
            "rows": rows,
            "columns": self.columns,
            "decisions": self.decisions,
            "questions": self.questions,
            "findings": self.findings,
            "finding_counts": dict(sorted(self.counts.items())),
            "shrink": self.shrink,
            "compare": self.compare,
            "summary": self.summary,
            "covers": span(self.days, complete=self.complete),
        }
