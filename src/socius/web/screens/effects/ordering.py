"""Which effects of the portfolio are shown, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from socius.measure.reports.effects import Portfolio, Told
from socius.organisation.models import fold

USUAL = "p"
HEADS = (
    ("of", "Of", False), ("on", "On", False), ("effect", "Mean effect", True), ("low", "95 % interval", True), ("grade", "Grade", False),
    ("fakes", "Fake starts", True), ("q", "q", True), ("window", "Window", False),
)  # fmt: skip
KEYS: dict[str, Callable[[Told], Any]] = {
    USUAL: lambda t: t.effect.p,
    "of": lambda t: fold(str(t.effect.subject)),
    "on": lambda t: fold(str(t.effect.series)),
    "effect": lambda t: t.effect.estimate,
    "low": lambda t: t.effect.low,
    "grade": lambda t: t.effect.grade,
    "fakes": lambda t: t.effect.placebo_n,
    "q": lambda t: t.q,
    "window": lambda t: t.effect.start,
}


def asked(request: HttpRequest) -> tuple[str, str]:
    """The words and the order that the address asks for; the usual order where it names none that there is."""
    order = request.GET.get("sort", USUAL)
    words = request.GET.get("words", "").strip()[:100]
    return words, order if order.removeprefix("-") in KEYS else USUAL


def arranged(family: Portfolio, words: str, order: str) -> dict[str, list[Told]]:
    """The called, the unsure and the refused ones with all of the words in the name of what they are of or on."""
    wanted = fold(words).split()
    key, turned = KEYS[order.removeprefix("-")], order.startswith("-")

    def shown(part: list[Told]) -> list[Told]:
        with_words = [t for t in part if all(w in fold(f"{t.effect.subject} {t.effect.series}") for w in wanted)]  # fmt: skip
        known = [t for t in with_words if key(t) is not None]
        # What has no number stands behind all that have one, whichever way they are sorted.
        return [*sorted(known, key=key, reverse=turned), *(t for t in with_words if key(t) is None)]

    return {"called": shown(family.called), "unsure": shown(family.unsure), "refused": shown(family.refused)}  # fmt: skip
