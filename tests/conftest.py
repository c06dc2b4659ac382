"""A home of its own for each test run, and a fast password hasher."""

from __future__ import annotations

import os
import tempfile

os.environ["SOCIUS_HOME"] = tempfile.mkdtemp(prefix="socius-test-")
os.environ.setdefault("SOCIUS_SECRET_KEY", "only-for-tests-" + "x" * 32)
os.environ.pop("SOCIUS_DEMO", None)

import append_only

append_only.let_flush_through()
