"""The only writers of the ledger and of import records. Called by the actions of the packages above, never by a door."""

from __future__ import annotations

from socius.activity.actions.answers import begin_answer, forget_answer, keep_answer
from socius.activity.actions.imports import run_blocks, run_import
from socius.activity.actions.ledger import Doer, Draft, append, drafted, erase, found, record
from socius.activity.actions.runs import Run
from socius.activity.actions.undo import undo_run
from socius.activity.actions.waiting import (
    Stopped,
    ask,
    claim,
    describe,
    file_of,
    forget,
    forget_old,
    give_up,
    receive,
    settle,
    stop,
    teller,
)

__all__ = [
    "Doer",
    "Draft",
    "Run",
    "Stopped",
    "append",
    "ask",
    "begin_answer",
    "claim",
    "describe",
    "drafted",
    "erase",
    "file_of",
    "forget",
    "forget_answer",
    "forget_old",
    "found",
    "give_up",
    "keep_answer",
    "receive",
    "record",
    "run_blocks",
    "run_import",
    "settle",
    "stop",
    "teller",
    "undo_run",
]
