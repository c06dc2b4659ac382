"""The library is complete, every playbook of it is whole, and no two say the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import socius.engine
from socius.assess.reports.playbooks import (
    ISSUES,
    Playbook,
    library,
    playbook_of,
    search,
    sentences,
    shared,
    too_alike,
)

DATA = Path(socius.engine.__path__[0]) / "assessment" / "data" / "gates-1.json"
GATES = {(gate["item"], gate["stage"]) for gate in json.loads(DATA.read_text())["gates"]}
BOOKS = list(library().values())


def test_every_gate_of_every_stage_and_every_rule_has_one():
    for item, stage in GATES:
        book = playbook_of(item, stage)
        assert book is not None, item
        assert (book.item, book.stage) == (item, stage)
    assert all(playbook_of(f"C{n}") for n in range(1, 9))
    assert len(BOOKS) == len(GATES) + 8
    assert {book.issue for book in BOOKS} == set(ISSUES)


@pytest.mark.parametrize("book", BOOKS, ids=[book.id for book in BOOKS])
def test_a_playbook_says_who_how_with_what_how_long_and_how_one_knows(book):
    assert len(book.who) >= 2
    assert len(book.steps) >= 5
    assert all(len(step.split()) >= 7 for step in book.steps)
    assert len(book.template.splitlines()) >= 4
    assert "…" in book.template or "|" in book.template
    assert len(book.time.split()) >= 2
    assert len(book.evidence) >= 2
    assert len(book.gap.split()) >= 8


def test_no_two_share_more_than_three_tenths_of_their_sentences():
    assert too_alike(BOOKS) == []
    worst = max(shared(a.words, b.words) for a in BOOKS for b in BOOKS if a is not b)
    assert worst < 0.1


def test_the_lint_finds_two_that_are_alike():
    one = BOOKS[0]
    copied = Playbook("x", 1, one.issue, "Another", one.gap, one.who, one.time, one.steps, "", ())
    assert too_alike([one, copied])[0][:2] == (one.id, "x")
    assert shared("", "anything at all") == 0.0
    assert sentences("Ask the owner. ASK, the owner!") == {"ask the owner"}


def test_words_issues_and_stages_narrow_the_library_down():
    assert [book.id for book in search("trained before password")] in ([], ["q31"])
    assert "q28" in [book.id for book in search("rehearse crisis")]
    assert {book.stage for book in search(stage="rules")} == {0}
    assert {book.issue for book in search(issue="buy-in")} == {"buy-in"}
    assert search("no such word xyzzy") == []
