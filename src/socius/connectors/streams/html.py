"""Plain text of the HTML that networks send."""

from __future__ import annotations

import re
from html.parser import HTMLParser

BREAKS = {"p", "br", "div", "li", "blockquote", "h1", "h2", "h3", "tr"}
SILENT = {"script", "style", "template"}
VOID = {"br", "img", "hr", "wbr", "input", "meta", "link"}


class Plain(HTMLParser):
    """Keeps text and links; invisible spans, scripts and styles go."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag not in VOID and (self.hidden or tag in SILENT or "invisible" in classes):
            self.hidden += 1
        if tag in BREAKS:
            self.parts.append("\n")
        link = given.get("href") or ""
        if tag == "a" and link.startswith("http") and not {"mention", "hashtag"} & set(classes):
            self.links.append(link)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag not in VOID:
            self.hidden -= 1
        if tag == "p":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def plain(markup: str) -> tuple[str, list[str]]:
    """Text and links of a piece of HTML; paragraphs and `<br>` become newlines."""
    if "<" not in markup and "&" not in markup:
        return markup, []
    reader = Plain()
    reader.feed(markup)
    reader.close()
    text = re.sub(r"[ \t]*\n[ \t]*(\n[ \t]*)*", "\n", "".join(reader.parts))
    return text.strip(), reader.links
