"""Arrays of the fast matcher: what it looks up, what it runs, and its memory. Plain data, so that the kernel stays one file."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

ATOM, ANY, PHRASE, NEAR, NOT, IF_FALSE, IF_TRUE = range(7)
BASIS, PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Vocabulary(NamedTuple):
    """Words, prefixes and tags of all queries in an open table; the number of an entry is its atom."""

    slots: Any  # int32, -1 = empty; its length is a power of two
    kinds: Any  # 0 word, 1 prefix, else the sigil
    starts: Any  # code points of entry n: chars[starts[n]:starts[n + 1]]
    chars: Any
    lengths: Any  # lengths of prefixes in use, ascending
    seed: Any


class Programs(NamedTuple):
    """Queries: where each is filed, and how it is decided."""

    file_starts: Any  # atom -> queries
    files: Any
    code_starts: Any  # query -> pairs (operation, argument)
    code: Any
    any_starts: Any  # lists of atoms of which one must be there
    any_atoms: Any
    phrase_starts: Any
    phrase_atoms: Any
    near_starts: Any  # operand 2k left, 2k + 1 right: atom, or -1 - phrase
    near_parts: Any
    near_within: Any
    placed: Any  # atoms whose places are needed
    plain: Any  # queries that ask for no places


class Work(NamedTuple):
    """Memory of one run: nothing is cleared between messages, a stamp says what belongs to the present one."""

    chars: Any
    classes: Any
    seen: Any  # atom -> stamp
    count: Any
    first: Any
    fill: Any
    tried: Any  # query -> stamp
    sure: Any  # queries that hold
    open: Any  # queries that ask for places
    present: Any
    hit_atom: Any
    hit_place: Any
    places: Any
    marks: Any  # numbers of the tokens, as sentiment counts them
    numbers: Any  # 0 present, 1 hits, 2 stamp, 3 token, 4 stamp of places
