"""Rings: those who act as one are found, those who share a headline are not."""

from __future__ import annotations

import random

from socius.engine.rings import Post, clusters, plain, rings, weights

WORDS = [
    "parcel",
    "late",
    "kettle",
    "broke",
    "again",
    "story",
    "window",
    "garden",
    "river",
    "music",
    "lamp",
    "table",
    "cloud",
    "paper",
    "winter",
    "street",
]


def people(dice: random.Random, count: int = 1500) -> list[Post]:
    """Posts of two weeks; a tenth repeats a headline within hours."""
    headlines = [
        (" ".join(dice.choices(WORDS, k=9)), dice.uniform(0, 14 * 86_400)) for _ in range(12)
    ]
    out = []
    for _ in range(count):
        text, at = " ".join(dice.choices(WORDS, k=9)), dice.uniform(0, 14 * 86_400)
        if dice.random() < 0.1:
            text, start = dice.choice(headlines)
            at = start + dice.expovariate(1 / 10_000)
        out.append(Post(f"p{dice.randrange(300)}", int(at), text))
    return out


def test_texts_that_differ_by_a_word_are_one_cluster() -> None:
    long = "the kettle that came last week broke again and nobody at the service desk answers the telephone"
    other = long.replace("service", "repair")
    found = clusters([plain(t) for t in (long, other, "something else that is said by somebody about nothing", long.upper() + " https://a.example/x")])  # fmt: skip
    assert found[0] == found[1] == found[3] != found[2]
    assert clusters(["ha", "ha", "hi"])[0] != clusters(["ha", "ha", "hi"])[2]


def test_a_ring_is_found_and_the_public_is_not() -> None:
    dice = random.Random(5)
    rows = people(dice)
    assert rings(rows) == []
    for _ in range(12):
        text, start = " ".join(dice.choices(WORDS, k=14)), dice.uniform(0, 14 * 86_400)
        rows += [Post(f"ring{m}", int(start + dice.uniform(0, 300)), text) for m in range(9) if dice.random() < 0.8]  # fmt: skip
    (found,) = rings(rows)
    assert set(found.authors) == {f"ring{m}" for m in range(9)}
    assert weights([found])["ring0"] == 0.1
    assert found.needed >= 3
