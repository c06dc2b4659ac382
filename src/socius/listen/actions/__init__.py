"""Writers of queries, sources and hits."""

from __future__ import annotations

from socius.listen.actions.queries import archive_query, edit_query, make_query, restore_query
from socius.listen.actions.sources import add_source, pause_source, resume_source

__all__ = [
    "add_source",
    "archive_query",
    "edit_query",
    "make_query",
    "pause_source",
    "restore_query",
    "resume_source",
]
