"""A page of mentions and the daily rollup at ten million mentions. Output: benchmarks/results/listening-pages.json

python benchmarks/listen/pages.py [FOLDER]    ROWS=10000000 REPEATS=5; FOLDER keeps the store for another run

Pages are asked as the web process asks (`kit.child.Kept`, JSON over a pipe), wall time: newest, further back, by language, by network, by day.
The rollup counts mentions and their mean sentiment by day and channel out of the mentions themselves; beside it the same from the counts.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from stream_input import made

from socius.kit.child import Kept
from socius.stores.rollup import by_day_and_channel
from socius.stores.schema import COUNTS, MENTIONS
from socius.stores.tables import Stored

ROWS = int(os.environ.get("ROWS", "10000000"))
REPEATS = int(os.environ.get("REPEATS", "5"))
DAYS = 30
FIRST = date(2026, 1, 1)
ASKS = 200
RESULTS = Path(__file__).parents[1] / "results"
LOOKING = "socius.listen.jobs.looking"


def fill(folder: Path) -> None:
    """Thirty closed days as the nightly care leaves them: one file each, in the order of time."""
    dice = np.random.default_rng(5)
    texts = np.array([json.loads(x)["commit"]["record"]["text"] for x in made(20_000)[0]], object)
    mentions, counts = Stored(folder / "mentions", MENTIONS), Stored(folder / "counts", COUNTS)
    each = ROWS // DAYS
    langs, channels = (
        np.array(["en", "en", "en", "de", "ja", "fi"]),
        np.array(["social", "social", "store", "mail"]),
    )
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        start = (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000_000
        at = np.sort(dice.integers(start, start + 86_400_000_000, each))
        keys = dice.integers(0, 256, each * 16, np.uint8).tobytes()
        key = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(16), each, [None, pa.py_buffer(keys)]
        ).cast(pa.binary())
        lang, channel = dice.choice(langs, each), dice.choice(channels, each)
        share = dice.dirichlet((1, 2, 1), each).astype(np.float32)
        given: dict[str, Any] = {
            "network": np.where(channel == "social", "bluesky", channel), "channel": channel, "kind": ["post"] * each, "op": ["create"] * each,
            "remote_id": np.char.add(f"at://did:plc:abcdefghijklmnop/app.bsky.feed.post/{n:02d}", np.arange(each).astype("U8")),
            "key": key, "version": key, "text": texts[dice.integers(0, len(texts), each)], "lang": lang,
            "author_id": np.char.add("did:plc:", dice.integers(0, 10**6, each).astype("U8")), "author_handle": [""] * each,
            "created_at": pa.array(at, pa.timestamp("us", "UTC")), "observed_at": pa.array(at, pa.timestamp("us", "UTC")),
            "day": pa.array([day] * each), "block": np.full(each, n + 1),
            "sent": pa.array(list(share)) if each < 1000 else pa.ListArray.from_arrays(np.arange(each + 1, dtype=np.int32) * 3, pa.array(share.ravel())),
        }  # fmt: skip
        schema = mentions.schema
        columns = [
            pa.array(given[f.name]).cast(f.type) if f.name in given else pa.nulls(each, f.type)
            for f in schema
        ]
        table = pa.table(columns, schema=schema)
        mentions.append(table, "bench", n + 1)
        few = table.group_by(["day", "network", "channel", "lang"]).aggregate([([], "count_all")])
        held = {f.name: few.column(f.name) for f in COUNTS if f.name in few.column_names}
        held |= {"n": few.column("count_all")}
        rows = [held.get(f.name, pa.nulls(few.num_rows, f.type)) for f in COUNTS]
        counts.append(pa.table(rows, schema=COUNTS), "bench", n + 1)


def pages(folder: Path) -> dict[str, Any]:
    kept, dice, spent = Kept(), random.Random(4), []
    first = time.perf_counter()
    ask = {"what": "page", "folder": str(folder), "limit": 50}
    after = kept.ask(LOOKING, ask, seconds=120)["after"]
    first = time.perf_counter() - first
    for n in range(ASKS):
        more: dict[str, Any] = {}
        if n % 5 == 1:
            more = {"after": after}
        elif n % 5 == 2:
            more = {"lang": dice.choice(["de", "ja", "fi"])}
        elif n % 5 == 3:
            more = {"network": dice.choice(["store", "mail"]), "after": after}
        elif n % 5 == 4:
            more = {"day": (FIRST + timedelta(days=dice.randrange(DAYS))).isoformat()}
        start = time.perf_counter()
        found = kept.ask(LOOKING, {**ask, **more}, seconds=120)
        spent.append(time.perf_counter() - start)
        assert len(found["rows"]) == 50
        after = found["after"] if n % 5 != 4 else after
    memory = (
        int(
            Path(f"/proc/{kept.child.pid if kept.child else 0}/status")
            .read_text()
            .split("VmHWM:")[1]
            .split()[0]
        )
        // 1024
    )
    kept.end()
    ms = sorted(s * 1000 for s in spent)
    return {"asks": ASKS, "first_ms": round(first * 1000), "median_ms": round(statistics.median(ms), 1), "p95_ms": round(ms[int(0.95 * ASKS)], 1), "worst_ms": round(ms[-1], 1), "reader_peak_mb": memory}  # fmt: skip


def rollup(folder: Path) -> dict[str, Any]:
    table, walls, cpus = Stored(folder / "mentions", MENTIONS), [], []
    for _ in range(REPEATS + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        found = by_day_and_channel(table)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    assert pc.sum(found.column("n")).as_py() == ROWS // DAYS * DAYS
    return {"rows": ROWS // DAYS * DAYS, "groups": found.num_rows, "wall_s": round(statistics.median(walls[1:]), 3), "cpu_s": round(statistics.median(cpus[1:]), 3), "first_wall_s": round(walls[0], 3)}  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[1] if sys.argv[1:] else place)
        if not (folder / "mentions").exists():
            fill(folder)
        out = {
            "mentions": ROWS // DAYS * DAYS,
            "days": DAYS,
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 2),
        }
        found = {**out, "page": pages(folder), "rollup": rollup(folder)}
    (RESULTS / "listening-pages.json").write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
