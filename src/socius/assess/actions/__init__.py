"""Writers of the assessment: one file a subject, all of them shown here."""

from __future__ import annotations

__all__: list[str] = []
