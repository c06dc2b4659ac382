"""The accounts: which there are, who has them, which goal they were given, and what that means for their activity.

Networks follow the published proportions of 2012 where there are any: Twitter 39.2, Facebook 29.9, blogs about 32 and
LinkedIn about 29 of 178 accounts. The remaining 48 were not published; YouTube 16, Instagram 16, TikTok 7, Mastodon 5 and
Bluesky 4 are our choice.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import NamedTuple

from socius.engine.demo.cast import BY_UNIT, COUNTRIES, PRODUCTS, Place
from socius.engine.demo.rows import AccountRow, LinkRow, PersonRow
from socius.engine.demo.story import (
    EXPERIMENT,
    HOUR_STARTS,
    IDLE,
    IN_AN_EXPERIMENT,
    LIVE_SHOPPING_STARTS,
    THROUGH,
    TO_GOAL,
    TRIAL_ENDS,
    TRIAL_STARTS,
    Dates,
    Fate,
)

# fmt: off
NETWORKS = (("x", 39), ("facebook", 30), ("blog", 32), ("linkedin", 29), ("youtube", 16), ("instagram", 16), ("tiktok", 7), ("mastodon", 5), ("bluesky", 4))
WRITTEN = {"x": "X", "facebook": "Facebook", "blog": "Blog", "linkedin": "LinkedIn", "youtube": "YouTube", "instagram": "Instagram", "tiktok": "TikTok",
           "mastodon": "Mastodon", "bluesky": "Bluesky"}
ADDRESSES = {
    "x": "https://x.com/{}", "facebook": "https://www.facebook.com/{}", "blog": "https://blogs.halvern.example/{}", "linkedin": "https://www.linkedin.com/company/{}",
    "youtube": "https://www.youtube.com/@{}", "instagram": "https://www.instagram.com/{}", "tiktok": "https://www.tiktok.com/@{}",
    "mastodon": "https://social.halvern.example/@{}", "bluesky": "https://bsky.app/profile/{}",
}


ELSEWHERE = {"blog": "https://{}.example", "mastodon": "https://mastodon.example/@{}"}  # where accounts are that nobody here opened


class Pool(NamedTuple):
    """Accounts with one story. `of_178` says how many in the usual size; `prefers` the networks it takes first."""

    name: str
    of_178: int
    units: tuple[str, ...]
    goal: str = ""
    initiative: str = ""
    prefers: tuple[str, ...] = ()
    status: str = "active"
    word: str = ""
    purpose: str = ""


POOLS = (
    Pool("trial", 3, ("brand", "kitchen", "care"), prefers=("mastodon", "bluesky"), status="experiment", word="Open", purpose="Trial on open networks"),
    Pool("care", 9, ("care", "care-north", "care-south"), "cost-of-care", "answer-in-the-hour", ("x", "facebook"), word="Help", purpose="Answers owners who need help"),
    Pool("shop", 8, COUNTRIES, "direct-orders", "live-shopping", ("instagram", "youtube", "facebook"), word="Shop", purpose="Shows and sells from our own shop"),
    Pool("how-to", 10, (*COUNTRIES[:8], "kitchen", "laundry"), "recommendation", "how-to", ("youtube", "tiktok"), word="HowTo", purpose="How to get the best from an appliance"),
    Pool("trade", 8, COUNTRIES, "trade-leads", "trade-stories", ("linkedin",), word="Pro", purpose="For kitchen studios and housing companies"),
    Pool("heritage", 13, ("halvern", "brand", *COUNTRIES[:6]), "reputation", "sixty-years", ("blog", "linkedin"), word="Story", purpose="What the company stands for"),
    Pool("ideas", 8, ("halvern", "kitchen", "laundry", "air"), "ideas-shipped", "idea-workshop", ("blog",), word="Ideas", purpose="Ideas from owners"),
    Pool("champions", 14, (*COUNTRIES, "coffee"), "living-community", "champions", ("facebook", "x"), word="Owners", purpose="Owners help owners"),
    Pool("repair", 9, ("repair", "germany", "netherlands", "france"), "repair-first", "repair-cafe", ("youtube", "blog"), word="Repair", purpose="Repair it yourself"),
    Pool("brand", 34, ("brand", "brand", *PRODUCTS), status="claimed", word="", purpose="News from the product line"),
    Pool("adrift", 10, COUNTRIES, status="claimed", word="News", purpose="Local news"),
    Pool("dormant-goal", 16, (*COUNTRIES, "brand"), "reputation", word="Moments", purpose="A campaign of years past"),
    Pool("dormant", 16, (*COUNTRIES, "coffee", "air"), status="claimed", word="Live", purpose="An event of years past"),
    Pool("rogue", 20, COUNTRIES, status="found", word="", purpose=""),
)
BRAND_WORDS = ("", "Life", "Daily", "Design", "Lab", "Studio", "Club")
ROGUE_WORDS = ("outlet", "deals", "service-center", "official", "spareparts", "fans", "factory", "support", "club", "bargains")
# fmt: on
FEWEST = 40
BACK_DATED = 45


@dataclass(slots=True)
class Account:
    """One account of the plan. `fates` are (days ago from which, fate), latest last; `csv_fates` where the ten kinds alone say less."""

    pool: str
    network: str
    handle: str
    url: str
    place: Place
    owner: str
    purpose: str
    goal: str
    initiative: str
    status: str
    opened: int  # days ago
    audience: int
    fates: tuple[tuple[int, Fate], ...]
    csv_fates: tuple[tuple[int, Fate], ...] = ()
    last_post: str = ""
    posts: int = 0
    names: tuple[str, ...] = field(default=())  # how activity refers to it

    @property
    def key(self) -> str:
        """How the truth names it."""
        return f"{self.network}:{self.handle.casefold()}"


def shares_of(total: int, wanted: tuple[int, ...]) -> list[int]:
    """`total` dealt out in proportion, at least one each, by largest remainder."""
    scale = sum(wanted)
    exact = [total * w / scale for w in wanted]
    out = [max(int(e), 1) for e in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (out[i] - exact[i], i))
    step = 0
    while sum(out) != total:
        i = (
            by_remainder[step % len(out)]
            if sum(out) < total
            else max(range(len(out)), key=lambda j: (out[j], -j))
        )
        out[i] += 1 if sum(out) < total else -1
        step += 1
    return out


class Deck:
    """Networks in their proportions, dealt without replacement so that the totals hold."""

    def __init__(self, total: int) -> None:
        counts = shares_of(total, tuple(n for _, n in NETWORKS))
        self.left = {network: n for (network, _), n in zip(NETWORKS, counts, strict=True)}

    def deal(self, rng: random.Random, prefers: tuple[str, ...]) -> str:
        """A preferred network while there are any, else any by what is left."""
        liked = [n for n in prefers if self.left.get(n)]
        if liked and rng.random() < 0.75:
            network = rng.choice(liked)
        else:
            names = [n for n, left in self.left.items() if left]
            network = rng.choices(names, [self.left[n] for n in names])[0]
        self.left[network] -= 1
        return network


def fates_of(pool: Pool) -> tuple[tuple[int, Fate], ...]:
    """What the links of a pool's accounts were planned to give, over time."""
    ever = 10**6
    if pool.name == "shop":
        return ((ever, TO_GOAL["direct-orders"]), (LIVE_SHOPPING_STARTS, THROUGH["live-shopping"]))
    if pool.name == "care":
        return ((ever, TO_GOAL["cost-of-care"]), (HOUR_STARTS, THROUGH["answer-in-the-hour"]))
    return ((ever, TO_GOAL[pool.goal]),) if pool.goal else ()


