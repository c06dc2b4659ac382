"""Python's collector of cycles rests while one batch is made: it would look at each of a hundred thousand records again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """Until the batch is done. What holds no cycles goes at once all the same."""
    busy = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if busy:
            gc.enable()
