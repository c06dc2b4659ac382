"""Cuts a query into operators and terms. Each term is compiled to its node here, because its shape needs nothing around it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from socius.engine.query.fields import NAMES, wanted
from socius.engine.query.problems import Problems
from socius.engine.query.tree import And, Field, Node, Or, Phrase, Prefix, Tag, Word
from socius.engine.text.codepoints import CLUSTER, EMOJI, SIGILS, normalise
from socius.engine.text.tokens import Tokens, tokenise

QUOTES = '"“”„‟«»＂'
PARENS = {"(": "(", ")": ")", "（": "(", "）": ")"}
FIELD = re.compile(r"([A-Za-z_]+):(?!//)")
NEAR = re.compile(r"NEAR(?:/(\S*))?")
OR = re.compile(r"\s+OR\s+|\s+")
SHORTEST_PREFIX, LONGEST_PREFIX, USUAL_PREFIX = 2, 60, 4
LARGEST_NEAR = 50


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One word of the grammar. `kind` is `(`, `)`, AND, OR, NOT, NEAR, TERM or END; a term that is broken has no node."""

    kind: str
    start: int
    end: int
    node: Node | None = None
    number: int = 0

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end


class Lexer:
    """Walks the query as it was written; all offsets are of that text."""

    def __init__(self, text: str, problems: Problems) -> None:
        self.text = text
        self.problems = problems
        self.found: list[Lexeme] = []

    def read(self) -> list[Lexeme]:
        """All lexemes, closed by END."""
        at = 0
        while at < len(self.text):
            at = at + 1 if self.text[at].isspace() else self.one(at)
        self.found.append(Lexeme("END", at, at))
        return self.found

    def one(self, at: int) -> int:
        """Adds the lexeme that starts here; returns its end."""
        char = self.text[at]
        if char in PARENS:
            return self.add(PARENS[char], at, at + 1)
        if char == "-":
            return self.add("NOT", at, at + 1)
        if char in QUOTES:
            end, node = self.quoted(at)
            return self.add("TERM", at, end, node)
        field = FIELD.match(self.text, at)
        if field:
            return self.field(at, field)
        return self.plain(at, stop(self.text, at))

    def add(
        self, kind: str, start: int, end: int, node: Node | None = None, number: int = 0
    ) -> int:
        """Keeps a lexeme."""
        self.found.append(Lexeme(kind, start, end, node, number))
        return end

    def plain(self, start: int, end: int) -> int:
        """An operator or a term."""
        raw = self.text[start:end]
        if raw in {"AND", "OR", "NOT"}:
            return self.add(raw, start, end)
        near = NEAR.fullmatch(raw)
        if near:
            number = int(near[1]) if near[1] and near[1].isascii() and near[1].isdigit() else 0
            if not 1 <= number <= LARGEST_NEAR:
                say = f"NEAR needs a distance from 1 to {LARGEST_NEAR}: write NEAR/5."
                self.problems.error("near_range", say, (start, end), "NEAR/1 ... NEAR/50")
            return self.add("NEAR", start, end, None, number or 1)
        if raw in {"and", "or", "not"}:
            say = f"{raw!r} is read as a word. Write {raw.upper()} for the operator."
            self.problems.warn("lower_operator", say, (start, end))
        return self.add("TERM", start, end, self.term(start, end))

    def field(self, start: int, match: re.Match[str]) -> int:
        """`name:value`, `name:"value"` or `name:(a OR b)`."""
        name, at = match[1].casefold(), match.end()
        end, values = self.values(at)
        if name not in NAMES:
            close = difflib.get_close_matches(name, NAMES, 1, 0.5)
            hint = f"Did you mean {close[0]}:?" if close else f"Fields are {', '.join(NAMES)}."
            say = f"There is no field {match[1]!r}. {hint}"
            self.problems.error("unknown_field", say, (start, at - 1), *(close or NAMES))
            return self.add("TERM", start, end)
        kept = [w for w in (wanted(name, v) for v in values) if w]
        if not kept or len(kept) < len(values):
            say = f"{name}: lacks its value. Write it without a space, such as {name}:value."
            self.problems.error("empty_field", say, (start, end), "value")
            return self.add("TERM", start, end)
        nodes = tuple(Field(name, value) for value in dict.fromkeys(kept))
        return self.add("TERM", start, end, nodes[0] if len(nodes) == 1 else Or(nodes))

    def values(self, at: int) -> tuple[int, list[str]]:
        """Values of a field and where they end."""
        if at < len(self.text) and self.text[at] in QUOTES:
            close = closing(self.text, at)
            if close < 0:
                self.problems.error("open_phrase", UNCLOSED, (at, at + 1), '"')
                return len(self.text), ["?"]
            return close + 1, [self.text[at + 1 : close]]
        if at < len(self.text) and PARENS.get(self.text[at]) == "(":
            ends = [i for i in range(at, len(self.text)) if PARENS.get(self.text[i]) == ")"]
            if not ends:
                self.problems.error("unbalanced", UNBALANCED, (at, at + 1), ")")
                return len(self.text), ["?"]
            inner = self.text[at + 1 : ends[0]].strip()
            return ends[0] + 1, [v.strip(QUOTES) for v in OR.split(inner)]
        end = stop(self.text, at)
        return end, [self.text[at:end]]

    def quoted(self, at: int) -> tuple[int, Node | None]:
        """A phrase: the words between quotes; all but the first may end in `*`."""
        close = closing(self.text, at)
        if close < 0:
            self.problems.error("open_phrase", UNCLOSED, (at, at + 1), '"')
            return len(self.text), None
        parts: list[Word | Prefix] = []
        sound = True
        for chunk in re.finditer(r"\S+", self.text[at + 1 : close]):
            start, end = at + 1 + chunk.start(), at + 1 + chunk.end()
            found = self.words(start, end, first=not parts)
            sound = sound and found is not None
            parts.extend(found or ())
        if not parts and sound:
            say = "The phrase holds no word. Put words between the quotes, or take them away."
            self.problems.error("empty_phrase", say, (at, close + 1), "word")
        return close + 1, joined(parts) if sound and parts else None

    def term(self, start: int, end: int) -> Node | None:
        """A word, a prefix, a tag, or the phrase of the parts of a word with punctuation inside."""
        sigil = normalise(self.text[start])[:1]
        keycap = self.text[start + 1 : end].lstrip("\ufe0f")[:1] == "\u20e3"
        tagged = sigil in SIGILS and not keycap and end > start + 1
        if tagged and "*" in self.text[start:end]:
            self.wildcard(self.text.index("*", start))
            return None
        parts = self.words(start, end, first=False)
        if parts is not None and not parts:
            self.problems.error("no_letters", wordless(self.text[start:end]), (start, end), "word")
        if not parts:
            return None
        tags = tokenise(self.text[start:end]).tags if tagged else frozenset()
        if not tags:
            return joined(parts)
        marks: list[Node] = [Tag(s, t) for s, t in sorted(tags)]
        first = tokenise(marks[0].text) if isinstance(marks[0], Tag) else None
        alone = first is not None and len(marks) == 1 and len(first.words) == len(parts)
        return marks[0] if alone else And((*marks, joined(parts)))

    def wildcard(self, at: int) -> None:
        """An asterisk where none may be."""
        say = "An asterisk may stand only at the end of a word, and not behind a tag or the first word of a phrase."
        self.problems.error("inner_wildcard", say, (at, at + 1))

    def words(self, start: int, end: int, *, first: bool) -> list[Word | Prefix] | None:
        """Tokens of a run without spaces; None where it is broken."""
        raw = self.text[start:end]
        stars = [
            i
            for i, c in enumerate(raw)
            if c == "*" and raw[i + 1 : i + 3].lstrip("\ufe0f")[:1] != "\u20e3"
        ]
        if not stars:
            return [Word(w) for w in tokenise(raw).words]
        tokens = tokenise(raw.rstrip("*"))
        last = len(raw) - 1
        if (
            stars != [last]
            or not tokens.words
            or (first and len(tokens.words) == 1 and not ends_phrase(self.text, end))
        ):
            self.wildcard(start + stars[0])
            return None
        return self.prefixed(tokens, start, end)

    def prefixed(self, tokens: Tokens, start: int, end: int) -> list[Word | Prefix] | None:
        """Words of which the last is a prefix."""
        *before, last = tokens.words
        parts: list[Word | Prefix] = [Word(w) for w in before]
        if tokens.kinds[-1] in {CLUSTER, EMOJI}:
            say = "The asterisk does nothing here: this script is searched by its letters anyway."
            self.problems.warn("prefix_without_effect", say, (start, end))
            return [*parts, Word(last)]
        if not SHORTEST_PREFIX <= len(last) <= LONGEST_PREFIX:
            say = f"A prefix has {SHORTEST_PREFIX} to {LONGEST_PREFIX} letters before its asterisk."
            self.problems.error("short_prefix", say, (start, end))
            return None
        if len(last) < USUAL_PREFIX:
            say = f"A prefix of {len(last)} letters may match very many messages."
            self.problems.warn("broad_prefix", say, (start, end))
        return [*parts, Prefix(last)]


UNCLOSED = "This quote is never closed. Add the closing quote."
UNBALANCED = "This parenthesis is never closed. Add `)`."


def joined(parts: list[Word | Prefix]) -> Node:
    """One part by itself, several as a phrase."""
    return parts[0] if len(parts) == 1 else Phrase(tuple(parts))


def stop(text: str, at: int) -> int:
    """End of a run without spaces, parentheses and quotes."""
    end = at
    while end < len(text) and not (
        text[end].isspace() or text[end] in PARENS or text[end] in QUOTES
    ):
        end += 1
    return end


def closing(text: str, at: int) -> int:
    """Place of the quote that closes the one here, -1 without one."""
    return next((i for i in range(at + 1, len(text)) if text[i] in QUOTES), -1)


def ends_phrase(text: str, end: int) -> bool:
    """Whether the phrase ends here."""
    return end < len(text) and text[end] in QUOTES


def wordless(raw: str) -> str:
    """Why a term without words is none."""
    if "://" in raw or raw.casefold().startswith("www."):
        return "Links are not words. Write link:example.org to find links to a host."
    return f"{raw!r} holds no letter, digit or emoji. Leave it out."
