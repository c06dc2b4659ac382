"""Finishes the rows of an inventory and tells what was odd about them, each thing once where it is odd in every row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from socius.connectors.files.cells import tagged
from socius.connectors.files.declare import Format
from socius.connectors.files.inventory import Note, finish
from socius.connectors.files.masks import masked
from socius.connectors.files.report import Report
from socius.connectors.files.values import Row

ONCE_A_VALUE = frozenset({"language_unknown", "network_unlisted"})


class Finisher:
    """Rows of one file; `header` gives the header of a field as the file writes it."""

    def __init__(
        self, layout: Format, order: list[str], header: Callable[[str], str], report: Report
    ) -> None:
        self._layout = layout
        self._order = order
        self._header = header
        self._report = report
        self._told: set[str] = set()

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that name an account, normalised, with the hash of what they say then."""
        for row in rows:
            said, extra = row.values, dict(row.extra)
            if not extra and not any(said.values()):
                self._report.read -= 1
                self._report.blank += 1
                continue
            if reason := finish(said, extra, self._layout, self._noter(row)):
                self._report.reject("identity_missing", reason, line=row.line)
                continue
            if "url" in extra and "url" not in row.extra:
                extra[self._header("url")] = extra.pop("url")
            parts = [tagged(k, _canon(said[k])) for k in self._order if said[k] is not None]
            parts += [tagged("+" + k, extra[k]) for k in sorted(extra)]
            yield Row(row.line, said, extra, hashlib.sha256("".join(parts).encode()).digest())

    def _noter(self, row: Row) -> Note:
        def note(severity: str, code: str, say: str, column: str, value: str) -> None:
            where = {"column": self._header(column), "value": masked(value)}
            if code == "not_addresses":
                self._not_addresses(column)
            elif code not in ONCE_A_VALUE or self._once(code + value):
                self._report.find(severity, code, masked(say, longest=200), line=row.line, **where)

        return note

    def _once(self, what: str) -> bool:
        fresh = what not in self._told
        self._told.add(what)
        return fresh

    def _not_addresses(self, column: str) -> None:
        """One finding a column, however many rows: a list that shows texts shows them everywhere."""
        if not self._once("not_addresses"):
            self._report.counts["not_addresses"] += 1
            return
        header = self._header(column)
        say = f"'{header}' holds texts that are no addresses; those rows are known by network and name, the text is kept."
        self._report.find("warning", "not_addresses", say, column=header)


def _canon(value: Any) -> str:  # noqa: ANN401, RUF100 - values are of many types
    if type(value) is str:
        return value
    if isinstance(value, list):
        return "|".join(value)
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
