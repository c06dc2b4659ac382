"""The environment in which tests run; imported before anything that reads it."""

from __future__ import annotations

import os
import tempfile

os.environ["SOCIUS_HOME"] = tempfile.mkdtemp(prefix="socius-test-")
os.environ.setdefault("SOCIUS_SECRET_KEY", "only-for-tests-" + "x" * 32)
os.environ.pop("SOCIUS_DEMO", None)
# A server for each worker, where the run started several.
SERVERS = os.environ.get("SOCIUS_TEST_DATABASES", "").split()
if SERVERS:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["SOCIUS_DATABASE"] = SERVERS[worker % len(SERVERS)]
