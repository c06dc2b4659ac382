"""Masks personal data in what a report shows (R16)."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.])\+?\d[\d ()./-]{8,}\d(?![\w.])")
LONGEST = 80
# What is looked at beyond what is shown: an address that begins in sight ends within this. The patterns are quadratic on a
# line of many megabytes, so the rest is cut off first.
BEYOND = 320


def _email(found: re.Match[str]) -> str:
    return found[0][0] + "…@…"


def masked_line(text: str) -> str:
    """A whole row for a report: telephone numbers go too, as nobody knows which cell is which."""
    return masked(PHONE.sub("…", text[: 200 + BEYOND]), longest=200)


def masked(text: str, *, personal: bool = False, longest: int = LONGEST) -> str:
    """A value for a report: addresses hidden, a personal one but for its first letter, long ones cut."""
    text = text[: longest + BEYOND]
    shown = EMAIL.sub(_email, text)
    if personal:
        shown = shown if shown != text else text[:1] + "…" if text else ""
    shown = "".join(c if c.isprintable() else "·" for c in shown[: longest + 1])
    return shown if len(shown) <= longest else shown[:longest] + "…"
