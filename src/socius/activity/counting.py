"""Reads rows of the ledger into counts: for the rollups and, the same way, for what lies beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from socius.activity.models import Entries, Entry
from socius.engine.tally import Fact, Tally
from socius.engine.verbs import RETRACT

BLOCK = 5_000
MOST_IDS = 900  # of one query; SQLite as it was once built takes 999 parameters
VERB = Fact._fields.index("verb")
RETRACTS = Fact._fields.index("retracts")


def count(entries: Entries, zone: str) -> Tally:
    """The counts that these rows make, with days in the organisation's zone."""
    tally = Tally(zone)
    facts = entries.counting().facts().iterator(chunk_size=BLOCK)
    while block := list(islice(facts, BLOCK)):
        tally.add(block, taken_back(block))
    return tally


def taken_back(block: Sequence[tuple[Any, ...]]) -> dict[bytes, tuple[Any, ...]]:
    """The counted rows that the retractions among these point at, by id."""
    wanted = [fact[RETRACTS] for fact in block if fact[VERB] == RETRACT and fact[RETRACTS]]
    found: dict[bytes, tuple[Any, ...]] = {}
    for first in range(0, len(wanted), MOST_IDS):
        rows = Entry.objects.filter(id__in=wanted[first : first + MOST_IDS]).counting()
        for name, *fact in rows.exclude(verb=RETRACT).values_list("id", *Fact._fields):
            found[bytes(name)] = tuple(fact)
    return found
