"""Tables of the assessment: one file a subject, all of them shown here."""

from __future__ import annotations

from socius.assess.models.needs import NeedAnswer, Preset
from socius.assess.models.waves import (
    CLOSED,
    DRAFT,
    OPEN,
    AgreedAction,
    Answer,
    Assessment,
    InterviewNote,
    Rating,
)

__all__ = [
    "CLOSED",
    "DRAFT",
    "OPEN",
    "AgreedAction",
    "Answer",
    "Assessment",
    "InterviewNote",
    "NeedAnswer",
    "Preset",
    "Rating",
]
