"""Writers of the assessment: one file a subject, all of them shown here."""

from __future__ import annotations

from socius.assess.actions.opening import note_opening

__all__ = ["note_opening"]
