"""Guards for archives (R17): members are checked before a byte of them is unpacked, and counted while they are."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath, PureWindowsPath

MOST_BYTES = 2 * 1024**3
MOST_RATIO = 100
MOST_MEMBERS = 1000
SMALL = 1_000_000  # below this many bytes a ratio says nothing: an empty sheet packs well
TABLES = (".csv", ".tsv", ".txt")


class Hostile(Exception):
    """A file that is refused unread; `code` is a finding code."""

    def __init__(self, code: str, say: str, repair: str = "") -> None:
        super().__init__(say)
        self.code = code
        self.say = say
        self.repair = repair


def check(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members, once none of them climbs out, unpacks to too much, or is locked."""
    members = [m for m in archive.infolist() if not m.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise Hostile(
            "archive_members",
            f"The archive holds {len(members)} files; at most {MOST_MEMBERS} are taken.",
        )
    for member in members:
        _check_path(member.filename)
        if member.flag_bits & 1:
            raise Hostile(
                "archive_unreadable",
                f"'{member.filename}' in the archive is locked with a password.",
                "Unpack it and import the file itself.",
            )
    unpacked = sum(m.file_size for m in members)
    if unpacked > MOST_BYTES:
        raise Hostile(
            "archive_size",
            f"The archive unpacks to {unpacked:,} bytes; at most {MOST_BYTES:,} are taken.",
        )
    for member in members:
        if member.file_size > SMALL and member.file_size > MOST_RATIO * max(
            member.compress_size, 1
        ):
            raise Hostile(
                "archive_ratio",
                f"'{member.filename}' unpacks to more than {MOST_RATIO} times its size: this looks like an attack.",
                "Import the unpacked file.",
            )
    return members


def _check_path(name: str) -> None:
    parts = set(PurePosixPath(name).parts) | set(PureWindowsPath(name).parts)
    if name.startswith(("/", "\\")) or ".." in parts or PureWindowsPath(name).drive:
        raise Hostile(
            "archive_path",
            f"The archive holds a file whose path leaves it: '{name}'.",
            "Do not open this archive; ask for it again.",
        )


def only_table(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The one table in an archive; more than one, or none, is refused."""
    tables = [
        m
        for m in members
        if m.filename.lower().endswith(TABLES) and not m.filename.startswith("__MACOSX/")
    ]
    if len(tables) != 1:
        names = ", ".join(m.filename for m in tables[:5]) or "none"
        raise Hostile(
            "archive_members",
            f"The archive must hold exactly one .csv file; it holds {len(tables)} ({names}).",
            "Import the files one by one.",
        )
    return tables[0]


def check_workbook(archive: zipfile.ZipFile) -> None:
    """A workbook is an archive of XML: no document type and no entities are taken."""
    for member in check(archive):
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(member) as file:
            head = file.read(4096).upper()
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise Hostile(
                "xml_entities",
                f"'{member.filename}' in the workbook declares entities: this looks like an attack.",
                "Save the sheet as CSV and import that.",
            )
