"""A cell that is longer than its column of the database rejects its row, on both databases alike, and stops no file."""

from __future__ import annotations

import pytest

from each_kind import FIRST
from house import House, codes
from socius.connectors.files.declare import Field
from socius.connectors.files.kinds import KINDS

# Sentences of any length.
UNLIMITED = {("goals", "statement")}
TEXTS = [
    (kind.name, field)
    for kind in KINDS.values()
    for field in kind.fields
    if field.type in {"text", "id", "list", "network"} and (kind.name, field.name) not in UNLIMITED
]
# What a row needs besides the field that is tried.
NEEDED = {
    "units": {"unit": "Far"},
    "people": {"email": "far@example.org"},
    "goals": {"goal": "far"},
    "outcomes": {"date": "2026-05-01", "series": "Far", "value": "1"},
    "kpis": {"goal": "more", "measure": "Orders"},
    "accounts": {"network": "x", "handle": "far", "url": "https://x.com/far"},
    "initiatives": {"initiative": "far", "title": "Far"},
    "spend": {"date": "2026-05-02", "amount": "3", "currency": "EUR"},
    "hours": {"week": "2026-W20", "unit": "North", "hours": "3"},
    "activity": {"at": "2026-05-20T10:00:00Z", "verb": "posted", "object_id": "far", "network": "x", "account": "ann"},
    "effects": {"initiative": "live", "series": "Sales", "method": "guess", "estimate": "4"},
    "leads": {"lead": "L9", "date": "2026-05-20"},
}  # fmt: skip


def file(kind: str, field: Field, length: int) -> str:
    text = "é" * length
    if field.name in {"email", "owner_email"}:
        text = "e" * (length - len("@example.org")) + "@example.org"
    if field.name == "url":
        text = "https://x.com/" + "e" * (length - len("https://x.com/"))
    row = {**NEEDED[kind], field.name: text}
    return f"{','.join(row)}\n{','.join(row.values())}\n"


@pytest.fixture
def stands(house: House) -> House:
    for kind, text in FIRST.items():
        house.take(kind, text)
    return house


def test_every_text_says_how_long_it_may_be() -> None:
    assert [(kind, field.name) for kind, field in TEXTS if not field.longest] == []


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_cell_fits_or_is_refused_with_a_sentence(stands: House, kind: str) -> None:
    for field in [field for name, field in TEXTS if name == kind]:
        fits = stands.read(kind, file(kind, field, field.longest))
        assert "too_long" not in codes(fits), field.name
        over = stands.read(kind, file(kind, field, field.longest + 1))
        assert codes(over).get("too_long") == 1, (field.name, codes(over))
        assert over.rejected == 1
        (said,) = [f for f in over.findings if f["code"] == "too_long"]
        assert said["line"] == 2
        assert said["column"] == field.name
        assert f"{field.longest + 1:,}" in said["say"]
