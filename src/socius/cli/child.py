"""Numbers run in a child process: what prints a table or serves a page never loads numpy, numba or a dataframe engine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any


def run(package: str, verb: str, request: Mapping[str, Any]) -> int:
    """Runs `python -m PACKAGE VERB REQUEST` on our own standard streams; its exit status is ours."""
    command = [sys.executable, "-m", package, verb, json.dumps(request)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own module, no shell
