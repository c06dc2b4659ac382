"""`listen spikes`: counts by bucket and scope, what is covered, and what rose."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from socius.connectors.tablefile import Rows, numbers, rows_of, times
from socius.engine.counting import Events, Gap, Judged, judged
from socius.engine.spikes import Alert
from socius.kit.errors import Invalid
from socius.listen.jobs.ingest import content

FIELDS = {
    "timestamp": ("timestamp", "created_at", "time", "date", "datetime", "tweet_created"),
    "count": ("count", "value", "n", "mentions"),
    "scope": ("scope", "account", "query", "brand", "airline", "series"),
    "author": ("author", "author_id", "name"),
    "score": ("score", "sentiment"),
}
BUCKETS = {"": 0, "5m": 300, "1h": 3600, "1d": 86_400}


def events_of(rows: Rows, order: str = "") -> Events:
    """Columns of the file."""
    stamps = times(rows, "timestamp", "created_at=timestamp", order)
    counts = None
    if "count" in rows.names:
        counts = []
        for (line, _), value in zip(rows.rows, numbers(rows, "count"), strict=True):
            if value is None or value < 0:
                raise Invalid(
                    f"{rows.place}, line {line}: the count is {'missing' if value is None else 'negative'}.",
                    field="count", repair="Write a number of 0 or more, or leave the row out where nothing was collected.",
                )  # fmt: skip
            counts.append(value)
    scopes = rows.column("scope") or ["all"] * len(stamps)
    scores = numbers(rows, "score") if "score" in rows.names else None
    return Events(stamps, scopes, counts, rows.column("author"), scores)


def mapped(request: Mapping[str, Any]) -> dict[str, str]:
    """--map COLUMN=FIELD as a mapping."""
    out = {}
    for pair in request.get("map") or ():
        column, equals, field = pair.rpartition("=")
        if not equals or not column:
            raise Invalid(
                f"--map {pair!r} has no `=`.", field="map", repair="Write --map COLUMN=FIELD."
            )
        out[column] = field
    return out


def written(seconds: int) -> str:
    """A time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def day(number: int) -> str:
    """A day since 1970 as a date."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + number).isoformat()


def gap_data(gap: Gap, found: Judged) -> dict[str, Any]:
    """A stretch that is not fully covered, with its sentence."""
    before = gap.first * 86_400 <= found.start
    if gap.state == "none":
        say = (
            f"no coverage before {day(gap.last + 1)} (inferred)"
            if before
            else f"nothing since {day(gap.first)}, coverage inferred"
        )
    else:
        say = f"{day(gap.first)} is covered in part (inferred)"
    return {
        "scope": gap.scope, "start": day(gap.first), "end": day(gap.last), "state": gap.state,
        "origin": "inferred", "fraction": gap.fraction, "say": say,
    }  # fmt: skip


def alert_data(scope: str, alert: Alert, found: Judged) -> dict[str, Any]:
    """An alert as JSON has it."""
    at = {
        name: written(found.start + found.bucket * n)
        for name, n in (("onset", alert.onset), ("peak", alert.peak), ("end", alert.end + 1))
    }
    return {
        "scope": scope, **at, "severity": alert.severity, "expected": round(alert.expected, 3),
        "observed": alert.observed, "p": float(f"{alert.p:.3g}"), "short_history": alert.short_history,
    }  # fmt: skip


def budget_of(request: Mapping[str, Any]) -> float:
    """False alarms in a month. Raises `Invalid` where it is no number above 0."""
    given = request.get("budget")
    budget = 1.0 if given is None else float(given)
    if not 0 < budget < float("inf"):
        raise Invalid(f"--budget is {budget:g}.", field="budget", repair="Give the false alarms in a month that you can bear, such as 1.")  # fmt: skip
    return budget


def spikes(request: Mapping[str, Any]) -> None:
    """Alerts of a file of counts or events."""
    place = request["input"]
    rows = rows_of(place, content(place), FIELDS, mapped(request))
    found = judged(
        events_of(rows, request.get("dates") or ""), bucket=BUCKETS[request.get("bucket") or ""], budget=budget_of(request),
        declared_full=request.get("coverage") == "full",
    )  # fmt: skip
    sys.stderr.write("".join(f"{note}\n" for note in rows.notes))
    alerts = [alert_data(scope, a, found) for scope, list_ in found.alerts.items() for a in list_]
    data: dict[str, Any] = {
        "bucket_seconds": found.bucket,
        "coverage_origin": "declared" if request.get("coverage") == "full" else "inferred",
        "alerts": sorted(alerts, key=lambda a: (a["onset"], a["scope"])),
        "coverage": [gap_data(g, found) for g in found.gaps],
    }
    if request.get("json"):
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        return
    for gap in data["coverage"]:
        sys.stdout.write(f"{gap['scope']}: {gap['say']}\n")
    for alert in data["alerts"]:
        sys.stdout.write(
            f"level {alert['severity']}  {alert['onset']}  {alert['scope']}: {alert['observed']} where {alert['expected']:.1f} were expected\n"
        )
    if not alerts:
        sys.stdout.write("No alert.\n")
