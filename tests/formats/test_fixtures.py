"""Every fixture gives the report and the rows that are kept beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from reading_a_fixture import HERE, look, plain

FIXTURES = sorted(HERE.glob("*/*.csv"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_fixture_gives_the_report_that_is_kept_beside_it(path: Path) -> None:
    found = plain(*look(path))
    kept = path.with_suffix(".expected.json")
    if os.environ.get(
        "KEEP_FIXTURES"
    ):  # after a change on purpose: read the diff before committing it
        kept.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    assert found == json.loads(kept.read_text())


def test_every_kind_has_an_honest_file() -> None:
    from socius.connectors.files import FORMATS

    names = {f.name.removeprefix("socius_") for f in FORMATS}
    assert names == {p.parent.name for p in FIXTURES if p.stem == "honest"}
