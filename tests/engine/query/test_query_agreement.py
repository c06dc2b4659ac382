"""The fast matcher equals the reference evaluator: same pairs, none missing, none spurious."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from writing_queries import Writer, record_of, text_of

from socius.engine.query.marks import letters, marks
from socius.engine.query.matcher import Matcher
from socius.engine.query.plan import Filed, plan_of
from socius.engine.query.reference import Subject, matches
from socius.engine.query.tree import (
    And,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Tag,
    Word,
    anchored,
)
from socius.engine.text.codepoints import class_of
from socius.engine.text.table import CLASS_SHIFT, checked, table

HERE = Path(__file__).parent
INTERPRETED = """
import json, sys
sys.path.insert(0, sys.argv[1])
import test_query_agreement as t
t.agree_on_cases(); t.agree_on_random(30, 60, 1)
"""


def filed(trees: list[Node]) -> list[Filed]:
    return [Filed(n, tree, repr(tree)) for n, tree in enumerate(trees)]


def expected(records: list[dict[str, Any]], trees: list[Node]) -> set[tuple[int, int]]:
    found = set()
    for m, record in enumerate(records):
        subject = Subject(record)
        found |= {(m, q) for q, tree in enumerate(trees) if matches(tree, subject)}
    return found


def got(
    records: list[dict[str, Any]], trees: list[Node], frequency: dict[str, float] | None = None
):
    hits = Matcher(plan_of(filed(trees), frequency)).records(records)
    pairs = list(zip(hits.message.tolist(), hits.query.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert pairs == sorted(pairs)
    return set(pairs)


def agree_on_cases() -> None:
    from socius.engine.query.parser import parse

    cases = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
    trees = [parse(c["query"]).tree for c in cases]
    pairs = got(cases, trees)
    assert {n: (n, n) in pairs for n in range(len(cases))} == {
        n: c["expected"] for n, c in enumerate(cases)
    }


def agree_on_random(queries: int, texts: int, seed: int) -> tuple[int, float]:
    dice = random.Random(seed)
    bodies = [text_of(dice) for _ in range(texts)]
    records = [record_of(dice, t) for t in bodies]
    writer = Writer(dice, bodies)
    trees = [writer.query() for _ in range(queries)]
    frequency = {w: dice.random() * 1e5 for w in writer.words}
    want = expected(records, trees)
    assert got(records, trees) == want
    assert got(records, trees, frequency) == want
    return len(want), len({q for _, q in want}) / queries


def test_interpreted_kernel_agrees_with_the_cases_and_some_random_queries() -> None:
    """Without compiling: numba's decorators off, the same code run by Python."""
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", INTERPRETED, str(HERE)],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_table_says_of_every_code_point_what_unicodedata_says() -> None:
    made = table()
    dice = random.Random(5)
    for code in [*range(0x3000), *dice.sample(range(0x3000, 0x30000), 3000)]:
        value = int(made.entries[int(made.blocks[code >> 8]) * 256 + (code & 255)])
        if value & 0x1FFFFF == code and not value >> 25 & 1:
            assert value >> CLASS_SHIFT & 15 == class_of(code), hex(code)
    assert checked(dice.sample(range(0x3400, 0x323B0), 3000))


@pytest.mark.slow
def test_compiled_kernel_agrees_with_every_case() -> None:
    agree_on_cases()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_compiled_kernel_agrees_on_random_queries_and_texts(seed: int) -> None:
    pairs, share = agree_on_random(250, 250, seed)
    assert pairs > 1000
    assert share >= 0.3


@pytest.mark.slow
def test_long_hostile_and_empty_texts_agree() -> None:
    dice = random.Random(9)
    texts = [
        "",
        " ",
        "\x00",
        "a" * 50_000,
        "parcel late " * 4_000,
        "快递很慢" * 3_000,
        "e\u0301" * 5_000,
        "".join(text_of(dice) for _ in range(900))[:50_000],
        b"\xff\xfeparcel\xc3".decode("utf8", "replace"),
    ]
    trees: list[Node] = [
        Near(Word("parcel"), Word("late"), 1),
        Phrase((Word("递"), Word("很"))),
        Near(Word("快"), Phrase((Word("慢"), Word("快"), Word("递"))), 2),
        Word("a" * 50_000),
        And((Word("parcel"), Not(Word("late")))),
        Near(Word("é" * 5_000), Word("x"), 3),
    ]
    records = [{"text": t} for t in texts]
    assert got(records, trees) == expected(records, trees)


