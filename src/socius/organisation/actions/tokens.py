"""Tokens: made, revoked, and turned into an actor. The clear text is shown once and never kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from socius.activity.actions import record
from socius.engine.rights import BIT
from socius.kit.errors import Invalid, NotFound, Refused
from socius.organisation.actions.rights import asks, may_give, require
from socius.organisation.models import Actor, Person, Token
from socius.organisation.standing import Spot

PREFIX = "socius_"
SHOWN = 12
LONGEST = timedelta(days=90)
# A use is noted at most this often: a row written at each request would make every read a write.
NOTED_EVERY = timedelta(minutes=10)


@asks("token.make")
def make_token(
    name: str, rights: frozenset[str], *, until: datetime, actor: Actor
) -> tuple[Token, str]:
    """A token for oneself, with at most what one may give; returns its row and, this once, its text."""
    with transaction.atomic():
        home = Spot(actor.person.unit_id)
        require(actor, "token.make", home)
        if not name.strip():
            raise Invalid("Name what will use the token.", field="name")
        if not rights or not rights <= set(BIT):
            raise Invalid("Name at least one Right of the table.", field="rights")
        if not actor.at < until <= actor.at + LONGEST:
            raise Invalid(f"A token lasts at most {LONGEST.days} days.", field="until")
        lacking = rights - may_give(actor, home)
        if lacking:
            raise Refused(
                f"A token cannot carry {min(lacking)}: you may not give it.",
                right="token.make",
                node=f"person:{actor.person.pk}",
            )
        clear = PREFIX + secrets.token_urlsafe(32)
        token = Token.objects.create(
            person=actor.person,
            name=name.strip()[:100],
            prefix=clear[:SHOWN],
            sha256=digest(clear),
            rights=rights,
            made_at=actor.at,
            until=until,
        )
        content = {"rights": sorted(rights)}
        record(actor, "token_made", f"token:{token.pk}", unit=actor.person.unit_id, content=content)
    return token, clear


@asks("token.make")
def revoke_token(token: Token, *, actor: Actor) -> Token:
    """One's own needs no Right: who fears that it leaked must be able to stop it."""
    with transaction.atomic():
        token = (
            Token.objects.select_for_update(of=("self",)).select_related("person").get(pk=token.pk)
        )
        if token.person_id != actor.person.pk:
            require(actor, "token.make", token.person)
        if token.revoked_at is None:
            token.revoked_at = actor.at
            token.save(update_fields=["revoked_at"])
            record(actor, "token_revoked", f"token:{token.pk}", unit=token.person.unit_id)
    return token


def digest(clear: str) -> bytes:
    """What is kept of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(clear.encode()).digest()


def actor_for(
    *, origin: str, at: datetime, email: str | None = None, token: str | None = None
) -> Actor:
    """The acting person of a door: by token, by address (console), or else the one who founded the organisation."""
    if token:
        return actor_for_token(token, origin, at)
    if email:
        person = Person.objects.filter(email=email.strip().casefold(), disabled_at=None).first()
        if person is None:
            raise NotFound(f"Nobody with the address {email} may act here.")
        return Actor(person, origin, at)
    founder = Person.objects.order_by("pk").first()
    if founder is None:
        raise NotFound("There is no organisation in this home yet; run `socius init`.")
    return Actor(founder, "console", at)


def actor_for_token(clear: str, origin: str, at: datetime) -> Actor:
    """The token's person, with no more Rights than the token carries."""
    row = Token.objects.filter(sha256=digest(clear)).select_related("person").first()
    if row is None or not row.valid(at) or not row.person.is_active:
        raise NotFound("This token is unknown, revoked or past its end; make another.")
    if row.last_used_at is None or at - row.last_used_at > NOTED_EVERY:
        Token.objects.filter(pk=row.pk).update(last_used_at=at)
    return Actor(row.person, origin, at, token_rights=row.rights)
