"""A founded organisation that takes files."""

from __future__ import annotations

import pytest

from house import House


@pytest.fixture
def house(db: None) -> House:
    return House()
