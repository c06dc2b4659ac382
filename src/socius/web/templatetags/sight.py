"""How shares and blocks of the line of sight are written on a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from socius.kit.figures import percent

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """A share in percent; a dash where nothing was counted."""
    return "–" if value is None else percent(value).replace(" ", "\u00a0")


@register.filter
def ratio(part: float, whole: float) -> str:
    """A part of a whole in percent."""
    return share(part / whole if whole else None)


@register.filter
def of(part: float, whole: float) -> str:
    """A part of a whole as a width in percent."""
    return f"{100 * part / whole:.3f}" if whole else "0"


@register.simple_tag
def amounts(block: dict[str, Any]) -> SafeString:
    """The cells of a block: total and each level."""
    measured = sum(block["measured"].values())
    cells = [*(block[name] for name in ("total", "none", "goal", "outcome", "fresh")), measured]
    return format_html_join("", '<td class="num">{}</td>', ((intcomma(short(c)),) for c in cells))


def short(value: Decimal | float) -> str:
    """A number without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
