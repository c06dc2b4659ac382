"""What the data must be like before anything is estimated; what is changed, said, or refused because of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from socius.engine.effect.case import Case
from socius.engine.effect.columns import Days
from socius.engine.effect.grid import Floats, Mask
from socius.kit.figures import percent

SHORTEST, WINDOWS = 56, 2
MISSING_BEFORE, MISSING_AFTER, MISSING_CONTROL = 0.20, 0.10, 0.05
COUNTS_ENOUGH, COUNTS_FEW, ZEROS = 20.0, 1.0, 0.05
WEEK = 7
FEW = "Fewer than 20 a week: estimated as counts, by negative-binomial regression, not as a measured size."
# Two-sided .001 of a standard normal: how sure we must be that days are missing for a reason.
NOT_AT_RANDOM = 3.29

SAYS = {
    "too_short": "There is too little before the start: {pre} rows for a window of {post}. At least 56 rows and twice the window are needed.",
    "missing": "Too much is missing, or not at random: {why}.",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A case fit to be estimated, or the reason why not."""

    case: Case
    refused: str | None = None
    say: str = ""
    notes: tuple[str, ...] = ()
    dropped: dict[str, str] = field(default_factory=dict)
    per: int = 1
    unknowable: bool = False
    # So few counts a row that they are regressed as counts.
    few: bool = False


def ready(case: Case) -> Ready:
    """Applies the conditions in the order in which they matter."""
    case, notes, per, unknowable = counted(case)
    few = case.grain == "week" and few_a_week(case)
    seen = ~np.isnan(case.outcome)
    before, after = seen[: case.start], seen[case.start : case.end]
    if len(before) < SHORTEST or len(before) < WINDOWS * len(after):
        say = SAYS["too_short"].format(pre=len(before), post=len(after))
        return Ready(case, "too_short", say, notes, per=per)
    why = too_much_missing(before, after) or not_at_random(case, seen)
    if why:
        return Ready(case, "missing", SAYS["missing"].format(why=why), notes, per=per)
    case, dropped = usable_controls(case)
    if few and not unknowable:
        notes = (*notes, FEW)
    return Ready(case, None, "", notes, dropped, per, unknowable, few and not unknowable)


def too_much_missing(before: Mask, after: Mask) -> str:
    """Shares of missing rows above what can be borne; '' where they are not."""
    if 1 - before.mean() > MISSING_BEFORE:
        return f"{percent(1 - before.mean())} of the rows before the start"
    if len(after) and 1 - after.mean() > MISSING_AFTER:
        return f"{percent(1 - after.mean())} of the rows of the window"
    return ""


def not_at_random(case: Case, seen: Mask) -> str:
    """Whether rows are missing next to unusual values, or on some weekdays more than on others; '' where neither shows."""
    gone = ~seen[: case.end]
    if gone.sum() < 5:
        return ""
    values = case.outcome[: case.end]
    beside = np.zeros(len(gone), dtype=bool)
    beside[1:] |= gone[:-1]
    beside[:-1] |= gone[1:]
    near = values[beside & ~gone]
    far = values[~beside & ~gone]
    if len(near) >= 5 and len(far) >= 20:
        spread = np.sqrt(near.var() / len(near) + far.var() / len(far))
        if spread > 0 and abs(near.mean() - far.mean()) > NOT_AT_RANDOM * spread:
            return "rows are missing beside values that are unusually high or low"
    if case.grain == "day" and uneven(case.day[: case.end] % 7, gone):
        return "days are missing on some weekdays more than on others"
    return ""


