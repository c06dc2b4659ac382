"""Answers as the dictionaries that cross a door. Keys are always present; unknown is null; dates are ISO 8601."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from typing import Any

from socius.engine.effect.case import Answer, Path

SCHEMA = 1


def iso(ordinal: int) -> str:
    """A proleptic ordinal as an ISO date."""
    return date.fromordinal(ordinal).isoformat()


def effect_json(found: Answer) -> dict[str, Any]:
    """One effect."""
    return {
        "schema": SCHEMA, "series": found.series, "subject": found.subject,
        "window": {"pre": [iso(d) for d in found.pre], "post": [iso(d) for d in found.post]},
        "n": {"pre": found.n_pre, "post": found.n_post}, "grain": found.grain,
        "effect_mean": found.effect_mean, "low": found.low, "high": found.high, "effect_total": found.effect_total,
        "total": None if found.total_low is None else {"low": found.total_low, "high": found.total_high},
        "relative": None if found.relative is None else asdict(found.relative), "p": found.p,
        "placebo": asdict(found.placebo), "second": None if found.second is None else asdict(found.second),
        "refused": found.refused, "say": found.say, "verdict": found.verdict, "grade": found.grade, "grade_reason": found.grade_reason,
        "by_hand": found.by_hand, "controls": {"used": list(found.controls), "dropped": found.dropped},
        "assumptions": list(found.assumptions), "notes": list(found.notes), "diagnostics": dated(found.diagnostics),
        "placebos": [{"from": iso(day), "estimate": e, "low": low, "high": high} for day, e, low, high in found.placebos],
        "method": found.method, "version": found.version, "data_sha256": found.data_sha256, "seed": found.seed,
        "path": None if found.path is None else path_json(found.path),
    }  # fmt: skip


def dated(diagnostics: dict[str, Any]) -> dict[str, Any]:
    """Days of breaks as dates."""
    breaks = [{**b, "day": iso(b["day"])} for b in diagnostics.get("breaks", [])]
    return {**diagnostics, **({"breaks": breaks} if "breaks" in diagnostics else {})}


def path_json(path: Path) -> dict[str, Any]:
    """The counterfactual, row by row."""
    # Not `asdict`, which copies every number of the long lists.
    return {**{f.name: getattr(path, f.name) for f in fields(path)}, "day": [iso(d) for d in path.day]}  # fmt: skip
