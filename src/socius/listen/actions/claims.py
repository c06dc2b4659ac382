"""Who works on what, among several collectors over one database: a row with a time until which it holds. No person acts here."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from socius.listen.models import Claim

HELD = timedelta(seconds=20)  # whoever does not renew for so long is taken for dead
BLOCK, SOURCE = "block:", "source:"


def myself() -> str:
    """A name for this process: machine, number, start."""
    return f"{socket.gethostname()[:80]}/{os.getpid()}/{time.time_ns()}"


def gone(holder: str) -> bool:
    """Whether a holder is known to have ended: a process of this machine that is no more. Of other machines nothing is known."""
    host, _, rest = holder.partition("/")
    number = rest.partition("/")[0]
    if host != socket.gethostname()[:80] or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def others(names: Sequence[str], holder: str, at: datetime) -> set[str]:
    """Which of these somebody else holds who may be alive."""
    rows = Claim.objects.filter(name__in=names, until__gt=at).exclude(holder=holder)
    return {row.name for row in rows if not gone(row.holder)}


def claim(names: Sequence[str], holder: str, at: datetime) -> str:
    """The first of these that nobody else holds, now ours; empty where there is none."""
    taken = others(names, holder, at)
    return next((n for n in names if n not in taken and held(n, holder, at)), "")


def held(name: str, holder: str, at: datetime) -> bool:
    """Takes or renews one claim; False where another was faster."""
    row = Claim.objects.filter(name=name).first()
    if row is not None:
        free = row.holder == holder or row.until <= at or gone(row.holder)
        mine = Claim.objects.filter(name=name, holder=row.holder, until=row.until)
        return free and bool(mine.update(holder=holder, until=at + HELD))
    try:
        with transaction.atomic():
            Claim.objects.create(name=name, holder=holder, until=at + HELD)
    except IntegrityError:
        return False
    return True


def let_go(names: Iterable[str]) -> None:
    """Forgets claims of what is done."""
    Claim.objects.filter(name__in=list(names)).delete()


def shared() -> bool:
    """Whether somebody works on blocks aside, or did so when it ended."""
    return Claim.objects.filter(name__startswith=BLOCK).exists()
