"""Turns a file of care dialogues (JSON: a list of conversations with dated turns) into accounts.csv and activity.csv.

    python scripts/care_dialogues.py dev.json OUT_DIR

Only the agents' turns are activity of the organisation. A final reply may carry no time: an X id of late 2010 or later holds its own,
(id >> 22) + 1288834974657 milliseconds since 1970.
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SNOWFLAKE_EPOCH = 1288834974657


def when(turn: dict[str, Any]) -> str:
    """The time of a turn, from its field or from its id."""
    if turn.get("datetime"):
        return str(turn["datetime"])
    ms = (int(turn["tweet_ID"]) >> 22) + SNOWFLAKE_EPOCH
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")


def main() -> None:
    """Reads the dialogues, writes the two files."""
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    brands: set[str] = set()
    rows: list[tuple[str, ...]] = []
    for talk in json.loads(source.read_text(encoding="utf-8")):
        brand = talk["dialogHeader"]["company"]
        brands.add(brand)
        # A turn is {"client": name, ...} or {"agent": name, ...}; the last reply stands apart, with the document that it cites.
        turns = [*talk["dialogContent"], talk.get("agentURL") or {}]
        agents = [t for t in turns if t.get("tweet_ID") and "client" not in t]
        rows += [(when(t), "replied", str(t["tweet_ID"]), "x", brand) for t in agents]
    with (out / "accounts.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(("network", "handle", "unit", "purpose"))
        write.writerows(("x", brand, brand, "customer care") for brand in sorted(brands))
    with (out / "activity.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(("at", "verb", "object_id", "network", "account"))
        write.writerows(rows)
    sys.stdout.write(f"{len(brands)} brands, {len(rows)} agent turns\n")


if __name__ == "__main__":
    main()
