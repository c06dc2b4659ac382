"""The effects of the organisation: each in words, all as a family with their false discovery rate, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q as Where
from django.db.models import QuerySet

from socius.engine.effect.multiplicity import benjamini_hochberg
from socius.kit.clock import micros
from socius.measure.models import AccountGroup, Effect
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy.reports import initiatives

# The false discovery rate at which an effect of the family is called.
Q = 0.1
# Below so many fake starts the interval is not checked: nothing is called, whatever it says.
FEWEST_FAKES = 10
CALLED = ("up", "down")
METHODS = {
    "gsr": "structural regression calibrated on fake starts",
    "window_difference": "difference between windows",
    "uc_ar1": "structural model of statsmodels",
    "negative_binomial": "negative-binomial regression of weekly counts, calibrated on fake starts",
    "randomisation": "mean with less mean without, held against every assignment that could have been drawn",
    "plain_difference": "plain difference of the two arms",
}
DRAWN = "randomisation"
REASONS = {
    "too_short": "too little history before the start",
    "missing": "values are missing",
    "placebo_rate": "fake starts were called too often",
    "placebo_bias": "the series drifts at fake starts",
    "pre_fit": "the series changed by itself before the start",
    "not_carried_out": "fewer than 70 % of the cells were carried out as assigned",
}


@dataclass(frozen=True)
class Told:
    """A computed effect in its family. `q`: the false discovery rate at which it would just be called; None for what was registered
    before the start, which stands outside the family and is tested at 5 %.
    """

    effect: Effect
    q: float | None
    say: str

    @property
    def called(self) -> bool:
        """It may be spoken of as an effect: its checked interval leaves zero outside, and the family (if it is in one) allows it."""
        allowed = self.effect.pre_registered or (self.q is not None and self.q <= Q)
        return allowed and tells(self.effect)


@dataclass(frozen=True)
class Portfolio:
    """Every computed effect that stands. `comparisons`: how many were tested as a family, shown here or not; `registered`: how many
    stand outside it, each the one outcome of its initiative or group that was registered before the start.
    """

    shown: list[Told]
    refused: list[Told]
    by_hand: list[Effect]
    comparisons: int
    registered: int = 0

    @property
    def called(self) -> list[Told]:
        """Those that may be called."""
        return [t for t in self.shown if t.called]

    @property
    def called_in_family(self) -> int:
        """How many of them the family allows; the others were registered before the start."""
        return sum(t.q is not None for t in self.called)

    @property
    def unsure(self) -> list[Told]:
        """Estimated, but whether there is an effect cannot be told."""
        return [t for t in self.shown if not t.called]


def seen_effects(actor: Actor) -> QuerySet[Effect]:
    """Effects of the initiatives and groups that the actor may see, the superseded and withdrawn ones too."""
    of_initiatives = Where(initiative__in=initiatives(actor).order_by().values("pk"))
    of_groups = Where(group__in=AccountGroup.objects.filter(visible(actor, "analytics.view")).values("pk"))  # fmt: skip
    return Effect.objects.filter(of_initiatives | of_groups).select_related("initiative", "group", "series")  # fmt: skip


def portfolio(actor: Actor) -> Portfolio:
    """The family of all computed effects that stand: the rates hold over every one of them, not only over those one may see."""
    at = micros(actor.at)
    tested = Effect.objects.known_at(at).filter(by_hand=False, refused=False).order_by("pk")
    pairs = list(tested.filter(pre_registered=False).values_list("pk", "p"))
    rates = benjamini_hochberg([p for _, p in pairs], Q)
    q = {pk: rate for (pk, _), rate in zip(pairs, rates, strict=True)}
    rows = list(seen_effects(actor).known_at(at).order_by("p", "pk"))  # type: ignore[attr-defined]
    told = [Told(e, q.get(e.pk), in_words(e)) for e in rows if not e.by_hand]
    return Portfolio(
        [t for t in told if not t.effect.refused],
        [t for t in told if t.effect.refused],
        [e for e in rows if e.by_hand],
        sum(p is not None for _, p in pairs),
        tested.filter(pre_registered=True).count(),
    )


EXPORTED = (
    "id", "of", "on", "from", "until", "effect", "low", "high", "unit", "verdict", "called", "q", "registered", "grade", "grade_reason", "method",
    "fake_starts", "fake_hits", "refused", "say",
)  # fmt: skip


def exported(told: Iterable[Told]) -> Iterator[tuple[object, ...]]:
    """One row an effect, in the order of `EXPORTED`; a refused one has its reason and no number."""
    for one in told:
        e = one.effect
        yield (
            e.pk, str(e.subject), str(e.series), e.start, e.end, e.estimate, e.low, e.high, e.series.measure_unit or e.series.currency, e.verdict,
            one.called, one.q, e.pre_registered, e.grade, e.grade_reason, METHODS.get(e.method, e.method), e.placebo_n, e.placebo_hits, e.refusal, one.say,
        )  # fmt: skip


def in_words(effect: Effect) -> str:
    """One sentence on what was found. An effect of grade C or lower moved together with its series; only A says caused."""
    if effect.refused:
        return (effect.answer or {}).get(
            "say"
        ) or f"No effect is shown: {REASONS.get(effect.refusal, effect.refusal)}."
    unit = effect.series.measure_unit or effect.series.currency
    low, high = number(effect.low), number(effect.high)
    every = (effect.answer or {}).get("grain") or "value"
    span = f"between {low} and {high} {unit} a {every}".replace("  ", " ")
    if effect.verdict not in CALLED:
        return f"Whether {effect.series} changed beyond its own course cannot be told: {span}, and zero lies inside."
    if effect.method == DRAWN:
        return drawn_in_words(effect, f"{low} to {high}", f"{unit} a {every}".strip())
    way = "above" if effect.verdict == "up" else "below"
    what = f"{effect.series} ran {way} what was to be expected without {effect.subject} by {number(abs(effect.estimate or 0))} {unit} a {every} ({low} to {high})"
    words = WORDING[effect.grade] if tells(effect) else unchecked(effect)
    return f"{what.replace('  ', ' ')}. {words}"


def drawn_in_words(effect: Effect, span: str, unit: str) -> str:
    """What a drawn test found. Only one of grade A was conducted as it was registered."""
    where = IN_UNITS.get((effect.answer or {}).get("design", ""), "")
    way = "higher" if effect.verdict == "up" else "lower"
    found = f"With {effect.subject}, {effect.series} was {way} by {number(abs(effect.estimate or 0))} {unit}{where} than without it ({span})"
    words = WORDING["A"] if effect.grade == "A" else f"The draw stands, but not all went as registered: {effect.grade_reason}."  # fmt: skip
    return f"{found.replace('  ', ' ')}. {words}"


IN_UNITS = {"geo_holdout": " in each region", "account_holdout": " in each unit"}


def tells(effect: Effect) -> bool:
    """Its interval leaves zero outside, and it was checked: by enough fake starts, or by the draw itself."""
    checked = effect.method == DRAWN or (effect.placebo_n or 0) >= FEWEST_FAKES
    return effect.verdict in CALLED and checked


def unchecked(effect: Effect) -> str:
    """Why an interval that leaves zero outside is still not believed."""
    n = effect.placebo_n or 0
    fakes = f"Only {n} fake start{'' if n == 1 else 's'}" if n else "No fake start"
    return f"{fakes} could check this interval, {FEWEST_FAKES} are needed: it is not called an effect. A shorter window leaves room for more."


WORDING = {
    "A": "The initiative caused it, as far as a drawn test can show.",
    "B": "This is an estimated effect.",
    "C": "It passed through tracked links.",
    "D": "They moved together; that this is the reason is not shown.",
    "E": "It is told.",
}


def number(value: float | None) -> str:
    """Three digits that count, thousands apart."""
    if value is None:
        return "?"
    size = abs(value)
    text = f"{value:,.0f}" if size >= 100 else f"{value:,.1f}" if size >= 10 else f"{value:.3g}"
    return text.replace("-", "−")


def false_positives(answer: dict[str, Any] | None) -> str:
    """The measured rate of false positives in full: hits of n, rate, Wilson interval."""
    placebo = (answer or {}).get("placebo") or {}
    if not placebo.get("n"):
        return "no fake start fits in before the start: the interval is not calibrated"
    rate, low, high = (f"{100 * placebo[name]:.1f}" for name in ("rate", "low", "high"))
    return f"{placebo['hits']} of {placebo['n']}, {rate} % ({low}–{high})"
