"""Random queries and texts in many scripts, for the tests of agreement. The vocabulary is our own."""

from __future__ import annotations

import random
import unicodedata
from typing import Any

from socius.engine.query.tree import (
    And,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Tag,
    Word,
    anchored,
)
from socius.engine.text.tokens import tokenise

SAMPLES = (
    "parcel late Brand STRASSE straße café cafe\u0301 İzmir naïve ﬁnance e-mail don't x² snake_case 3.5 ½ Ǆ ｆｕｌｌ "
    "посылка Ёлка чёрный телефон ΟΔΥΣΣΕΥΣ λόγος ᾳ طرود كِتَاب ك\u064e\u0651 خدمة می\u200cخواهم ﻻ שלום שָׁלוֹם "
    "हिन्दी क\u093cलम सेवा पार्सल পার্সেল ক\u09c7\u09be தமிழ் ამანათი Ծառայություն և ሰላም 배송이 \u1107\u1162\u1109\u1169\u11bc "
    "快递 很慢 手机 豈 サービス ｻｰﾋﾞｽ か\u3099 東京タワー พัสดุ น้ำ ช้า ๕๐ ພັດສະດຸ សេវាកម្ម ကောင်း "
    "😀 👍🏽 👩\u200d👩\u200d👧 🇫🇷 🇩🇪 1️⃣ ❤️ 🏴 #Brand @brand $BRND #快递 @東京a ##x joe@brand.example "
    "https://brand.example/parcel www.example.org/a \u202b \u200f \u00ad \ufffd ... , ( ) a\u0301\u0323 x\u0323\u0301 \ud800"
)
WORDS = SAMPLES.split(" ")
GLUE = (" ", " ", " ", " ", "", "\n", ", ", "-", "\u200b", "\u00ad", "'")
SIGILS = ("", "", "", "", "#", "@", "$")
FIELDS: dict[str, tuple[str, ...]] = {
    "network": ("mastodon", "bluesky"),
    "channel": ("store", "social"),
    "kind": ("post", "reply"),
    "lang": ("en", "de", "und"),
    "author": ("ann", "joe"),
    "to": ("emea/uk", "emea/*"),
    "from": ("7",),
    "link": ("brand.example", "example.org"),
}


def text_of(dice: random.Random, longest: int = 14) -> str:
    """A text of a few words in any scripts."""
    parts = []
    for _ in range(dice.randrange(longest)):
        parts += [
            dice.choice(SIGILS) * (dice.random() < 0.2),
            dice.choice(WORDS),
            dice.choice(GLUE),
        ]
    return "".join(parts)


def record_of(dice: random.Random, text: str) -> dict[str, Any]:
    """A record around a text; most fields are missing now and then."""
    made: dict[str, Any] = {"text": text}
    for name, key in (
        ("network", "network"),
        ("channel", "channel"),
        ("kind", "kind"),
        ("lang", "lang"),
    ):
        if dice.random() < 0.7:
            made[key] = dice.choice(FIELDS[name])
    made["author_handle"] = dice.choice(("@Ann", "joe", None))
    made["account"] = dice.choice(("emea/uk", "emea/fr", None))
    made["from_account"] = dice.choice((7, None))
    return made


class Writer:
    """Draws trees whose words mostly occur."""

    def __init__(self, dice: random.Random, texts: list[str]) -> None:
        self.dice = dice
        tokens = [tokenise(t) for t in texts]
        self.words = [w for t in tokens for w in t.words]
        self.tags = sorted({tag for t in tokens for tag in t.tags})
        self.runs = [t.words for t in tokens if len(t.words) > 2]

    def word(self) -> str:
        """Four of five occur; the others miss by a letter, a mark or the like."""
        word = self.dice.choice(self.words)
        if self.dice.random() < 0.8:
            return word
        bare = "".join(
            c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)
        )
        return self.dice.choice((word + "a", word[:-1] or "q", bare or "q"))

    def part(self) -> Node:
        """A word or a prefix."""
        word = self.word()
        prefix = self.dice.random() < 0.25 and len(word) > 2 and word[:2].isalpha()
        plain = prefix and len(tokenise(word).words) == 1 and tokenise(word).kinds == (1,)
        return Prefix(word[: self.dice.randrange(2, len(word))]) if plain else Word(word)

    def phrase(self) -> Node:
        """Neighbours from a text, or any words."""
        if self.runs and self.dice.random() < 0.7:
            run = self.dice.choice(self.runs)
            start = self.dice.randrange(len(run) - 1)
            return Phrase(tuple(Word(w) for w in run[start : start + self.dice.randint(2, 4)]))
        parts = (Word(self.word()), *(self.part() for _ in range(self.dice.randint(1, 2))))
        return Phrase(parts)  # type: ignore[arg-type]

    def placed(self) -> Node:
        """What NEAR may stand beside."""
        draw = self.dice.random()
        if draw < 0.6:
            return self.part()
        return self.phrase() if draw < 0.8 else Or((self.part(), self.phrase(), self.part()))

    def leaf(self) -> Node:
        """A node without operators."""
        draw = self.dice.random()
        if draw < 0.5:
            return self.part()
        if draw < 0.65:
            return self.phrase()
        if draw < 0.8:
            return Near(self.placed(), self.placed(), self.dice.choice((1, 2, 3, 10, 50)))
        if draw < 0.9 and self.tags:
            return Tag(*self.dice.choice(self.tags))
        name = self.dice.choice(sorted(FIELDS))
        return Field(name, self.dice.choice(FIELDS[name]))

    def node(self, depth: int) -> Node:
        """Any tree."""
        if depth <= 1 or self.dice.random() < 0.3:
            return self.leaf()
        draw = self.dice.random()
        if draw < 0.2:
            return Not(self.node(depth - 1))
        children = tuple(self.node(depth - 1) for _ in range(self.dice.randint(2, 4)))
        return And(children) if draw < 0.55 else Or(children)

    def query(self, depth: int = 6) -> Node:
        """A tree that would be accepted."""
        while True:
            tree = self.node(depth)
            if anchored(tree):
                return tree
