"""One batch function, the same answer wherever it runs: in one process, in two, in Spark on a standalone cluster on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from socius.connectors.streams.reading import Source, decode
from socius.engine.query.parser import parse
from socius.engine.query.plan import Filed
from socius.engine.scaling import PARTS, processed, travels
from socius.engine.stream import plan_for
from socius.stores.schema import batch_of, key_of

NOW = 1_770_000_000_000_000
QUERIES = (
    "parcel",
    "parcel NEAR/3 late",
    "tea OR 快递",
    "kind:reply parcel",
    '"very good"',
    "lang:de Paket",
)
PLAN = plan_for([Filed(n, parse(q).tree, q) for n, q in enumerate(QUERIES)])
TEXTS = (
    "the parcel is very late",
    "very good tea",
    "快递很慢",
    "das Paket ist noch nicht da, wie lange soll ich warten",
    "nothing here",
)
SHARDS = 8


def batches() -> list[pa.RecordBatch]:
    rows = [
        {
            "id": f"m{n}",
            "created_at": f"2026-01-{1 + n % 9:02d}T10:00:00Z",
            "text": f"{TEXTS[n % 5]} {n}",
            "author": f"a{n % 7}",
            "kind": "reply" if n % 3 else "post",
        }
        for n in range(800)
    ]
    records = decode(Source("jsonl", "f"), "\n".join(map(json.dumps, rows)).encode(), NOW).records
    keyed = [(r, k, k, r.when) for r in records for k in [key_of(r.network, r.remote_id)]]
    return [
        b
        for n in range(SHARDS)
        for b in travels(batch_of(keyed[n::SHARDS], "jsonl", n, NOW)).combine_chunks().to_batches()
    ]


def state(part: str, rows: list[dict[str, Any]]) -> list[str]:
    """Rows without order; counts of shards added up."""
    if part != "counts":
        return sorted(repr(sorted(r.items())) for r in rows)
    sums: dict[str, list[float]] = {}
    for r in rows:
        held = sums.setdefault(
            repr([r[c] for c in ("day", "network", "channel", "lang", "query", "block")]),
            [0, 0, 0.0],
        )
        held[0], held[1], held[2] = held[0] + r["n"], held[1] + r["scored"], held[2] + r["score"]
    return sorted(f"{k} {n} {s} {x:.9f}" for k, (n, s, x) in sums.items())


def one(part: str, given: list[pa.RecordBatch]) -> list[dict[str, Any]]:
    return [row for b in processed(given, PLAN, part) for row in b.to_pylist()]


@pytest.mark.slow
def test_two_processes_say_what_one_says() -> None:
    given = batches()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for part in PARTS:
            alone = one(part, given)
            assert len(alone) > 10
            both = [
                row
                for rows in pool.map(partial(one, part), [given[::2], given[1::2]])
                for row in rows
            ]
            assert state(part, both) == state(part, alone)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
@pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed")
@pytest.mark.filterwarnings("ignore")
def test_spark_on_a_standalone_cluster_says_what_one_process_says(tmp_path: Path) -> None:
    import pyspark
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    home = Path(pyspark.__file__).parent
    port = free_port()
    source = str(Path(__file__).parents[2] / "src")
    env = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, "SPARK_WORKER_DIR": str(tmp_path / "work"),
        "PYTHONPATH": os.pathsep.join([source, str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]),
    }  # fmt: skip
    start = str(home / "bin" / "spark-class")
    master = [
        start,
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--webui-port",
        str(free_port()),
    ]
    worker = [
        start,
        "org.apache.spark.deploy.worker.Worker",
        "--cores",
        "1",
        "--memory",
        "1g",
        "--webui-port",
        "0",
        f"spark://127.0.0.1:{port}",
    ]
    running = [
        subprocess.Popen(master, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ]
    try:
        until = time.monotonic() + 90
        while not answers(port):
            assert time.monotonic() < until
            time.sleep(0.3)
        running += [
            subprocess.Popen(worker, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        os.environ.update({k: env[k] for k in ("SPARK_LOCAL_IP", "PYSPARK_PYTHON", "PYTHONPATH")})
        made = (
            SparkSession.builder.master(f"spark://127.0.0.1:{port}")
            .config("spark.executor.memory", "700m")
            .config("spark.ui.enabled", "false")
        )
        spark = (
            made.config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
        given = batches()
        frame = spark.createDataFrame(pa.Table.from_batches(given)).repartition(4)
        for part in PARTS:
            kind = travels(pa.Table.from_batches(list(processed(given[:1], PLAN, part)))).schema
            found = frame.mapInArrow(partial(mapped, part), from_arrow_schema(kind)).toArrow()
            assert state(part, found.cast(kind).to_pylist()) == state(part, one(part, given))
        spark.stop()
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def mapped(part: str, given: Any) -> Any:
    return processed(given, PLAN, part)