@pytest.mark.slow
def test_laws_of_boolean_queries_hold_on_both_and_batches_do_not_matter() -> None:
    dice = random.Random(3)
    bodies = [text_of(dice) for _ in range(300)]
    records = [record_of(dice, t) for t in bodies]
    writer = Writer(dice, bodies)
    for _ in range(20):
        a, b, always = writer.leaf(), writer.leaf(), Or((Word("late"), Word("parcel"), Word("快")))
        x, y = writer.part(), writer.part()
        trees = [
            And((always, a)),
            And((always, Not(Not(a)))),
            And((always, Not(And((a, b))))),
            And((always, Or((Not(a), Not(b))))),
            Near(x, y, 50),
            And((x, y)),
            Phrase((Word("late"), Word("brand"))),
            And((Word("late"), Word("brand"))),
        ]
        assert all(anchored(t) for t in trees)
        by: list[set[int]] = [set() for _ in trees]
        pairs = got(records, trees)
        assert pairs == expected(records, trees)
        for message, query in pairs:
            by[query].add(message)
        assert by[0] == by[1]
        assert by[2] == by[3]
        assert by[4] <= by[5]
        assert by[6] <= by[7]
        order = dice.sample(range(300), 300)
        turned = got([records[i] for i in order], trees)
        assert {(order[m], q) for m, q in turned} == pairs
        matcher = Matcher(plan_of(filed(trees)))
        parts = [matcher.records(records[i : i + 7]) for i in range(0, 300, 7)]
        assert sum(len(p.query) for p in parts) == len(pairs)


@pytest.mark.slow
def test_brute_force_over_all_small_queries_guards_the_reference() -> None:
    """A third way to the answer: sets and string search only, for a language of two letters."""
    texts = [" ".join("ab"[i >> k & 1] for k in range(n)) for n in range(6) for i in range(2**n)]
    atoms = {"a": Word("a"), "b": Word("b")}
    small: list[tuple[Node, Any]] = [(atoms[x], lambda w, x=x: x in w) for x in "ab"]
    for x in "ab":
        for y in "ab":
            small.append(
                (Phrase((atoms[x], atoms[y])), lambda w, x=x, y=y: f"{x}{y}" in "".join(w))
            )
            for n in (1, 2):
                small.append(
                    (
                        Near(atoms[x], atoms[y], n),
                        lambda w, x=x, y=y, n=n: any(
                            w[i] == x and w[j] == y and 1 <= abs(i - j) <= n
                            for i in range(len(w))
                            for j in range(len(w))
                        ),
                    )
                )
    trees = [(t, f) for t, f in small]
    for t, f in small:
        for u, g in small:
            trees.append((And((t, u)), lambda w, f=f, g=g: f(w) and g(w)))
            trees.append((Or((t, u)), lambda w, f=f, g=g: f(w) or g(w)))
            trees.append((And((t, Not(u))), lambda w, f=f, g=g: f(w) and not g(w)))
    records = [{"text": t} for t in texts]
    want = {(m, q) for m, t in enumerate(texts) for q, (_, f) in enumerate(trees) if f(t.split())}
    assert expected(records, [t for t, _ in trees]) == want
    assert got(records, [t for t, _ in trees]) == want


@pytest.mark.slow
def test_ascii_in_one_pass_is_what_the_walk_over_classes_finds() -> None:
    dice = random.Random(7)
    parts = ["Parcel", "x_1", "a", "#tag", "#", "@who", "$", "$a_b", "!", "http://a.b/c", "https://", "www.x", "www.", "wWw.9\"q", "HTTPS://Q<", "a#b", "no@5", "#www.a.b", "'", "\x00", "\x7f", "~", "h", "w"]  # fmt: skip
    texts = ["".join(dice.choice(parts) + dice.choice(("", " ", "")) for _ in range(dice.randint(0, 9))) for _ in range(3000)]  # fmt: skip
    queries = [Word("parcel"), Prefix("par"), Prefix("www"), Tag("#", "tag"), Tag("$", "a_b"), Tag("#", "www"), Word("5"), Word("x_1")]  # fmt: skip
    matcher = Matcher(plan_of(filed(queries)))
    hits, found = matcher.read(texts, None, np.ones(len(texts), np.bool_), letters(texts))
    walked = marks(texts)
    assert found.values.tolist() == walked.values.tolist()
    assert found.starts.tolist() == walked.starts.tolist()
    records = [{"text": t} for t in texts]
    pairs = set(zip(hits.message.tolist(), hits.query.tolist(), strict=True))
    assert pairs == expected(records, queries)
    assert {q for _, q in pairs} == set(range(len(queries)))
