"""What the worker calls: chain what is committed, count what is chained. Each may be killed anywhere and run again."""

from __future__ import annotations

from socius.activity.actions import rollups, sealing


def seal() -> int:
    """Numbers and chains committed rows; returns how many. On SQLite that is done when they are written."""
    return sealing.seal()


def roll_up(batch: int = rollups.BATCH) -> int:
    """Brings the daily counts up to the end of the chain; returns how many rows of the ledger it passed."""
    return rollups.roll_up(batch)


def bring_up_to_date() -> int:
    """Chains and counts all that is committed: for a command that reads and cannot know whether a worker runs."""
    seal()
    return roll_up()


def rebuild_rollups() -> int:
    """Counts everything again: needed when the organisation's zone changed, for then days begin elsewhere."""
    rollups.forget_rollups()
    return rollups.roll_up()