def uneven(weekday: Days, gone: Mask) -> bool:
    """Chi-square of missing days over weekdays beyond its .001 point; a weekday that is never seen is no day of the series."""
    share = np.array([gone[weekday == k].mean() for k in range(7)])
    size = np.array([(weekday == k).sum() for k in range(7)])
    kept = share < 1
    rate = float((share * size)[kept].sum() / size[kept].sum())
    if not 0 < rate < 1:
        return False
    chi = float((size[kept] * (share[kept] - rate) ** 2).sum() / (rate * (1 - rate)))
    degrees = int(kept.sum()) - 1
    # Wilson and Hilferty's cube root.
    z = ((chi / degrees) ** (1 / 3) - 1 + 2 / (9 * degrees)) / np.sqrt(2 / (9 * degrees))
    return bool(z > NOT_AT_RANDOM)


def counted(case: Case) -> tuple[Case, tuple[str, ...], int, bool]:
    """Sparse counts become weekly sums; below one a week nothing can be told."""
    values = case.outcome[: case.start]
    values = values[~np.isnan(values)]
    whole = len(values) > 0 and bool((values >= 0).all() and (values == np.round(values)).all())
    if whole and case.grain == "week" and float(values.mean()) < COUNTS_FEW:
        return case, (f"{values.mean():.2g} a week is too little to tell anything.",), 1, True
    if not whole or case.grain != "day":
        return case, (), 1, False
    mean, zeros = float(values.mean()), float((values == 0).mean())
    if mean >= COUNTS_ENOUGH and zeros < ZEROS:
        return case, (), 1, False
    notes = ["Days with 0 are kept as 0: make sure that the source means none, not unknown."] if zeros else []  # fmt: skip
    if mean * WEEK < COUNTS_FEW:
        notes.append(f"{mean * WEEK:.2g} a week is too little to tell anything.")
        return case, tuple(notes), 1, True
    if case.start // WEEK < SHORTEST or (case.end - case.start) // WEEK < 1:
        notes.append(f"{mean:.1f} a day is few, and there are too few weeks to sum them up: read the interval with care.")  # fmt: skip
        return case, tuple(notes), 1, False
    notes.append(f"{mean:.1f} a day is few: weeks were summed up, counted from the start. The effect is given by day.")  # fmt: skip
    return weekly(case), tuple(notes), WEEK, False


def few_a_week(case: Case) -> bool:
    """Whole numbers, none negative, fewer than 20 a row before the start."""
    values = case.outcome[: case.start]
    values = values[~np.isnan(values)]
    whole = len(values) > 0 and bool((values >= 0).all() and (values == np.round(values)).all())
    return whole and float(values.mean()) < COUNTS_ENOUGH


def weekly(case: Case) -> Case:
    """Sums over whole weeks counted both ways from the start; a week with a missing day is missing."""
    first = case.start % WEEK
    weeks_before, weeks_after = case.start // WEEK, (case.end - case.start) // WEEK
    last = case.start + weeks_after * WEEK

    def summed(values: Floats) -> Floats:
        return np.asarray(values[first:last].reshape(-1, WEEK).sum(axis=1))

    controls = {name: summed(values) for name, values in case.controls.items()}
    return replace(
        case, day=case.day[first:last:WEEK], outcome=summed(case.outcome), controls=controls,
        start=weeks_before, end=weeks_before + weeks_after, grain="week",
    )  # fmt: skip


def usable_controls(case: Case) -> tuple[Case, dict[str, str]]:
    """Leaves out controls with too many gaps or without variation; fills the few gaps of the others by straight lines."""
    kept: dict[str, Floats] = {}
    dropped: dict[str, str] = {}
    rows = np.arange(len(case.day))
    for name, values in case.controls.items():
        gone = np.isnan(values)
        if gone.mean() > MISSING_CONTROL:
            dropped[name] = f"{percent(gone.mean())} of its days are missing"
            continue
        filled = np.interp(rows, rows[~gone], values[~gone]) if gone.any() else values
        if float(filled[: case.start].std()) <= 1e-12 * max(1.0, abs(float(filled.mean()))):
            dropped[name] = "it never changes before the start"
            continue
        kept[name] = filled
    return replace(case, controls=kept), dropped
