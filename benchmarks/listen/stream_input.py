"""Input of the streaming benchmarks: Jetstream frames around texts in ten languages, and queries that every opponent can express.

Texts are made of common words with a long tail of invented ones; two in five are not English; one frame in twenty comes twice.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

START = 1_767_225_600_000_000  # 2026-01-01
DAYS = 3
BLOCK = int(os.environ.get("BLOCK", "20000"))  # lines that are taken in at once
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
ENGLISH = [
    "the",
    "a",
    "of",
    "and",
    "to",
    "in",
    "is",
    "you",
    "that",
    "it",
    "he",
    "was",
    "for",
    "on",
    "are",
    "as",
    "with",
    "his",
    "they",
    "I",
    "at",
    "be",
    "this",
    "have",
    "from",
    "or",
    "one",
    "had",
    "by",
    "but",
    "not",
    "what",
    "all",
    "were",
    "we",
    "when",
    "your",
    "can",
    "said",
    "there",
    "use",
    "an",
    "each",
    "which",
    "she",
    "do",
    "how",
    "their",
    "if",
    "will",
    "up",
    "other",
    "about",
    "out",
    "many",
    "then",
    "them",
    "these",
    "so",
    "some",
    "her",
    "would",
    "make",
    "like",
    "him",
    "into",
    "time",
    "has",
    "look",
    "two",
    "more",
    "write",
    "go",
    "see",
    "number",
    "no",
    "way",
    "could",
    "people",
    "my",
    "than",
    "first",
    "water",
    "been",
    "call",
    "who",
    "its",
    "now",
    "find",
    "long",
    "down",
    "day",
    "did",
    "get",
    "come",
    "made",
    "may",
    "part",
    "parcel",
    "order",
    "delivery",
    "shop",
    "waiting",
    "service",
    "great",
    "terrible",
    "slow",
    "good",
    "bad",
    "thanks",
    "happy",
    "awful",
    "broken",
    "love",
]
OTHERS = {
    "de": ["der", "die", "und", "in", "den", "von", "zu", "das", "mit", "sich", "des", "auf", "für", "ist", "im", "dem", "nicht", "ein", "eine", "als", "auch", "es", "an", "werden", "aus", "er", "hat", "dass", "sie", "nach", "wird", "bei", "Paket", "Lieferung", "schlecht", "gut", "Geschäft", "warten"],
    "es": ["de", "la", "que", "el", "en", "y", "a", "los", "se", "del", "las", "un", "por", "con", "no", "una", "su", "para", "es", "al", "lo", "como", "más", "pero", "sus", "le", "ya", "o", "este", "sí", "porque", "esta", "entre", "cuando", "paquete", "pedido", "tienda", "malo", "bueno", "gracias"],
    "fr": ["de", "la", "le", "et", "les", "des", "en", "un", "du", "une", "que", "est", "pour", "qui", "dans", "a", "par", "plus", "pas", "au", "sur", "ne", "se", "ce", "il", "sont", "mais", "avec", "nous", "comme", "colis", "commande", "magasin", "mauvais", "bon", "merci", "très", "bientôt"],
    "pt": ["de", "a", "o", "que", "e", "do", "da", "em", "um", "para", "é", "com", "não", "uma", "os", "no", "se", "na", "por", "mais", "as", "dos", "como", "mas", "foi", "ao", "ele", "das", "tem", "à", "seu", "sua", "pacote", "pedido", "loja", "ruim", "bom", "obrigado"],
    "ru": ["и", "в", "не", "на", "я", "быть", "он", "с", "что", "а", "по", "это", "она", "этот", "к", "но", "они", "мы", "весь", "который", "из", "у", "то", "за", "свой", "ещё", "посылка", "заказ", "магазин", "плохо", "хорошо", "спасибо", "доставка"],
    "ar": ["في", "من", "على", "أن", "إلى", "هذا", "التي", "مع", "كان", "عن", "ما", "هو", "لا", "ذلك", "بعد", "كل", "طرد", "طلب", "متجر", "سيء", "جيد", "شكرا", "توصيل", "متأخر"],
    "hi": ["के", "में", "की", "है", "और", "से", "का", "को", "एक", "पर", "यह", "नहीं", "भी", "इस", "कि", "तो", "हैं", "ने", "पार्सल", "दुकान", "अच्छा", "बुरा", "धन्यवाद", "सेवा"],
    "ja": ["荷物", "が", "届か", "ない", "です", "とても", "遅い", "サービス", "ありがとう", "店", "注文", "しました", "まだ", "待って", "います", "良い", "悪い", "今日"],
    "th": ["พัสดุ", "ยัง", "ไม่", "มา", "ช้า", "มาก", "ขอบคุณ", "ร้าน", "สั่ง", "ของ", "ดี", "แย่", "วันนี้", "บริการ", "รอ", "นาน"],
    "ko": ["택배", "가", "아직", "안", "왔어요", "너무", "느려요", "감사합니다", "가게", "주문", "좋아요", "나빠요", "오늘", "서비스", "기다려요"],
}  # fmt: skip
CLOSE = {"ja", "th"}  # written without spaces


def vocabulary(dice: random.Random, size: int = 20_000) -> list[str]:
    return ["".join(dice.choices("abcdefghijklmnoprstuvw", k=dice.randint(4, 9))) for _ in range(size)]  # fmt: skip


def tail(dice: random.Random, words: list[str]) -> str:
    return words[int(len(words) * dice.random() ** 3)]


def text_of(dice: random.Random, words: list[str]) -> str:
    if dice.random() < 0.6:
        picked = dice.choices(ENGLISH, k=dice.randint(6, 28))
        picked += [tail(dice, words) for _ in range(dice.randint(1, 4))]
        dice.shuffle(picked)
        return " ".join(picked) + dice.choice(("", "", "!", " 😀", " #parcel"))
    lang = dice.choice(list(OTHERS))
    picked = [*dice.choices(OTHERS[lang], k=dice.randint(6, 24)), tail(dice, words)]
    return ("" if lang in CLOSE else " ").join(picked)


def tid(us: int, clock: int) -> str:
    number = (us << 10) | clock
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def frame(n: int, text: str, count: int, dice: random.Random) -> str:
    at = START + n * DAYS * 86_400_000_000 // count
    who = f"did:plc:{dice.randrange(32**10):024d}"
    record = {
        "$type": "app.bsky.feed.post", "createdAt": f"2026-01-{1 + n * DAYS // count:02d}T{n % 24:02d}:{n % 60:02d}:00.{n % 1000:03d}Z",
        "langs": ["en"], "text": text,
    }  # fmt: skip
    if n % 4 == 0:
        parent = {"cid": f"bafyrei{n:052d}", "uri": f"at://did:plc:{n:024d}/app.bsky.feed.post/{tid(at, 3)}"}  # fmt: skip
        record["reply"] = {"parent": parent, "root": parent}
    if n % 5 == 0:
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": f"https://example.org/{n}"}
        record["facets"] = [{"features": [feature], "index": {"byteEnd": 20, "byteStart": 2}}]
    commit = {
        "rev": tid(at, 1), "operation": "create", "collection": "app.bsky.feed.post", "rkey": tid(at, n % 1000),
        "record": record, "cid": f"bafyreif{n:051d}",
    }  # fmt: skip
    return json.dumps(
        {"did": who, "time_us": at, "kind": "commit", "commit": commit}, ensure_ascii=False
    )


def made(count: int, seed: int = 1) -> tuple[list[bytes], list[str]]:
    """Lines, and the words of the tail."""
    dice = random.Random(seed)
    words = vocabulary(dice)
    lines = [frame(n, text_of(dice, words), count, dice).encode() for n in range(count)]
    repeated = dice.sample(range(count), count // 20)
    for n in repeated:
        lines.insert(min(len(lines), n + dice.randrange(1, 2000)), lines[n])
    return lines, words


def asked(words: list[str], count: int, seed: int = 2) -> list[tuple[str, tuple[str, str]]]:
    """One word, two with AND, two with OR; of AND and of single words one part is from the tail, so that a query is selective."""
    dice = random.Random(seed)
    found = []
    for _ in range(count):
        kind = dice.choice(("one", "and", "or"))
        first = words[int(len(words) * dice.random())]
        second = dice.choice(ENGLISH).casefold() if kind == "and" else words[int(len(words) * dice.random())]  # fmt: skip
        found.append((kind, (first, second)))
    return found


def blocks() -> Iterator[bytes]:
    """Blocks of lines of the file that both sides read, made once (`INPUT` names it); never the whole file at once."""
    with Path(os.environ["INPUT"]).open("rb") as stream:
        while lines := list(islice(stream, BLOCK)):
            yield b"".join(lines).rstrip(b"\n")


def queries_of(count: int) -> list[tuple[str, tuple[str, str]]]:
    return asked(vocabulary(random.Random(1)), count)
