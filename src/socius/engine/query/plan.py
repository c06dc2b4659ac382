"""Compiles queries into the arrays of the kernel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from socius.engine.query.anchors import Anchors, Leaf
from socius.engine.query.layout import (
    ANY,
    ATOM,
    BASIS,
    IF_FALSE,
    IF_TRUE,
    NEAR,
    NOT,
    PHRASE,
    PRIME,
    SPREAD,
    Programs,
    Vocabulary,
)
from socius.engine.query.tree import And, Field, Near, Node, Not, Or, Phrase, Prefix, Tag, Word
from socius.engine.text.table import VERSION

SEED = 0x5DEECE66D
MASK = (1 << 64) - 1
Code = list[tuple[int, int]]


class Filed(NamedTuple):
    """One query to be matched."""

    id: str | int
    tree: Node
    text: str
    version: int = 1


def flat(rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Lists of different lengths as starts and values."""
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(r) for r in rows], out=starts[1:])
    return starts, np.array([v for r in rows for v in r], np.int32)


class Compiler:
    """Numbers atoms, phrases and NEAR as it meets them."""

    def __init__(self, anchors: Anchors) -> None:
        self.anchors = anchors
        self.atoms: dict[Leaf, int] = {}
        self.placed: set[int] = set()
        self.anys: dict[tuple[int, ...], int] = {}
        self.phrases: dict[tuple[int, ...], int] = {}
        self.nears: list[list[int]] = []  # left, right, left, right, ...
        self.within: list[int] = []

    def atom(self, leaf: Leaf) -> int:
        """Number of a leaf."""
        return self.atoms.setdefault(leaf, len(self.atoms))

    def phrase(self, node: Phrase) -> int:
        """Number of a phrase."""
        parts = tuple(self.atom(p) for p in node.parts)
        self.placed.update(parts)
        return self.phrases.setdefault(parts, len(self.phrases))

    def code(self, node: Node) -> Code:
        """The program of a node: it leaves one truth value."""
        if isinstance(node, Phrase):
            return [(PHRASE, self.phrase(node))]
        if isinstance(node, Near):
            return [(NEAR, self.near(node))]
        if isinstance(node, Not):
            return [*self.code(node.child), (NOT, 0)]
        if isinstance(node, And | Or):
            return self.joined(node)
        return [(ATOM, self.atom(node))]

    def joined(self, node: And | Or) -> Code:
        """AND and OR: cheap children first, and a jump to the end as soon as the value is settled."""
        simple = [c for c in node.children if isinstance(c, Word | Prefix | Tag | Field)]
        rest = [c for c in node.children if c not in simple]
        parts: list[Code] = []
        if isinstance(node, Or) and len(simple) > 1:
            key = tuple(sorted({self.atom(c) for c in simple}))
            parts.append([(ANY, self.anys.setdefault(key, len(self.anys)))])
        else:
            parts += [self.code(c) for c in sorted(simple, key=self.anchors.cost)]
        parts += sorted((self.code(c) for c in rest), key=len)
        jump = IF_TRUE if isinstance(node, Or) else IF_FALSE
        made: Code = parts[-1]
        for part in reversed(parts[:-1]):
            made = [*part, (jump, len(made)), *made]
        return made

    def near(self, node: Near) -> int:
        """Number of a NEAR."""
        self.nears += [self.operand(node.left), self.operand(node.right)]
        self.within.append(node.within)
        return len(self.within) - 1

    def operand(self, node: Node) -> list[int]:
        """One side of NEAR: atoms, and phrases as -1 - number."""
        if isinstance(node, Or):
            return [part for child in node.children for part in self.operand(child)]
        if isinstance(node, Phrase):
            return [-1 - self.phrase(node)]
        if not isinstance(node, Word | Prefix):
            raise TypeError(f"{type(node).__name__} has no place in a text")
        atom = self.atom(node)
        self.placed.add(atom)
        return [atom]


class Plan(NamedTuple):
    """What a batch is matched with. `hash` names it in every row that it made."""

    queries: tuple[Filed, ...]
    vocabulary: Vocabulary
    programs: Programs
    fields: Mapping[str, Mapping[str, int]]
    atoms: int
    hash: bytes


