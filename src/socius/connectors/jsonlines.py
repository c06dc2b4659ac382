"""JSON lines: one object a line, each with its number, so that a complaint can name the place."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from socius.kit.errors import Invalid

BOM = b"\xef\xbb\xbf"
UTF_16 = {b"\xff\xfe", b"\xfe\xff"}
decoder = msgspec.json.Decoder()


def opened(place: str) -> BinaryIO:
    """A file to read; `-` is standard input."""
    if place == "-":
        return sys.stdin.buffer
    try:
        return Path(place).open("rb")
    except OSError as error:
        raise Invalid(
            f"{place} cannot be read: {error.strerror}.", repair="Check the name and its rights."
        ) from error


def raw_lines(place: str) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers from 1; blank ones left out."""
    with opened(place) as stream:
        for number, line in enumerate(stream, 1):
            bare = line.removeprefix(BOM).strip() if number == 1 else line.strip()
            if bare:
                yield number, bare


def why(error: Exception) -> str:
    """What is wrong with a line, for people."""
    return "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error).rstrip(".")  # fmt: skip


def objects(place: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Objects with their line numbers. Raises `Invalid` at the first line that is none."""
    for number, line in raw_lines(place):
        if number == 1 and line[:2] in UTF_16:
            raise Invalid(f"{place} is written in UTF-16.", repair="Save it in UTF-8.")
        try:
            found = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Invalid(
                f"{place}, line {number}: no valid JSON ({why(error)}).",
                field="line",
                repair="Each line must be one JSON object; correct or remove it.",
            ) from error
        if not isinstance(found, dict):
            raise Invalid(
                f"{place}, line {number}: {type(found).__name__} instead of an object.",
                field="line",
                repair='Write each record as {"id": ..., "text": ...}.',
            )
        yield number, found


def identified(place: str, *texts: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Objects that have an `id`, and text or null in the named keys."""
    for number, found in objects(place):
        name = found.get("id")
        if name is None or isinstance(name, bool | list | dict) or name == "":
            raise Invalid(
                f"{place}, line {number}: no `id`.",
                field="id",
                repair="Give each record an id: a text or a number.",
            )
        for key in texts:
            if not isinstance(found.get(key), str | None):
                raise Invalid(
                    f"{place}, line {number}: `{key}` is {type(found[key]).__name__}, not text.",
                    field=key,
                    repair="Write it in quotes, or null where it is missing.",
                )
        yield number, found
