"""Grammar of the query language (docs/reference/listening.md): field and term, NEAR, NOT, AND, OR, from tight to loose."""

from __future__ import annotations

from dataclasses import dataclass

from socius.engine.query.lexer import UNBALANCED, Lexeme, Lexer
from socius.engine.query.problems import Problem, Problems
from socius.engine.query.tree import (
    And,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    anchored,
    depth,
    leaves,
)

LONGEST, MOST_LEAVES, DEEPEST = 8192, 1024, 32
Spanned = tuple[Node | None, int, int]


@dataclass(frozen=True)
class Query:
    """A query that was read. It has a tree only where it has no errors."""

    text: str
    tree: Node | None
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


class Parser:
    """Recursive descent; a broken part becomes None so that the rest is still checked."""

    def __init__(self, lexemes: list[Lexeme], problems: Problems) -> None:
        self.lexemes = lexemes
        self.problems = problems
        self.at = 0
        self.level = 0

    @property
    def here(self) -> Lexeme:
        """The next lexeme."""
        return self.lexemes[self.at]

    def take(self) -> Lexeme:
        """Moves on, never past the end."""
        lexeme = self.here
        self.at += lexeme.kind != "END"
        return lexeme

    def whole(self) -> Node | None:
        """The query; a parenthesis too many is named and skipped."""
        node, _, _ = self.either()
        while self.here.kind != "END":
            extra = self.take()
            say = "This parenthesis was never opened. Take it away, or add `(` before."
            self.problems.error("unbalanced", say, extra.span)
            if self.here.kind != "END":
                self.either()
        return node

    def either(self) -> Spanned:
        """`and { OR and }`"""
        parts = [self.every()]
        while self.here.kind == "OR":
            self.take()
            parts.append(self.every())
        nodes = tuple(n for n, _, _ in parts if n is not None)
        node = None if len(nodes) < len(parts) else nodes[0] if len(nodes) == 1 else Or(nodes)
        return node, parts[0][1], parts[-1][2]

    def every(self) -> Spanned:
        """`not { [AND] not }`"""
        parts = [self.negated()]
        while self.here.kind not in {"OR", ")", "END"}:
            if self.here.kind == "AND":
                self.take()
            parts.append(self.negated())
        nodes = tuple(n for n, _, _ in parts if n is not None)
        node = None if len(nodes) < len(parts) else nodes[0] if len(nodes) == 1 else And(nodes)
        return node, parts[0][1], parts[-1][2]

    def negated(self) -> Spanned:
        """`[NOT | -] near`"""
        if self.here.kind != "NOT":
            return self.near()
        sign = self.take()
        node, _, end = self.near()
        return (None if node is None else Not(node)), sign.start, end

    def near(self) -> Spanned:
        """`primary [NEAR/n primary]`; it does not chain."""
        left, start, end = self.primary()
        if self.here.kind != "NEAR":
            return left, start, end
        sign = self.take()
        if self.here.kind == "NOT":
            self.problems.error("near_operand", OPERAND, self.here.span, "word", "phrase")
            self.take()
            return None, start, self.primary()[2]
        right, begin, last = self.primary()
        sound = self.operand(left, start, end) and self.operand(right, begin, last)
        while self.here.kind == "NEAR":
            say = "NEAR does not chain: whose distance is meant? Join two NEAR with AND."
            self.problems.error("near_chain", say, self.here.span)
            self.take()
            _, _, last = self.primary()
            sound = False
        if not sound or left is None or right is None:
            return None, start, last
        return Near(left, right, sign.number), start, last

    def operand(self, node: Node | None, start: int, end: int) -> bool:
        """Whether NEAR can measure from here."""
        if node is None or positional(node):
            return node is not None
        self.problems.error("near_operand", OPERAND, (start, end), "word", "phrase")
        return False

    def primary(self) -> Spanned:
        """A group or a term."""
        lexeme = self.here
        if lexeme.kind == "TERM":
            self.take()
            return lexeme.node, lexeme.start, lexeme.end
        if lexeme.kind == "(":
            return self.group()
        say = "A term is missing here: a word, a phrase, a field or a group."
        self.problems.error("missing_term", say, lexeme.span, "word", "phrase", "field", "(")
        if lexeme.kind not in {")", "END", "OR"}:
            self.take()
            return (None, *self.primary()[1:]) if lexeme.kind != "NEAR" else (None, *lexeme.span)
        return None, lexeme.start, lexeme.end

    def group(self) -> Spanned:
        """`( or )`"""
        opened = self.take()
        self.level += 1
        if self.level > DEEPEST:
            self.problems.error("too_deep", f"More than {DEEPEST} levels.", opened.span)
            self.at = len(self.lexemes) - 1
            return None, opened.start, opened.end
        node, _, end = self.either()
        self.level -= 1
        if self.here.kind == ")":
            return node, opened.start, self.take().end
        if not any(e.code == "too_deep" for e in self.problems.errors):
            self.problems.error("unbalanced", UNBALANCED, opened.span, ")")
        return None, opened.start, end


OPERAND = "NEAR stands between words, prefixes, phrases, or groups of these joined by OR."


def positional(node: Node) -> bool:
    """What has places in a text: words, prefixes, phrases, and OR of these."""
    if isinstance(node, Or):
        return all(positional(c) for c in node.children)
    return isinstance(node, Word | Prefix | Phrase)


def parse(text: str) -> Query:
    """Reads a query. All errors that can be told apart are reported together; nothing is cut or guessed."""
    problems = Problems(text)
    whole = (0, len(text))
    if len(text) > LONGEST:
        say = f"The query has {len(text)} characters; at most {LONGEST} are read. Split it."
        problems.error("too_long", say, whole)
    elif not text.strip():
        problems.error("empty", "The query is empty. Write a word.", whole, "word")
    tree = None
    if not problems.errors:
        lexemes = Lexer(text, problems).read()
        tree = Parser(lexemes, problems).whole()
    if tree is not None and not problems.errors:
        limits(tree, problems, whole)
    errors = tuple(sorted(problems.errors, key=lambda e: e.start))
    return Query(text, None if errors else tree, errors, tuple(problems.warnings))


def limits(tree: Node, problems: Problems, whole: tuple[int, int]) -> None:
    """Rules about the query as a whole."""
    if leaves(tree) > MOST_LEAVES:
        say = f"The query has {leaves(tree)} terms; at most {MOST_LEAVES} are read. Split it."
        problems.error("too_many_terms", say, whole)
    if depth(tree) > DEEPEST:
        problems.error("too_deep", f"More than {DEEPEST} levels. Split the query.", whole)
    if not anchored(tree):
        say = "Nothing in this query must be present, so it would match nearly everything. Add a term that must occur."
        problems.error("only_negative", say, whole, "word", "phrase", "field")
