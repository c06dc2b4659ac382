"""`listen reputation`: a daily index by channel from answers or texts, with intervals and what is missing."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from socius.connectors.tablefile import Rows, needed, numbers, rows_of, times
from socius.engine import language
from socius.engine.counting import Events, Judged, covered
from socius.engine.reputation import Answer, Point, contrasts, index
from socius.engine.scoring import said
from socius.engine.scoring import shares as shares_of
from socius.engine.sentiment_model import Model
from socius.engine.spikes import DAY
from socius.kit.errors import Invalid
from socius.listen.jobs.ingest import content, scale_of
from socius.listen.jobs.scorers import current
from socius.listen.jobs.spikes import day, gap_data, mapped

FIELDS = {
    "date": ("date", "day", "created_at", "timestamp", "time"),
    "channel": ("channel", "network", "medium"),
    "score": ("score", "answer", "rating"),
    "text": ("text", "content", "message"),
    "author": ("author", "author_id", "respondent", "user"),
    "segment": ("segment",),
    "weight": ("weight",),
}
# Tried in this order where nobody said the scale: the narrowest that holds every value is taken.
USUAL = ((0.0, 1.0), (-1.0, 1.0), (1.0, 5.0), (1.0, 7.0), (0.0, 10.0), (0.0, 100.0))


class Scale(NamedTuple):
    """The lowest and the highest score that could be given, and whether somebody said so."""

    low: float
    high: float
    origin: str  # said, or inferred


def scale_in(rows: Rows, said: str) -> Scale | None:
    """The scale of the scores: as said, else the narrowest usual one that holds them all, and labelled as inferred."""
    if "score" not in rows.names:
        return None
    if said:
        return Scale(*scale_of(said), "said")
    values = [v for v in numbers(rows, "score") if v is not None]
    for low, high in USUAL:
        if all(low <= value <= high for value in values):
            return Scale(low, high, "inferred")
    raise Invalid(
        f"{rows.place}: the values of `{rows.names['score']}` fit no usual scale.", field="scale",
        repair="Say it with --scale LOWEST,HIGHEST, such as --scale 1,7.",
    )  # fmt: skip


def values_of(rows: Rows, scale: Scale | None, model: Model | None) -> list[float | None]:
    """Values 0..100: scores on their scale, else the sentiment of texts in a language that the model or the lexicon knows."""
    if scale is None:
        texts = needed(rows, "text", "message=text")
        codes, _ = language.detect(texts)
        found, known = shares_of(texts, codes, model)
        return [50.0 + 50.0 * float(s[2] - s[0]) if k else None for s, k in zip(found, known, strict=True)]  # fmt: skip
    low, high, _ = scale
    out: list[float | None] = []
    for (line, _), value in zip(rows.rows, numbers(rows, "score"), strict=True):
        if value is not None and not low <= value <= high:
            raise Invalid(
                f"{rows.place}, line {line}: {value:g} lies outside the scale {low:g} to {high:g}.",
                field="score",
                repair="Correct the row or the scale.",
            )
        out.append(None if value is None else 100 * (value - low) / (high - low))
    return out


def answers_of(
    rows: Rows, scale: Scale | None, model: Model | None, order: str = ""
) -> list[Answer]:
    """Rows as answers. Without an author each row is its own."""
    days = [t // DAY for t in times(rows, "date", "when=date", order)]
    channels = needed(rows, "channel", "where=channel")
    count = len(days)
    authors = rows.column("author") or [""] * count
    segments = rows.column("segment") or [""] * count
    weights = numbers(rows, "weight") if "weight" in rows.names else [1.0] * count
    values = values_of(rows, scale, model)
    return [
        Answer(d, c or "unknown", v, a or f"row {n}", s, 1.0 if w is None else w)
        for n, (d, c, v, a, s, w) in enumerate(
            zip(days, channels, values, authors, segments, weights, strict=True)
        )
    ]


def shares(place: str, first: str, second: str) -> dict[str, float]:
    """A small file of names and shares, brought to sum to 1."""
    rows = rows_of(place, content(place), {first: (first,), second: (second,)}, {})
    found = {
        n: v or 0.0
        for n, v in zip(needed(rows, first, f"name={first}"), numbers(rows, second), strict=True)
    }
    total = sum(found.values())
    if total <= 0 or min(found.values()) < 0:
        raise Invalid(
            f"{place}: its shares do not sum to anything.",
            field=second,
            repair="Write shares of 0 or more.",
        )
    return {name: value / total for name, value in found.items()}


def mix_of(answers: list[Answer], place: str) -> dict[str, float]:
    """The target mix over segments: as said, else the file's own shares."""
    here = Counter(a.segment for a in answers if a.value is not None)
    if not here:
        raise Invalid(
            "Nothing in the file could be scored.",
            field="text",
            repair="Only English texts are scored; give scores instead.",
        )
    if not place:
        return {s: n / here.total() for s, n in here.items()}
    mix = shares(place, "segment", "share")
    strange = sorted(set(here) - set(mix))
    if strange:
        raise Invalid(
            f"{place}: the segment {strange[0]!r} of the data has no share.",
            field="mix",
            repair="Add a row for it.",
        )
    return mix