def mark_of(text: str) -> int:
    """The kernel's hash of a word, before kind and seed are mixed in."""
    mark = int(BASIS)
    for char in text:
        mark = ((mark ^ ord(char)) * int(PRIME)) & MASK
    return mark


def kind_of(leaf: Word | Prefix | Tag) -> int:
    """How the kernel tells entries with equal letters apart."""
    if isinstance(leaf, Tag):
        return ord(leaf.sigil)
    return 1 if isinstance(leaf, Prefix) else 0


def vocabulary(texts: Sequence[Word | Prefix | Tag]) -> Vocabulary:
    """The open table of all words, prefixes and tags; atom n is entry n."""
    size = 1 << max(4, (4 * len(texts)).bit_length())
    slots = np.full(size, -1, np.int32)
    for number, leaf in enumerate(texts):
        mixed = ((mark_of(leaf.text) ^ SEED ^ kind_of(leaf)) * int(SPREAD)) & MASK
        at = (mixed >> 32) & (size - 1)
        while slots[at] >= 0:
            at = (at + 1) & (size - 1)
        slots[at] = number
    starts, chars = flat([[ord(c) for c in leaf.text] for leaf in texts])
    lengths = sorted({len(leaf.text) for leaf in texts if isinstance(leaf, Prefix)})
    return Vocabulary(
        slots,
        np.array([kind_of(leaf) for leaf in texts], np.int32),
        starts,
        chars.astype(np.uint32),
        np.array(lengths, np.int64),
        np.uint64(SEED),
    )


def renumbered(compiler: Compiler, trees: Sequence[Node]) -> list[Word | Prefix | Tag]:
    """Numbers the atoms of text first, so that an entry's number is its atom."""
    pending = list(trees)
    leaves: dict[Leaf, None] = {}
    while pending:
        node = pending.pop()
        if isinstance(node, Word | Prefix | Tag | Field):
            leaves[node] = None
        elif isinstance(node, Not):
            pending.append(node.child)
        elif isinstance(node, Near):
            pending += [node.left, node.right]
        else:
            pending += node.parts if isinstance(node, Phrase) else node.children
    texts = [leaf for leaf in leaves if not isinstance(leaf, Field)]
    for leaf in (*texts, *(leaf for leaf in leaves if isinstance(leaf, Field))):
        compiler.atom(leaf)
    return texts


def plan_of(queries: Iterable[Filed], frequency: Mapping[str, float] | None = None) -> Plan:
    """Compiles queries; `frequency` is documents in a million by word and changes speed only."""
    filed = tuple(queries)
    compiler = Compiler(Anchors(frequency or {}))
    texts = renumbered(compiler, [q.tree for q in filed])
    codes = [compiler.code(q.tree) for q in filed]
    files: list[list[int]] = [[] for _ in compiler.atoms]
    for number, query in enumerate(filed):
        for leaf in compiler.anchors.of(query.tree)[1]:
            files[compiler.atom(leaf)].append(number)
    placed = np.zeros(len(compiler.atoms) + 1, np.bool_)
    placed[sorted(compiler.placed)] = True
    code_starts, _ = flat([[0] * len(c) for c in codes])
    programs = Programs(
        *flat(files),
        code_starts,
        np.array([pair for c in codes for pair in c] or [(0, 0)], np.int32),
        *flat(list(compiler.anys)),
        *flat(list(compiler.phrases)),
        *flat(compiler.nears),
        np.array(compiler.within, np.int64),
        placed,
        np.array([all(op not in {PHRASE, NEAR} for op, _ in c) for c in codes] or [True]),
    )
    fields: dict[str, dict[str, int]] = {}
    for leaf, atom in compiler.atoms.items():
        if isinstance(leaf, Field):
            fields.setdefault(leaf.name, {})[leaf.value] = atom
    said = [f"{q.id}\x1f{q.version}\x1f{q.text}" for q in filed]
    name = hashlib.blake2b("\x1e".join([VERSION, *sorted(said)]).encode(), digest_size=16)
    return Plan(filed, vocabulary(texts), programs, fields, len(compiler.atoms), name.digest())
