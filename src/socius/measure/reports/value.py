"""What initiatives brought, less what they cost; only effects of grade A and B count, each outcome of an initiative once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from socius.engine.effect import value as engine
from socius.engine.effect.value import Line, Net, Worth
from socius.kit.clock import micros
from socius.measure.models import Effect, Insight, UnitWorth
from socius.measure.reports.effects import tells
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy.models import Initiative
from socius.strategy.reports import Cost, cost_of, frame_at

COUNTED = ("A", "B")
EXPORTED = ("initiative", "part", "name", "grade", "effect_id", "total", "total_low", "total_high", "unit", "unit_value_low", "unit_value_likely", "unit_value_high", "kind", "currency", "amount")  # fmt: skip


@dataclass(frozen=True)
class Priced:
    """An effect with what a unit is worth."""

    effect: Effect
    worth: UnitWorth
    line: Line


@dataclass(frozen=True)
class Valued:
    """An initiative with its value. `net` None: nothing to add up, or `why_not` says what stands in the way."""

    initiative: Initiative
    priced: list[Priced]
    unpriced: list[Effect]
    beside: list[Effect]
    cost: Cost
    hour: Decimal | None
    currency: str
    net: Net | None
    why_not: str = ""

    @property
    def costs(self) -> list[tuple[str, Decimal]]:
        """The parts of the cost in the currency of the value."""
        parts = [("spend", amount) for code, amount in self.cost.money.items() if code == self.currency]  # fmt: skip
        if self.hour is not None and self.cost.hours:
            parts.append((f"{self.cost.hours.normalize():f} hours at {self.hour.normalize():f}", self.cost.hours * self.hour))  # fmt: skip
        return parts


def valued(rows: Iterable[Initiative], actor: Actor) -> list[Valued]:
    """The value of initiatives; six queries whatever the number."""
    found = list(rows)
    ids = [one.pk for one in found]
    at = micros(actor.at)
    effects: dict[int, list[Effect]] = defaultdict(list)
    standing = Effect.objects.known_at(at).filter(initiative__in=ids, refused=False)
    for effect in standing.select_related("series", "initiative").order_by("grade", "-end", "-pk"):
        effects[effect.initiative_id or 0].append(effect)
    worths = {w.series_id: w for w in UnitWorth.objects.known_at(at).select_related("owner")}
    costs, frame = cost_of(ids, actor), frame_at(actor)
    hour = (frame.hour_value, frame.currency) if frame else (None, "")
    return [of_one(one, effects[one.pk], worths, costs.get(one.pk, Cost()), hour) for one in found]


def of_one(
    initiative: Initiative,
    effects: list[Effect],
    worths: dict[int, UnitWorth],
    cost: Cost,
    hour: tuple[Decimal | None, str],
) -> Valued:
    """One initiative: of several effects on one outcome the best graded counts, and of those the latest."""
    counted: dict[int, Effect] = {}
    for effect in effects:
        if counts(effect):
            counted.setdefault(effect.series_id, effect)
    taken = {e.pk for e in counted.values()}
    priced = [
        Priced(e, worths[s], line_of(e, worths[s])) for s, e in counted.items() if s in worths
    ]
    unpriced = [e for s, e in counted.items() if s not in worths]
    beside = [e for e in effects if e.pk not in taken]
    currencies = {p.worth.currency for p in priced}
    foreign = set(cost.money) - currencies
    currency = min(currencies) if len(currencies) == 1 else ""
    rate = hour[0] if hour[1] == currency else None
    why_not = ""
    if not priced:
        why_not = (
            "Nobody has said yet what one unit of its outcome is worth."
            if unpriced
            else "No effect of grade A or B on an outcome."
        )
    elif len(currencies) > 1 or foreign:
        why_not = f"Amounts are in {', '.join(sorted(currencies | foreign))}; they are not added without a stated rate."
    made = Valued(initiative, priced, unpriced, beside, cost, rate, currency, None, why_not)
    if why_not:
        return made
    result = engine.net([p.line for p in priced], [amount for _, amount in made.costs])
    return Valued(initiative, priced, unpriced, beside, cost, rate, currency, result)


def counts(effect: Effect) -> bool:
    """An effect that may stand in a sum: computed, of grade A or B, on an outcome, and it came out the same twice."""
    answer = effect.answer or {}
    return (
        not effect.by_hand
        and effect.grade in COUNTED
        and bool(effect.replays)
        and effect.series.class_name == "outcome"
        and answer.get("total") is not None
    )


def line_of(effect: Effect, worth: UnitWorth) -> Line:
    """The total of an effect as a decimal, by the digits in which it is kept."""
    answer = effect.answer or {}
    total, low, high = (Decimal(repr(v)) for v in (answer["effect_total"], answer["total"]["low"], answer["total"]["high"]))  # fmt: skip
    each = Worth(worth.low, worth.likely, worth.high, worth.kind == "saving")
    return Line(str(effect.series), total, low, high, each)


@dataclass(frozen=True)
class Sum:
    """Net value of several initiatives in one currency; each initiative once, whatever number of goals it serves."""

    currency: str
    net: Net
    initiatives: int


def together(rows: Iterable[Valued]) -> list[Sum]:
    """The sum by currency, with a range of its own; currencies are never added."""
    by_currency: dict[str, dict[int, Valued]] = defaultdict(dict)
    for one in rows:
        if one.net is not None:
            by_currency[one.currency][one.initiative.pk] = one
    found = []
    for code, some in sorted(by_currency.items()):
        lines = [p.line for one in some.values() for p in one.priced]
        costs = [amount for one in some.values() for _, amount in one.costs]
        found.append(Sum(code, engine.net(lines, costs), len(some)))
    return found


def exported(rows: Iterable[Valued]) -> Iterator[tuple[object, ...]]:
    """Every figure that goes into a net value, one a line: the sum of `amount` of an initiative is its net, to the cent."""
    for one in rows:
        if one.net is None:
            continue
        for p in one.priced:
            worth, line = p.worth, p.line
            yield (one.initiative.key, "value", line.name, p.effect.grade, p.effect.pk, line.total, line.low, line.high, p.effect.series.measure_unit, worth.low, worth.likely, worth.high, worth.kind, worth.currency, line.amount)  # fmt: skip
        for name, amount in one.costs:
            yield (one.initiative.key, "cost", name, *[""] * 10, one.currency, -engine.cents(amount))  # fmt: skip


def cannot_tell(rows: Iterable[Valued]) -> list[tuple[Initiative, str]]:
    """What we cannot tell, by initiative."""
    return [(one.initiative, say) for one in rows for say in untold(one)]


def untold(one: Valued) -> Iterator[str]:
    """What we cannot tell of one initiative."""
    if not (one.priced or one.unpriced or one.beside):
        yield "No effect was measured."
    for effect in one.unpriced:
        yield f"{effect.series} has no unit value: its effect stands unpriced."
    for p in one.priced:
        if not tells(p.effect):
            yield f"Whether {p.effect.series} moved cannot be told; its range holds zero."
    if one.beside and not one.priced:
        grades = ", ".join(sorted({e.grade for e in one.beside}))
        yield f"Only effects of grade {grades}: they stand beside a sum, never in it."


@dataclass(frozen=True)
class Closure:
    """Insights by what became of them."""

    open: int
    late: int
    done: int
    dropped: int

    @property
    def rate(self) -> float | None:
        """The share that was closed, done or dropped."""
        total = self.open + self.done + self.dropped
        return (self.done + self.dropped) / total if total else None


def insights(actor: Actor) -> list[Insight]:
    """Insights that the actor may see: open ones by their day, then the closed ones."""
    seen = Insight.objects.filter(visible(actor, "analytics.view")).select_related("owner", "initiative", "effect", "unit", "closed_by")  # fmt: skip
    return sorted(seen, key=lambda one: (one.closed_at is not None, one.due, one.pk))


def closure(actor: Actor) -> Closure:
    """How many insights were closed."""
    day = actor.day
    open_ = Q(closed_at=None)
    found = Insight.objects.filter(visible(actor, "analytics.view")).aggregate(
        open=Count("pk", filter=open_),
        late=Count("pk", filter=open_ & Q(due__lt=day)),
        done=Count("pk", filter=Q(outcome="done")),
        dropped=Count("pk", filter=Q(outcome="dropped")),
    )
    return Closure(**found)
