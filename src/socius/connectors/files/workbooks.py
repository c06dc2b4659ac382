"""Reads the values of one sheet of an .xlsx workbook and writes them as CSV, so that one pipeline reads everything."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from datetime import date, datetime, time
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from socius.connectors.files.archive import Hostile, check_workbook

EXACT = (
    10**15
)  # a spreadsheet keeps fifteen digits: a longer number has been rounded, whatever it looks like
IN_MEMORY = 8 * 1024 * 1024


def cell_text(value: Any) -> str:  # noqa: ANN401, RUF100 - openpyxl gives any type
    """A cell as CSV would hold it. Long numbers keep the mark of their damage, so that R6 sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if abs(value) >= EXACT:
            return f"{value:.5E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def as_csv(file: IO[bytes], sheet: str) -> IO[bytes]:
    """A temporary CSV of the sheet's values, UTF-8; formulas count with the value that was saved beside them."""
    try:
        with zipfile.ZipFile(file) as archive:
            check_workbook(archive)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise Hostile(
            "workbook_unreadable",
            f"The workbook cannot be read: {error}.",
            "Save it again as .xlsx or as CSV.",
        ) from error
    try:
        if sheet and sheet not in book.sheetnames:
            raise Hostile(
                "workbook_unreadable",
                f"The workbook has no sheet '{sheet}'; it has {', '.join(book.sheetnames)}.",
            )
        out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the reading
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        for row in book[sheet or book.sheetnames[0]].iter_rows(values_only=True):
            writer.writerow([cell_text(value) for value in row])
        text.flush()
        text.detach()
        out.seek(0)
        return out
    finally:
        book.close()
