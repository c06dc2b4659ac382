"""Writers of the inventory of social accounts."""

from __future__ import annotations

from socius.accounts.actions.filing import Filed, file_accounts
from socius.accounts.actions.inventory import (
    claim,
    correct,
    enter_status,
    merge,
    move,
    refer,
    separate,
)
from socius.accounts.actions.withdrawal import withdraw_import

__all__ = [
    "Filed",
    "claim",
    "correct",
    "enter_status",
    "file_accounts",
    "merge",
    "move",
    "refer",
    "separate",
    "withdraw_import",
]
