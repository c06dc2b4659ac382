"""Shares, means and many questions at once, against published figures and by brute force."""

from __future__ import annotations

import itertools
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socius.engine.effect.multiplicity import benjamini_hochberg
from socius.engine.effect.proportion import average, difference, ranked, share, two_shares
from socius.engine.effect.tasks import ab, leads
from socius.engine.grades import grade_computed


def test_newcombe_reproduces_his_own_example() -> None:
    """Newcombe (1998), table II, example (a): 56/70 against 48/80, method 10."""
    found = difference(share("b", 48, 80), share("a", 56, 70))
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))  # fmt: skip


def test_fisher_equals_enumeration() -> None:
    def slow(a: int, n: int, b: int, m: int) -> float:
        chance = {k: comb(n, k) * comb(m, a + b - k) / comb(n + m, a + b) for k in range(max(0, a + b - m), min(n, a + b) + 1)}  # fmt: skip
        return sum(p for p in chance.values() if p <= chance[a] * (1 + 1e-12))

    for a, b in itertools.product(range(6), range(8)):
        assert two_shares((a, 5), (b, 7)) == pytest.approx(slow(a, 5, b, 7))


def test_welch_equals_another_library() -> None:
    from scipy.stats import ttest_ind

    a, b = [1.0, 2, 3, 4], [2.0, 4, 6, 8, 10]
    found, peer = difference(average("a", a), average("b", b)), ttest_ind(b, a, equal_var=False)
    edges = peer.confidence_interval(0.95)
    assert (found.effect, found.low, found.high, found.p) == pytest.approx((3.5, edges.low, edges.high, peer.pvalue))  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_false_discovery_rate_equals_its_definition(p: list[float]) -> None:
    found = benjamini_hochberg(p)
    order = sorted(p)
    for value, q in zip(p, found, strict=True):
        assert q == pytest.approx(min(1.0, *(order[k] * len(p) / (k + 1) for k in range(len(p)) if order[k] >= value), 1.0))  # fmt: skip


def test_a_refused_question_is_no_comparison() -> None:
    assert benjamini_hochberg([None, 0.01, 0.5]) == [None, 0.02, 0.5]


def test_few_leads_get_no_rank_and_no_verdict() -> None:
    found = {g.name: (rank, verdict) for g, rank, verdict in ranked([share("good", 80, 100), share("bad", 20, 100), share("few", 2, 2), share("some", 10, 20)])}  # fmt: skip
    assert found == {"good": (1, "ranked"), "bad": (2, "ranked"), "few": (None, "too_few"), "some": (None, "no_rank")}  # fmt: skip


def test_sources_that_overlap_cannot_be_told_apart() -> None:
    found = ranked([share("a", 40, 100), share("b", 38, 100), share("c", 90, 100)])
    assert [(g.name, v) for g, _, v in found] == [("c", "ranked"), ("a", "cannot_tell"), ("b", "cannot_tell")]  # fmt: skip


def test_spellings_are_one_source_and_unanswered_ones_are_untracked() -> None:
    rows = ["Google,1"] * 20 + ["google ,0"] * 20 + ["Select,1", ",0"]
    found = leads.run({"file": "l.csv", "source": "src", "won": "won"}, {"l.csv": "\n".join(["src,won", *rows]).encode()})  # fmt: skip
    assert [(s["source"], s["n"], s["won"]) for s in found["sources"]] in ([("Google", 40, 20)], [("google", 40, 20)])  # fmt: skip
    assert found["untracked"] == {"n": 2, "share": 2 / 42}


def test_two_groups_are_compared_with_the_control() -> None:
    rows = ["control,0"] * 300 + ["control,1"] * 100 + ["new,0"] * 220 + ["new,1"] * 180
    found = ab.run({"file": "f", "group": "g", "outcome": "y"}, {"f": "\n".join(["g,y", *rows]).encode()})  # fmt: skip
    assert (found["baseline"], found["verdict"]) == ("control", "up")
    assert found["effect"] == pytest.approx(0.2)
    assert found["p"] < 1e-6


def test_a_grade_is_capped_by_what_is_missing() -> None:
    full = {"designed": "hash", "controls": 2, "placebos": 12, "passed": True, "agree": True}
    assert grade_computed(**full)[0] == "B"
    for lack in ({"designed": ""}, {"controls": 0}, {"placebos": 9}, {"passed": False}, {"agree": False}, {"agree": None}):  # fmt: skip
        assert grade_computed(**{**full, **lack})[0] == "D"
