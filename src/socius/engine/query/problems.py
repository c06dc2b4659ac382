"""What is wrong with a query, as data: the editor marks the place, the command line prints it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Half-open offsets in code points of the query as written; line and column from 1."""

    code: str
    message: str
    start: int
    end: int
    line: int = 1
    column: int = 1
    expected: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "code": self.code,
            "message": self.message,
            "start": self.start,
            "end": self.end,
            "line": self.line,
            "column": self.column,
            "expected": list(self.expected),
        }


@dataclass
class Problems:
    """Collects what is found in one text."""

    text: str
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def made(
        self, code: str, message: str, span: tuple[int, int], expected: tuple[str, ...]
    ) -> Problem:
        """A problem with its line and column."""
        start, end = span
        line = self.text.count("\n", 0, start) + 1
        column = start - (self.text.rfind("\n", 0, start) + 1) + 1
        return Problem(code, message, start, end, line, column, expected)

    def error(self, code: str, message: str, span: tuple[int, int], *expected: str) -> None:
        """Keeps an error."""
        self.errors.append(self.made(code, message, span, expected))

    def warn(self, code: str, message: str, span: tuple[int, int]) -> None:
        """Keeps a warning."""
        self.warnings.append(self.made(code, message, span, ()))
