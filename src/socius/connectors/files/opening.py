"""Opens a file as a kind: envelope, header, format, mapping, and what whole columns decide. Nothing is written anywhere."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from socius.connectors import dates
from socius.connectors.files.archive import Hostile
from socius.connectors.files.cells import Bad, Reader
from socius.connectors.files.columns import DateScan, IdScan, NumberScan, Scan, is_id_header
from socius.connectors.files.declare import Kind, plain
from socius.connectors.files.envelope import Envelope
from socius.connectors.files.kinds import KINDS
from socius.connectors.files.masks import masked
from socius.connectors.files.reading import Reading
from socius.connectors.files.report import Report
from socius.connectors.files.sniff import Match, find_layout, nearest
from socius.connectors.files.values import Upload

ASKS = {
    "series": "Which series do these values belong to?",
    "currency": "Which currency are the amounts in?",
    "verb": "What do the rows tell: posted, replied, moderated or ran?",
}
SAMPLE = 200  # rows in which a date is looked for before a file counts as having none


def read(upload: Upload, kind: str) -> Reading:
    """Looks at a file. The state of the report says whether its rows may be read: `ok` or not."""
    if kind not in KINDS:
        raise ValueError(f"There is no kind '{kind}'; there are {', '.join(KINDS)}.")
    report = Report(kind, file={"name": upload.name}, mode="apply" if upload.apply else "dry_run")
    reading = Reading(report, upload, KINDS[kind])
    try:
        _look(reading)
    except Hostile as error:
        report.find("error", error.code, error.say, repair=error.repair)
        report.worsen("refused")
    return reading


def _look(reading: Reading) -> None:
    report, upload, kind = reading.report, reading.upload, reading.kind
    envelope = reading.envelope = Envelope(upload)
    report.file |= {
        "sha256": envelope.sha256,
        "bytes": envelope.size,
        "encoding": envelope.encoding,
    }
    if upload.expect_sha256 and upload.expect_sha256.lower() != envelope.sha256:
        say = f"The file is not the one that was shown: its SHA-256 is {envelope.sha256}."
        report.find("error", "hash_mismatch", say, repair="Look at the report of this file first.")
        report.worsen("refused")
        return
    if envelope.guessed_at:
        report.find(
            "warning",
            "encoding_guessed",
            "The file is not UTF-8; it was read as Windows-1252.",
            line=envelope.guessed_at,
        )
    constants = frozenset(name for name in upload.answers if kind.field(name))
    layout = reading.layout = find_layout(
        envelope, kind, upload.mapping, constants, upload.answers.get("format", "")
    )
    if layout is None:
        report.find(
            "error", "file_empty", "The file holds no rows at all.", repair="Export it again."
        )
        report.worsen("refused")
        return
    report.file |= {
        "delimiter": layout.delimiter,
        "preamble_lines": layout.header_line - 1,
        "header_line": layout.header_line,
    }
    if _zone(reading) and _recognised(reading, layout.match):
        scans = _scans(reading, layout.match) if layout.match else []
        reading.scan(scans, dict(upload.answers))


def _zone(reading: Reading) -> bool:
    try:
        reading.zone = ZoneInfo(reading.upload.zone)
    except (ZoneInfoNotFoundError, ValueError):
        say = f"There is no time zone '{reading.upload.zone}'."
        reading.report.find("error", "zone_unknown", say, repair="Name one like Europe/Paris.")
        reading.report.worsen("refused")
        return False
    return True


def _recognised(reading: Reading, match: Match | None) -> bool:
    """Whether the headers make a format, with what the person mapped; says what is missing where they do not."""
    report = reading.report
    layout = reading.layout
    if _no_date(reading, match):
        say = "no date column: a series needs one"
        report.find(
            "error",
            "no_date",
            say,
            repair="Import a file that says for each value on which day it was true.",
        )
        report.worsen("refused")
        return False
    if match is not None and match.unknown_map:
        _mapping_faults(report, match)
        return False
    if match is None or not match.complete:
        return _ask_or_give_up(reading, match)
    _columns(report, match)
    if layout is not None and layout.tied:
        report.questions.append(
            {
                "id": "format",
                "ask": "The headers fit more than one format. Which is it?",
                "choices": list(layout.tied),
            }
        )
        report.worsen("needs_answer")
    return _one_column_a_field(report, match) and _constants(reading)


def _constants(reading: Reading) -> bool:
    """Answers that fill a field must be values of it."""
    reader = Reader(reading.zone)
    for name, text in reading.upload.answers.items():
        field = reading.kind.field(name)
        found = reader.parser(field, None).column([text])[0][0] if field else None
        if isinstance(found, Bad):
            reading.report.find(
                "error",
                "answer_unknown",
                f"'{masked(text)}' is no {name}: {found.say}",
                repair=f"--answer {name}=VALUE",
            )
            reading.report.worsen("needs_answer")
    return reading.report.state == "ok"


def _mapping_faults(report: Report, match: Match) -> None:
    for column, name in match.unknown_map:
        if name:
            fields = ", ".join(f.name for f in match.format.kind.fields)
            report.find(
                "error",
                "map_unknown_field",
                f"There is no field '{name}' in {report.kind}.",
                column=column,
                repair=f"There are: {fields}.",
            )
        else:
            say = f"The file has no column '{column}'."
            report.find(
                "error",
                "map_unknown_column",
                say,
                repair=f"It has: {masked(', '.join(match.headers), longest=400)}.",
            )
    report.worsen("not_recognised")


def _ask_or_give_up(reading: Reading, match: Match | None) -> bool:
    """By-hand mappings lack a field now and then: that is a question. Everything else is not recognised."""
    report, layout = reading.report, reading.layout
    by_hand = reading.upload.mapping or any(reading.kind.field(a) for a in reading.upload.answers)
    if match is not None and by_hand and all(reading.kind.field(name) for name in match.missing):
        _columns(report, match)
        for name in match.missing:
            ask = ASKS.get(
                name, f"No column is mapped to '{name}', which every row needs. What is it?"
            )
            field = reading.kind.field(name)
            report.questions.append(
                {"id": name, "ask": ask, "choices": list(field.choices) if field else []}
            )
        report.worsen("needs_answer")
        return False
    near = nearest(layout.headers if layout else [])
    listed = "; ".join(
        f"{name} (missing: {', '.join(missing) or 'nothing'})" for name, _, missing in near
    )
    say = f"No format of {report.kind} has these headers. Nearest: {listed}."
    headers = masked(", ".join(layout.headers) if layout else "", longest=400)
    line = layout.header_line if layout else 1
    repair = "Check the delimiter, or say what the columns mean with --map COLUMN=FIELD."
    report.find(
        "error",
        "not_recognised",
        say,
        line=line,
        value=headers,
        repair=repair,
        nearest=[{"format": n, "kind": k, "missing": list(m)} for n, k, m in near],
    )
    report.worsen("not_recognised")
    return False


def _no_date(reading: Reading, match: Match | None) -> bool:
    """An outcome file in which neither a header nor any value is a date."""
    if reading.kind.name != "outcomes" or reading.layout is None:
        return False
    if match is not None and ("date" in match.columns or match.unknown_map):
        return False
    if len(reading.layout.headers) < 2 or "date" in reading.upload.answers:
        return False
    seen = 0
    for batch in reading.records():
        for row in batch.rows:
            if any(
                len(cell) > 5
                and dates.order_of(cell.strip()) != dates.NOT
                and not cell.strip().isdigit()
                for cell in row
            ):
                return False
            seen += 1
            if seen >= SAMPLE:
                return True
    return seen > 0


def _columns(report: Report, match: Match) -> None:
    report.format = match.format.name
    report.format_confidence = match.confidence
    used = set(match.columns.values())
    report.columns["mapped"] = {
        match.headers[i]: name for name, i in sorted(match.columns.items(), key=lambda c: c[1])
    }
    report.columns["unknown_kept"] = [
        h.strip() or f"column {i + 1}" for i, h in enumerate(match.headers) if i not in used
    ]
    report.columns["missing_optional"] = [
        name
        for name in match.format.headers
        if name not in match.columns and name not in match.format.required
    ]


def _one_column_a_field(report: Report, match: Match) -> bool:
    for name, hits in match.rivals:
        where = ", ".join(f"column {i + 1} '{match.headers[i]}'" for i in hits)
        say = f"The header stands twice, and both would be '{name}': {where}."
        report.find(
            "error",
            "header_duplicate",
            say,
            column=match.headers[hits[0]],
            repair="Rename one of them, or remove it.",
        )
        report.worsen("refused")
    names = [plain(h) for h in match.headers]
    for i in range(len(names)):
        if names[i] and names[i] in names[:i] and not any(i in hits for _, hits in match.rivals):
            match.headers[i] = f"{match.headers[i]} ({i + 1})"
            say = f"The header of column {i + 1} stands twice; it is kept as '{match.headers[i]}'."
            report.find("warning", "header_duplicate", say, column=match.headers[i])
    return not match.rivals


def _scans(reading: Reading, match: Match) -> list[Scan]:
    scans: list[Scan] = []
    for name, index in match.columns.items():
        header, kind = match.headers[index], _type(reading.kind, name)
        if kind in {"number", "integer", "range"}:
            scans.append(NumberScan(index, header, name))
        elif kind in {"date", "time", "week"}:
            scans.append(DateScan(index, header, name, reading.upload.zone))
        elif kind == "id":
            scans.append(IdScan(index, header, name))
    used = set(match.columns.values())
    scans += [
        IdScan(i, h, "") for i, h in enumerate(match.headers) if i not in used and is_id_header(h)
    ]
    return scans


def _type(kind: Kind, name: str) -> str:
    field = kind.field(name)
    return field.type if field else "text"
