"""What the charts of an effect are drawn from; the same rows stand in the tables beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from socius.measure.models import Effect
from socius.measure.reports.inputs import known_points

# Days before the start that are shown, at least; and as a multiple of the window.
BEFORE, TIMES = 60, 2


def unit_of(effect: Effect) -> str:
    """The unit of the series."""
    return effect.series.measure_unit or effect.series.currency


def counterfactual(effect: Effect) -> dict[str, Any]:
    """What was seen before and inside the window, and what was to be expected inside it."""
    path = (effect.answer or {}).get("path") or {}
    start, end = effect.start, effect.end
    points = known_points(effect.series, effect.made_at) if effect.made_at else {}
    span = timedelta(days=max(BEFORE, TIMES * (end - start).days)) if start and end else None
    seen = [
        [day.isoformat(), value]
        for day, value in sorted(points.items())
        if span and start and end and start - span <= day <= end
    ]
    keys = ("day", "expected", "low", "high")
    return {"unit": unit_of(effect), "start": str(start), "seen": seen, **{k: path.get(k, []) for k in keys}}  # fmt: skip


def cumulative(effect: Effect) -> dict[str, Any]:
    """The effect summed up since the start."""
    path = (effect.answer or {}).get("path") or {}
    return {
        "unit": unit_of(effect),
        "day": path.get("day", []),
        "total": path.get("total", []),
        "low": path.get("total_low", []),
        "high": path.get("total_high", []),
    }


def placebos(effect: Effect) -> dict[str, Any]:
    """The fake starts and ours."""
    rows = [
        {"name": p["from"], "ours": False, **{k: p[k] for k in ("estimate", "low", "high")}}
        for p in (effect.answer or {}).get("placebos", [])
    ]
    if effect.estimate is not None:
        rows.append({"name": f"{effect.start}: ours", "ours": True, "estimate": effect.estimate, "low": effect.low, "high": effect.high})  # fmt: skip
    return {"unit": unit_of(effect), "rows": rows}


def rows_of(effect: Effect) -> list[dict[str, Any]]:
    """The path, one row a value; of a refused estimate what was seen in its window, because nothing was expected."""
    path = (effect.answer or {}).get("path")
    if not path:
        seen = counterfactual(effect)["seen"] if effect.refused else []
        return [{"day": day, "seen": value} for day, value in seen if day >= str(effect.start)]
    names = list(path)
    return [dict(zip(names, row, strict=True)) for row in zip(*path.values(), strict=True)]
