"""The parse tree of a query. Leaves hold normalised text; nodes are immutable and compare by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """A token, bare or behind any sigil."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Tokens that begin so."""

    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A whole tag: `#`, `@` or `$` and its word."""

    sigil: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens side by side, in order."""

    parts: tuple[Word | Prefix, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A value that stands in a field of the record."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Near:
    """Two occurrences that do not overlap, at most `within` tokens apart, in either order."""

    left: Node
    right: Node
    within: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of these."""

    children: tuple[Node, ...]


Node: TypeAlias = Word | Prefix | Tag | Phrase | Field | Near | Not | And | Or


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    if isinstance(node, And | Or):
        return node.children
    if isinstance(node, Near):
        return node.left, node.right
    if isinstance(node, Not):
        return (node.child,)
    if isinstance(node, Phrase):
        return node.parts
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    pending = [node]
    while pending:
        here = pending.pop()
        yield here
        pending.extend(children(here))


def leaves(node: Node) -> int:
    """Terms of a query, each word of a phrase counted."""
    return sum(isinstance(n, Word | Prefix | Tag | Field) for n in walk(node))


def depth(node: Node) -> int:
    """Levels of a query; a term by itself has 1."""
    deepest, pending = 0, [(node, 1)]
    while pending:
        here, level = pending.pop()
        deepest = max(deepest, level)
        pending.extend((child, level + 1) for child in children(here))
    return deepest


def anchored(node: Node) -> bool:
    """Whether some term must be present for the query to match; without one it would have to look at every message."""
    if isinstance(node, Not):
        return False
    if isinstance(node, And):
        return any(anchored(c) for c in node.children)
    if isinstance(node, Or):
        return all(anchored(c) for c in node.children)
    return True
