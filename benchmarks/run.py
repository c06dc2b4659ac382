"""`make bench`: the figures that Socius promises, measured on this machine; output goes to benchmarks/results.

    python benchmarks/run.py [NAME ...]    imports sight starts assessment measure; all without a name

CPU seconds of finished child processes as the system counts them, medians of REPEATS; the machine is shared, so ratios say
more than seconds. Every opponent reads the same file in the same run.
"""

from __future__ import annotations

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

HERE = Path(__file__).parent
ROOT = HERE.parent
RESULTS = HERE / "results"
SOCIUS = [sys.executable, "-m", "socius.cli"]
REPEATS = int(os.environ.get("REPEATS", "5"))


def environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SOCIUS_HOME": str(home),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "socius.config.settings",
    }


def spent(words: list[str], home: Path) -> dict[str, float]:
    """CPU seconds and peak memory of one child and its children."""
    code = (
        "import resource, subprocess, sys, json\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "r = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps({'cpu': r.ru_utime + r.ru_stime, 'mb': r.ru_maxrss / 1024, 'status': done.returncode}))"
    )
    start = time.perf_counter()
    out = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(out.stdout)
    assert found["status"] == 0, out.stderr
    return {**found, "wall": time.perf_counter() - start}


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {
        key: round(statistics.median(r[key] for r in runs), 3) for key in runs[0] if key != "status"
    }


def write(name: str, found: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    about = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": [round(x, 2) for x in os.getloadavg()],
        "repeats": REPEATS,
    }
    text = json.dumps({"machine": about, **found}, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n")
    print(f"== {name}\n{text}", flush=True)


def fresh(place: Path, prepare: Callable[[Path], None] | None = None) -> Path:
    home = Path(tempfile.mkdtemp(dir=place))
    subprocess.run([*SOCIUS, "init"], env=environment(home), check=True, stdout=subprocess.DEVNULL)
    if prepare:
        prepare(home)
    return home


def main() -> None:
    names = sys.argv[1:] or ["imports", "sight", "starts", "assessment", "measure"]
    with tempfile.TemporaryDirectory(prefix="socius-bench-") as place:
        for name in names:
            module = __import__(f"bench_{name}")
            write(name, module.measure(Path(place)))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main()