def without_goal(key: str) -> Fate:
    """The fate of an account that nobody gave a goal."""
    return Fate("none", "account_without_goal", "account", key)


def make_accounts(rng: random.Random, total: int, team: list[PersonRow]) -> list[Account]:
    """All accounts of the plan, without doubles."""
    if total < FEWEST:
        raise ValueError(
            f"The demonstration needs at least {FEWEST} accounts to tell its story; {total} were asked for."
        )
    deck, taken = Deck(total), set[str]()
    owners: dict[str, list[str]] = {}
    for person in team:
        owners.setdefault(person.unit, []).append(person.email)
    out: list[Account] = []
    for pool, count in zip(POOLS, shares_of(total, tuple(p.of_178 for p in POOLS)), strict=True):
        start = rng.randrange(len(pool.units))
        for at in range(start, start + count):
            out.append(_account(rng, pool, at, deck.deal(rng, pool.prefers), taken))
            _settle(rng, out[-1], owners)
    _date_links([a for a in out if a.pool == "adrift"])
    return out


def _account(rng: random.Random, pool: Pool, at: int, network: str, taken: set[str]) -> Account:
    place = BY_UNIT[pool.units[at % len(pool.units)]]
    handle = _handle(rng, pool, place, network, taken)
    url = (ADDRESSES | (ELSEWHERE if pool.name == "rogue" else {}))[network].format(
        handle.split("@")[0]
    )
    opened = 10**4
    if pool.name == "brand" and at % 2:
        opened = rng.randrange(20, 200)
    elif pool.name == "trial":
        opened = TRIAL_STARTS
    purpose = f"{pool.purpose}, {place.name}" if pool.purpose else ""
    audience = int(rng.lognormvariate(5.2 if pool.name in ("rogue", "dormant") else 7.8, 1.3))
    account = Account(
        pool.name,
        network,
        handle,
        url,
        place,
        "",
        purpose,
        pool.goal,
        pool.initiative,
        pool.status,
        opened,
        audience,
        (),
    )
    account.fates = fates_of(pool) or ((10**6, without_goal(account.key)),)
    if pool.name == "trial":
        account.csv_fates = account.fates
        account.fates = (*account.fates, (TRIAL_STARTS, IN_AN_EXPERIMENT))
    return account


