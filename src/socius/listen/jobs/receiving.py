"""The worker's child that takes in what other programs handed over. A delivery goes once its block is safe in the queue; told twice it is a duplicate."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socius.engine.stream import plan_for
from socius.listen.jobs.ingest import Report, drained
from socius.listen.jobs.scorers import current
from socius.stores.turns import Turns


def receive(request: Mapping[str, Any]) -> None:
    """Every delivery that waits, the oldest first."""
    home = Path(request["home"])
    waiting = sorted((home / "listen" / "inbox").glob("*.jsonl"))
    if not waiting:
        return
    plan, turns, report = plan_for([], model=current(home)), Turns(home / "listen"), Report()
    for place in waiting:
        head, _, data = place.read_bytes().partition(b"\n")
        with turns.turn() as store:
            drained(store, plan, Report())  # what another could not finish
            store.queue.append(data, json.loads(head))
            drained(store, plan, report)
        place.unlink()
    if not request.get("quiet"):
        sys.stdout.write(json.dumps(report.data(), ensure_ascii=False) + "\n")
