"""Writers of effects; and the door to every import: this is the highest package that owns a kind."""

from __future__ import annotations

from socius.connectors.files import Upload
from socius.measure.actions.effects import import_effects, record_effect, withdraw_effect
from socius.measure.actions.estimates import estimate_effect
from socius.measure.actions.kinds import ASKED, IMPORTERS
from socius.measure.actions.undo import undo_import
from socius.measure.actions.waiting import (
    SMALL,
    Said,
    ask_import,
    cancel_import,
    describe_import,
    receive_file,
    require_import,
)

__all__ = [
    "ASKED",
    "IMPORTERS",
    "SMALL",
    "Said",
    "Upload",
    "ask_import",
    "cancel_import",
    "describe_import",
    "estimate_effect",
    "import_effects",
    "receive_file",
    "record_effect",
    "require_import",
    "undo_import",
    "withdraw_effect",
]
