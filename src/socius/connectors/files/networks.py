"""Networks, addresses and what makes two rows the same account (R13)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

# Codes as in the list of networks that the limits are kept for; one that the list lacks keeps its lower-case name.
CODES = frozenset(
    {
        "bluesky",
        "mastodon",
        "x",
        "facebook",
        "instagram",
        "threads",
        "linkedin",
        "youtube",
        "tiktok",
        "pinterest",
        "flickr",
        "vimeo",
        "reddit",
        "snapchat",
        "other",
    }
)
SPELLINGS = {
    "twitter": "x", "x (twitter)": "x", "x/twitter": "x", "twitter/x": "x", "x (formerly twitter)": "x", "x twitter": "x", "tweeter": "x", "x.com": "x", "twitter.com": "x",
    "fb": "facebook", "facebook page": "facebook", "facebok": "facebook", "face book": "facebook", "meta": "facebook",
    "intagram": "instagram", "ig": "instagram", "insta": "instagram", "instragram": "instagram", "instagramm": "instagram",
    "linked in": "linkedin", "linkdin": "linkedin", "linkein": "linkedin", "linkedln": "linkedin", "linkedin page": "linkedin",
    "you tube": "youtube", "yt": "youtube", "youtube channel": "youtube",
    "tik tok": "tiktok", "tik-tok": "tiktok", "snap chat": "snapchat", "snap": "snapchat", "blue sky": "bluesky", "bsky": "bluesky",
    "flicker": "flickr", "pintrest": "pinterest", "mastadon": "mastodon",
}  # fmt: skip
HOSTS = {
    "x.com": "x", "twitter.com": "x", "facebook.com": "facebook", "fb.com": "facebook", "fb.me": "facebook", "fb.watch": "facebook", "instagram.com": "instagram",
    "linkedin.com": "linkedin", "youtube.com": "youtube", "youtu.be": "youtube", "tiktok.com": "tiktok", "pinterest.com": "pinterest", "flickr.com": "flickr",
    "vimeo.com": "vimeo", "reddit.com": "reddit", "snapchat.com": "snapchat", "threads.net": "threads", "threads.com": "threads", "bsky.app": "bluesky",
    "tumblr.com": "tumblr", "weibo.com": "weibo", "vk.com": "vk", "twitch.tv": "twitch", "medium.com": "medium", "t.me": "telegram", "xing.com": "xing",
}  # fmt: skip
HOME = {code: host for host, code in reversed(HOSTS.items())}
# The first part of a path that only says what follows.
LEADS = {
    "youtube": {"user", "c"}, "linkedin": {"company"}, "flickr": {"photos", "people"}, "snapchat": {"add"}, "facebook": {"pg"},
    "bluesky": {"profile"}, "instagram": set(), "reddit": set(),
}  # fmt: skip
# The first part that belongs to the name: `in/ann` and `company/ann` are two accounts.
SPACES = {
    "linkedin": {"in", "school", "showcase", "groups"},
    "reddit": {"r", "user", "u"},
    "facebook": {"groups", "events"},
    "pinterest": set(),
}
SENSITIVE = {"youtube"}  # whose channel ids differ in case only
ADDRESS = re.compile(
    r"^(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#].*)?$",
    re.IGNORECASE,
)
HANDLE = re.compile(r"^@?[\w.-]+(?:@[\w.-]+\.\w+)?$")
AFTER = re.compile(r"^\d{5,}$")
LONGEST_NAME, LONGEST_KEY = 200, 500


class Address(NamedTuple):
    """An address taken apart."""

    url: str  # as to be kept: with scheme, without surrounding spaces
    network: str  # '' where the host is no network's
    handle: str  # as written; '' where the path names nobody
    remote: str  # an id in the path, '' where there is none
    key: str  # equal for all spellings of one address


@lru_cache(maxsize=1024)
def code(name: str) -> str:
    """The code of a network's name, however it is written; '' for an empty one."""
    text = " ".join(unicodedata.normalize("NFC", name).split()).casefold()
    return SPELLINGS.get(text, text)


def is_address(text: str) -> bool:
    """Whether a text is an address at all, with or without scheme."""
    return ADDRESS.match(text.strip()) is not None


@lru_cache(maxsize=1024)
def _host(netloc: str) -> str:
    host = netloc.rpartition("@")[2].partition(":")[0].casefold()
    for known in HOSTS:
        # www., m., ca., fr-fr.: a subdomain of a network says nothing about the account.
        if host == known or host.endswith("." + known):
            return known
    return host.removeprefix("www.")


