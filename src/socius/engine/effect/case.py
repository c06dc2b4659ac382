"""What is asked: one initiative, one outcome series, one window. And what is answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from socius.engine.effect.columns import Days
from socius.engine.effect.grid import Floats
from socius.engine.effect.methods import STRUCTURAL, VERSIONS
from socius.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Case:
    """One question.

    `day` holds one proleptic ordinal a row, evenly spaced in the series' grain and without gaps; `outcome` is NaN where a day is
    missing. Rows from `start` to `end` are the window. `klass` names the noise class (same kind of outcome, same grain) whose
    placebos are pooled. `barred` are ordinals of declared events: no placebo window holds one.
    """

    name: str
    day: Days
    outcome: Floats
    controls: dict[str, Floats]
    start: int
    end: int
    grain: str
    subject: str = ""
    klass: str = ""
    barred: tuple[int, ...] = ()
    designed: str = ""
    second: str = "window_difference"

    def digest(self) -> str:
        """SHA-256 over days, outcome, controls and window: the same data give the same hash."""
        total = hashlib.sha256(f"{self.grain} {self.start} {self.end}".encode())
        total.update(self.day.astype("<i8").tobytes())
        total.update(self.outcome.astype("<f8").tobytes())
        for name in sorted(self.controls):
            total.update(name.encode() + b"\\0" + self.controls[name].astype("<f8").tobytes())
        return total.hexdigest()

    def cut(self, end: int) -> Case:
        """The same without the rows after `end`."""
        controls = {name: values[:end] for name, values in self.controls.items()}
        return replace(self, day=self.day[:end], outcome=self.outcome[:end], controls=controls, end=end)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relative:
    """An effect as a share of what would have been."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """The measured false-positive rate with its Wilson interval, and the factor that widens the interval."""

    n: int
    hits: int
    rate: float | None
    low: float
    high: float
    factor: float


@dataclass(frozen=True, slots=True)
class Second:
    """What another method says of the same question."""

    method: str
    effect: float
    agree: bool


@dataclass(frozen=True, slots=True)
class Path:
    """Row by row: what was seen, what would have been, and the effect summed since the start; bands are pointwise."""

    day: list[int]
    seen: list[float | None]
    expected: list[float]
    low: list[float]
    high: list[float]
    total: list[float]
    total_low: list[float]
    total_high: list[float]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that is kept of an effect. Numbers are None where the answer is a refusal."""

    series: str
    subject: str
    pre: tuple[int, int]
    post: tuple[int, int]
    n_pre: int
    n_post: int
    effect_mean: float | None
    low: float | None
    high: float | None
    sd: float | None
    effect_total: float | None
    total_low: float | None
    total_high: float | None
    relative: Relative | None
    p: float | None
    placebo: Rate
    second: Second | None
    refused: str | None
    say: str
    verdict: str
    grade: str
    grade_reason: str
    controls: tuple[str, ...]
    dropped: dict[str, str]
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]
    diagnostics: dict[str, Any]
    placebos: tuple[tuple[int, float, float, float], ...]
    data_sha256: str
    seed: int
    grain: str
    per: int = 1
    method: str = STRUCTURAL
    version: str = VERSIONS[STRUCTURAL]
    by_hand: bool = False
    path: Path | None = field(default=None, compare=False)


def not_itself(case: Case) -> Case:
    """The case. Raises Invalid where a control holds the outcome's own values: it would explain everything, and the effect away."""
    same = [name for name, values in case.controls.items() if np.array_equal(values, case.outcome, equal_nan=True)]  # fmt: skip
    if same:
        raise Invalid(f"{same[0]} holds the same values as the outcome {case.name}; nothing is its own control.", field="controls", repair="Leave it out.")  # fmt: skip
    return case


def ordinals(first: int, last: int, step: int) -> Days:
    """Evenly spaced days, both ends included."""
    return np.arange(first, last + 1, step, dtype=np.int64)
