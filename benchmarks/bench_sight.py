"""Line of sight over 10 million ledger rows and 2,000 accounts (<= 1 s in a warm process), and the first page at that size (p95 <= 300 ms).

Opponent: the query that an analyst would write against the raw ledger, activities of the window counted by account and joined
with today's links. It answers far less (no day-wise links, no levels, no breaks).
ROWS in the environment makes it smaller for a try.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from run import HERE, environment, fresh

ROWS = int(os.environ.get("ROWS", "10000000"))


def measure(place: Path) -> dict[str, Any]:
    home = fresh(place)
    for step in ("fill", "walk", "pages"):
        out = subprocess.run(
            [sys.executable, str(HERE / "large_home.py"), step, str(ROWS)],
            env={**environment(home), "PYTHONPATH": f"{HERE.parent / 'src'}"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if out.returncode:
            raise SystemExit(out.stderr[-2000:])
        found = {**locals().get("found", {}), step: json.loads(out.stdout.splitlines()[-1])}
    return found
