"""The only writers of the ledger and of import records. Called by the actions of the packages above, never by a door."""

from __future__ import annotations

from socius.activity.actions.imports import run_blocks, run_import
from socius.activity.actions.ledger import Draft, append, erase, found, record
from socius.activity.actions.rollups import bring_up_to_date
from socius.activity.actions.runs import Run
from socius.activity.actions.undo import undo_run

__all__ = ["Draft", "Run", "append", "bring_up_to_date", "erase", "found", "record", "run_blocks", "run_import", "undo_run"]
