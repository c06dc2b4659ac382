"""Mentions and mean sentiment by day and channel, out of the mentions themselves: what the counts are checked against."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from socius.stores.tables import Stored


def by_day_and_channel(table: Stored) -> pa.Table:
    """Columns day, channel, n (mentions), scored (those with a sentiment), score (mean of positive minus negative share).

    Every state counts as it lies, so a store with edits is tidied by `last_states` first.
    """
    days = table.files()
    parts = []
    for day, files in sorted(days.items()):
        rows = pl.scan_parquet(list(files), hive_partitioning=False).select("channel", "sent")
        score = pl.col("sent").list.get(2) - pl.col("sent").list.get(0)
        sums = rows.group_by("channel").agg(
            pl.len().alias("n"), pl.col("sent").is_not_null().sum().alias("scored"), score.mean().alias("score")
        )  # fmt: skip
        parts.append(sums.with_columns(pl.lit(day).alias("day")))
    found = pl.concat(pl.collect_all(parts)).select("day", "channel", "n", "scored", "score")
    return found.sort("day", "channel").to_arrow()
