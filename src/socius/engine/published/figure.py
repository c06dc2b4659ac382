"""One published figure, and how it is to be shown: "value, year, n, interval", never as a percentile."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from socius.engine.intervals import wilson

LARGE = "firms of more than 1,000 employees"
LICENCE = "CC BY-NC-SA 3.0 US: quoted with attribution"
DISPLAY = (
    "date always; never a percentile, never as pass or fail, never one line over two questions"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure. `value` is a share unless `unit` says otherwise; None where only words were published."""

    id: str
    question: str
    value: float | None
    n: int | None
    n_status: str  # published, inferred, not_seen
    year: int
    period: str
    source: str
    low: float | None = field(init=False, default=None)
    high: float | None = field(init=False, default=None)
    unit: str = "share"
    population: str = LARGE
    words: str = ""
    licence: str = LICENCE
    note: str = ""
    display: str = DISPLAY

    def __post_init__(self) -> None:
        if self.value is not None and self.n and self.unit == "share":
            low, high = wilson(round(self.value * self.n), self.n)
            object.__setattr__(self, "low", round(low, 2))
            object.__setattr__(self, "high", round(high, 2))

    def as_json(self) -> dict[str, object]:
        """All fields, and the sentence."""
        return {**asdict(self), "say": self.sentence()}

    def short(self) -> dict[str, object]:
        """What stands beside a figure of one's own: value, interval, base, year, source."""
        return {
            name: getattr(self, name)
            for name in ("value", "low", "high", "n", "n_status", "year", "source")
        }

    def shown(self) -> str:
        """The value alone. A figure that was published in words stays words."""
        if self.words or self.value is None:
            return self.words
        if self.unit == "share":
            return f"{100 * self.value:.3g} %"
        return f"${self.value:,.0f}" if self.unit == "USD" else f"{self.value:,g}"

    def base(self) -> str:
        """The base in words."""
        if self.n is None:
            return self.note if self.note.startswith("n not seen") else "n not seen"
        return f"n = {self.n}" if self.n_status == "published" else f"n about {self.n}, inferred"

    def sentence(self) -> str:
        """The figure as a page prints it, with its date, interval and base."""
        between = (
            ""
            if self.low is None or self.high is None or self.words
            else f"about {100 * self.low:.0f}–{100 * self.high:.0f} %, "
        )
        when = "" if self.period in self.source else f", {self.period}"
        rest = f"{self.source}{when}; {between}{self.base()}"
        if self.unit == "share":
            return f"{self.shown()} of {self.population} ({rest})"
        return f"{self.shown()} ({self.population}; {rest})"
