"""The worker's child that erases who left. Apart from `leaving`, which those use who open no database."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socius.listen.actions.collected import forget
from socius.listen.jobs import leaving
from socius.stores.turns import locked


def leave(request: Mapping[str, Any]) -> None:
    """Erases who left, in tables and database, then forgets the notes."""
    folder = Path(request["home"]) / "listen"
    with locked(folder) as store:
        if not leaving.waiting(folder):
            return
        keys = leaving.let_go(store)
        forget(k.hex() for k in keys)
        (folder / leaving.NOTES).unlink()
        (folder / leaving.FROM).unlink()
    if not request.get("quiet"):
        sys.stdout.write(f'{{"removed": {len(keys)}}}\n')
