"""Reference evaluator: straight recursion over the tree, no index. It is the oracle of the fast matcher and serves the preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from socius.engine.query.fields import NAMES, values
from socius.engine.query.tree import And, Field, Near, Node, Not, Or, Phrase, Prefix, Tag, Word
from socius.engine.text.tokens import tokenise

Span = tuple[int, int]  # first and last token of an occurrence


class Subject:
    """A record, ready to be asked."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.words, self.tags, _ = tokenise(record.get("text") or "")
        self.fields = {name: values(record, name) for name in NAMES}


def occurrences(node: Node, subject: Subject) -> list[Span]:
    """Where a word, prefix, phrase, or OR of these stands."""
    if isinstance(node, Word):
        return [(i, i) for i, word in enumerate(subject.words) if word == node.text]
    if isinstance(node, Prefix):
        return [(i, i) for i, word in enumerate(subject.words) if word.startswith(node.text)]
    if isinstance(node, Or):
        return [span for child in node.children for span in occurrences(child, subject)]
    if not isinstance(node, Phrase):
        raise TypeError(f"{type(node).__name__} has no place in a text")
    starts = {start for start, _ in occurrences(node.parts[0], subject)}
    for n, part in enumerate(node.parts[1:], 1):
        starts &= {start - n for start, _ in occurrences(part, subject)}
    return [(start, start + len(node.parts) - 1) for start in sorted(starts)]


def close(node: Near, subject: Subject) -> bool:
    """Two occurrences that do not overlap, near enough."""
    right = occurrences(node.right, subject)
    return any(
        1 <= max(s2 - e1, s1 - e2) <= node.within
        for s1, e1 in occurrences(node.left, subject)
        for s2, e2 in right
    )


def matches(node: Node, subject: Subject) -> bool:
    """Whether the record satisfies the tree."""
    return RULES[type(node)](node, subject)


RULES: dict[type, Callable[[Any, Subject], bool]] = {
    Word: lambda node, subject: node.text in subject.words,
    Prefix: lambda node, subject: any(w.startswith(node.text) for w in subject.words),
    Tag: lambda node, subject: (node.sigil, node.text) in subject.tags,
    Phrase: lambda node, subject: bool(occurrences(node, subject)),
    Field: lambda node, subject: node.value in subject.fields[node.name],
    Near: close,
    Not: lambda node, subject: not matches(node.child, subject),
    And: lambda node, subject: all(matches(c, subject) for c in node.children),
    Or: lambda node, subject: any(matches(c, subject) for c in node.children),
}
