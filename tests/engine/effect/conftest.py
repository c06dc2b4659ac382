"""Where the tests of this folder find one another and the shared data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def causal() -> Path:
    """The folder of reference cases; skips with its name where it is absent."""
    place = Path(os.environ.get("SOCIUS_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "causal"  # fmt: skip
    if not place.is_dir():
        pytest.skip(f"{place} is absent")
    return place
