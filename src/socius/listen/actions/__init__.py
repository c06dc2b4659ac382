"""Writers of queries, sources, hits and alerts."""

from __future__ import annotations

from socius.listen.actions.alerts import (
    acknowledge_alert,
    close_alert,
    hand_alert,
    note_alert,
    set_alerting,
    set_threshold,
)
from socius.listen.actions.coverage import declare_coverage, withdraw_coverage
from socius.listen.actions.queries import archive_query, edit_query, make_query, restore_query
from socius.listen.actions.received import receive_mentions
from socius.listen.actions.reputation import (
    adopt_question,
    close_survey_link,
    keep_as_series,
    make_survey_link,
    take_responses,
    undo_responses,
)
from socius.listen.actions.rings import decide_ring
from socius.listen.actions.sources import add_source, edit_source, pause_source, resume_source

__all__ = [
    "acknowledge_alert",
    "add_source",
    "adopt_question",
    "archive_query",
    "close_alert",
    "close_survey_link",
    "decide_ring",
    "declare_coverage",
    "edit_query",
    "edit_source",
    "hand_alert",
    "keep_as_series",
    "make_query",
    "make_survey_link",
    "note_alert",
    "pause_source",
    "receive_mentions",
    "restore_query",
    "resume_source",
    "set_alerting",
    "set_threshold",
    "take_responses",
    "undo_responses",
    "withdraw_coverage",
]
