"""Dates and times as people and vendors write them. Which of two numbers is the month is decided over a whole column (R4)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ISO, COMPACT, NAMED, DAY_FIRST, MONTH_FIRST, EITHER, NOT = (
    "iso",
    "compact",
    "named",
    "day_first",
    "month_first",
    "either",
    "not",
)

CLOCK = r"(?:[ T,]+(?P<h>\d{1,2})(?::(?P<mi>\d{2}))?(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,6})\d*)?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$"
ISOISH = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?" + CLOCK)
PACKED = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?P<h>\d{2})?$")
NUMERIC = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})" + CLOCK
)
WORDED = re.compile(
    r"(?:\w{2,10}\.?,?\s+)?(?:(?P<d1>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?(?P<n1>[^\W\d]{3,10})\.?,?\s+(?:de\s+)?|(?P<n2>[^\W\d]{3,10})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)(?P<y>\d{4})"
    + CLOCK
)
UNIX_STYLE = re.compile(
    r"\w{3} (?P<n>\w{3}) +(?P<d>\d{1,2}) (?P<h>\d{2}):(?P<mi>\d{2}):(?P<s>\d{2}) (?P<z>[+-]\d{4}) (?P<y>\d{4})$"
)
WEEK = re.compile(r"(\d{4})-?W(\d{1,2})$", re.IGNORECASE)

MONTHS: dict[str, int] = {}
for _names in (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jän feb mrz apr mai jun jul aug sept okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago set oct nov dic",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
):
    MONTHS |= {name: number for number, name in enumerate(_names.split(), 1)}


class Moment(NamedTuple):
    """What was read: a wall-clock time, and its distance from UTC where the text states one."""

    wall: datetime
    offset: timedelta | None
    timed: bool


def order_of(text: str) -> str:
    """What a single text proves about the order of day and month in its column."""
    found = NUMERIC.match(text)
    if found is None:
        return _other(text)
    first, second = int(found["a"]), int(found["b"])
    if first > 12 or second > 12:
        return NOT if first > 12 and second > 12 else DAY_FIRST if first > 12 else MONTH_FIRST
    if first == second:
        return NAMED  # both readings give the same day
    # Points stand between day and month in the languages that write them; only there is no doubt.
    return DAY_FIRST if found["sep"] == "." else EITHER


def _other(text: str) -> str:
    if ISOISH.match(text):
        return ISO
    if PACKED.match(text):
        return COMPACT
    return NAMED if WORDED.match(text) or UNIX_STYLE.match(text) else NOT


def parse(text: str, order: str) -> Moment | None:
    """Reads a text; `order` (day_first or month_first) settles `03/04/2026`. None where it is no date."""
    for pattern in (ISOISH, NUMERIC, PACKED, WORDED, UNIX_STYLE):
        found = pattern.match(text)
        if found is not None:
            try:
                return _moment(found.groupdict(), order)
            except (ValueError, OverflowError):
                return None
    return None


def _moment(parts: dict[str, str | None], order: str) -> Moment | None:
    month, day = _month_and_day(parts, order)
    year = int(parts["y"] or 0)
    if month is None:
        return None
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    hour, half = int(parts.get("h") or 0), (parts.get("ap") or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    micro = int((parts.get("f") or "0").ljust(6, "0"))
    wall = datetime(  # noqa: DTZ001 - the zone is decided by the caller
        year, month, day, hour, int(parts.get("mi") or 0), int(parts.get("s") or 0), micro
    )
    return Moment(wall, _offset(parts.get("z")), parts.get("h") is not None)


def _month_and_day(parts: dict[str, str | None], order: str) -> tuple[int | None, int]:
    if "a" in parts:
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        return (second, first) if order == DAY_FIRST else (first, second)
    name = parts.get("n") or parts.get("n1") or parts.get("n2")
    if name is not None:
        return MONTHS.get(name.casefold()), int(
            parts.get("d") or parts.get("d1") or parts.get("d2") or 1
        )
    return int(parts["m"] or 0), int(parts["d"] or 1)


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    if zone in {"Z", "UTC", "GMT"}:
        return timedelta()
    sign = -1 if zone.startswith("-") else 1
    digits = zone[1:].replace(":", "")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))


def settle(moment: Moment, zone: ZoneInfo) -> tuple[datetime, str]:
    """The instant in UTC, and `gap` or `overlap` where summer time makes the wall clock doubtful."""
    if moment.offset is not None:
        return (moment.wall - moment.offset).replace(tzinfo=UTC), ""
    early = moment.wall.replace(tzinfo=zone, fold=0)
    late = early.replace(fold=1)
    before, after = early.utcoffset(), late.utcoffset()
    at = early.astimezone(UTC)
    if before is None or after is None or before == after:
        return at, ""
    # In a gap the earlier offset is the larger error: the clock jumped forward over this time.
    return at, "gap" if before < after else "overlap"


def week(text: str, order: str) -> date | None:
    """The Monday of an ISO week, or of the date given."""
    found = WEEK.match(text)
    if found is None:
        moment = parse(text, order)
        day = moment.wall.date() if moment else None
        return day - timedelta(days=day.weekday()) if day else None
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
