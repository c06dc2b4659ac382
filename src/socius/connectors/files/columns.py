"""What a whole column says about its values: decimal separator (R3), order of day and month (R4), damaged ids (R6).

The scan sees every value of the file once. It is cheap where a column is regular, which nearly all are.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from socius.connectors import dates
from socius.connectors.files import numbers
from socius.connectors.files.masks import masked
from socius.connectors.files.report import Report

SCIENTIFIC = re.compile(r"^'?-?\d+(?:[.,]\d+)?[eE]\+?\d+$")
FLOAT_ID = re.compile(r"^\d+\.0$")
ID_WORD = re.compile(r"(?:^|[^a-z])ids?(?:$|[^a-z])|[a-z]I[dD]$|ID$")
LONG_ID = 16  # a number of so many digits does not survive a spreadsheet
MOST_LISTED = 20


class Scan(ABC):
    """Watches one column while the file goes by."""

    def __init__(self, index: int, header: str, field: str) -> None:
        self.index = index
        self.header = header
        self.field = field

    @abstractmethod
    def see(self, numbers_: Sequence[int], cells: Sequence[str]) -> None:
        """Some thousands of cells with their line numbers."""

    @abstractmethod
    def decide(self, report: Report, answers: dict[str, str]) -> Any:  # noqa: ANN401, RUF100 - each scan decides another thing
        """Writes decision, question or findings into the report, and returns the decision."""

    def _asked(
        self,
        report: Report,
        question: tuple[str, str, str, tuple[str, ...]],
        answers: dict[str, str],
    ) -> str:
        """The answer to a question if there is one; else the question is put and '' returned."""
        name, code, say, choices = question
        answer = answers.get(name, "")
        if answer in choices:
            return answer
        if answer:
            report.find(
                "error",
                "answer_unknown",
                f"'{answer}' does not answer {name}.",
                repair=f"Answer with one of: {', '.join(choices)}.",
            )
        report.questions.append({"id": name, "ask": say, "choices": list(choices)})
        report.find(
            "warning",
            code,
            say,
            column=self.header,
            repair=f"--answer {name}={choices[0]} or --answer {name}={choices[1]}",
        )
        report.worsen("needs_answer")
        return ""


class NumberScan(Scan):
    """Decimal comma or decimal point."""

    def __init__(self, index: int, header: str, field: str) -> None:
        super().__init__(index, header, field)
        self.seen: Counter[str] = Counter()
        self.first: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self._known: set[str] = set()

    def see(self, numbers_: Sequence[int], cells: Sequence[str]) -> None:
        # In the order of the file, so that the line that is named is the first one.
        fresh = [text for text in dict.fromkeys(cells) if text not in self._known]
        if len(self._known) < 50_000:
            self._known.update(fresh)
        for text in fresh:
            for part in numbers.split_range(text):
                self._note(part, text, (numbers_, cells))

    def _note(self, part: str, text: str, where: tuple[Sequence[int], Sequence[str]]) -> None:
        reading = numbers.reading_of(part)
        self.seen[reading] += 1
        if reading not in self.first:
            self.first[reading] = where[0][where[1].index(text)]
        if not part[-1:].isdigit() or not part[:1].isdigit():
            unit = numbers.strip_sign(part)[1]
            if unit:
                self.units.setdefault(unit, where[0][where[1].index(text)])

    def decide(self, report: Report, answers: dict[str, str]) -> str:
        comma, point, either = (
            self.seen[r] for r in (numbers.COMMA, numbers.POINT, numbers.EITHER)
        )
        currencies = [u for u in self.units if u != "%"]
        if len(currencies) > 1:
            lines = ", ".join(f"{u} in line {self.units[u]}" for u in currencies)
            report.find(
                "warning",
                "currencies_mixed",
                f"The column '{self.header}' mixes currencies: {lines}.",
                column=self.header,
            )
        name, asked, why = f"decimal.{self.field}", False, ""
        if comma and point:
            say = (
                f"The column '{self.header}' has a decimal comma in line {self.first[numbers.COMMA]} and a decimal point in line "
                f"{self.first[numbers.POINT]}. Which of them is meant? Rows of the other spelling will be rejected."
            )
            found = self._asked(
                report, (name, "decimals_contradict", say, (numbers.COMMA, numbers.POINT)), answers
            )
            asked, why = True, "answered" if found else "waits for an answer"
        elif comma or point:
            found, why = (
                (numbers.COMMA if comma else numbers.POINT),
                f"{comma or point} values can be read in one way only",
            )
        elif either:
            say = f"Every value of '{self.header}' can be read in two ways (line {self.first[numbers.EITHER]}): is the mark in it a decimal separator? Answer which mark separates decimals."
            found = self._asked(
                report, (name, "decimal_ambiguous", say, (numbers.COMMA, numbers.POINT)), answers
            )
            asked, why = True, "answered" if found else "waits for an answer"
        else:
            found, why = numbers.POINT, "no value has a separator"
        report.decisions.append(
            {
                "column": self.header,
                "read_as": f"decimal {found}" if found else "undecided",
                "why": why,
                "asked": asked,
            }
        )
        return found or numbers.POINT


class DateScan(Scan):
    """Day or month first."""

    def __init__(self, index: int, header: str, field: str, zone: str) -> None:
        super().__init__(index, header, field)
        self.zone = zone
        self.seen: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def see(self, numbers_: Sequence[int], cells: Sequence[str]) -> None:
        try:
            # Nearly every file: all of them ISO, at the speed of C.
            list(map(datetime.fromisoformat, cells))
        except ValueError:
            self._each(numbers_, cells)
            return
        if cells:
            self.seen[dates.ISO] += len(cells)
            self.first.setdefault(dates.ISO, numbers_[0])

    def _each(self, numbers_: Sequence[int], cells: Sequence[str]) -> None:
        counts = Counter(cells)
        for text, count in counts.items():
            stripped = text.strip()
            if not stripped:
                continue
            order = dates.order_of(stripped)
            self.seen[order] += count
            line = numbers_[cells.index(text)] if order not in self.first else 0
            if line:
                self.first[order] = line

    def decide(self, report: Report, answers: dict[str, str]) -> str:
        day, month, either = (
            self.seen[o] for o in (dates.DAY_FIRST, dates.MONTH_FIRST, dates.EITHER)
        )
        choices = (dates.DAY_FIRST, dates.MONTH_FIRST)
        name, asked, why = f"date_order.{self.field}", False, ""
        if day and month:
            say = f"The column '{self.header}' has the day first in line {self.first[dates.DAY_FIRST]} and the month first in line {self.first[dates.MONTH_FIRST]}. Which is meant? Rows of the other order will be rejected."
            found = self._asked(report, (name, "dates_contradict", say, choices), answers)
            asked, why = True, "answered" if found else "waits for an answer"
        elif day or month:
            found, why = (
                (choices[0] if day else choices[1]),
                f"{day or month} values have a number above 12 or a spelling of one order",
            )
        elif either:
            say = f"No value of '{self.header}' shows which number is the month (line {self.first[dates.EITHER]}). Which comes first?"
            found = self._asked(report, (name, "date_ambiguous", say, choices), answers)
            asked, why = True, "answered" if found else "waits for an answer"
        else:
            found, why = dates.ISO, "year first, or the month is a word"
        self._mixed(report)
        read_as = found or "undecided"
        report.decisions.append(
            {
                "column": self.header,
                "read_as": read_as,
                "why": why,
                "zone": self.zone,
                "asked": asked,
            }
        )
        return found

    def _mixed(self, report: Report) -> None:
        numeric = sum(self.seen[o] for o in (dates.DAY_FIRST, dates.MONTH_FIRST, dates.EITHER))
        other = self.seen[dates.ISO] + self.seen[dates.COMPACT]
        if numeric and other:
            odd = min(
                self.first[o]
                for o in (dates.DAY_FIRST, dates.MONTH_FIRST, dates.EITHER)
                if o in self.first
            )
            plain = min(self.first[o] for o in (dates.ISO, dates.COMPACT) if o in self.first)
            say = f"The column '{self.header}' writes dates in two ways: year first in line {plain}, year last in line {odd}. Each was read in its own way."
            report.find("warning", "dates_mixed", say, column=self.header, line=max(odd, plain))


class IdScan(Scan):
    """Ids that went through a spreadsheet."""

    def __init__(self, index: int, header: str, field: str) -> None:
        super().__init__(index, header, field)
        self.damaged: list[tuple[int, str]] = []
        self.count = 0
        self.rounded = True
        self.floats = True

    def see(self, numbers_: Sequence[int], cells: Sequence[str]) -> None:
        if not cells:
            return
        self.count += len(cells) - cells.count("")
        if self.rounded:
            self.rounded = all(not c or (len(c) >= LONG_ID and c.endswith("000")) for c in cells)
        if self.floats:
            self.floats = all(not c or FLOAT_ID.match(c) for c in cells)
        joined = "\n".join(cells)
        if "E+" in joined or "e+" in joined or "E1" in joined or "e1" in joined:
            self.damaged += [
                (n, c.strip())
                for n, c in zip(numbers_, cells, strict=True)
                if SCIENTIFIC.match(c.strip())
            ]

    def decide(self, report: Report, answers: dict[str, str]) -> bool:
        del answers
        for line, text in self.damaged[:MOST_LISTED]:
            report.find(
                "error",
                "id_scientific",
                "The id was damaged by a spreadsheet and cannot be restored; the file is refused.",
                line=line,
                column=self.header,
                value=masked(text),
                repair="Download the export again and import it unopened, or import the column as Text in the spreadsheet.",
            )
        if self.damaged:
            report.counts["id_scientific"] += max(0, len(self.damaged) - MOST_LISTED)
            report.worsen("refused")
        elif self.rounded and self.count >= 5:
            say = f"Every id in '{self.header}' ends in 000: a spreadsheet may have rounded them."
            report.find(
                "warning",
                "id_suspicious",
                say,
                column=self.header,
                repair="Compare one with the original export.",
            )
        if self.floats and self.count:
            report.decisions.append(
                {
                    "column": self.header,
                    "read_as": "id without its .0",
                    "why": "every value is a whole number with .0",
                    "asked": False,
                }
            )
        return self.floats


def is_id_header(header: str) -> bool:
    """Whether an unknown column looks like one of ids, which R6 protects too."""
    return (
        ID_WORD.search(header.strip()) is not None
        or ID_WORD.search(header.strip().casefold()) is not None
    )
