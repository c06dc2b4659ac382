"""What a file is, before anybody has said so."""

from __future__ import annotations

import pytest

from socius.connectors.files import KINDS, Upload
from socius.connectors.files.export import template
from socius.connectors.files.look import columns, lines_of, look


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_our_own_empty_file_is_known_by_its_headers(kind: str) -> None:
    assert look(Upload(template(kind).encode(), "x.csv")).clear == kind


def test_a_file_that_is_nothing_says_what_comes_closest() -> None:
    seen = look(Upload(b"goal,colour\na,b\n", "x.csv"))
    assert seen.clear in {"", "goals"}
    assert seen.candidates[0].kind == "goals"
    assert look(Upload(b"", "x.csv")).say.startswith("The file is empty")


def test_samples_hide_addresses() -> None:
    found = columns(Upload(b"email,name\njane.doe@example.org,Jane\n", "x.csv"), "people")
    assert [c.field for c in found] == ["email", "name"]
    assert "jane" not in found[0].samples[0]


def test_lines_come_back_as_they_were_written() -> None:
    upload = Upload(b'goal,statement\na,"two\nlines"\nb,one\n', "x.csv")
    assert dict(lines_of(upload, "goals", [2, 4])) == {
        0: ["goal", "statement"],
        2: ["a", "two\nlines"],
        4: ["b", "one"],
    }
