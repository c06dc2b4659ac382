"""The nightly refresh as the worker does it, through the database: 890 pairs of initiative and series, 730 days, two controls, all
changed since the last pass (target: 30 CPU-s, 1 GB).

    python benchmarks/measure/nightly.py

Makes an organisation in a folder of its own, then runs `socius measure refresh` twice: a pass in which every pair is estimated, and one in
which nothing changed. CPU of the command and its children; memory of the largest process.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DAYS, WINDOW = 730, 90
SERIES, INITIATIVES, CONTROLS = 89, 10, 2
SOCIUS = [sys.executable, "-m", "socius.cli"]
WORDS = "import resource, subprocess, sys, json\nout = subprocess.run(sys.argv[1:], capture_output=True, text=True)\nr = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(json.dumps({'cpu_s': round(r.ru_utime + r.ru_stime, 2), 'peak_mb': round(r.ru_maxrss / 1024), 'status': out.returncode, 'out': out.stdout, 'err': out.stderr[-500:]}))"


def walked(rng: random.Random, scale: float) -> list[float]:
    """A level with memory of .6 from day to day."""
    out, now = [], 0.0
    for _ in range(DAYS):
        now = 0.6 * now + 0.8 * rng.gauss(0, scale)
        out.append(now)
    return out


def outcomes(rng: random.Random, first: date) -> str:
    """Every series: a level, weekdays, what the controls say, and noise."""
    common = [walked(rng, 4.0) for _ in range(CONTROLS)]
    lines = ["date,series,value,unit,source,why,class"]
    for k, values in enumerate(common):
        lines += [f"{first + timedelta(days=t)},market {k},{200 + v:.2f},visits,shop,It is counted in the shop,outcome" for t, v in enumerate(values)]  # fmt: skip
    for s in range(SERIES):
        week = [rng.gauss(0, 2) for _ in range(7)]
        noise = walked(rng, 3.0)
        for t in range(DAYS):
            value = 100 + week[t % 7] + sum(c[t] for c in common) / 2 + noise[t]
            lines.append(f"{first + timedelta(days=t)},sales {s},{value:.2f},orders,shop,It is counted in the shop,outcome")  # fmt: skip
    return "\n".join(lines) + "\n"


def fill(home: Path, first: date) -> dict[str, Any]:
    """The series, the initiatives, and for every pair an older answer that stands, so that the pass asks it again."""
    import django

    django.setup()
    from socius.kit import clock
    from socius.measure.actions import IMPORTERS, Upload
    from socius.measure.models import Effect
    from socius.organisation.actions import actor_for
    from socius.strategy.models import Initiative, Series

    start = first + timedelta(days=DAYS - WINDOW)
    actor = actor_for(origin="cli", at=clock.now())
    tables = {
        "outcomes": outcomes(random.Random(5), first),
        "initiatives": "initiative,title,start\n" + "".join(f"i{i},Initiative {i},{start}\n" for i in range(INITIATIVES)),
    }  # fmt: skip
    for kind, text in tables.items():
        report = IMPORTERS[kind](Upload(source=text.encode(), name=kind, apply=True), actor=actor)
        assert report.state == "ok", report.findings[:3]
    markets = list(Series.objects.filter(name__startswith="market"))
    before = clock.now() - timedelta(days=1)
    for initiative in Initiative.objects.order_by("pk"):
        for series in Series.objects.filter(name__startswith="sales").order_by("pk"):
            effect = Effect.objects.create(
                initiative=initiative, series=series, start=start, end=first + timedelta(days=DAYS - 1), method="gsr", grade="D", by_hand=False, seed=1,
                dated=start, made_at=before, known_from=clock.micros(before), known_until=None,
            )  # fmt: skip
            effect.controls.set(markets)
    return {"series": Series.objects.count(), "pairs": Effect.objects.count()}


def asked(*words: str) -> dict[str, Any]:
    out = subprocess.run([sys.executable, "-c", WORDS, *SOCIUS, *words], capture_output=True, text=True, check=True)  # fmt: skip
    found: dict[str, Any] = json.loads(out.stdout)
    assert found["status"] == 0, found
    said = json.loads(found.pop("out"))
    return {**{k: found[k] for k in ("cpu_s", "peak_mb")}, **{k: said[k] for k in ("pairs", "done", "estimated", "refused", "unchanged", "skipped", "failed", "why_skipped")}}  # fmt: skip


def main() -> None:
    first = date.today() - timedelta(days=DAYS)  # noqa: DTZ011 - the days of an invented organisation
    if sys.argv[1:]:
        print(json.dumps(fill(Path(sys.argv[1]), first)))
        return
    with tempfile.TemporaryDirectory(prefix="socius-nightly-") as place:
        os.environ["SOCIUS_HOME"] = place
        subprocess.run([*SOCIUS, "init"], check=True, stdout=subprocess.DEVNULL)
        made = subprocess.run([sys.executable, __file__, place], check=True, stdout=subprocess.PIPE, text=True)  # fmt: skip
        found = {**json.loads(made.stdout), "days": DAYS, "controls": CONTROLS, "all_changed": asked("measure", "refresh", "--json")}  # fmt: skip
        print(found, file=sys.stderr, flush=True)
        found["nothing_changed"] = asked("measure", "refresh", "--json")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
