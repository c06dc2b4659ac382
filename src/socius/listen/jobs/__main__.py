"""`python -m socius.listen.jobs VERB REQUEST`: the child process of `socius listen`. The request is one JSON object."""

from __future__ import annotations

import importlib
import io
import json
import os
import sys

import django

from socius.kit.errors import SociusError
from socius.kit.lean import lean

VERBS = {
    "match": "socius.listen.jobs.texts",
    "language": "socius.listen.jobs.texts",
    "ingest": "socius.listen.jobs.ingest",
    "export": "socius.listen.jobs.keeping",
    "reputation": "socius.listen.jobs.reputation",
    "spikes": "socius.listen.jobs.spikes",
    "sentiment": "socius.listen.jobs.texts",
    "use_sentiment": "socius.listen.jobs.scorers",
    "train_sentiment": "socius.listen.jobs.training",
    "erase": "socius.listen.jobs.keeping",
    "maintain": "socius.listen.jobs.keeping",
    "look_back": "socius.listen.jobs.backward",
    "collect": "socius.listen.jobs.collect",
    "feed": "socius.listen.jobs.feeding",
    "receive": "socius.listen.jobs.receiving",
    "leave": "socius.listen.jobs.departing",
}
WITH_DATABASE = {"collect", "feed", "leave", "look_back", "export", "erase", "maintain"}
LINES = {
    "match",
    "language",
    "sentiment",
}  # one line out for each line in: no error object among them


def main(verb: str, request: str) -> int:
    """Runs a verb; what went wrong is a sentence on standard error, and data on standard output where a program waits for one object."""
    said = json.loads(request)
    lean()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        if verb in WITH_DATABASE:
            django.setup()
        module = importlib.import_module(VERBS[verb])
        getattr(module, verb)(said)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except SociusError as error:
        if said.get("json") and verb not in LINES:
            kind = type(error).__name__.lower()
            data = {"kind": kind, "say": str(error), "exit_status": error.exit_status}
            sys.stdout.write(json.dumps({"error": data}, ensure_ascii=False, indent=2) + "\n")
        if str(error):
            sys.stderr.write(f"socius: {error}\n")
        return error.exit_status
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
