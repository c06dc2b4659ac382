"""Numbers as people write them: signs of currency, thousands separators, decimal commas.

What a separator means is decided over a whole column (R3); a single `1,234` says nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

# Longest first: `R$` must not be read as `$`. The bare dollar names no currency: a dozen states have one.
SIGNS = {
    "R$": "BRL",
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "A$": "AUD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₩": "KRW",
    "₹": "INR",
    "$": "",
    "%": "%",
}
COMMA_SIGNS = frozenset({"R$"})  # currencies that are never written with a decimal point
CODE = re.compile(r"^([A-Z]{3})(?=[\s\d+-])|(?<=[\s\d])([A-Z]{3})$")
SPACES = str.maketrans("", "", "    '’")
BODY = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d{1,3})?$|[+-]?[.,]\d+$")
GROUPED = {
    ",": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"),
    ".": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$"),
}
RANGE = re.compile(r"(?<=[\d%€$])\s*[-–]\s*(?=\S)")
COMMA, POINT, EITHER, NONE, NEITHER = "comma", "point", "either", "none", "neither"


def strip_sign(text: str) -> tuple[str, str]:
    """The number without its sign, and the currency code (or `%`) that the sign stands for, '' where none."""
    body = text.strip()
    negative = body.startswith("(") and body.endswith(")")
    body = body[1:-1].strip() if negative else body
    found = CODE.search(body)
    unit = ""
    if found:
        unit = found.group(1) or found.group(2)
        body = body.replace(unit, "", 1).strip()
    else:
        for sign, code in SIGNS.items():
            if sign in body:
                unit, body = code, body.replace(sign, "", 1).strip()
                break
    return ("-" + body if negative else body), unit


def reading_of(text: str) -> str:
    """Which decimal separator a single text proves: comma, point, either (`1,234`), none (`27001`) or neither (no number)."""
    body = strip_sign(text)[0].translate(SPACES)
    if not BODY.match(body):
        return NEITHER
    if any(sign in text for sign in COMMA_SIGNS) and ("." in body or "," in body):
        return COMMA
    commas, points = body.count(","), body.count(".")
    if commas and points:
        return _of_both(body)
    if not commas and not points:
        return NONE
    return _of_one(body, "," if commas else ".", commas or points)


def split_range(text: str) -> list[str]:
    """The parts of `low-likely-high`; a minus in front of a number belongs to it."""
    text = text.strip()
    return [part for part in RANGE.split(text) if part] if text else []


def _of_both(body: str) -> str:
    last = "," if body.rfind(",") > body.rfind(".") else "."
    thousands = "." if last == "," else ","
    if not GROUPED[thousands].match(body):
        return NEITHER
    return COMMA if last == "," else POINT


def _of_one(body: str, mark: str, count: int) -> str:
    grouped = GROUPED[mark].match(body) is not None and not body.lstrip("+-").startswith("0")
    if count > 1:
        # Several separators can only be groups: the decimal separator is the other one.
        return ({",": POINT, ".": COMMA}[mark]) if grouped else NEITHER
    if grouped:
        return EITHER
    return COMMA if mark == "," else POINT


def parse(text: str, decimal: str) -> Decimal | None:
    """The number, read with the column's decimal separator (`comma` or `point`); None where it is none."""
    body = strip_sign(text)[0].translate(SPACES)
    if not BODY.match(body):
        return None
    thousands, mark = (".", ",") if decimal == COMMA else (",", ".")
    if thousands in body and not GROUPED[thousands].match(body):
        return None
    try:
        return Decimal(body.replace(thousands, "").replace(mark, "."))
    except InvalidOperation:
        return None


def canonical(number: Decimal) -> str:
    """One spelling a value: `1.50`, `1.5` and `15E-1` are the same."""
    if number == number.to_integral_value():
        return format(number.to_integral_value(), "f") if number else "0"
    return format(number.normalize(), "f")
