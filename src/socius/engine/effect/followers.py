"""How many followers are people: an interval for the authentic share from public profile columns, never a single figure.

A transparent rule: a profile is flagged when at least two signs of a bought one hold. The rule misses those made to look alive and
hits some that are people; both are carried into the interval. Nobody is named and nobody is blocked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from socius.engine.intervals import wilson

SAMPLE = 400
SIGNS_NEEDED = 2
# What is assumed of the rule where nobody has measured it on the organisation's own followers. Specificity was checked on labelled
# genuine accounts; what it catches is not known, so the range is wide.
SPECIFICITY = (0.95, 1.0)
SENSITIVITY = (0.5, 1.0)
# More flags a day than so many times the usual day, among at least so many: a join burst.
BURST_TIMES, BURST_LEAST = 10.0, 20
FOLLOWS_MANY, FOLLOWED_LITTLE = 100.0, 0.05
QUIET, YOUNG_DAYS = 1.0, 60.0

ALIASES: Mapping[str, tuple[str, ...]] = {
    "followers": ("followers", "followers_count", "follower_count", "fans"),
    "following": ("following", "following_count", "friends", "friends_count", "follows"),
    "ratio": ("follower_friend_ratio", "followers_per_following"),
    "posts": ("posts", "posts_count", "statuses", "statuses_count", "tweets", "tweet_count", "user_tweeted", "media_count"),
    "age": ("age_days", "account_age_days", "age_of_account_in_days", "age"),
    "likes": ("likes", "favourites_count", "favorites_count", "user_favourited"),
    "default": ("default_profile", "default_profile_image", "default_image", "no_picture"),
    "bio": ("bio", "description", "summary", "note"),
    "joined": ("followed_on", "followed_at", "joined_on"),
    "label": ("label", "genuine", "is_genuine"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """What is public of one follower; NaN or None where unknown."""

    followers: float = float("nan")
    following: float = float("nan")
    ratio: float = float("nan")
    posts: float = float("nan")
    age: float = float("nan")
    likes: float = float("nan")
    default: bool | None = None
    bio: str | None = None
    joined: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The authentic share, or why it cannot be told."""

    n: int
    flagged: int
    low: float | None
    high: float | None
    cannot_tell: str | None


def signs(profile: Profile, bursts: frozenset[str] = frozenset()) -> int:
    """How many signs of a bought profile hold."""
    ratio = profile.ratio
    if isnan(ratio) and profile.following > 0:
        ratio = profile.followers / profile.following
    many = isnan(profile.following) or profile.following >= FOLLOWS_MANY
    return sum((
        many and ratio < FOLLOWED_LITTLE,
        profile.posts <= QUIET,
        profile.likes < QUIET,
        profile.age < YOUNG_DAYS,
        profile.default is True,
        profile.bio is not None and not profile.bio.strip(),
        profile.joined in bursts,
    ))  # fmt: skip


def bursts_of(profiles: Sequence[Profile]) -> frozenset[str]:
    """Days on which ten times as many joined as on the middle day."""
    counts: dict[str, int] = {}
    for profile in profiles:
        if profile.joined:
            counts[profile.joined] = counts.get(profile.joined, 0) + 1
    if len(counts) < 5:
        return frozenset()
    middle = sorted(counts.values())[len(counts) // 2]
    return frozenset(d for d, n in counts.items() if n >= BURST_LEAST and n >= BURST_TIMES * middle)


def flagged(profiles: Sequence[Profile]) -> list[bool]:
    """Whether each profile shows at least two signs."""
    bursts = bursts_of(profiles)
    return [signs(p, bursts) >= SIGNS_NEEDED for p in profiles]


def authentic(
    n: int, hits: int, *, specificity: tuple[float, float] = SPECIFICITY, sensitivity: tuple[float, float] = SENSITIVITY
) -> Share:  # fmt: skip
    """The authentic share after Rogan and Gladen (1978): bought = (flagged + spec - 1) / (sens + spec - 1), over the whole range of
    both rates and of the sample. Too small a sample tells nothing.
    """
    if n < SAMPLE:
        return Share(n, hits, None, None, f"{n} profiles are too few: {SAMPLE} drawn at random are needed")  # fmt: skip
    low, high = wilson(hits, n)
    if sensitivity[0] <= 1 - specificity[0]:
        return Share(n, hits, None, None, "nothing is known of how many bought profiles the rule catches")  # fmt: skip
    least = max(0.0, low + specificity[0] - 1) / (sensitivity[1] + specificity[0] - 1)
    most = min(1.0, max(0.0, high + specificity[1] - 1) / (sensitivity[0] + specificity[1] - 1))
    return Share(n, hits, 1 - most, 1 - min(1.0, least), None)
