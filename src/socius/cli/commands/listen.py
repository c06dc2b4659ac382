"""`socius listen ...`"""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings

from socius.kit.child import stream


def run(args: argparse.Namespace) -> int:
    """Hands the command to the process that may load numeric libraries."""
    request: dict[str, Any] = {
        name: value
        for name, value in vars(args).items()
        if name not in {"command", "module", "what", "demo", "home", "acting"}
    }
    request["home"] = str(settings.HOME)
    return stream("socius.listen.jobs", args.what.replace("-", "_"), request)