def address(text: str) -> Address | None:
    """Takes an address apart; None where the text is none."""
    text = text.strip()
    if not is_address(text):
        return None
    url = text if "://" in text else "https://" + text.removeprefix("//")
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query) if "id=" in parts.query else {}
    except ValueError:
        return None
    host = _host(parts.netloc)
    network = HOSTS.get(host, "")
    path = [unquote(p).strip() for p in parts.path.split("/") if p.strip()]
    named = _named(network, path, query.get("id", [""])[0])
    # No network has handles or ids of this length: what stands there is some other path.
    handle, remote = (part if len(part) <= LONGEST_NAME else "" for part in named)
    if not network and len(path) == 1 and path[0].startswith("@"):
        # Any host may be a Mastodon server: the handle carries it.
        return Address(url, "mastodon", f"{path[0][1:]}@{host}", "", f"{host}/{path[0].casefold()}")
    return Address(url, network, handle, remote, _key(network, host, path, (handle, remote)))


def _key(network: str, host: str, path: list[str], named: tuple[str, str]) -> str:
    handle, remote = named
    if network and (handle or remote):
        return f"{HOME[network]}/{remote or normal(handle)}"
    rest = "/".join(path)
    key = f"{host}/{rest if network in SENSITIVE else rest.casefold()}".rstrip("/")
    return key[:LONGEST_KEY]


def _named(network: str, path: list[str], query_id: str) -> tuple[str, str]:
    """Handle and id that a path names."""
    if not network or not path:
        return "", ""
    first = path[0].casefold()
    if network == "youtube" and first == "channel" and len(path) > 1:
        return "", path[1]
    if network == "facebook" and (first in {"pages", "people"} or first == "profile.php"):
        return _facebook(path, query_id)
    if first in LEADS.get(network, ()):
        path = path[1:]
    elif first in SPACES.get(network, ()):
        return ("/".join([first, *path[1:2]]) if len(path) > 1 else ""), ""
    return (path[0].removeprefix("@"), "") if path else ("", "")


def _facebook(path: list[str], query_id: str) -> tuple[str, str]:
    if path[0].casefold() == "profile.php":
        return "", query_id
    last = path[-1]
    if AFTER.match(last):
        return (path[1] if len(path) > 2 else ""), last
    return (path[1] if len(path) > 1 else ""), ""


def normal(handle: str) -> str:
    """A handle or name as it is compared: without `@`, spaces collapsed, case-folded."""
    text = handle if handle.isascii() else unicodedata.normalize("NFC", handle)
    return " ".join(text.split()).removeprefix("@").casefold()


def keys_of(text: str) -> tuple[str, ...]:
    """The keys by which a cell that names an account (handle, address or id) may be known, the likeliest first."""
    found = address(text)
    plain = (normal(text), text.strip())
    if found is None:
        return tuple(dict.fromkeys(plain))
    keys = tuple(key for key in (found.key, normal(found.handle), found.remote) if key)
    # `acme.care` may be a handle as well as a host.
    return keys if "/" in text else tuple(dict.fromkeys((*plain, *keys)))


class Identified(NamedTuple):
    """An account as a row states it, made comparable."""

    network: str
    handle: str
    display_name: str
    url: str
    keys: tuple[tuple[str, str], ...]  # (kind, key): remote, handle, address, name
    contradicts: str  # the network that the address belongs to, where the row states another


def identify(network: str, handle: str, url: str, remote_id: str) -> Identified:
    """All that makes the row recognisable. The stated network stands, even where the address contradicts it.

    A key of kind `name` is weak: it is what a list shows where it gives no address. It counts against an account only
    through `same`, below.
    """
    stated, found = code(network), address(url) if url else None
    actual = stated or (found.network if found else "")
    contradicts = (
        found.network if found and found.network and stated and found.network != stated else ""
    )
    keys: list[tuple[str, str]] = [("remote", remote_id)] if remote_id else []
    named = found.handle if found else ""
    if found:
        if found.remote and not contradicts:
            keys.append(("remote", found.remote))
        if found.handle and not found.remote and not contradicts:
            keys.append(("handle", normal(found.handle)))
        keys.append(("address", found.key))
    elif HANDLE.match(handle) and actual:
        keys.append(("handle", normal(handle)))
    if handle:
        keys.append(("name", normal(handle)))
    known = normal(handle) == normal(named) if found else HANDLE.match(handle) is not None
    shown = "" if known else handle
    kept = named if named and not contradicts else handle.removeprefix("@")
    return Identified(
        actual,
        kept,
        shown.removeprefix("@"),
        found.url if found else "",
        tuple(dict.fromkeys(keys)),
        contradicts,
    )


def same(keys: tuple[tuple[str, str], ...], others: tuple[tuple[str, str], ...]) -> bool:
    """Whether two sets of keys (of one network) belong to one account.

    One strong key in common is enough. A name in common is enough only where one of the two has no address and no id:
    two pages of one name with two addresses are two accounts.
    """
    mine, theirs = set(keys), set(others)
    if any(kind != "name" for kind, _ in mine & theirs):
        return True
    if not mine & theirs:
        return False
    return not (_anchored(mine) and _anchored(theirs))


def _anchored(keys: set[tuple[str, str]]) -> bool:
    return any(kind in {"remote", "address"} for kind, _ in keys)
