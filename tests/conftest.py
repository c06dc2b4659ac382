"""A home of its own for each test run, and a fast password hasher."""

from __future__ import annotations

import append_only
import surroundings  # noqa: F401 - sets the environment, before the settings are read at the first use

append_only.let_flush_through()
