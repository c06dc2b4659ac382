"""The command line: parse, one action or report, print. Every verb is imported only when it is called."""

from __future__ import annotations

import importlib
import os
import sys

from socius.cli.parser import build

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit status (docs/reference/cli.md)."""
    args = build().parse_args(arguments)
    if args.home:
        os.environ["SOCIUS_HOME"] = args.home
    if args.demo:
        os.environ["SOCIUS_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socius.config.settings")
    runner = importlib.import_module("socius.cli.running")
    try:
        return int(runner.guarded(args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing to say and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
