"""Short texts in several languages, drawn from a seed: sentences made of parts, none of them anybody's post."""

from __future__ import annotations

from random import Random

BRANDS = ("Harbour Tea", "Nordlys", "Café Lumen")
# Language -> openings, what is said, endings. `{}` takes a brand.
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("This morning", "After a long wait", "On the train home", "Honestly"),
        ("{} kept its promise", "{} lost my parcel again", "I read about {}", "{} answered within minutes"),
        ("and I am glad.", "and nobody explains why.", "so I will tell my friends.", "☕", "#shopping"),
    ),
    "de": (
        ("Heute früh", "Nach langem Warten", "Auf dem Heimweg", "Ehrlich gesagt"),
        ("hat {} Wort gehalten", "hat {} mein Paket verloren", "las ich über {}", "war {} wirklich freundlich"),
        ("und ich freue mich.", "und niemand erklärt es.", "das sage ich weiter.", "🙂", "#einkauf"),
    ),
    "fr": (
        ("Ce matin", "Après une longue attente", "Dans le train", "Franchement"),
        ("{} a tenu parole", "{} a perdu mon colis", "j'ai lu un article sur {}", "{} m'a répondu très vite"),
        ("et j'en suis ravie.", "et personne n'explique rien.", "je le dirai à mes amis.", "#achats"),
    ),
    "es": (
        ("Esta mañana", "Después de esperar", "En el tren", "La verdad"),
        ("{} cumplió su palabra", "{} perdió mi paquete", "leí algo sobre {}", "{} respondió enseguida"),
        ("y me alegro mucho.", "y nadie explica nada.", "se lo diré a mis amigos.", "#compras"),
    ),
    "ja": (
        ("今朝", "長く待ったあとで", "帰りの電車で", "正直に言うと"),
        ("{}は約束を守った", "{}が荷物をなくした", "{}の記事を読んだ", "{}の返事は早かった"),
        ("うれしいです。", "理由がわからない。", "友だちに話します。"),
    ),
    "ar": (
        ("هذا الصباح", "بعد انتظار طويل", "في القطار", "بصراحة"),
        ("أوفت {} بوعدها", "أضاعت {} طردي", "قرأت عن {}", "ردت {} بسرعة"),
        ("وأنا سعيد.", "ولا أحد يشرح.", "سأخبر أصدقائي."),
    ),
}  # fmt: skip
OTHERS = ("the museum", "the new bridge", "my bicycle", "the weather", "the library")
SHARE_OF_BRANDS = 0.3


def post(draw: Random) -> tuple[str, str]:
    """Language and text of a post."""
    code = draw.choices(tuple(PARTS), (40, 15, 15, 15, 10, 5))[0]
    opening, saying, ending = (draw.choice(part) for part in PARTS[code])
    about = draw.choice(BRANDS if draw.random() < SHARE_OF_BRANDS else OTHERS)
    return code, f"{opening} {saying.format(about)} {ending}"
