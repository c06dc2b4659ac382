"""Fields of a record as the query language sees them: per field a set of values, one of which a query may name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from socius.engine.text.codepoints import normalise
from socius.engine.text.tokens import links_in

NAMES = ("author", "lang", "network", "channel", "kind", "from", "to", "link")
HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://|//)?(?:[^/?#@]*@)?([^/?#:@]+)")


def folded(value: object) -> str:
    """A value without differences of case and width; runs of spaces are one."""
    return " ".join(normalise(str(value)).split())


def primary(tag: object) -> str:
    """`pt-BR` -> `pt`"""
    return folded(tag).replace("_", "-").partition("-")[0]


def wanted(name: str, value: str) -> str:
    """The value of a query in the form in which records carry it."""
    if name == "lang":
        return primary(value)
    if name == "link":
        return host(value)
    return folded(value).lstrip("@") if name == "author" else folded(value)


def host(link: str) -> str:
    """Host of a link, or of what a person types for one."""
    found = HOST.match(folded(link))
    return found.group(1).strip(".") if found else ""


def hosts(links: Iterable[str]) -> frozenset[str]:
    """Every suffix of every host: `www.example.org` -> itself, `example.org`, `org`."""
    found: set[str] = set()
    for link in links:
        labels = host(link).split(".")
        found.update(".".join(labels[n:]) for n in range(len(labels)))
    return frozenset(found - {""})


def places(account: object) -> frozenset[str]:
    """An account's key and the groups that hold it: `emea/uk` -> `emea/uk`, `emea/*`."""
    if account in (None, ""):
        return frozenset()
    key = folded(account)
    parts = key.split("/")
    return frozenset({key, *("/".join([*parts[:n], "*"]) for n in range(1, len(parts)))})


def values(record: Mapping[str, Any], name: str) -> frozenset[str]:
    """The values of one field of a record; empty where it has none."""
    if name == "author":
        given = (record.get("author_handle"), record.get("author_id"))
        return frozenset(folded(g).lstrip("@") for g in given if g not in (None, ""))
    if name == "link":
        return hosts([*(record.get("links") or ()), *links_in(record.get("text") or "")])
    if name in {"from", "to"}:
        return places(record.get("from_account" if name == "from" else "account"))
    value = record.get(name)
    if value in (None, ""):
        return frozenset()
    return frozenset({primary(value) if name == "lang" else folded(value)})
