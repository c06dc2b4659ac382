"""Delta tables, committed by block: the number of the last block stands in the commit, and we check it, because the library does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import (
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    WriterProperties,
    write_deltalake,
)

from socius.stores.schema import stored

# Statistics hold the smallest and largest text of each file in clear, and would outlive an erasure.
STATISTICS = "day,network,channel,created_at,block"
CONFIGURATION = {"delta.checkpointInterval": "10", "delta.dataSkippingStatsColumns": STATISTICS}
# Small groups: a page of fifty mentions then reads a few thousand texts, not those of the day.
ROWS_A_GROUP = 10_000
# Only what repeats gains from a dictionary, and the smallest and largest text of a file are nobody's business. Columns that the log speaks
# of must have statistics: with empty ones a reader takes it that no row can match.
REPEATED = ("op", "kind", "source", "lang", "lang_declared", "plan")
SAID = [name for name in STATISTICS.split(",") if name != "day"]
COLUMNS: dict[str, Any] = {
    "max_row_group_size": ROWS_A_GROUP,
    "default_column_properties": ColumnProperties(dictionary_enabled=False, statistics_enabled="NONE"),
    "column_properties": {name: ColumnProperties(dictionary_enabled=True, statistics_enabled="NONE") for name in REPEATED}
    | {name: ColumnProperties(dictionary_enabled=name != "created_at", statistics_enabled="CHUNK") for name in SAID},
}  # fmt: skip
COMPRESSION = WriterProperties(compression="ZSTD", compression_level=1, **COLUMNS)
# A block as it comes: half as large again as with zstd for a sixth less time, until its day is joined.
FRESH = WriterProperties(compression="LZ4_RAW", **COLUMNS)
MOST_KEYS = 1000


class Stored:
    """One table, partitioned by day."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.folder = folder
        self.schema = stored(schema)
        self.handle: DeltaTable | None = None
        if DeltaTable.is_deltatable(str(folder)):
            self.handle = DeltaTable(str(folder))

    def opened(self) -> DeltaTable:
        """The table; made at its first use."""
        if self.handle is None:
            columns = [c for c in STATISTICS.split(",") if c in self.schema.names]
            said = {**CONFIGURATION, "delta.dataSkippingStatsColumns": ",".join(columns)}
            self.folder.mkdir(parents=True, exist_ok=True)
            self.handle = DeltaTable.create(
                str(self.folder), self.schema, partition_by=["day"], configuration=said
            )
        return self.handle

    def applied(self, application: str) -> int:
        """The last block of this application that was committed; 0 before the first."""
        table = self.opened()
        # A look for the next commit costs a thousandth of asking the library, which lists the whole log.
        if (self.folder / "_delta_log" / f"{table.version() + 1:020d}.json").exists():
            table.update_incremental()
        return table.transaction_version(application) or 0

    def append(self, rows: pa.Table, application: str, number: int) -> bool:
        """Commits rows as blocks up to `number`, with the handle that was asked; False where they are there already."""
        if self.applied(application) >= number:
            return False
        write_deltalake(
            self.opened(),
            rows.cast(self.schema),
            mode="append",
            writer_properties=FRESH,
            commit_properties=CommitProperties(app_transactions=[Transaction(application, number)]),
        )
        return True

    def read(
        self,
        columns: list[str] | None = None,
        days: Iterable[date] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """Rows of some days (all when None) for which a condition on columns holds."""
        chosen = None if days is None else sorted(set(days))
        if self.handle is None or chosen == []:
            return self.schema.empty_table().select(columns or self.schema.names)
        self.handle.update_incremental()
        filters = where
        if chosen is not None:
            held = self.files()
            if not any(day in held for day in chosen):  # a day begins: nothing has to be opened
                return self.schema.empty_table().select(columns or self.schema.names)
            on = pc.field("day").isin(chosen)
            filters = on if where is None else on & where
        return self.handle.to_pyarrow_table(columns=columns, filters=filters)

    def files(self) -> dict[date, tuple[str, ...]]:
        """Files of each day, as the handle knows the table."""
        found: dict[date, list[str]] = {}
        if self.handle is not None:
            actions: Any = self.handle.get_add_actions(flatten=True)
            pairs = zip(actions["partition.day"].to_pylist(), actions["path"].to_pylist(), strict=True)  # fmt: skip
            for day, path in pairs:
                found.setdefault(date.fromisoformat(str(day)), []).append(str(self.folder / path))
        return {day: tuple(sorted(paths)) for day, paths in found.items()}

    def days(self) -> list[date]:
        """Days that hold rows."""
        if self.handle is not None:
            self.handle.update_incremental()
        return sorted(self.files())

    def rewrite(self, day: date, rows: pa.Table) -> None:
        """Puts rows in the place of all rows of a day, at once."""
        write_deltalake(
            self.opened(), rows.cast(self.schema), mode="overwrite",
            predicate=f"day = '{day.isoformat()}'", writer_properties=COMPRESSION,
        )  # fmt: skip

    def drop(self, predicate: str) -> int:
        """Deletes rows; the predicate stands in the log in clear, so it names days and opaque keys only."""
        if self.handle is None:
            return 0
        self.handle.update_incremental()
        done = self.handle.delete(predicate, writer_properties=COMPRESSION)
        return int(done["num_deleted_rows"])

    def drop_keys(self, keys: Iterable[bytes]) -> int:
        """Deletes the rows of these mentions."""
        hexed = sorted(k.hex() for k in keys)
        parts = [hexed[i : i + MOST_KEYS] for i in range(0, len(hexed), MOST_KEYS)]
        return sum(self.drop(" OR ".join(f"key = X'{k}'" for k in part)) for part in parts)

    def clear_away(self) -> None:
        """Removes the files and log entries of what was deleted. Readers of an old version break, so the store's lock is held."""
        if self.handle is None:
            return
        quiet = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
        self.handle.vacuum(
            retention_hours=0, dry_run=False, enforce_retention_duration=False,
            post_commithook_properties=quiet,
        )  # fmt: skip
        self.handle.update_incremental()
        self.handle.create_checkpoint()
