"""Finishes a row of an inventory: codes of network and language, the address taken apart, the keys of identity."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from socius.connectors.files import languages, networks
from socius.connectors.files.declare import Format

Note = Callable[..., None]  # (severity, code, say, column, value)


def prefix_pattern(layout: Format) -> re.Pattern[str] | None:
    """Matches `Department: ` and its like at the beginning of a value."""
    return (
        re.compile(rf"^(?:{'|'.join(map(re.escape, layout.prefixes))})\s*:\s*", re.IGNORECASE)
        if layout.prefixes
        else None
    )


def finish(values: dict[str, Any], extra: dict[str, str], layout: Format, note: Note) -> str:
    """Normalises the values in place. Returns '' or the reason why the row names no account.

    Adds `keys` (for `networks.same`), `display_name` and `contradicts` (a network code or '').
    """
    url = values["url"] or ""
    if url and not networks.is_address(url):
        # A list that shows `… - Go to social media account` where the address should be.
        extra["url"] = url
        note("warning", "not_addresses", "", "url", url)
        url = ""
    found = networks.identify(
        values["network"] or "", values["handle"] or "", url, values["remote_id"] or ""
    )
    strong = found.url or (found.network and (found.handle or values["remote_id"]))
    if not strong:
        return "The row names no account: it needs an address, or a network with a handle or an id."
    if not found.network:
        return "The network is missing and the address does not tell it."
    if found.network not in networks.CODES:
        note(
            "info",
            "network_unlisted",
            f"The network '{found.network}' is not in the list of known ones; its name is kept.",
            "network",
            values["network"] or "",
        )
    if found.contradicts:
        say = f"Says {values['network']}, links to {found.contradicts}."
        note("warning", "network_contradicts_host", say, "url", url)
    _language(values, layout, note)
    values.update(
        network=found.network,
        handle=found.handle,
        url=found.url or None,
        display_name=values["display_name"] or found.display_name or None,
        keys=found.keys,
        contradicts=found.contradicts,
    )
    return ""


def _language(values: dict[str, Any], layout: Format, note: Note) -> None:
    stated = values["language"]
    if not stated:
        return
    values["language"] = languages.code(stated, layout.bilingual)
    if values["language"] == languages.UNKNOWN and stated.casefold() != languages.UNKNOWN:
        note(
            "warning",
            "language_unknown",
            f"The language '{stated}' is not known; it counts as und.",
            "language",
            stated,
        )
