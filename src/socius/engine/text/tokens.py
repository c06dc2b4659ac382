"""Tokens of a text, written plainly: the definition that the fast tokeniser must equal."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from socius.engine.text.codepoints import (
    CLUSTER,
    EMOJI,
    EMOJI_TAG,
    KEYCAP,
    KEYCAP_BASES,
    MARK,
    REGIONAL,
    SIGILS,
    SKIN,
    WORD,
    ZWJ,
    class_of,
    normalise,
)

# A link runs to the first character that is no printable ASCII, so that a script without spaces may follow it directly.
LINK = re.compile(r"(?:https?://|www\.(?=[0-9a-z]))[!#-;=?-~]*", re.IGNORECASE)
classify = lru_cache(maxsize=1 << 16)(class_of)


class Tokens(NamedTuple):
    """What the query language sees of a text: its tokens in order, and its tags as (sigil, whole word)."""

    words: tuple[str, ...]
    tags: frozenset[tuple[str, str]]
    kinds: tuple[int, ...]  # class of each token: WORD, CLUSTER or EMOJI


class Reader:
    """Walks one normalised text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.classes = [classify(ord(c)) for c in text]
        self.words: list[str] = []
        self.kinds: list[int] = []
        self.tags: set[tuple[str, str]] = set()
        self.word_end = -1  # where the last word ended

    def read(self) -> Tokens:
        """All tokens."""
        at = 0
        while at < len(self.text):
            at = self.link(at) or self.tag(at) or self.piece(at) or at + 1
        return Tokens(tuple(self.words), frozenset(self.tags), tuple(self.kinds))

    def link(self, at: int) -> int:
        """End of a link that starts here, else 0."""
        if self.text[at] not in "hw" or at == self.word_end:
            return 0
        found = LINK.match(self.text, at)
        return found.end() if found else 0

    def tag(self, at: int) -> int:
        """End of a tag that starts here, else 0. A sigil that follows a word directly is punctuation (mail addresses, `no#5`)."""
        if self.text[at] not in SIGILS or at == self.word_end or self.keycap(at):
            return 0
        end = at + 1
        while end < len(self.text) and self.classes[end] in {WORD, MARK, CLUSTER}:
            if self.keycap(end):
                break
            end = self.piece(end)
        if end == at + 1:
            return 0
        self.tags.add((self.text[at], self.text[at + 1 : end]))
        return end

    def piece(self, at: int) -> int:
        """Adds the token that starts here and returns its end; 0 where none starts."""
        kind = self.classes[at]
        if self.keycap(at):
            return self.add(self.text[at : at + 2], EMOJI, at + 2)
        if kind in {WORD, MARK}:
            return self.word(at)
        if kind == CLUSTER:
            return self.cluster(at)
        if kind == EMOJI:
            return self.emoji(at)
        if kind == REGIONAL:
            end = at + 1 + (at + 1 < len(self.text) and self.classes[at + 1] == REGIONAL)
            return self.add(self.text[at:end], EMOJI, end)
        return 0

    def keycap(self, at: int) -> bool:
        """A digit, `#` or `*` in its key."""
        return (
            self.text[at] in KEYCAP_BASES
            and at + 1 < len(self.text)
            and ord(self.text[at + 1]) == KEYCAP
        )

    def word(self, at: int) -> int:
        """A run of word characters and marks."""
        end = at + 1
        while end < len(self.text) and self.classes[end] in {WORD, MARK} and not self.keycap(end):
            end += 1
        self.word_end = end
        return self.add(self.text[at:end], WORD, end)

    def cluster(self, at: int) -> int:
        """One letter of a script without spaces, with its marks."""
        end = at + 1
        while end < len(self.text) and self.classes[end] == MARK:
            end += 1
        return self.add(self.text[at:end], CLUSTER, end)

    def emoji(self, at: int) -> int:
        """One pictograph with what is joined to it, without its skin tone."""
        kept = [self.text[at]]
        end = at + 1
        while end < len(self.text):
            kind = self.classes[end]
            joined = kind == ZWJ and end + 1 < len(self.text) and self.classes[end + 1] == EMOJI
            if not joined and kind not in {MARK, SKIN, EMOJI_TAG}:
                break
            if kind != SKIN:
                kept.append(self.text[end : end + 1 + joined])
            end += 1 + joined
        return self.add("".join(kept), EMOJI, end)

    def add(self, word: str, kind: int, end: int) -> int:
        """Keeps a token."""
        self.words.append(word)
        self.kinds.append(kind)
        return end


def tokenise(text: str) -> Tokens:
    """Tokens of a text as it was written. Positions count every token, tags and emoji too, links not."""
    return Reader(normalise(text)).read()


def links_in(text: str) -> list[str]:
    """The links in a text, as written."""
    found = []
    for match in LINK.finditer(text):
        before = classify(ord(text[match.start() - 1])) if match.start() else 0
        if before not in {WORD, MARK}:
            found.append(match.group())
    return found
