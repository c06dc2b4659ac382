"""The tree of commands. Knows no Django, so that `socius --help` answers at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from socius.cli import measuring
from socius.cli.parsing_listen import listen

VERSION = "0.1.0"
LISTENING = "mentions: match, collect and measure them"
KINDS = (
    "units",
    "people",
    "goals",
    "outcomes",
    "kpis",
    "accounts",
    "initiatives",
    "spend",
    "hours",
    "activity",
    "effects",
    "leads",
)

Sub = argparse.ArgumentParser


def shared() -> Sub:
    """What every command takes."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--demo", action="store_true", help="act on the demonstration organisation")
    parent.add_argument(
        "--home",
        default="",
        metavar="DIR",
        help="the data folder (default SOCIUS_HOME, else ./socius-data)",
    )
    parent.add_argument("--json", action="store_true", help="print data as JSON")
    parent.add_argument(
        "--as",
        dest="acting",
        default="",
        metavar="EMAIL",
        help="who acts (default: SOCIUS_TOKEN's person, else the one made by `socius init`)",
    )
    return parent


def init(sub: Sub) -> None:
    """`socius init`"""
    sub.add_argument("--name", default="My organisation", help="the organisation's name")
    sub.add_argument(
        "--email",
        default="owner@socius.invalid",
        help="address of the first person, who signs in with it",
    )
    sub.add_argument("--person", default="", metavar="NAME", help="that person's name")
    sub.add_argument(
        "--zone", default="UTC", help="the organisation's time zone, such as Europe/Paris"
    )
    sub.add_argument(
        "--password-file",
        default="",
        metavar="FILE",
        help="read the password from FILE ('-': standard input); else one is made and printed once",
    )


def serve(sub: Sub) -> None:
    """`socius serve`"""
    sub.add_argument(
        "--host", default="", help="address to listen on (default SOCIUS_HOST, else 127.0.0.1)"
    )
    sub.add_argument("--port", default="", help="port (default SOCIUS_PORT, else 8000)")
    sub.add_argument(
        "--first-run",
        action="store_true",
        help="build and serve the demonstration where there is no organisation yet",
    )
    sub.add_argument(
        "--no-worker", action="store_true", help="serve only; run `socius worker` elsewhere"
    )


def worker(sub: Sub) -> None:
    """`socius worker`"""
    sub.add_argument("--once", action="store_true", help="do what is due and stop")


def imports(sub: Sub) -> None:
    """`socius import`"""
    sub.add_argument(
        "target",
        metavar="KIND|DIR|undo",
        help=f"one of {', '.join(KINDS)}; or a folder of such files; or `undo` with the number of an import",
    )
    sub.add_argument(
        "file", nargs="?", default="", metavar="FILE", help="the file to read ('-': standard input)"
    )
    sub.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="read COLUMN as FIELD (repeatable)",
    )
    sub.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="QUESTION=VALUE",
        help="answer a question of the report, or give a field that is the same in every row (repeatable)",
    )
    sub.add_argument(
        "--apply",
        action="store_true",
        help="write what the report says; without it nothing is written",
    )
    sub.add_argument(
        "--expect-sha256",
        default="",
        metavar="H",
        help="refuse the file unless this is its SHA-256",
    )
    sub.add_argument(
        "--complete",
        action="store_true",
        help="the file lists everything: accounts that it lacks are marked absent",
    )
    sub.add_argument(
        "--confirm-shrink", action="store_true", help="pass the shrink guard; needs --reason"
    )
    sub.add_argument("--reason", default="", metavar="TEXT", help="why (kept in the ledger)")
    sub.add_argument(
        "--zone", default="", help="zone of times that carry none (default: the organisation's)"
    )


def ledger(sub: Sub) -> None:
    """`socius ledger`"""
    sub.add_argument(
        "what",
        choices=["head", "verify", "list"],
        help="print the last number and hash; check the whole chain; list the last rows",
    )
    sub.add_argument(
        "--head",
        default="",
        metavar="SEQ:HASH",
        help="with verify: a head printed earlier, the witness against truncation",
    )
    sub.add_argument("--limit", type=int, default=50, help="with list: how many rows (default 50)")


def line_of_sight(sub: Sub) -> None:
    """`socius line-of-sight`"""
    sub.add_argument(
        "--as-of",
        default="",
        metavar="DATE",
        help="what was known at the end of this day (default: now)",
    )
    sub.add_argument(
        "--from",
        dest="first",
        default="",
        metavar="DATE",
        help="first day counted (default: 90 days that end at as-of)",
    )
    sub.add_argument("--to", dest="last", default="", metavar="DATE", help="last day counted")
    sub.add_argument("--html", default="", metavar="FILE", help="write the page to FILE")


def accounts(sub: Sub) -> None:
    """`socius accounts`"""
    sub.add_argument(
        "what",
        choices=["list", "audit", "decide", "withdraw"],
        help="the inventory; a proposal for each account with its rule and inputs; decide; take decisions back",
    )
    sub.add_argument(
        "ids",
        nargs="*",
        type=int,
        metavar="ACCOUNT",
        help="with decide and withdraw: the accounts' numbers",
    )
    sub.add_argument("--unit", default="", help="only this unit and those below it")
    sub.add_argument("--network", default="", help="only this network")
    sub.add_argument("--status", default="", help="only this status")
    sub.add_argument(
        "--decision",
        default="",
        choices=["", "keep", "consolidate", "retire", "verify"],
        help="with audit: only these proposals; with decide: the decision",
    )
    sub.add_argument(
        "--reason",
        default="",
        metavar="TEXT",
        help="with decide and withdraw: why (kept in the ledger)",
    )
    sub.add_argument(
        "--as-of",
        default="",
        metavar="DATE",
        help="with audit: judge as of this day (default today)",
    )
    sub.add_argument("--limit", type=int, default=0, help="at most so many rows (default all)")