def weights_of(answers: list[Answer], place: str) -> dict[str, float]:
    """Fixed weights of channels: as said, else equal."""
    names = sorted({a.channel for a in answers})
    if not place:
        return {name: 1 / len(names) for name in names}
    weights = shares(place, "channel", "weight")
    missing = sorted(set(names) - set(weights))
    if missing:
        raise Invalid(
            f"{place}: the channel {missing[0]!r} of the data has no weight.",
            field="weights",
            repair="Add a row for it; 0 leaves it out.",
        )
    return weights


def written(p: Point) -> dict[str, Any]:
    """A point as JSON has it."""

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 3)

    return {
        "date": day(p.day), "channel": p.channel or "all", "index": rounded(p.value), "low": rounded(p.low),
        "high": rounded(p.high), "n": p.n, "n_eff": round(p.effective, 2), "unadjusted": rounded(p.raw),
        "unscored": round(p.unscored, 4), "covered": p.covered >= 0.9, "coverage": round(p.covered, 3),
        "short_history": p.short_history, "missing": p.missing or None,
    }  # fmt: skip


def reputation(request: Mapping[str, Any]) -> None:
    """The index of a file."""
    place = request["input"]
    rows = rows_of(place, content(place), FIELDS, mapped(request))
    scale = scale_in(rows, request.get("scale") or "")
    model = current(Path(request["home"])) if scale is None and request.get("home") else None
    answers = answers_of(rows, scale, model, request.get("dates") or "")
    sys.stderr.write("".join(f"{note}\n" for note in rows.notes))
    names = sorted({a.channel for a in answers})
    events = Events(
        [a.day * DAY for a in answers], [a.channel for a in answers], [1.0] * len(answers)
    )
    exposure, gaps, first = covered(
        events, names, declared_full=request.get("coverage") == "full", whole_days=True
    )
    cover = {
        name: {first + d: float(f) for d, f in enumerate(exposure[n])}
        for n, name in enumerate(names)
    }
    mix, weights = (
        mix_of(answers, request.get("mix") or ""),
        weights_of(answers, request.get("weights") or ""),
    )
    points = index(answers, mix, weights, cover)
    channels = {c: p for c, p in points.items() if c}
    frame = Judged(DAY, first * DAY, {}, gaps, {})
    data = {
        "adjusted": len(mix) > 1, "mix": mix, "weights": weights,
        "value": "score" if "score" in rows.names else f"uncorrected model score ({said(model)})",
        "scale": scale and scale._asdict(), "zone": "UTC", "coverage_origin": "declared" if request.get("coverage") == "full" else "inferred",
        "points": [written(p) for c in channels.values() for p in c], "overall": [written(p) for p in points[""]],
        "contrasts": [{k: round(v, 3) if isinstance(v, float) else v for k, v in c.items()} for c in contrasts(channels)],
        "coverage": [gap_data(g, frame) for g in gaps if g.state == "none"],
    }  # fmt: skip
    sys.stdout.write(
        json.dumps(data, ensure_ascii=False, indent=2) + "\n" if request.get("json") else told(data)
    )


def told(data: Mapping[str, Any]) -> str:
    """For people: each channel's days, then the comparison."""
    lines = [] if data["adjusted"] else ["Unadjusted: the file has one segment."]
    scale = data["scale"]
    if scale and scale["origin"] == "inferred":
        lines.append(
            f"Scores are read on a scale of {scale['low']:g} to {scale['high']:g}, inferred from their values; "
            "say another with --scale LOWEST,HIGHEST."
        )
    for p in (*data["points"], *data["overall"]):
        value = (
            p["missing"]
            if p["index"] is None
            else f"{p['index']:.1f}  [{p['low']:.1f}, {p['high']:.1f}]"
        )
        lines.append(f"{p['date']}  {p['channel']:<12} {value}  n={p['n']}")
    lines += [f"{c['a']} and {c['b']}: {c['say']}" for c in data["contrasts"]]
    return "\n".join([*lines, *(f"{g['scope']}: {g['say']}" for g in data["coverage"]), ""])
