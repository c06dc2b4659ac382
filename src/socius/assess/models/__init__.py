"""Tables of the assessment: one file a subject, all of them shown here."""

from __future__ import annotations

from socius.assess.models.needs import NeedAnswer, Preset

__all__ = ["NeedAnswer", "Preset"]
