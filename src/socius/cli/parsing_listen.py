"""The tree of `socius listen`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Sub = argparse.ArgumentParser


def lines(sub: Sub) -> None:
    """JSON lines in, JSON lines out."""
    sub.add_argument(
        "--input", required=True, metavar="FILE", help="JSON lines ('-': standard input)"
    )


def match(sub: Sub) -> None:
    """`socius listen match`"""
    sub.add_argument("--queries", required=True, metavar="FILE", help='JSON lines {"id", "query"}')
    lines(sub)


LISTEN: dict[str, tuple[str, Callable[[Sub], None]]] = {
    "match": ("which queries each record matches", match),
    "language": ("the language of each record", lines),
}


def listen(sub: Sub, parent: Sub) -> None:
    """`socius listen`"""
    verbs = sub.add_subparsers(dest="what", required=True, metavar="VERB")
    for name, (sentence, declare) in LISTEN.items():
        made = verbs.add_parser(
            name,
            help=sentence,
            description=f"{sentence[0].upper()}{sentence[1:]}.",
            parents=[parent],
        )
        declare(made)
