"""The tree of `socius listen`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from socius.cli.parsing_listening import ORGANISED

Sub = argparse.ArgumentParser
SOURCES = (
    "jetstream",
    "firehose",
    "mastodon",
    "x",
    "as2",
    "feed",
    "mail",
    "csv",
    "jsonl",
    "webhook",
)


def lines(sub: Sub) -> None:
    """JSON lines in, JSON lines out."""
    sub.add_argument(
        "--input", required=True, metavar="FILE", help="JSON lines ('-': standard input)"
    )


def dated(sub: Sub) -> None:
    """Which number of `2/4/2026` is the month."""
    sub.add_argument("--dates", default="", choices=["", "day-first", "month-first"], help="which number of 2/4/2026 is the month, where no row shows it")  # fmt: skip


def match(sub: Sub) -> None:
    """`socius listen match`"""
    sub.add_argument("--queries", required=True, metavar="FILE", help='JSON lines {"id", "query"}')
    lines(sub)


def ingest(sub: Sub) -> None:
    """`socius listen ingest`"""
    sub.add_argument(
        "files", nargs="+", metavar="FILE", help="files, also gzipped ('-': standard input)"
    )
    sub.add_argument(
        "--source",
        default="",
        choices=["", *SOURCES],
        help="how they are read (default: as they look)",
    )
    sub.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="read COLUMN as FIELD (repeatable)",
    )
    sub.add_argument("--network", default="", help="the network of rows that do not name theirs")
    sub.add_argument(
        "--scale", default="", metavar="LOW,HIGH", help="lowest and highest answer (default 0,100)"
    )
    dated(sub)


def export(sub: Sub) -> None:
    """`socius listen export`"""
    sub.add_argument("to", metavar="FILE", help="FILE.parquet, or FILE.json for ActivityStreams")


def erase(sub: Sub) -> None:
    """`socius listen erase`"""
    sub.add_argument("--author", required=True, help="the person's id or handle")
    sub.add_argument("--network", default="", help="on this network only")


def maintain(sub: Sub) -> None:
    """`socius listen maintain`"""
    sub.add_argument("--keep-days", type=int, metavar="N", help="remove mentions older than N days (default SOCIUS_LISTEN_KEEP_DAYS, else keep all)")  # fmt: skip
    sub.add_argument("--raw-days", type=int, metavar="N", help="remove raw blocks older than N days (default 30)")  # fmt: skip


def spikes(sub: Sub) -> None:
    """`socius listen spikes`"""
    dated(sub)
    sub.add_argument(
        "--input",
        required=True,
        metavar="FILE",
        help="CSV: timestamp,count or one timestamp per event; scope, author, score if known",
    )
    sub.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="read COLUMN as FIELD (repeatable)",
    )
    sub.add_argument(
        "--bucket",
        default="",
        choices=["", "5m", "1h", "1d"],
        help="size of a bucket (default: as the file suggests)",
    )
    sub.add_argument(
        "--budget",
        type=float,
        default=1.0,
        metavar="N",
        help="false alarms in a month over all series (default 1)",
    )
    sub.add_argument(
        "--coverage",
        default="infer",
        choices=["infer", "full"],
        help="infer what was collected (default), or declare that all was",
    )


def reputation(sub: Sub) -> None:
    """`socius listen reputation`"""
    dated(sub)
    sub.add_argument(
        "--input",
        required=True,
        metavar="FILE",
        help="CSV: date, channel, text or score; author, segment, weight if known",
    )
    sub.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="read COLUMN as FIELD (repeatable)",
    )
    sub.add_argument(
        "--scale",
        default="",
        metavar="LOW,HIGH",
        help="lowest and highest score; needed where there are scores",
    )
    sub.add_argument(
        "--mix",
        default="",
        metavar="FILE",
        help="CSV segment,share: the mix to weight to (default: the file's own)",
    )
    sub.add_argument(
        "--weights", default="", metavar="FILE", help="CSV channel,weight (default: equal)"
    )
    sub.add_argument(
        "--coverage",
        default="infer",
        choices=["infer", "full"],
        help="infer what was collected (default), or declare that all was",
    )


def training(sub: Sub) -> None:
    """`socius listen train-sentiment`"""
    sub.add_argument("file", metavar="FILE", help="CSV with a text and a label in each row")
    sub.add_argument("--text", default="", metavar="COLUMN", help="the column of texts")
    sub.add_argument("--label", default="", metavar="COLUMN", help="negative, neutral, positive")
    sub.add_argument("--out", default="", metavar="FILE", help="write it there only, unused")


def using(sub: Sub) -> None:
    """`socius listen use-sentiment`"""
    sub.add_argument("name", metavar="NAME", help="onnx:FOLDER, an installed plug-in, or none")


LISTEN: dict[str, tuple[str, Callable[[Sub], None]]] = {
    "match": ("which queries each record matches", match),
    "language": ("the language of each record", lines),
    "sentiment": ("the sentiment of each record, English only", lines),
    "train-sentiment": ("learn sentiment from texts you have labelled", training),
    "use-sentiment": ("score what queries find by a plug-in, or no longer", using),
    "reputation": ("a daily index of every channel, with its interval", reputation),
    "spikes": ("what rose unusually, judged against covered time only", spikes),
    "ingest": ("read files into the store of mentions", ingest),
    "export": ("write the mentions to a file", export),
    "maintain": ("join small files, and remove what is older than it may be", maintain),
    "erase": ("remove a person's mentions, with every trace in tables, logs and raw blocks", erase),
    **ORGANISED,
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
