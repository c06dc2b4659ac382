"""100,000 account rows (<= 20 CPU-s, <= 400 MB) and 1,000,000 activities (>= 20,000 per CPU-second).

Opponent: what a team would write on a day, Django's ORM with the csv module, one `get_or_create` per account and a
`bulk_create` of activities in blocks, without dry run, identity, findings, ledger chain or undo. On the same file, in the same run.
"""

from __future__ import annotations

import csv
import random
import statistics
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from run import HERE, REPEATS, SOCIUS, fresh, medians, spent

ACCOUNTS, ACTIVITIES, INVENTORY = 100_000, 1_000_000, 2_000


def accounts_csv(path: Path, n: int) -> Path:
    with path.open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(("network", "handle", "url", "unit", "purpose", "language", "country"))
        networks = ("x", "facebook", "instagram", "youtube", "linkedin")
        hosts = (
            "x.com",
            "facebook.com",
            "instagram.com",
            "youtube.com/user",
            "linkedin.com/company",
        )
        for i in range(n):
            k = i % 5
            write.writerow(
                (
                    networks[k],
                    f"firm{i}",
                    f"https://www.{hosts[k]}/firm{i}",
                    f"unit {i % 500}",
                    "news",
                    "en",
                    "FR",
                )
            )
    return path


def activity_csv(path: Path, n: int, accounts: int) -> Path:
    rng = random.Random(7)
    start = datetime(2025, 11, 20)  # noqa: DTZ001 - written with its Z
    with path.open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(("at", "verb", "object_id", "network", "account", "minutes"))
        for i in range(n):
            at = start + timedelta(seconds=(31 * i) % 31_536_000)
            k = rng.randrange(accounts)
            write.writerow(
                (
                    f"{at:%Y-%m-%dT%H:%M:%SZ}",
                    "posted" if i % 3 else "replied",
                    f"id{i}",
                    ("x", "facebook", "instagram", "youtube", "linkedin")[k % 5],
                    f"firm{k}",
                    3,
                )
            )
    return path


def measure(place: Path) -> dict[str, Any]:
    inventory = accounts_csv(place / "accounts.csv", ACCOUNTS)
    few = accounts_csv(place / "few.csv", INVENTORY)
    history = activity_csv(place / "activity.csv", ACTIVITIES, INVENTORY)
    runs: dict[str, list[dict[str, float]]] = {
        name: []
        for name in (
            "accounts",
            "accounts_again",
            "accounts_opponent",
            "activity",
            "activity_opponent",
        )
    }
    for _ in range(REPEATS):
        home = fresh(place)
        runs["accounts"].append(
            spent([*SOCIUS, "import", "accounts", str(inventory), "--apply"], home)
        )
        runs["accounts_again"].append(
            spent([*SOCIUS, "import", "accounts", str(inventory), "--complete", "--apply"], home)
        )
        runs["accounts_opponent"].append(
            spent(
                [sys.executable, str(HERE / "opponent_orm.py"), "accounts", str(inventory)],
                fresh(place),
            )
        )
        home = fresh(
            place, lambda h: spent([*SOCIUS, "import", "accounts", str(few), "--apply"], h) and None
        )
        runs["activity"].append(
            spent([*SOCIUS, "import", "activity", str(history), "--apply"], home)
        )
        runs["activity_opponent"].append(
            spent(
                [sys.executable, str(HERE / "opponent_orm.py"), "activity", str(history)],
                fresh(place),
            )
        )
    found: dict[str, Any] = {name: medians(r) for name, r in runs.items()}
    found["activities_per_cpu_second"] = round(ACTIVITIES / found["activity"]["cpu"])
    for kind in ("accounts", "activity"):
        ratios = [
            a["cpu"] / b["cpu"] for a, b in zip(runs[kind], runs[f"{kind}_opponent"], strict=True)
        ]
        found[f"{kind}_cpu_over_opponent"] = round(statistics.median(ratios), 2)
    found["rows"] = {"accounts": ACCOUNTS, "activities": ACTIVITIES}
    return found