def roadmap(sub: Sub) -> None:
    """`socius roadmap`"""
    sub.add_argument("what", choices=["check"], help="read a roadmap and say what is wrong with it")
    sub.add_argument("file", metavar="FILE", help="the roadmap as JSON ('-': standard input)")
    sub.add_argument(
        "--capacity",
        type=float,
        default=None,
        metavar="HOURS",
        help="what if there were so many hours a quarter",
    )
    sub.add_argument(
        "--effort",
        type=float,
        default=1.0,
        metavar="FACTOR",
        help="what if everything took so many times the effort (default 1)",
    )


def assess(sub: Sub) -> None:
    """`socius assess`"""
    sub.add_argument(
        "what",
        choices=["score", "benchmark"],
        help="compute the result of a file; list the published figures",
    )
    sub.add_argument(
        "file",
        nargs="?",
        default="",
        metavar="FILE",
        help="with score: raters, answers and platform facts as JSON ('-': standard input)",
    )
    sub.add_argument(
        "--version",
        default="",
        metavar="GATES",
        help="with score: the gate set to apply, such as gates@1 (default: the file's, else the newest)",
    )


def demo(sub: Sub) -> None:
    """`socius demo`"""
    sub.add_argument(
        "what",
        choices=["build", "reset", "truth"],
        help="build it; delete it and build it again; print what its generator planned",
    )
    sub.add_argument(
        "--seed", type=int, default=178, help="another seed gives another organisation"
    )
    sub.add_argument("--accounts", type=int, default=178, help="how many accounts")
    sub.add_argument(
        "--as-of", default="", metavar="DATE", help="the day on which its year ends (default today)"
    )
    sub.add_argument(
        "--if-missing", action="store_true", help="with build: leave one that stands as it is"
    )


def fakenet(sub: Sub) -> None:
    """`socius fakenet`"""
    sub.add_argument("what", choices=["serve"], help="serve Jetstream and Mastodon on loopback")
    sub.add_argument("--port", type=int, default=8790, help="port (0: a free one)")
    sub.add_argument("--rate", type=float, default=10.0, help="events a second (default 10)")
    sub.add_argument("--seed", type=int, default=1, help="another seed gives another stream")
    sub.add_argument(
        "--limit", type=int, default=0, help="end after so many events (default: never)"
    )
    sub.add_argument(
        "--start",
        type=float,
        default=0.0,
        metavar="UNIX",
        help="when event 0 happened, in seconds since 1970 (default now)",
    )
    sub.add_argument(
        "--replay",
        default="",
        metavar="FILE",
        help="play the JSON lines of FILE instead of generated events",
    )
    sub.add_argument(
        "--faults",
        nargs="*",
        default=[],
        metavar="NAME=VALUE",
        help="repeat, reorder, cut, rubbish, drop: chance at each event; silent=1; die=EVENTS",
    )


COMMANDS: dict[str, tuple[str, str, Callable[[Sub], None]]] = {
    "init": ("init", "make an organisation in the data folder", init),
    "serve": ("serve", "serve the screens, the API and the worker", serve),
    "worker": ("worker", "run a worker by itself", worker),
    "import": ("imports", "read a file: dry run first, --apply to write", imports),
    "ledger": ("ledger", "the ledger's head, its check, its last rows", ledger),
    "line-of-sight": (
        "line_of_sight",
        "which activity has a line to a goal, how far it gets, where it breaks",
        line_of_sight,
    ),
    "accounts": ("accounts", "the inventory and its audit", accounts),
    "assess": (
        "assess",
        "stage, factors, criteria and coherence of an organisation; published figures",
        assess,
    ),
    "roadmap": (
        "roadmap",
        "a roadmap of two to three years: order, schedule, what is wrong with it",
        roadmap,
    ),
    "demo": ("demo", "the demonstration organisation", demo),
    "fakenet": ("fakenet", "a network of our own to listen to, for trials and tests", fakenet),
}

MEASURE = "effects, power, comparisons from files; needs no organisation"


def build() -> argparse.ArgumentParser:
    """The whole tree."""
    parser = argparse.ArgumentParser(
        prog="socius",
        description="Every social activity has a line to a business goal.",
        epilog="Exit status: 0 done, 1 refused or held or not sound, 2 usage or settings, 3 not allowed. `socius COMMAND --help` says more.",
    )
    parser.add_argument("--version", action="version", version=f"socius {VERSION}")
    parent = shared()
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, sentence, declare) in COMMANDS.items():
        sub = verbs.add_parser(
            name,
            help=sentence,
            description=f"{sentence[0].upper()}{sentence[1:]}.",
            parents=[parent],
        )
        sub.set_defaults(module=module)
        declare(sub)
    # Its verbs differ too much for one list of options: each is a parser of its own.
    hearing = verbs.add_parser("listen", help=LISTENING, description=f"{LISTENING}.")
    hearing.set_defaults(module="listen")
    listen(hearing, parent)
    numbers = verbs.add_parser("measure", help=MEASURE, description=f"{MEASURE[0].upper()}{MEASURE[1:]}.")  # fmt: skip
    numbers.set_defaults(module="measure")
    measuring.declare(numbers, parent)
    hidden = verbs.add_parser("serve-prepare", parents=[parent])
    hidden.set_defaults(module="prepare")
    return parser
