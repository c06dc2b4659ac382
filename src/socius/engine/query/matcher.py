"""Matches batches of messages against a plan: the same answer as the reference evaluator, at the speed of compiled code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from socius.engine.query import kernel
from socius.engine.query.fields import values
from socius.engine.query.layout import Work
from socius.engine.query.marks import Marks, letters, woven
from socius.engine.query.plan import Plan
from socius.engine.text.codepoints import normalise
from socius.engine.text.table import table


class Hits(NamedTuple):
    """Pairs, ordered by message, then by number of the query in the plan."""

    message: npt.NDArray[np.int64]
    query: npt.NDArray[np.int32]


class Matcher:
    """Keeps its memory between batches; not to be shared between threads."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.setting = (table(), plan.vocabulary, plan.programs)
        self.work = self.memory(0)
        self.longest = 0

    def memory(self, longest: int) -> Work:
        """Room for messages of up to so many code points."""
        hits = (longest + 1) * (1 + len(self.plan.vocabulary.lengths))
        atoms, queries = self.plan.atoms + 1, len(self.plan.queries) + 1
        return Work(
            np.zeros(longest + 2, np.uint32),
            np.zeros(longest + 2, np.uint8),
            np.zeros(atoms, np.int64),
            np.zeros(atoms, np.int64),
            np.zeros(atoms, np.int64),
            np.zeros(atoms, np.int64),
            np.zeros(queries, np.int64),
            np.zeros(queries, np.int32),
            np.zeros(queries, np.int32),
            np.zeros(atoms, np.int32),
            np.zeros(hits, np.int32),
            np.zeros(hits, np.int64),
            np.zeros(hits, np.int64),
            np.zeros(longest + 2, np.uint64),
            np.zeros(5, np.int64),
        )

    def ran(self, given: tuple[Any, Any], fields: Any, wanted: Any, *, ready: bool) -> Any:
        """One run of the kernel over texts in UTF-8."""
        text, offsets = given
        longest = int(np.diff(offsets).max(initial=0))
        if longest > self.longest or not self.longest:
            self.longest = max(longest, 1024)
            self.work = self.memory(self.longest)
        return kernel.run((text, offsets, wanted, *fields), self.setting, self.work, ready)

    def match(self, texts: Sequence[str], atoms: tuple[Any, Any] | None = None) -> Hits:
        """Hits of a batch; `atoms` are those of the fields (`field_atoms`)."""
        return self.read(texts, atoms, np.zeros(len(texts), np.bool_), letters(texts))[0]

    def read(self, texts: Sequence[str], atoms: tuple[Any, Any] | None, wanted: Any, spelt: tuple[Any, Any]) -> tuple[Hits, Marks]:  # fmt: skip
        """Hits of a batch, and the tokens of those texts that are wanted, both found in one walk; `spelt` are the same texts in UTF-8."""
        given = atoms or (np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.int32))
        found, ends, slow, *tokens = self.ran(spelt, given, wanted, ready=False)
        marks = Marks(*tokens)
        message = np.repeat(np.arange(len(texts)), np.diff(ends))
        late = np.flatnonzero(slow).tolist()
        if late:
            # Code points that expand or compose: `unicodedata` folds the text, then it runs again.
            again = [normalise(texts[i]) for i in late]
            starts, values_ = given
            rows = [values_[starts[i] : starts[i + 1]] for i in late]
            begin = np.zeros(len(late) + 1, np.int64)
            np.cumsum([len(r) for r in rows], out=begin[1:])
            fields = (begin, np.concatenate(rows))
            more, more_ends, _, *tokens = self.ran(letters(again), fields, wanted[late], ready=True)
            marks = woven(marks, Marks(*tokens), slow)
            message = np.concatenate((message, np.repeat(late, np.diff(more_ends))))
            found = np.concatenate((found, more))
        order = np.argsort(message * (len(self.plan.queries) + 1) + found)
        return Hits(message[order], found[order]), marks

    def records(self, records: Sequence[Mapping[str, Any]]) -> Hits:
        """Hits of records, with their fields."""
        texts = [r.get("text") or "" for r in records]
        return self.match(texts, field_atoms(self.plan, records))


def field_atoms(plan: Plan, records: Sequence[Mapping[str, Any]]) -> tuple[Any, Any]:
    """Per record the atoms of the fields that the plan asks for."""
    rows: list[list[int]] = [[] for _ in records]
    for name, wanted in plan.fields.items():
        for row, record in zip(rows, records, strict=True):
            row.extend(wanted[v] for v in values(record, name) if v in wanted)
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(r) for r in rows], out=starts[1:])
    return starts, np.array([a for r in rows for a in r], np.int32)
