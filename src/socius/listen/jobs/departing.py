"""The worker's child that erases who left. Apart from `leaving`, which those use who open no database."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from socius.listen.actions.collected import forget, forget_answers
from socius.listen.jobs import leaving
from socius.stores.turns import locked


def has_database() -> bool:
    """Whether this home has one: files can be read into a home that was never set up."""
    said = settings.DATABASES["default"]
    name = str(said["NAME"])
    apart = "sqlite3" not in str(said["ENGINE"]) or name.startswith("file:")
    return apart or Path(name).exists()


def let_go(folder: Path) -> int:
    """Erases who left, in tables and database, then forgets the notes; how many mentions and answers went."""
    if not leaving.waiting(folder):
        return 0
    with locked(folder) as store:
        if not leaving.waiting(folder):
            return 0
        names = leaving.named(folder)
        keys = leaving.let_go(store)
        answers = 0
        if has_database():
            forget(k.hex() for k in keys)
            answers = forget_answers(names)
        (folder / leaving.NOTES).unlink()
        (folder / leaving.FROM).unlink()
    return len(keys) + answers


def leave(request: Mapping[str, Any]) -> None:
    """The turn of the worker."""
    gone = let_go(Path(request["home"]) / "listen")
    if gone and not request.get("quiet"):
        sys.stdout.write(f'{{"removed": {gone}}}\n')
