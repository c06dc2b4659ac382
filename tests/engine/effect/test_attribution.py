"""Credit on paths: exact Markov and Shapley against enumeration."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socius.engine.effect.attribution import METHODS, Count, Path, credited
from socius.engine.effect.tasks import attribution as task
from socius.kit.errors import Invalid

CHANNELS = ("mail", "search", "social", "video")
paths = st.dictionaries(
    st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=5).map(tuple),
    st.builds(Count, st.integers(0, 50).map(float), st.integers(1, 50).map(float)), min_size=1, max_size=12,
)  # fmt: skip


def slow_shapley(found: dict[Path, Count], channels: list[str]) -> dict[str, float]:
    def worth(team: tuple[str, ...]) -> float:
        return sum(c.won for p, c in found.items() if set(p) <= set(team))

    n, out = len(channels), {}
    for channel in channels:
        rest = [c for c in channels if c != channel]
        out[channel] = sum(
            factorial(k) * factorial(n - k - 1) / factorial(n) * (worth((*team, channel)) - worth(team))
            for k in range(n) for team in combinations(rest, k)
        )  # fmt: skip
    return out


def chain(found: dict[Path, Count]) -> dict[str, dict[str, float]]:
    """How often each state was followed by which."""
    move: dict[str, dict[str, float]] = {}
    for path, count in found.items():
        steps = [(a, b, count.won + count.lost) for a, b in zip(("(start)", *path), path, strict=False)]  # fmt: skip
        for a, b, n in [*steps, (path[-1], "(won)", count.won), (path[-1], "(lost)", count.lost)]:
            row = move.setdefault(a, {})
            row[b] = row.get(b, 0) + n
    return move


def walked(found: dict[Path, Count], without: str | None) -> float:
    """The chance to convert, by walking the chain for a long time instead of solving it."""
    move = chain(found)
    mass, won = {"(start)": 1.0}, 0.0
    for _ in range(4000):
        after: dict[str, float] = {}
        for state, share in mass.items():
            total = sum(move[state].values())
            for to, n in move[state].items():
                after[to] = after.get(to, 0) + share * n / total
        won += after.get("(won)", 0)
        mass = {s: m for s, m in after.items() if m > 1e-15 and s not in {"(won)", "(lost)", without}}  # fmt: skip
    return won


@settings(max_examples=40, deadline=None)
@given(paths)
def test_every_rule_hands_out_the_conversions_and_shapley_equals_enumeration(found: dict[Path, Count]) -> None:  # fmt: skip
    credit = credited(found)
    won = sum(c.won for c in found.values())
    for method in METHODS:
        assert sum(credit.shares[method]) == pytest.approx(won)
    slow = slow_shapley(found, credit.channels)
    assert credit.shares["shapley"] == pytest.approx([slow[c] for c in credit.channels])


@settings(max_examples=10, deadline=None)
@given(paths)
def test_markov_equals_a_long_walk(found: dict[Path, Count]) -> None:
    credit = credited(found)
    whole = walked(found, None)
    effects = np.array([1 - walked(found, c) / whole if whole else 0 for c in credit.channels])
    expected = effects / effects.sum() * sum(c.won for c in found.values()) if effects.sum() else effects  # fmt: skip
    assert credit.shares["markov"] == pytest.approx(expected, abs=1e-6)


def test_alike_channels_get_alike_and_a_useless_one_nothing() -> None:
    credit = credited({("a", "b"): Count(5, 5), ("b", "a"): Count(5, 5), ("c",): Count(0, 9)})
    for method in ("linear", "markov", "shapley"):
        a, b, c = credit.shares[method]
        assert (a, c) == (pytest.approx(b), 0)


def test_touches_and_whole_paths_say_the_same_and_spellings_are_merged() -> None:
    whole = task.run({"paths": "p"}, {"p": b"path,conversions,nulls\nmail > Search,1,0\nsearch,0,1\n,1,0\n"})  # fmt: skip
    rows = b"path_id,at,channel,converted,value\n1,2026-01-02,search,1,\n1,2026-01-01,mail,0,\n2,2026-01-01,Search,0,\n3,2026-01-01,,1,\n"
    single = task.run({"paths": "p"}, {"p": rows})
    for key in ("paths", "conversions", "untracked_share"):
        assert whole[key] == single[key]
    assert [c["markov"] for c in whole["channels"]] == [c["markov"] for c in single["channels"]]
    assert {c["verdict"] for c in whole["channels"]} == {"too_few"}
    assert whole["descriptive"] is True


def test_a_file_of_another_shape_is_refused() -> None:
    with pytest.raises(Invalid, match="path,conversions,nulls or path_id"):
        task.run({"paths": "p"}, {"p": b"a,b\n1,2\n"})
