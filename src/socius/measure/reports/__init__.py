"""Reads that join activity, goals, outcomes and effects."""

from __future__ import annotations

from socius.measure.reports.facts import Asked, asked, zone
from socius.measure.reports.sight import as_json, line_of_sight, sighted, trend, version

__all__ = ["Asked", "as_json", "asked", "line_of_sight", "sighted", "trend", "version", "zone"]
