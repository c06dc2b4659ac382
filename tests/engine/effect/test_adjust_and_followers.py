"""Groups that chose themselves, and samples of followers."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from socius.engine.effect.adjust import adjusted
from socius.engine.effect.followers import Profile, authentic, bursts_of, flagged
from socius.engine.effect.tasks import adjust as adjust_task
from socius.engine.effect.tasks import followers as task
from socius.kit.errors import Invalid


def chosen(seed: int, n: int = 600, effect: float = -0.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    treated = rng.random(n) < 1 / (1 + np.exp(-(0.8 * x[:, 0] - 0.5 * x[:, 1])))
    return effect * treated + x[:, 0] + rng.normal(size=n), treated, x


def test_the_adjusted_interval_covers_where_the_naive_one_has_the_wrong_sign() -> None:
    found = [adjusted(*chosen(seed)) for seed in range(200)]
    covered = np.mean([f.adjusted.low <= -0.5 <= f.adjusted.high for f in found])
    assert 0.90 < covered <= 0.99
    assert np.mean([f.naive.effect for f in found]) > 0
    assert np.abs(found[0].after).max() < np.abs(found[0].before).max() / 3


def test_groups_that_hardly_overlap_are_refused() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(400, 1))
    treated = x[:, 0] + 0.01 * rng.normal(size=400) > 0
    assert adjusted(x[:, 0], treated, x).adjusted is None


def test_the_command_names_the_naive_difference_and_takes_texts_and_gaps() -> None:
    y, t, x = chosen(3)
    rows = [f"{int(b)},{a:.4f},{'' if i % 50 == 0 else f'{c:.4f}'},{'big' if d > 0 else 'small'}" for i, (a, b, (c, d)) in enumerate(zip(y, t, x, strict=True))]  # fmt: skip
    found = adjust_task.run({"file": "f", "treatment": "t", "outcome": "y", "covariates": ["size", "kind"]}, {"f": "\n".join(["t,y,size,kind", *rows]).encode()})  # fmt: skip
    assert found["naive"]["says"] == "not an effect: groups differ"
    assert set(found["adjusted"]) == {"effect", "low", "high", "says"}
    assert {b["covariate"] for b in found["balance"]} == {"size", "size unknown", found["balance"][-1]["covariate"]}  # fmt: skip
    with pytest.raises(Invalid, match="no column 'region'"):
        adjust_task.run({"file": "f", "treatment": "t", "outcome": "y", "covariates": ["region"]}, {"f": "\n".join(["t,y,size,kind", *rows]).encode()})  # fmt: skip


def people(n: int) -> list[Profile]:
    return [Profile(followers=200, following=150, posts=40 + i % 30, age=900, likes=20, default=False, bio="I write") for i in range(n)]  # fmt: skip


BOUGHT = Profile(followers=1, following=2000, posts=0, age=20, likes=0, default=True, bio="")


def test_bought_followers_lower_the_authentic_share() -> None:
    before, after = flagged(people(1000)), flagged([*people(1000), *[BOUGHT] * 1000])
    a, b = authentic(len(before), sum(before)), authentic(len(after), sum(after))
    assert a.high == 1.0
    assert b.high < 0.56
    assert b.low <= 0.5 <= b.high


def test_the_interval_holds_the_truth_for_any_rate_it_assumes() -> None:
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(400):
        share, spec, sens = rng.uniform(0, 1), rng.uniform(0.95, 1), rng.uniform(0.5, 1)
        hits = rng.binomial(500, share * (1 - spec) + (1 - share) * sens)
        found = authentic(500, int(hits))
        inside += found.low <= share <= found.high
    assert inside / 400 >= 0.95


def test_too_small_a_sample_and_an_unknown_rule_tell_nothing() -> None:
    assert "too few" in (authentic(399, 10).cannot_tell or "")
    assert authentic(500, 10, sensitivity=(0.0, 1.0)).cannot_tell


def test_a_day_on_which_many_joined_is_a_burst() -> None:
    usual = [Profile(joined=f"2026-01-{d:02}") for d in range(1, 11) for _ in range(3)]
    assert bursts_of([*usual, *[Profile(joined="2026-01-20")] * 60]) == {"2026-01-20"}


def test_a_file_without_public_columns_is_refused() -> None:
    with pytest.raises(Invalid, match="of the public columns only none was found"):
        task.run({"file": "f"}, {"f": b"name,colour\na,b\n"})


def test_of_labelled_people_at_least_95_in_100_are_not_flagged() -> None:
    place = Path(os.environ.get("SOCIUS_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "bots_stweeler"  # fmt: skip
    files = sorted(place.rglob("humans/*.csv"))
    if not files:
        pytest.skip(f"{place} is absent")
    answers = [task.run({"file": "f"}, {"f": f.read_bytes()}) for f in files]
    assert sum(a["flagged"] for a in answers) / sum(a["n"] for a in answers) <= 0.05
