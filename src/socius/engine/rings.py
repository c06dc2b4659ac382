"""Authors who say the same at the same time, again and again: near-duplicate texts by MinHash, pairs that share moments, and what chance does.

MinHash after A. Broder, On the resemblance and containment of documents, 1997; bands after J. Leskovec, A. Rajaraman and J. Ullman, Mining of
Massive Datasets, 3rd edition 2020, chapter 3. A pair of authors shares a moment when both posted into one cluster of texts within ten minutes.
Whether so many shared moments come by chance is judged against times permuted within the hour of the week.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SHINGLE = 5
HASHES, BANDS = 64, 16  # 16 bands of 4 find pairs of Jaccard .8 with a chance of .9998
LEAST_ALIKE = 0.8
CELL = 600  # seconds
SHARED = 3  # moments of a pair
SMALLEST = 5  # authors of a ring
PARTNERS = 3  # members with whom a follower shares moments
LARGEST_CELL = 60  # authors; a louder moment is a public event, not a ring
PERMUTED = 100
LEVEL = 0.05  # chance that any ring at all is found where there is none
WEIGHT = 0.1
PRIME = (1 << 61) - 1
BLANKS = re.compile(r"\s+")
LINKS = re.compile(r"https?://\S+")

Whole = npt.NDArray[np.uint64]


class Post(NamedTuple):
    """One post; `at` in seconds since 1970."""

    author: str
    at: int
    text: str


class Ring(NamedTuple):
    """Authors that act as one, with the number of moments that their pairs share and how many texts they said together."""

    authors: tuple[str, ...]
    moments: int
    texts: int
    needed: int  # shared moments that chance would reach in one of twenty streams


def plain(text: str) -> str:
    """Without links, in one case, with single blanks."""
    return BLANKS.sub(" ", LINKS.sub("", text)).strip().casefold()


def signature(text: str, factors: Whole, shifts: Whole) -> Whole:
    """Smallest hashes of the shingles under each of the random maps."""
    words = {text[i : i + SHINGLE] for i in range(max(1, len(text) - SHINGLE + 1))}
    marks = np.array([zlib.crc32(w.encode("utf-8", "replace")) for w in words], np.uint64)
    return np.asarray(((marks[:, None] * factors + shifts) % np.uint64(PRIME)).min(axis=0))


def clusters(texts: Sequence[str], seed: int = 0) -> list[int]:
    """The cluster of each text: texts whose shingles agree in at least four of five are one. Short texts are clusters only where they are equal."""
    dice = np.random.default_rng(seed)
    factors = dice.integers(1, 1 << 28, HASHES, dtype=np.uint64)
    shifts = dice.integers(0, 1 << 60, HASHES, dtype=np.uint64)
    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        first.setdefault(text, number)
    parent = {n: n for n in first.values()}
    signatures = {n: signature(t, factors, shifts) for t, n in first.items() if len(t) >= 4 * SHINGLE}  # fmt: skip
    for band in range(BANDS):
        buckets: dict[bytes, int] = {}
        part = slice(band * HASHES // BANDS, (band + 1) * HASHES // BANDS)
        for number, mark in signatures.items():
            other = buckets.setdefault(mark[part].tobytes(), number)
            if other != number and float(np.mean(mark == signatures[other])) >= LEAST_ALIKE:
                parent[top(parent, number)] = top(parent, other)
    return [top(parent, first[t]) for t in texts]


def top(parent: dict[int, int], number: int) -> int:
    """The representative of a number."""
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def pairs(authors: Any, groups: Any, times: Any) -> Counter[tuple[int, int]]:
    """How many (cluster, ten minutes) each pair of authors shares."""
    cells: dict[tuple[int, int], set[int]] = defaultdict(set)
    for author, group, at in zip(authors.tolist(), groups.tolist(), (times // CELL).tolist(), strict=True):  # fmt: skip
        cells[group, at].add(author)
    found: Counter[tuple[int, int]] = Counter()
    for held in cells.values():
        if 2 <= len(held) <= LARGEST_CELL:
            found.update(combinations(sorted(held), 2))
    return found


def permuted(times: Any, dice: np.random.Generator) -> Any:
    """Times shuffled among posts of the same hour of the week: habits stay, agreement goes."""
    hours = (times // 3600) % 168
    order = np.lexsort((dice.random(len(times)), hours))
    calm = np.lexsort((np.arange(len(times)), hours))
    out = np.empty_like(times)
    out[calm] = times[order]
    return out


def rings(posts: Iterable[Post], *, seed: int = 0) -> list[Ring]:
    """Rings of a stretch, the largest first; none where chance would show as many shared moments in more than one of twenty streams."""
    rows = list(posts)
    if len(rows) < SMALLEST * SHARED:
        return []
    names = sorted({p.author for p in rows})
    number = {name: n for n, name in enumerate(names)}
    groups = np.array(clusters([plain(p.text) for p in rows], seed))
    sizes = np.bincount(groups)
    kept = np.flatnonzero(sizes[groups] > 1)
    authors = np.array([number[p.author] for p in rows])[kept]
    times, groups = np.array([p.at for p in rows])[kept], groups[kept]
    found = pairs(authors, groups, times)
    dice = np.random.default_rng(seed)
    highest = [max(pairs(authors, groups, permuted(times, dice)).values(), default=0) for _ in range(PERMUTED if found else 0)]  # fmt: skip
    needed = max(SHARED, int(np.quantile(highest, 1 - LEVEL, method="higher")) + 1) if highest else SHARED  # fmt: skip
    strong = {p: n for p, n in found.items() if n >= needed}
    return joined(strong, found, names, (authors, groups, needed))


def followers(group: set[int], found: Counter[tuple[int, int]]) -> set[int]:
    """Authors who share moments often enough with three members, if less often with each: they belong to the ring that is there."""
    partners: Counter[int] = Counter()
    for (a, b), n in found.items():
        if n >= SHARED and (a in group) != (b in group):
            partners[b if a in group else a] += 1
    return {author for author, n in partners.items() if n >= PARTNERS}


def joined(strong: dict[tuple[int, int], int], found: Counter[tuple[int, int]], names: list[str], told: tuple[Any, Any, int]) -> list[Ring]:  # fmt: skip
    """Pairs joined to rings of five authors at least, then those who follow them."""
    parent = {a: a for pair in strong for a in pair}
    for a, b in strong:
        parent[top(parent, a)] = top(parent, b)
    members: dict[int, set[int]] = defaultdict(set)
    for author in parent:
        members[top(parent, author)].add(author)
    out = []
    authors, groups, needed = told
    for core in members.values():
        if len(core) < SMALLEST:
            continue
        group = core | followers(core, found)
        mine = np.isin(authors, list(group))
        moments = sum(n for (a, b), n in found.items() if a in group and b in group)
        out.append(Ring(tuple(sorted(names[a] for a in group)), moments, len(set(groups[mine].tolist())), needed))  # fmt: skip
    return sorted(out, key=lambda r: (-len(r.authors), r.authors))


def weights(found: Iterable[Ring]) -> dict[str, float]:
    """What authors of rings weigh; all others weigh 1."""
    return {author: WEIGHT for ring in found for author in ring.authors}
