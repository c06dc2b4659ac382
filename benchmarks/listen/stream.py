"""Streams, end to end: ours against a competent Django receiver, 1,000 and 10,000 queries. Output: benchmarks/results/listening-stream.json

    python benchmarks/listen/stream.py            REPEATS=5 MESSAGES=60000

CPU time of each process (its children too, of which there are none), medians over repeats taken in turn: ours, Django, ours, Django ...
Rows and hits are compared first; a run with unequal output has no speed. One numeric thread each.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pyarrow as pa
from stream_input import made

from socius.connectors.streams.jetstream import Event, posts
from socius.engine import language

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


def alone(data: bytes) -> dict[str, float]:
    """What single steps cost in us a message when nothing else is done, the best of five: what no pipeline around them can go below."""
    lines = data.split(b"\n")
    decoder = msgspec.json.Decoder(Event)
    texts = [orjson.loads(line)["commit"]["record"]["text"] for line in lines]
    look, codec = language.detector(1).detect_details, pa.Codec("lz4")
    steps: dict[str, Callable[[], Any]] = {
        "decode typed, collector off": lambda: [(e, posts.decode(e.commit.record)) for e in decoder.decode_lines(data) if e.commit],
        "detect language": lambda: [look(t) for t in texts],
        "compress the raw block": lambda: codec.compress(data, asbytes=True),
    }  # fmt: skip
    found = {}
    for name, step in steps.items():
        spent = []
        for _ in range(5):
            gc.disable()
            start = time.process_time()
            step()
            spent.append(time.process_time() - start)
            gc.enable()
        found[name] = round(min(spent) / len(lines) * 1e6, 2)
    return found


def reasons(out: dict[str, Any]) -> list[str]:
    """Aims that were not reached, and why."""
    said, found = [], out["1000"]
    ours, ten, steps = found["ours"], found["django"]["us_per_message"] / 10, out["alone_us"]
    if ours["messages_per_cpu_s"] < 60_000:
        said.append(f"{ours['messages_per_cpu_s']:,} messages a CPU-second are not 60,000: {ours['us_per_message']} us instead of 16.67, at a load of {out['machine']['load_before'][0]} before and {out['machine']['load_after'][0]} after.")  # fmt: skip
    if ours["us_per_message"] > ten:
        said.append(f"Ten times the Django receiver would need {ten:.1f} us a message; language, typed decoding and the raw block alone take {sum(steps.values()):.1f}, before a query is looked at or a row written.")  # fmt: skip
    return said


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
        out["alone_us"] = alone(data)
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
    out["not_reached"] = reasons(out)
    (RESULTS / "listening-stream.json").write_text(json.dumps(out, indent=1) + "\n")
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
