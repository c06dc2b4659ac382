"""How late a planted burst is seen, and how many alarms a month rise without one. One JSON line per stream and kind of burst.

python benchmarks/listen/spikes.py [FOLDER of five-minute counts] [SEED]    about two CPU minutes

Streams: every CSV `timestamp,value` of the folder (its own surprises are in it, so its alarms without a plant are an upper bound of the
false ones), and negative binomial streams of means 0.4, 4, 40 and 4,000 with a day and a week in them, in which nothing happens.
Bursts, each in a run of its own at a random covered time after the fifteenth day: an hour at three times and at ten times the level of the
hour before (taken as one mention a bucket at least), and a ramp that reaches six times in an hour and holds it for another.
The setting is that of the alert centre: strict warm-up, budget of one false alarm a month over the streams judged together.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from socius.engine.spikes import DAY, MONTH, Series, Settings, judge

BUCKET = 300
DAYS = 60
KINDS = ("three times", "ten times", "ramp")
BURSTS = 20
HOUR = 3600 // BUCKET


def real(folder: Path) -> dict[str, Series]:
    """Counts of a folder; a bucket that stands in no row is not covered."""
    out = {}
    for place in sorted(folder.glob("*.csv")):
        with place.open() as lines:
            rows = [(int(datetime.fromisoformat(r["timestamp"]).replace(tzinfo=UTC).timestamp()), float(r["value"])) for r in csv.DictReader(lines)]  # fmt: skip
        first = rows[0][0] // BUCKET * BUCKET
        size = (rows[-1][0] - first) // BUCKET + 1
        counts, there = np.zeros(size), np.zeros(size)
        for at, value in rows:
            counts[(at - first) // BUCKET] += value
            there[(at - first) // BUCKET] = 1.0
        out[place.stem] = Series(first, counts, there)
    return out


def drawn(dice: np.random.Generator, mean: float) -> Series:
    """A calm stream: day and week, negative binomial with a standard deviation of 1.3 times Poisson's."""
    size = DAYS * DAY // BUCKET
    hours = np.arange(size) * BUCKET / 3600
    level = (
        mean * (1 + 0.5 * np.sin(hours / 24 * 2 * np.pi)) * np.where(hours // 24 % 7 < 5, 1.1, 0.75)
    )
    shape = level / 0.69
    return Series(0, dice.negative_binomial(shape, 1 / 1.69).astype(float), np.ones(size))


def planted(series: Series, kind: str, start: int, dice: np.random.Generator) -> tuple[Series, int]:
    """The stream with one burst from a bucket on, and the bucket after it."""
    counts = series.counts.copy()
    long = 2 * HOUR if kind == "ramp" else HOUR
    level = np.maximum(series.counts[start - HOUR : start].mean(), 0.01)
    flat = {"three times": 2.0, "ten times": 9.0}
    times = np.full(long, flat[kind]) if kind in flat else np.minimum(5.0, 5.0 * np.arange(1, long + 1) / HOUR)  # fmt: skip
    counts[start : start + long] += dice.poisson(np.maximum(level, 1.0) * times)
    return series._replace(counts=counts), start + long


def starts(series: Series, dice: np.random.Generator) -> list[int]:
    """Where bursts are planted, each in a run of its own: after the warm-up, in covered time."""
    first, last = 15 * DAY // BUCKET, len(series.counts) - 6 * HOUR
    covered = [at for at in range(first, last) if series.exposure[at - HOUR : at + 4 * HOUR].all()]
    return sorted(dice.choice(covered, BURSTS, replace=False).tolist())


def calm(name: str, series: Series, settings: Settings) -> dict[str, object]:
    """Alarms where nothing was planted."""
    alerts = judge(series, settings)
    months = (len(series.counts) * BUCKET - 14 * DAY) / MONTH
    mean = round(float(series.counts[series.exposure > 0].mean()), 2)
    return {"stream": name, "burst": "none", "mean": mean, "alarms": len(alerts), "alarms_a_month": round(len(alerts) / months, 2)}  # fmt: skip


def told(name: str, kind: str, series: Series, settings: Settings, seed: int) -> dict[str, object]:
    """Delay of each burst: an alarm is raised when its bucket is over, at the latest an hour after the burst."""
    dice = np.random.default_rng(seed)
    delays = []
    for start in starts(series, dice):
        made, end = planted(series, kind, start, dice)
        made = made._replace(counts=made.counts[: end + HOUR], exposure=made.exposure[: end + HOUR])
        inside = [a.onset for a in judge(made, settings) if a.end >= start]
        if inside:
            delays.append((max(min(inside), start) + 1 - start) * BUCKET // 60)
    return {
        "stream": name, "burst": kind, "planted": BURSTS, "seen": len(delays),
        "delay_minutes_median": float(np.median(delays)) if delays else None,
        "delay_minutes_90": round(float(np.quantile(delays, 0.9)), 1) if delays else None,
        "within_30_minutes": sum(d <= 30 for d in delays),
    }  # fmt: skip


def main() -> None:
    """Every stream, calm and with every kind of burst."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data/nab_tweets")
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261122
    found = real(folder) if folder.is_dir() else {}
    groups = [found] + [{f"calm {mean:g}": drawn(np.random.default_rng([seed, n]), mean)} for n, mean in enumerate((0.4, 4.0, 40.0, 4000.0))]  # fmt: skip
    start = time.process_time()
    for group in groups:
        settings = Settings(BUCKET, 1.0, max(len(group), 1), strict=True)
        for name, series in group.items():
            print(json.dumps(calm(name, series, settings)), flush=True)
            for kind in KINDS:
                print(json.dumps(told(name, kind, series, settings, seed)), flush=True)
    print(json.dumps({"seed": seed, "cpu_s": round(time.process_time() - start, 1)}))


if __name__ == "__main__":
    main()
