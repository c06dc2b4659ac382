"""The class of a measure: by name first, then by source, and by the user's word last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from socius.engine.measures.names import table
from socius.engine.measures.names.table import ANALYTICS, BUSINESS, ENGAGEMENT, Named
from socius.engine.measures.names.words import fold, one_slip, parts, phrases

CLASSES = ("outcome", "driver", "health", "vanity", "unclassed")
STRICTEST_FIRST = {"vanity": 0, "driver": 1, "health": 2}
STANDING = {"outcome": 4, "driver": 3, "health": 3, "vanity": 1, "unclassed": 0}
SHORTEST_FOR_SLIPS = 8
LEAST_DAYS = 28
SAME_SHARE = 0.9

Words = tuple[str, ...]


@dataclass(frozen=True)
class Classification:
    """The class of a series or KPI and the sentence that says why; `lowered` when somebody had stated a higher one."""

    class_name: str  # outcome, driver, health, vanity, unclassed
    reason: str
    lowered: bool = False
    tier: str = ""
    known_as: str = ""  # the canonical name, where the table decided


class Index:
    """The table, folded once: phrases by their first word, stems, long words for slips of the pen."""

    def __init__(self, rows: tuple[Named, ...]) -> None:
        self.by_first: dict[str, list[tuple[Words, Named]]] = defaultdict(list)
        self.whole: dict[Words, Named] = {}
        self.stems: list[tuple[str, Named]] = []
        self.long_words: dict[str, Named] = {}
        for row in rows:
            self._take(row)
        for choices in self.by_first.values():
            choices.sort(key=lambda choice: -len(choice[0]))

    def _take(self, row: Named) -> None:
        for phrase in chain(phrases(row.aliases), (fold(row.name),)):
            self.by_first[phrase[0]].append((phrase, row))
            self.whole.setdefault(phrase, row)
            if len(phrase) == 1 and not row.soft and len(phrase[0]) >= SHORTEST_FOR_SLIPS:
                self.long_words[phrase[0]] = row
        for phrase in phrases(row.whole):
            self.whole.setdefault(phrase, row)
        self.stems += [("".join(stem), row) for stem in phrases(row.stems)]

    def inside(self, word: str) -> Named | None:
        """A measure hidden in one word: a compound, a name written together, or a slip of the pen."""
        for stem, row in self.stems:
            if stem in word:
                return row
        if len(word) < SHORTEST_FOR_SLIPS - 1:
            return None
        return next((row for long, row in self.long_words.items() if one_slip(word, long)), None)


INDEX = Index(table.TABLE)
NOT_MEANT = sorted(phrases(table.NOT_MEANT), key=len, reverse=True)
COUNTED = frozenset(phrases(table.COUNTED))
PREPOSITIONS = frozenset(word for (word,) in phrases(table.PREPOSITIONS))
PADDING = frozenset(word for phrase in phrases(table.PADDING) for word in phrase)


def without(words: Words, unmeant: list[Words]) -> Words:
    """The words with every phrase of the list replaced by a word that matches nothing."""
    out: list[str] = []
    at = 0
    while at < len(words):
        hit = next((p for p in unmeant if words[at : at + len(p)] == p), None)
        out.append("-" if hit else words[at])
        at += len(hit) if hit else 1
    return tuple(out)


def counts_an_outcome(words: Words) -> bool:
    """Whether what this part counts is an outcome: its last words, or its first before a preposition."""
    if any(words[-size:] in COUNTED for size in (1, 2)):
        return True
    sizes = (size for size in (1, 2) if words[:size] in COUNTED)
    return any(len(words) > size and words[size] in PREPOSITIONS for size in sizes)


def found_in(words: Words) -> Iterator[Named]:
    """Every measure that the words name, the longest phrase first at each place."""
    at = 0
    while at < len(words):
        choices = INDEX.by_first.get(words[at], ())
        hit = next(((p, row) for p, row in choices if words[at : at + len(p)] == p), None)
        if hit:
            yield hit[1]
            at += len(hit[0])
            continue
        row = INDEX.inside(words[at])
        if row:
            yield row
        at += 1


def named_by_all(words: Words) -> Named | None:
    """The measure that a whole name is, once padding is taken away."""
    core = words
    while core and core not in INDEX.whole and core[0] in PADDING:
        core = core[1:]
    while core and core not in INDEX.whole and core[-1] in PADDING:
        core = core[:-1]
    return INDEX.whole.get(core)


@lru_cache(maxsize=4096)
def by_name(name: str) -> Named | None:
    """The measure that the table sees in a name; of several the one of the lowest class."""
    found: list[Named] = []
    cut = parts(name)
    joined = tuple(chain.from_iterable(cut))
    whole = named_by_all(joined) or next(filter(None, map(named_by_all, cut)), None)
    if whole:
        found.append(whole)
    for words in cut:
        meant = without(words, NOT_MEANT)
        yields = counts_an_outcome(meant)
        explicit = named_by_all(words)
        found += [
            row for row in found_in(meant) if not (yields and row.soft and row is not explicit)
        ]
    if not found:  # a phrase may run across a bracket: "Share (of voice)"
        meant = without(joined, NOT_MEANT)
        found = [row for row in found_in(meant) if not (row.soft and counts_an_outcome(meant))]
    return min(found, key=lambda row: STRICTEST_FIRST[row.class_name], default=None)


def below(result: str, stated: str) -> bool:
    """Whether `result` is a lower class than the one stated."""
    return STANDING[result] < STANDING.get(stated, 0)


def classify(
    name: str,
    *,
    from_network_export: bool = False,
    stated: str = "",
    unit: str = "",
    source: str = "",
    why: str = "",
) -> Classification:
    """The class of a measure or series. `unit`: of measure; `source`: the system; `why`: the sentence why it is an outcome."""
    wish = stated.strip().casefold()
    row = by_name(name)
    if row:
        say = f"“{name}” counts {row.name.lower()}, which is {row.class_name} by name, whatever a file says."
        return Classification(row.class_name, say, below(row.class_name, wish), row.tier, row.name)
    if from_network_export:
        return _from_a_network(name, wish)
    if wish in ("driver", "health", "vanity"):
        return Classification(
            wish, f"Stated as {wish}; the table of names does not know “{name}”.", tier=ANALYTICS
        )
    if wish and wish not in CLASSES:
        say = f"“{stated}” is no class: give outcome, driver, health or vanity."
        return Classification("unclassed", say)
    return _by_its_papers(
        wish,
        {
            "a unit of measure": unit,
            "a source system": source,
            "a sentence why it is an outcome": why,
        },
    )


def _from_a_network(name: str, wish: str) -> Classification:
    if wish in ("driver", "health", "vanity"):
        return Classification(
            wish, f"Stated as {wish}; it comes from a network's own export.", tier=ENGAGEMENT
        )
    if wish == "outcome":
        say = f"“{name}” comes from a network's own export, and such a series is at most a driver."
        return Classification("driver", say, lowered=True, tier=ENGAGEMENT)
    say = f"The table of names does not know “{name}”, and no class is stated."
    return Classification("unclassed", say)


def _by_its_papers(wish: str, papers: Mapping[str, str]) -> Classification:
    missing = [what for what, given in papers.items() if not given.strip()]
    if wish == "outcome" and missing:
        say = f"An outcome needs {' and '.join(missing)}; without it the series has no class."
        return Classification("unclassed", say, lowered=True)
    if missing or wish == "unclassed":
        return Classification(
            "unclassed", "No class is stated, and the table of names does not know it."
        )
    say = "An outcome: unit, source system and the sentence why it is one are given."
    return Classification("outcome", say, tier=BUSINESS)


Values = Mapping[date, float] | Mapping[date, Decimal] | Mapping[date, int]


def same_as_vanity(series: Values, vanity: Values) -> bool:
    """Whether a series equals one already classed vanity on 90 % of at least 28 shared days: renamed, it is the same thing."""
    shared = series.keys() & vanity.keys()
    if len(shared) < LEAST_DAYS:
        return False
    equal = sum(float(series[day]) == float(vanity[day]) for day in shared)
    return equal >= SAME_SHARE * len(shared)
