"""A founded installation, someone who acts, and a ledger that may be emptied after a test that commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from append_only import let_flush_through
from socius.activity.actions import ledger
from socius.activity.models import Installation

let_flush_through()
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Doer:
    at: datetime = AT
    ref: str = "person:3"
    origin: str = "web"


@pytest.fixture
def who() -> Doer:
    return Doer()


@pytest.fixture
def home(db: None) -> Installation:
    return ledger.found("Acme", "Europe/Berlin", AT)
