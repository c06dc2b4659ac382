"""A list as a Parquet file, for those who go on with it in a notebook. Asked in a child (`kit.child`), because it loads pyarrow."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pyarrow import parquet

TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(24, 6),
    "truth": pa.bool_(),
    "day": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
}
READ: dict[str, Callable[[str], Any]] = {
    "day": date.fromisoformat,
    "instant": datetime.fromisoformat,
    "decimal": Decimal,
}


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """`options["columns"]`: (name, kind of TYPES) of each column; `files["rows"]`: a JSON list a line. Gives the file in base64."""
    names = [name for name, _ in options["columns"]]
    rows = [json.loads(line) for line in files["rows"].splitlines()]
    arrays = [
        pa.array([read(kind, row[at]) for row in rows], TYPES[kind])
        for at, (_, kind) in enumerate(options["columns"])
    ]
    out = io.BytesIO()
    parquet.write_table(pa.table(arrays, names=names), out, compression="zstd")
    return {"file": base64.b64encode(out.getvalue()).decode()}


def read(kind: str, value: Any) -> Any:
    """A cell as what its column holds."""
    return READ[kind](value) if kind in READ and value is not None else value
