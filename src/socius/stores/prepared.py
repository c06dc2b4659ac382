"""What a worker made of a block before its turn to write came: a file beside the queue, used if it fits and thrown away if not."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc

FOLDER = "prepared"


def place(folder: Path, number: int) -> Path:
    """Where a block's file is."""
    return folder / FOLDER / f"{number:020d}.arrow"


def exists(folder: Path, number: int) -> bool:
    """Whether somebody is done with this block."""
    return place(folder, number).exists()


def keep(folder: Path, number: int, said: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> None:  # fmt: skip
    """Writes tables of a block and what is said about them, at once."""
    target = place(folder, number)
    target.parent.mkdir(exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as stream:
        stream.write(json.dumps({**said, "tables": list(tables)}).encode() + b"\n")
        for table in tables.values():
            with ipc.new_stream(stream, table.schema) as out:
                out.write_table(table)
    fresh.replace(target)


def find(folder: Path, number: int) -> tuple[dict[str, Any], dict[str, pa.Table]] | None:
    """What was kept of a block; None where nothing was, or it is not whole."""
    try:
        with place(folder, number).open("rb") as stream:
            said = json.loads(stream.readline())
            tables = {name: ipc.open_stream(stream).read_all() for name in said.pop("tables")}
    except (OSError, ValueError, pa.ArrowInvalid):
        return None
    return said, tables


def forget(folder: Path, number: int | None = None) -> None:
    """Removes a block's file; all of them where none is named."""
    if number is None:
        shutil.rmtree(folder / FOLDER, ignore_errors=True)
    else:
        place(folder, number).unlink(missing_ok=True)
