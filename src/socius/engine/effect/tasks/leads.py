"""`socius measure leads`: how often leads of each source are won, and which differences few cases allow to be said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from socius.engine.effect.outcomes import won_of
from socius.engine.effect.proportion import ranked, share
from socius.engine.tables import read

# What forms write when nobody answered.
UNANSWERED = {"", "select", "unknown", "n/a", "na", "none", "null", "not set", "(not set)", "-"}


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Sources by share won; spellings that differ in case or blanks are one source."""
    name = options["file"]
    table = read(name, files[name])
    cells = table.column(options["source"], "source")
    won = won_of(table, options["won"], table.column(options["won"], "won"), options.get("won_value"))  # fmt: skip
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    untracked = 0
    for cell, yes in zip(cells, won, strict=True):
        text = " ".join(cell.split())
        key = text.casefold()
        if key in UNANSWERED:
            untracked += 1
            continue
        spelt[key][text] += 1
        counts[key][0] += 1
        counts[key][1] += yes
    groups = [share(spelt[key].most_common(1)[0][0], w, n) for key, (n, w) in counts.items()]
    return {
        "sources": [
            {"source": g.name, "n": g.n, "won": g.won, "rate": g.mean, "low": g.low, "high": g.high, "rank": rank, "verdict": verdict}
            for g, rank, verdict in ranked(groups)
        ],
        "untracked": {"n": untracked, "share": untracked / len(cells)},
        "merged": {g: sorted(s) for g, s in ((spelt[k].most_common(1)[0][0], v) for k, v in spelt.items()) if len(s) > 1},
    }  # fmt: skip
