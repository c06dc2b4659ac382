"""Reads a fixture as `tests/formats/<format>/<name>.csv`, with what a person said in `<name>.upload.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from socius.connectors.files import Reading, Row, Upload, read

HERE = Path(__file__).parent
KIND_OF = {"official_accounts": "accounts"}


def upload(path: Path, **said: Any) -> Upload:
    """The fixture as somebody hands it over."""
    beside = path.with_suffix(".upload.json")
    return Upload(
        path, path.name, **{**(json.loads(beside.read_text()) if beside.exists() else {}), **said}
    )


def look(path: Path, **said: Any) -> tuple[Reading, list[Row]]:
    """Reading and rows of a fixture."""
    reading = read(upload(path, **said), KIND_OF.get(path.parent.name, path.parent.name))
    return reading, list(reading.rows())


def told(kind: str, text: str | bytes, **said: Any) -> tuple[Reading, list[Row]]:
    """Reading and rows of a text."""
    source = text.encode() if isinstance(text, str) else text
    reading = read(Upload(source, "told.csv", **said), kind)
    return reading, list(reading.rows())


def plain(reading: Reading, rows: list[Row]) -> dict[str, Any]:
    """The report as it is kept beside the fixture, with the rows that were read."""
    report = reading.report.as_json()
    for volatile in ("sha256", "bytes"):
        report["file"].pop(volatile)
    for count in ("created", "updated", "unchanged"):
        report["rows"].pop(count)
    kept = [
        {
            "line": r.line,
            **{k: str(v) for k, v in sorted(r.values.items()) if v not in (None, "", ())},
            **({"extra": r.extra} if r.extra else {}),
        }
        for r in rows
    ]
    return json.loads(json.dumps({"report": report, "rows": kept}, ensure_ascii=False))  # type: ignore[no-any-return]
