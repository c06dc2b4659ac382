"""Shares and counts in sentences."""

from __future__ import annotations

import pytest

from socius.kit.figures import counted, percent


@pytest.mark.parametrize(("share", "decimals", "said"), [(0.47, 0, "47 %"), (0.034, 1, "3.4 %"), (1, 0, "100 %"), (0, 0, "0 %")])  # fmt: skip
def test_a_share_stands_before_a_space_and_its_sign(share, decimals, said):
    assert percent(share, decimals) == said


@pytest.mark.parametrize(("n", "words", "said"), [(0, ("group",), "0 groups"), (1, ("group",), "1 group"), (1200, ("day",), "1,200 days"), (2, ("series", "series"), "2 series")])  # fmt: skip
def test_one_is_one(n, words, said):
    assert counted(n, *words) == said
