"""Computes a stored effect once more from the stored values, and compares the bytes. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from socius.kit.child import ask
from socius.kit.errors import Invalid
from socius.measure.models import Effect
from socius.measure.reports.inputs import MOST_SECONDS, TASK, Question, fingerprint
from socius.measure.reports.trials import analysed, carried_from


@dataclass(frozen=True)
class Replayed:
    """Whether the same came out, in words, and in which parts not."""

    same: bool
    say: str
    differs: tuple[str, ...]
    data_hash: str
    answer_hash: str


def replay(effect: Effect) -> Replayed:
    """The effect computed again from the values as known when it was made. Raises Invalid for one that was typed in."""
    digest, found = recomputed_test(effect) if drawn(effect) else recomputed_series(effect)
    same = digest == effect.answer_hash
    differs = () if same else parts(effect.answer or {}, found)
    return Replayed(same, sentence(effect, same, differs, found), differs, found["data_sha256"], digest)  # fmt: skip


def drawn(effect: Effect) -> bool:
    """It is the result of an experiment with a draw."""
    return effect.design is not None and effect.design.experiment_id is not None


def recomputed_test(effect: Effect) -> tuple[str, dict[str, Any]]:
    """The registered analysis once more. Raises Invalid without the seed of the draw."""
    assert effect.design is not None  # noqa: S101 - asked by `drawn`
    assert effect.made_at is not None  # noqa: S101 - a computed effect has its instant
    found = analysed(effect.design, effect.made_at, carried_from((effect.answer or {})["delivered"]))  # fmt: skip
    return fingerprint(found), found


def recomputed_series(effect: Effect) -> tuple[str, dict[str, Any]]:
    """The estimate on its series once more."""
    asked = question_of(effect)
    assert effect.made_at is not None  # noqa: S101 - question_of refuses one without
    return recomputed(asked, effect.made_at)


def question_of(effect: Effect) -> Question:
    """The question that an effect answers. Raises Invalid where it was entered by hand."""
    if effect.by_hand or effect.made_at is None or effect.subject is None:
        raise Invalid(
            f"Effect {effect.pk} was entered by hand: there is nothing to compute again.",
            field="effect",
            repair="Name an effect that Socius estimated.",
        )
    if effect.start is None or effect.end is None:
        raise Invalid(f"Effect {effect.pk} has no window.", field="effect")
    excluded = tuple(date.fromisoformat(day) for day in effect.excluded)
    controls = tuple(effect.controls.order_by("key"))
    return Question(effect.subject, effect.series, effect.start, effect.end, controls, excluded, effect.seed or 0, effect.design_hash)  # fmt: skip


def recomputed(asked: Question, known: datetime) -> tuple[str, dict[str, Any]]:
    """Fingerprint and answer of a question with the values as known at an instant."""
    found: dict[str, Any] = ask(TASK, asked.options(known), seconds=MOST_SECONDS)["effects"][0]
    return fingerprint(found), found


def parts(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of two answers whose values differ."""
    return tuple(sorted(k for k in {*before, *now} if before.get(k) != now.get(k)))


def sentence(effect: Effect, same: bool, differs: tuple[str, ...], found: Mapping[str, Any]) -> str:
    """What came of it, in words."""
    if same:
        return f"Effect {effect.pk} comes out the same, byte for byte."
    if found["data_sha256"] != effect.data_hash:
        return f"Effect {effect.pk} does not come out the same: values that count as known on that day have changed since."
    if found["version"] != effect.version:
        return f"Effect {effect.pk} does not come out the same: it was made by version {effect.version} of the method, this is {found['version']}."
    named = ", ".join(differs) or "its stored answer"
    return f"Effect {effect.pk} does not come out the same although the data are: {named}. Estimate it again."
