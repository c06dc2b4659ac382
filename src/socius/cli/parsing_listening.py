"""The verbs of `socius listen` that work on the organisation instead of on files."""

from __future__ import annotations

import argparse

Sub = argparse.ArgumentParser


def which(sub: Sub, *acts: str) -> None:
    """What is done, and with which object."""
    sub.set_defaults(module="listening")
    sub.add_argument("act", nargs="?", default="list", choices=["list", *acts], help="what to do (default: list)")  # fmt: skip
    sub.add_argument("number", nargs="?", type=int, default=None, metavar="NUMBER", help="the number that the list shows")  # fmt: skip


def queries(sub: Sub) -> None:
    """`socius listen queries`"""
    which(sub, "add", "edit", "limit", "archive", "restore")
    sub.add_argument("--name", default="", help="its name")
    sub.add_argument("--text", default="", metavar="QUERY", help="what it listens for")
    sub.add_argument("--unit", default="", help="with add: where it belongs (default: the organisation)")  # fmt: skip
    sub.add_argument("--per-hour", type=int, default=None, metavar="N", help="with limit: alarm at so many mentions in an hour (left out: no limit)")  # fmt: skip


def sources(sub: Sub) -> None:
    """`socius listen sources`"""
    which(sub, "add", "edit", "pause", "resume")
    sub.add_argument("--name", default="", help="its name")
    sub.add_argument("--kind", default="", choices=["", "jetstream", "mastodon", "imap"], help="with add: the protocol")  # fmt: skip
    sub.add_argument(
        "--address", default="", metavar="URL", help="wss://... or imaps://name@host/INBOX"
    )
    sub.add_argument("--unit", default="", help="with add: where it belongs (default: the organisation)")  # fmt: skip


def alerts(sub: Sub) -> None:
    """`socius listen alerts`"""
    which(sub, "acknowledge", "note", "close")
    sub.add_argument("--state", default="", choices=["", "open", "acknowledged", "closed"], help="only these")  # fmt: skip
    sub.add_argument("--level", type=int, default=0, choices=[0, 1, 2, 3], help="only this level")
    sub.add_argument("--text", default="", help="the note")
    sub.add_argument("--verdict", default="", help="with close: real, false alarm or known before")


def answers(sub: Sub) -> None:
    """`socius listen answers`"""
    sub.set_defaults(module="listening")
    sub.add_argument("file", nargs="?", default="", metavar="FILE", help="CSV with date and score; without it: the files that were taken in")  # fmt: skip
    sub.add_argument("--channel", default="", help="the channel, where the file has no column for it")  # fmt: skip
    sub.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="read COLUMN as FIELD (repeatable)")  # fmt: skip
    sub.add_argument("--apply", action="store_true", help="take them in (otherwise only try)")
    sub.add_argument("--undo", type=int, default=None, metavar="NUMBER", help="take the answers of a file back")  # fmt: skip


def standing(sub: Sub) -> None:
    """`socius listen standing`"""
    sub.set_defaults(module="listening")
    sub.add_argument("--days", type=int, default=30, metavar="N", help="the last N days (default 30)")  # fmt: skip


ORGANISED = {
    "answers": ("take answers to the reputation question in from a file", answers),
    "standing": ("reputation by day and channel, as it was worked out last", standing),
    "queries": ("queries: list, add, edit, limit, archive, restore", queries),
    "sources": ("sources: list, add, edit, pause, resume", sources),
    "alerts": ("alerts: list, acknowledge, note, close", alerts),
}
