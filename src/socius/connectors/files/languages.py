"""Languages to ISO 639-1 (R13). Several are joined by `+` in alphabetical order; an unknown one is `und`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

NAMES = {
    "en": "english anglais englisch inglés ingles inglês eng en",
    "fr": "french français francais französisch francés frances francês fra fre fr",
    "de": "german allemand deutsch alemán aleman alemão deu ger de",
    "es": "spanish espagnol spanisch español espanol castellano espanhol spa es",
    "pt": "portuguese portugais portugiesisch portugués português portugues por pt",
    "it": "italian italien italienisch italiano ita it",
    "nl": "dutch néerlandais niederländisch holandés nederlands nld nl",
    "zh": "chinese chinois chinesisch chino 中文 zho zh",
    "ja": "japanese japonais japanisch japonés 日本語 jpn ja",
    "ko": "korean coréen koreanisch coreano 한국어 kor ko",
    "ar": "arabic arabe arabisch árabe العربية ara ar",
    "ru": "russian russe russisch ruso русский rus ru",
    "uk": "ukrainian ukrainien ukrainisch ucraniano українська ukr uk",
    "pl": "polish polonais polnisch polaco polski pol pl",
    "tr": "turkish turc türkisch turco türkçe tur tr",
    "sv": "swedish suédois schwedisch sueco svenska swe sv",
    "da": "danish danois dänisch danés dansk dan da",
    "fi": "finnish finnois finnisch finés suomi fin fi",
    "no": "norwegian norvégien norwegisch noruego norsk nor nb nn no",
    "iu": "inuktitut inuktut ᐃᓄᒃᑎᑐᑦ iku iu",
    "cy": "welsh gallois walisisch galés cymraeg cym cy",
    "ga": "irish irlandais irisch irlandés gaeilge gle ga",
    "hi": "hindi हिन्दी hin hi",
    "id": "indonesian indonésien indonesisch indonesio ind id",
    "th": "thai thaï thailändisch tailandés ไทย tha th",
    "vi": "vietnamese vietnamien vietnamesisch vietnamita vie vi",
    "el": "greek grec griechisch griego ελληνικά ell el",
    "he": "hebrew hébreu hebräisch hebreo עברית heb he",
    "cs": "czech tchèque tschechisch checo čeština ces cs",
    "ro": "romanian roumain rumänisch rumano română ron ro",
    "hu": "hungarian hongrois ungarisch húngaro magyar hun hu",
    "ca": "catalan katalanisch catalán català cat ca",
    "eu": "basque baskisch vasco euskara eus eu",
    "gl": "galician galicien galicisch gallego galego glg gl",
}
CODES = {
    unicodedata.normalize("NFC", word): code
    for code, words in NAMES.items()
    for word in words.split()
}
BOTH = frozenset({"bilingual", "bilingue", "zweisprachig", "bilingüe", "bilíngue"})
SPLIT = re.compile(r"\s*(?:[|/+,;&]|\band\b|\bet\b|\bund\b|\by\b|\be\b)\s*")
REGION = re.compile(r"^([a-z]{2,3})[-_][a-z0-9]{2,8}$")
UNKNOWN = "und"


@lru_cache(maxsize=1024)
def code(text: str, bilingual: str = "") -> str:
    """The code of what a cell says; `bilingual` is what that word means in this source."""
    plain = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    if plain in BOTH:
        return bilingual or UNKNOWN
    parts = {_one(part) for part in SPLIT.split(plain) if part}
    if not parts or UNKNOWN in parts:
        return UNKNOWN
    return "+".join(sorted(parts))


def _one(word: str) -> str:
    region = REGION.match(word)
    return CODES.get(region.group(1) if region else word, UNKNOWN)