def _handle(rng: random.Random, pool: Pool, place: Place, network: str, taken: set[str]) -> str:
    ours = pool.name != "rogue"
    word = rng.choice(BRAND_WORDS) if pool.name == "brand" else pool.word
    stem = f"HalvernGroup{place.tag if place.tag != word else ''}{word}"
    if not ours:
        stem = f"halvern-{rng.choice(ROGUE_WORDS)}-{place.tag.lower()}"
    if network in ("blog", "bluesky"):
        stem = stem.lower()
    home = f"{place.unit}.halvern.example" if ours else "skies.example"
    server = "social.halvern.example" if ours else "mastodon.example"
    end = {"mastodon": f"@{server}", "bluesky": f".{home}"}.get(network, "")
    number, handle = 1, f"{stem}{end}"
    while f"{network}:{handle}".casefold() in taken:
        number += 1
        handle = f"{stem}{number}{end}"
    taken.add(f"{network}:{handle}".casefold())
    return handle


def _settle(rng: random.Random, account: Account, owners: dict[str, list[str]]) -> None:
    """Gives it an owner of its unit, and the ways in which activity will name it."""
    place = account.place
    nearby = owners.get(place.unit) or owners.get(place.parent) or owners["halvern"]
    account.owner = "" if account.pool == "rogue" else rng.choice(nearby)
    account.names = (account.handle, account.handle.upper(), account.url)


def _date_links(adrift: list[Account]) -> None:
    """The first two found a goal not long ago, by a link with a date; no cell of the ten kinds can say so."""
    for account in adrift[: max(len(adrift) // 5, 1)]:
        account.csv_fates = account.fates
        account.fates = (*account.fates, (BACK_DATED, TO_GOAL["recommendation"]))


def links(accounts: list[Account], on: Dates) -> list[LinkRow]:
    """The dated links behind `fates` that differ from `csv_fates`."""
    out = []
    for a in accounts:
        if a.pool == "trial":
            out.append(
                LinkRow(
                    a.network, a.url, "", "", EXPERIMENT, on.text(TRIAL_STARTS), on.text(TRIAL_ENDS)
                )
            )
        elif a.csv_fates:
            out.append(LinkRow(a.network, a.url, "recommendation", "", "", on.text(BACK_DATED), ""))
    return out


def account_rows(
    accounts: list[Account], rng: random.Random
) -> tuple[list[AccountRow], list[dict[str, str]]]:
    """accounts.csv: each account, and behind them about one in twenty again in another spelling; and what doubles what."""
    rows = [_row(a) for a in accounts]
    rng.shuffle(rows)
    plain = [a for a in accounts if a.pool != "rogue" and a.network not in ("mastodon", "bluesky")]
    doubles = rng.sample(plain, max(len(accounts) // 20 + (len(accounts) % 20 > 10), 1))
    said = []
    for at, account in enumerate(doubles):
        rows.append(_again(account, at))
        said.append(
            {"line": str(len(rows) + 1), "network": account.network, "handle": account.handle}
        )
    return rows, said


def _row(a: Account) -> AccountRow:
    place = a.place
    region = BY_UNIT[place.parent].name if place.parent else place.name
    network = WRITTEN[a.network]
    return AccountRow(
        network, a.handle, a.url, "", place.unit, a.owner, a.purpose, a.goal, place.language, place.country, a.status,
        a.last_post, "", str(a.audience), region,
    )  # fmt: skip


def _again(a: Account, at: int) -> AccountRow:
    """The same account as another unit's list has it: other case, other address, blanks, a field that differs."""
    row = _row(a)._replace(goal="", status="claimed", last_post_at="", audience="")
    bare = a.url.removeprefix("https://").removeprefix("www.")
    variants: tuple[dict[str, str], ...] = (
        {"handle": a.handle.upper(), "url": ""},
        {"handle": "", "url": bare},
        {"handle": "", "url": f"http://{bare}/"},
        {"handle": f" {a.handle.lower()} ", "language": "en"},
        {
            "handle": a.handle.swapcase(),
            "url": a.url.replace("https", "http"),
            "purpose": "Listed by the agency",
        },
    )
    row = row._replace(**variants[at % len(variants)])
    return row._replace(network="Twitter") if a.network == "x" else row


def dormant(account: Account) -> bool:
    """Whether it was planned to have fallen silent more than half a year ago."""
    return account.pool.startswith("dormant") and account.opened > IDLE
