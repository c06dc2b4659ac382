"""Reads that join activity, goals, outcomes and effects."""

from __future__ import annotations

from socius.measure.reports.facts import Asked, asked
from socius.measure.reports.files import (
    Progress,
    columns_of,
    fields_of,
    findings,
    job,
    jobs,
    lines,
    looked_at,
    originals,
    progress,
    runs,
    template,
)
from socius.measure.reports.sight import as_json, line_of_sight, sighted, trend, version

__all__ = [
    "Asked",
    "Progress",
    "as_json",
    "asked",
    "columns_of",
    "fields_of",
    "findings",
    "job",
    "jobs",
    "line_of_sight",
    "lines",
    "looked_at",
    "originals",
    "progress",
    "runs",
    "sighted",
    "template",
    "trend",
    "version",
]
