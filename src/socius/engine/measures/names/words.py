"""Folding of metric names, so that spelling, accents, width, spacing and punctuation do not hide what is counted."""

from __future__ import annotations

import re
import unicodedata

# Letters of other scripts that look like ours: "fоllowers" with a Cyrillic о is the same word to a reader.
LOOKALIKES = str.maketrans("аеорсухіјѕӏаоеνοαιρτυκ", "aeopcyxijslaoevoaiptuk")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
PARTS = re.compile(r"[()\[\]{}:;|/,+]|\s[-–—]\s")
MARKS = ("Mn", "Cf", "Cc")


def plain(text: str) -> str:
    """Compatibility forms (full width, ligatures) resolved, accents and invisible characters gone."""
    wide = unicodedata.normalize("NFKD", text.replace("\t", " "))
    return "".join(c for c in wide if unicodedata.category(c) not in MARKS)


def fold(text: str) -> tuple[str, ...]:
    """The words of a name in one form: lower case, no accents, no punctuation, letters apart from digits."""
    spaced = DIGITS.sub(" ", CAMEL.sub(" ", plain(text)))
    lowered = spaced.casefold().translate(LOOKALIKES)
    words = "".join(c if c.isalnum() else " " for c in lowered).split()
    if len(words) > 3 and all(len(w) == 1 for w in words):
        return ("".join(words),)  # "f o l l o w e r s"
    return tuple(words)


def parts(text: str) -> list[tuple[str, ...]]:
    """The name cut at brackets and separators: in "Sales (clicks)" the bracket says what is counted as much as the word."""
    cut = (fold(part) for part in PARTS.split(plain(text)))
    return [words for words in cut if words]


def phrases(listed: str) -> tuple[tuple[str, ...], ...]:
    """The folded phrases of a comma separated list."""
    return tuple(fold(phrase) for phrase in listed.split(",") if phrase.strip())


def one_slip(word: str, other: str) -> bool:
    """Whether two long words differ by one letter left out, put in, changed or swapped with its neighbour."""
    if word[0] != other[0] or abs(len(word) - len(other)) > 1:
        return False
    short, long = sorted((word, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest_short, rest_long = short[at:], long[at:]
    if len(short) != len(long):
        return rest_short == rest_long[1:]
    swapped = rest_short[1:2] + rest_short[:1] == rest_long[:2] and rest_short[2:] == rest_long[2:]
    return rest_short[1:] == rest_long[1:] or swapped
