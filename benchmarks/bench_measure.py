"""`make bench measure`: coverage of the intervals by regime, peers on the same series, a day's refresh, the panel of 39 states.

SERIES (2,000) a regime, PEER_SERIES (200) matched series, COST_SERIES (20) by REPEATS, DEMONSTRATIONS (8) seeds of its series at each of
three lengths. The states are read from SOCIUS_SHARED or ../shared where they are; coverage alone takes about twenty minutes of one
core, the peers fifteen minutes. Peers are asked where
requirements/peers.txt is installed: `uv pip install --require-hashes -r requirements/peers.txt` into the environment, or into one of their own
named by PEERS (the path of its Python; it needs requirements/base.txt as well).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from run import HERE, REPEATS, environment

SERIES = os.environ.get("SERIES", "2000")
PEER_SERIES, COST_SERIES = os.environ.get("PEER_SERIES", "200"), os.environ.get("COST_SERIES", "20")
SEEDS = ("5110022", "5110088", "71122", "991001", "992001", "993001")
# First seed and days of history of each lot.
LOTS = (("510221", "730"), ("610221", "545"), ("710221", "1095"))
DEMONSTRATIONS = os.environ.get("DEMONSTRATIONS", "8")
PEERS = os.environ.get("PEERS", sys.executable)
SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


def asked(place: Path, name: str, *words: str, python: str = sys.executable) -> dict[str, Any]:
    out = subprocess.run(
        [python, str(HERE / "measure" / f"{name}.py"), *words], env={**environment(place), **SINGLE}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if out.returncode:
        raise SystemExit(out.stderr[-2000:])
    found: dict[str, Any] = json.loads(out.stdout.splitlines()[-1])
    return found


def measure(place: Path) -> dict[str, Any]:
    return {
        "coverage": asked(place, "covers", SERIES, SEEDS[0]),
        "peers": peers(place),
        "refresh": asked(place, "refresh", SEEDS[2]),
        "nightly": asked(place, "nightly"),
        "demonstration": {
            days: asked(place, "demonstration", DEMONSTRATIONS, seed, days) for seed, days in LOTS
        },
        "experiments": asked(place, "experiments", SERIES, SEEDS[3]),
        "counts": asked(place, "counts", SERIES, SEEDS[4]),
        "staggered": asked(place, "staggered", SERIES, SEEDS[5]),
    }


def peers(place: Path) -> dict[str, Any]:
    here = subprocess.run([PEERS, "-c", "import causal_impact"], capture_output=True, check=False)
    if here.returncode:
        return {"skipped": "requirements/peers.txt is not installed"}
    return asked(place, "peers", PEER_SERIES, COST_SERIES, str(REPEATS), SEEDS[1], python=PEERS)
