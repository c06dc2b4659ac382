"""Streams, end to end: ours against a competent Django receiver, 1,000 and 10,000 queries. Output: benchmarks/results/listening-stream.json

    python benchmarks/listen/stream.py            REPEATS=5 MESSAGES=60000

CPU time of each process (its children too, of which there are none), medians over repeats taken in turn: ours, Django, ours, Django ...
Rows and hits are compared first; a run with unequal output has no speed. One numeric thread each.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from stream_input import made

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results"
REPEATS = int(os.environ.get("REPEATS", "5"))
MESSAGES = int(os.environ.get("MESSAGES", "60000"))


def child(name: str, queries: int, given: Path, **more: str) -> str:
    one = dict.fromkeys(
        ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS", "ARROW_IO_THREADS"), "1"
    )
    env = {**os.environ, **one, "INPUT": str(given), **more}
    with tempfile.TemporaryDirectory() as place:
        words = [sys.executable, str(HERE / f"stream_{name}.py"), place, str(queries)]
        return subprocess.run(words, capture_output=True, text=True, check=True, env=env).stdout


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    rates = sorted(r["messages"] / r["cpu"] for r in runs)
    us = statistics.median(r["cpu"] / r["messages"] * 1e6 for r in runs)
    found = {
        "messages": runs[0]["messages"], "stored": runs[0]["stored"], "hits": runs[0]["hits"], "us_per_message": round(us, 2),
        "messages_per_cpu_s": round(statistics.median(rates)), "slowest": round(rates[0]), "fastest": round(rates[-1]),
        "peak_mb": round(statistics.median(r["mb"] for r in runs)),
    }  # fmt: skip
    if "phases" in runs[0]:
        found["steps_us"] = {k: round(statistics.median(r["phases"][k] / r["messages"] for r in runs) * 1e6, 2) for k in runs[0]["phases"]}  # fmt: skip
    return found


def main() -> None:
    out: dict[str, Any] = {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "load_before": [round(x, 2) for x in os.getloadavg()], "repeats": REPEATS},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        given = Path(place) / "frames.jsonl"
        given.write_bytes(b"\n".join(made(MESSAGES)[0]))
        data = given.read_bytes()
        out["input"] = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "lines": data.count(b"\n") + 1,
        }
        for queries in (1000, 10_000):
            runs: dict[str, list[dict[str, Any]]] = {"ours": [], "django": []}
            for _ in range(REPEATS):
                for name, held in runs.items():
                    held.append(json.loads(child(name, queries, given)))
            equal = len({(r["stored"], r["hits"]) for held in runs.values() for r in held}) == 1
            found: dict[str, Any] = {name: summary(held) for name, held in runs.items()}
            ratios = [
                d["cpu"] / o["cpu"] for o, d in zip(runs["ours"], runs["django"], strict=True)
            ]
            found |= {
                "rows_and_hits_equal": equal,
                "times_django": round(statistics.median(ratios), 2) if equal else None,
            }
            out[str(queries)] = found
            print(json.dumps({queries: found}), file=sys.stderr, flush=True)
        (RESULTS / "listening-django-profile.txt").write_text(
            child("django", 1000, given, PROFILE="1")
        )
    out["machine"]["load_after"] = [round(x, 2) for x in os.getloadavg()]
    (RESULTS / "listening-stream.json").write_text(json.dumps(out, indent=1) + "\n")
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
