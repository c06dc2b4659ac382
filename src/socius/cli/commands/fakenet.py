"""`socius fakenet serve`"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import replace

from socius.cli.output import dump, say
from socius.fakenet.events import Stream, replayed
from socius.fakenet.faults import Faults
from socius.fakenet.server import Fakenet

MICRO = 1_000_000


def run(args: argparse.Namespace) -> int:
    """Serves until it is stopped, or dies of a fault."""
    faults = Faults()
    faults.set(args.faults)
    start = int((args.start or time.time()) * MICRO)
    stream = Stream(args.seed, start, max(args.rate, 0.001), limit=args.limit)
    if args.replay:
        stream = replace(stream, lines=replayed(args.replay))

    def ready(port: int) -> None:
        at = f"127.0.0.1:{port}"
        if args.json:
            dump({"port": port, "start": start})
        else:
            say(
                f"Jetstream: ws://{at}/subscribe · Mastodon: ws://{at}/api/v1/streaming?stream=public and http://{at}/api/v1/streaming/public"
            )
        sys.stdout.flush()

    asyncio.run(Fakenet(stream, faults).serve("127.0.0.1", args.port, ready))
    return 1
