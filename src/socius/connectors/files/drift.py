"""Compares the headers of a source with those it had last time (R11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from socius.connectors.files.declare import plain


@dataclass(frozen=True)
class Drift:
    """`renamed`: field, header then, header now. `gone`: field and header that nothing stands for any more."""

    renamed: tuple[tuple[str, str, str], ...]
    gone: tuple[tuple[str, str], ...]


def drift(
    before: Mapping[str, str], now: Mapping[str, str], constants: frozenset[str] = frozenset()
) -> Drift:
    """Both map a header as written to its field. A header that an alias still understands is a rename, and accepted."""
    headers = {name: header for header, name in now.items()}
    renamed, gone = [], []
    for header, name in before.items():
        if name in headers:
            if plain(headers[name]) != plain(header):
                renamed.append((name, header, headers[name]))
        elif name not in constants:
            gone.append((name, header))
    return Drift(tuple(renamed), tuple(gone))
