"""What a code point is to the tokeniser. Python's `\\w` leaves out combining marks and would cut every Hindi word, hence our own classes."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

SEPARATOR, WORD, MARK, CLUSTER, EMOJI, ZWJ, SKIPPED, REGIONAL, SKIN, EMOJI_TAG = range(10)

JOINER = 0x200D
KEYCAP = 0x20E3
KEYCAP_BASES = "0123456789#*"
SIGILS = "#@$"
SOFT_HYPHEN = 0x00AD

# Blocks of scripts that are written without spaces: Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar.
NO_SPACE = (
    (0x0E01, 0x0E3A),
    (0x0E40, 0x0E5B),
    (0x0E80, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3031, 0x3035),
    (0x303B, 0x303C),
    (0x3041, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0x1B000, 0x1B16F),
    (0x20000, 0x323AF),
)
# Pictographs (Unicode Technical Standard 51), as ranges: unicodedata does not carry the property.
PICTOGRAPHS = (
    (0x00A9, 0x00A9),
    (0x00AE, 0x00AE),
    (0x2194, 0x2199),
    (0x21A9, 0x21AA),
    (0x231A, 0x231B),
    (0x2328, 0x2328),
    (0x23CF, 0x23CF),
    (0x23E9, 0x23F3),
    (0x23F8, 0x23FA),
    (0x25AA, 0x25AB),
    (0x25B6, 0x25B6),
    (0x25C0, 0x25C0),
    (0x25FB, 0x25FE),
    (0x2600, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B07),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50),
    (0x2B55, 0x2B55),
    (0x3030, 0x3030),
    (0x303D, 0x303D),
    (0x1F000, 0x1F1E5),
    (0x1F200, 0x1F3FA),
    (0x1F400, 0x1FAFF),
)
SPECIAL = {
    range(0xFE00, 0xFE10): SKIPPED,
    range(0x180B, 0x180E): SKIPPED,
    range(0x180F, 0x1810): SKIPPED,
    range(0xE0100, 0xE01F0): SKIPPED,
    range(SOFT_HYPHEN, SOFT_HYPHEN + 1): SKIPPED,
    range(JOINER, JOINER + 1): ZWJ,
    range(0x1F1E6, 0x1F200): REGIONAL,
    range(0x1F3FB, 0x1F400): SKIN,
    range(0xE0020, 0xE0080): EMOJI_TAG,
}
DROPPED = re.compile("[\u00ad\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def within(ranges: tuple[tuple[int, int], ...], code: int) -> bool:
    """Whether a code point lies in one of the sorted closed ranges."""
    place = bisect_right(ranges, (code, 0x110000)) - 1
    return place >= 0 and code <= ranges[place][1]


def class_of(code: int) -> int:
    """Class of one code point of normalised text: word characters are the general categories L, M, N and Pc."""
    for span, special in SPECIAL.items():
        if code in span:
            return special
    category = unicodedata.category(chr(code))
    if category[0] == "M":
        return MARK
    # A letter newer than this Python's Unicode is still one of its script.
    if category == "Cn" and within(NO_SPACE, code):
        return CLUSTER
    if category[0] in "LN":
        return CLUSTER if within(NO_SPACE, code) else WORD
    if category == "Pc":
        return WORD
    if category in {"So", "Sm", "Po", "Pd", "Cn"} and within(PICTOGRAPHS, code):
        return EMOJI
    return SEPARATOR


def normalise(text: str) -> str:
    """NFKC, full case folding, NFKC again, without variation selectors and soft hyphens; those go first, so that what they held apart composes."""
    if text.isascii():
        return text.lower()
    kept = DROPPED.sub("", text)
    folded = unicodedata.normalize("NFKC", kept).casefold()
    return DROPPED.sub("", unicodedata.normalize("NFKC", folded))
