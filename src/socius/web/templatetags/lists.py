"""How tables of accounts, goals and series write things."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from socius.measure.reports.effects import number

register = template.Library()

STEP, HEIGHT = 5, 16
# As the networks write themselves; these have an icon.
BRANDS = {
    "x": "X", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube", "linkedin": "LinkedIn", "mastodon": "Mastodon",
    "bluesky": "Bluesky", "tiktok": "TikTok", "flickr": "Flickr", "threads": "Threads", "snapchat": "Snapchat", "pinterest": "Pinterest",
    "spotify": "Spotify",
}  # fmt: skip
NAMES = BRANDS | {"vimeo": "Vimeo", "reddit": "Reddit", "tumblr": "Tumblr", "weibo": "Weibo", "vk": "VK", "twitch": "Twitch", "medium": "Medium", "telegram": "Telegram", "xing": "XING"}  # fmt: skip


@register.simple_tag
def spark(weeks: Sequence[int]) -> SafeString:
    """Activities of twelve weeks as small bars; the words stand in its title."""
    top = max(*weeks, 1)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        (
            (i * STEP, HEIGHT - h, STEP - 1, h)
            for i, n in enumerate(weeks)
            for h in (max(1, round(HEIGHT * n / top)),)
        ),
    )
    say = f"{sum(weeks)} in the last {len(weeks)} weeks"
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"><title>{}</title>{}</svg>',
        len(weeks) * STEP,
        HEIGHT,
        len(weeks) * STEP,
        HEIGHT,
        say,
        say,
        bars,
    )


@register.filter
def brand(network: str) -> str:
    """The icon of a network; a globe where there is none."""
    return f"brand-{network}" if network in BRANDS else "world"


@register.filter
def network_name(code: str) -> str:
    """A network as it writes itself; one that we do not know as the file had it."""
    return NAMES.get(code, code)


@register.filter
def plain(value: Decimal | float | str | None) -> str:
    """A number with separators and without needless zeros; a dash where there is none."""
    if value is None or value == "":
        return "–"
    rounded = Decimal(str(value)).quantize(Decimal("0.01"))
    text = f"{rounded:f}"
    return intcomma(text.rstrip("0").rstrip(".") if "." in text else text)


@register.filter
def money(value: Decimal | None) -> str:
    """An amount of money: whole from a thousand on, else with its cents."""
    if value is None:
        return "–"
    return intcomma(f"{value:.0f}" if abs(value) >= 1000 else f"{value:.2f}")


@register.filter
def unit_price(value: Decimal) -> str:
    """What one unit is worth, as it was stated: with cents, and with up to four digits behind the point."""
    whole, _, rest = f"{value:.4f}".partition(".")
    return f"{intcomma(whole)}.{rest[:2]}{rest[2:].rstrip('0')}"


@register.filter
def signed(value: float | None) -> str:
    """A number that is a change."""
    text = plain(value)
    return f"+{text}" if value is not None and value > 0 else text.replace("-", "−")


@register.filter
def told(value: float | None) -> str:
    """An effect with its sign, three digits that count; a real minus."""
    text = number(value)
    return f"+{text}" if value is not None and value > 0 else text


@register.filter
def of_key(mapping: Any, key: Any) -> Any:
    """What a mapping holds under a key."""
    return mapping.get(key) if mapping else None


@register.filter
def of_width(share: float | None, width: int) -> str:
    """A share as so many pixels."""
    return f"{(share or 0) * width:.1f}"
