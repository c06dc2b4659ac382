"""Series whose truth is known: noise regimes with season, weekdays and controls. Used by tests and benchmarks."""

from __future__ import annotations

import numpy as np

from socius.engine.effect.case import Case

FIRST = 738_000
KNOWN = ("iid", "ar6", "ar9", "walk", "t3")


def autoregressive(shocks: np.ndarray, phi: float) -> np.ndarray:
    """A stationary AR(1) of variance 1 from shocks of variance 1."""
    out = np.empty_like(shocks)
    out[0] = shocks[0]
    scale = np.sqrt(1 - phi * phi)
    for t in range(1, len(shocks)):
        out[t] = phi * out[t - 1] + scale * shocks[t]
    return out


def noise(rng: np.random.Generator, kind: str, days: int, before: int) -> np.ndarray:
    """Noise of standard deviation 3, but for the walk, whose level wanders."""
    shocks = rng.normal(size=days)
    if kind == "iid":
        return 3 * shocks
    if kind == "ar9":
        return 3 * autoregressive(shocks, 0.9)
    if kind == "walk":
        return np.cumsum(0.15 * rng.normal(size=days)) + 2.5 * shocks
    if kind == "t3":
        return 3 * autoregressive(rng.standard_t(3, size=days) / np.sqrt(3), 0.6)
    if kind == "ma":
        return 3 * np.convolve(rng.normal(size=days + 3), [1, 0.8, 0.6, 0.4])[3 : days + 3] / 1.4697
    if kind == "ar7":
        out = rng.normal(size=days)
        for t in range(7, days):
            out[t] = 0.6 * out[t - 7] + 0.8 * out[t]
        return 3 * out
    base = 3 * autoregressive(shocks, 0.6)
    return base if kind == "ar6" else base + disturbance(rng, kind, days, before, base)


def disturbance(
    rng: np.random.Generator, kind: str, days: int, before: int, base: np.ndarray
) -> np.ndarray:
    """What the unseen regimes add to AR(1) noise."""
    t = np.arange(days)
    at = int(rng.integers(100, before - 100)) if before > 220 else before // 2
    if kind == "level_break":
        return rng.uniform(4, 15) * rng.choice([-1, 1]) * (t >= at)
    if kind == "slope_break":
        return rng.uniform(0.01, 0.04) * np.maximum(t - at, 0)
    if kind == "variance":
        return base * (t >= at)
    if kind == "changing_week":
        return np.outer(np.linspace(0, 1, days), rng.normal(size=7) * 2)[t, (t + FIRST) % 7]
    if kind == "holidays":
        return -8.0 * np.isin(t % 365, rng.integers(0, 365, size=6))
    if kind == "late_break":
        return 9.0 * (t >= before - 40)
    if kind == "growth":
        return 3e-5 * t.astype(float) ** 2
    raise KeyError(kind)


def case(
    rng: np.random.Generator, kind: str, *, days: int = 730, window: int = 90, controls: int = 5,
    lift: float = 0.0, klass: str = "", useful: int = 3,
) -> Case:  # fmt: skip
    """A case of a regime; `lift` is added to every day of the window."""
    t, day = np.arange(days), np.arange(FIRST, FIRST + days)
    year = 2 * np.pi * t / 365.25
    found = {
        f"c{i}": 10 + 0.1 * np.cumsum(rng.normal(size=days)) + rng.normal(size=days) + np.sin(year + rng.uniform(0, 6))
        for i in range(controls)
    }  # fmt: skip
    outcome = 100 + 4 * np.sin(year) + (2 * rng.normal(size=7))[day % 7]
    outcome = outcome + noise(rng, kind, days, days - window)
    for name in list(found)[:useful]:
        outcome = outcome + found[name]
    outcome[days - window :] += lift
    return Case(kind, day, outcome, found, days - window, days, "day", klass=klass)


def causeless(rng: np.random.Generator) -> Case:
    """An outcome and a would-be cause that share season and drift; a start is named where the cause happens to rise most."""
    drift = np.cumsum(0.1 * rng.normal(size=730))
    asked = case(rng, "ar6", controls=2, useful=2)
    controls = {**asked.controls, "market": 20 + drift + rng.normal(size=730)}
    cause = drift + rng.normal(size=730)
    middle = np.convolve(cause, np.ones(30) / 30, "same")
    start = 500 + int(np.argmax(np.diff(middle)[500:640]))
    return Case("causeless", asked.day, asked.outcome + drift, controls, start, start + 90, "day")
