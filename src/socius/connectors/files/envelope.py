"""Opens a file whatever it is wrapped in (R2, R17): archive, workbook, encoding, line ends. Gives lines, in constant memory."""

from __future__ import annotations

import codecs
import hashlib
import io
import weakref
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import IO

from socius.connectors.files.archive import MOST_BYTES, Hostile, check, only_table
from socius.connectors.files.values import Upload

WORKBOOKS = "socius.connectors.files.workbooks"
CHUNK = 1 << 20
LINE_LIMIT = 1_000_000  # characters of one physical line
LEGACY = b"\xd0\xcf\x11\xe0"
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Overlong(str):
    """The head of a line that is longer than any honest one; the rest of it was not kept."""

    __slots__ = ()


class Lines(list[str]):
    """Some thousands of physical lines. `odd`: one of them is too long or holds a NUL, so each must be looked at."""

    odd = False


class Envelope:
    """A file that can be read several times from its beginning."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.size = 0
        self.sha256 = ""
        self.encoding = "utf-8"
        self.guessed_at = 0  # line of the first byte that is not UTF-8
        self.packed = ""
        self._csv: IO[bytes] | None = None
        self._member = ""
        self._examine()

    def _raw(self) -> IO[bytes]:
        source = self.upload.source
        return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)

    def _examine(self) -> None:
        """Hash over the bytes as handed over; then what they are."""
        digest = hashlib.sha256()
        with self._raw() as file:
            head = file.read(8)
            file.seek(0)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                self.size += len(chunk)
        self.sha256 = digest.hexdigest()
        if not self.size:
            raise Hostile(
                "file_empty", "The file is empty: it has not a single byte.", "Export it again."
            )
        if head.startswith(LEGACY):
            raise Hostile(
                "workbook_legacy",
                "This is a workbook of the old .xls kind, which is not read here.",
                "Save it as .xlsx or as CSV.",
            )
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            self._unpack()
        self._find_encoding()

    def _unpack(self) -> None:
        file = self._raw()
        try:
            with zipfile.ZipFile(file) as archive:
                names = {m.filename for m in archive.infolist()}
                if "[Content_Types].xml" in names:
                    self.packed = "xlsx"
                else:
                    self._member = only_table(check(archive)).filename
                    self.packed = "zip"
            if self.packed == "xlsx":
                file.seek(0)
                # Loaded late: the library for workbooks brings NumPy along, and most processes never see a workbook.
                self._csv = import_module(WORKBOOKS).as_csv(file, self.upload.sheet)
                weakref.finalize(self, self._csv.close)
        except zipfile.BadZipFile as error:
            raise Hostile(
                "archive_unreadable", f"The archive is damaged: {error}.", "Download it again."
            ) from error
        finally:
            file.close()

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the table, unpacked."""
        if self._csv is not None:
            self._csv.seek(0)
            while chunk := self._csv.read(CHUNK):
                yield chunk
            return
        with self._raw() as file:
            if self.packed == "zip":
                yield from self._member_chunks(file)
                return
            while chunk := file.read(CHUNK):
                yield chunk

    def _member_chunks(self, file: IO[bytes]) -> Iterator[bytes]:
        unpacked = 0
        try:
            with zipfile.ZipFile(file) as archive, archive.open(self._member) as member:
                while chunk := member.read(CHUNK):
                    unpacked += len(chunk)
                    if unpacked > MOST_BYTES:
                        raise Hostile(
                            "archive_size",
                            f"The archive unpacks to more than {MOST_BYTES:,} bytes.",
                        )
                    yield chunk
        except (zipfile.BadZipFile, OSError, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            raise Hostile(
                "archive_unreadable", f"The archive is damaged: {error}.", "Download it again."
            ) from error

    def _find_encoding(self) -> None:
        """UTF-8 if every byte of the file says so, a byte order mark where there is one, else Windows-1252."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        first, lines = True, 1
        for chunk in self.chunks():
            if first:
                first = False
                marked = next((name for mark, name in MARKS if chunk.startswith(mark)), "")
                if marked:
                    self.encoding = marked
                elif chunk[:4096].count(0) > len(chunk[:4096]) // 10:
                    raise Hostile(
                        "binary_file",
                        "This is no table: the file holds binary data.",
                        "Export it as CSV or .xlsx.",
                    )
                if marked == "utf-16":
                    return
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                self.encoding = "cp1252"
                self.guessed_at = lines + chunk[: error.start].count(b"\n")
                return
            lines += chunk.count(b"\n")

    def lines(self) -> Iterator[Lines]:
        """The physical lines, in lists of some thousands, without their ends; CR, LF and CRLF alike."""
        decoder = io.IncrementalNewlineDecoder(
            codecs.getincrementaldecoder(self.encoding)("replace"), translate=True
        )
        rest, dropping = "", False
        for chunk in self.chunks():
            parts = decoder.decode(chunk).split("\n")
            if dropping:
                if len(parts) == 1:
                    continue
                parts[0], dropping = rest, False
            else:
                parts[0] = rest + parts[0]
            rest = parts.pop()
            if len(rest) > LINE_LIMIT:
                rest, dropping = Overlong(rest[: LINE_LIMIT // 10]), True
            if parts:
                yield _looked_at(parts)
        # The decoder holds back a CR until it knows whether an LF follows: it comes out here as the end of the last line.
        *parts, rest = (rest + ("" if dropping else decoder.decode(b"", final=True))).split("\n")
        if dropping:
            parts, rest = [], Overlong(rest)
        parts += [rest] if rest else []
        if parts:
            yield _looked_at(parts)


def _looked_at(parts: list[str]) -> Lines:
    """A line can also be too long within one chunk."""
    lines = Lines(parts)
    if any(len(p) > LINE_LIMIT for p in parts):
        lines = Lines(Overlong(p[: LINE_LIMIT // 10]) if len(p) > LINE_LIMIT else p for p in parts)
    lines.odd = any(isinstance(p, Overlong) or "\x00" in p for p in lines)
    return lines
