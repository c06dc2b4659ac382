"""An organisation with a line, the tokens that open it to a program, and the program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from house import House
from socius.engine.roles import RIGHTS
from socius.kit import clock
from socius.organisation.actions import Gift, NewPerson, give_grant, invite_person, make_token
from socius.organisation.actions.epoch import bump
from socius.organisation.actions.tokens import digest
from socius.organisation.models import Actor, Grant, Person, Token, Unit

GOALS = """goal,statement,executive_owner,objective,period_start,period_end
more-orders,More orders,cmo@example.org,revenue_generation,2026-01-01,
better-care,Better care,,customer_experience,,
"""
OUTCOMES = """date,series,value,unit,class,source,why
2026-05-29,Orders,10,orders,outcome,shop,Orders are money
2026-05-30,Orders,11,orders,outcome,shop,Orders are money
2026-05-31,Orders,12,orders,outcome,shop,Orders are money
"""
KPIS = "goal,measure,class,series,direction\nmore-orders,Orders,outcome,Orders,up\n"
UNITS = "unit,parent,kind\nMarketing,,hub\nCare,,hub\n"
ACCOUNTS = """network,handle,url,unit,owner_email,goal
x,brand,https://x.com/brand,Marketing,ada@example.org,more-orders
x,care,https://x.com/care,Care,ada@example.org,better-care
instagram,looks,https://instagram.com/looks,Marketing,,
instagram,looks,https://instagram.com/looks2,Marketing,,
"""
INITIATIVES = "initiative,title,goals\nlive,Live shopping,more-orders\nlost,Lost,\n"
ACTIVITY = """at,verb,object_id,network,account,initiative,goal,minutes
2026-05-20T10:00:00Z,posted,p1,x,brand,,,5
2026-05-21T10:00:00Z,posted,p2,x,brand,live,,
2026-05-22T10:00:00Z,replied,p3,x,care,,,10
2026-05-23T10:00:00Z,posted,p4,instagram,looks,,,
2026-05-24T10:00:00Z,posted,p5,instagram,stranger,,,
"""
EFFECTS = """initiative,series,method,estimate,low,high,from,until,source
live,Orders,before and after,4,-1,9,2026-03-01,2026-05-01,note
"""
SPEND = "date,amount,currency,unit,goal\n2026-05-02,10.50,EUR,Marketing,more-orders\n"
HOURS = "week,unit,hours,initiative\n2026-05-04,Marketing,4,live\n"
FILES = {
    "units": UNITS, "goals": GOALS, "outcomes": OUTCOMES, "kpis": KPIS, "accounts": ACCOUNTS, "initiatives": INITIATIVES,
    "spend": SPEND, "hours": HOURS, "activity": ACTIVITY, "effects": EFFECTS,
}  # fmt: skip


OURS = ("activity_", "assess_", "organisation_", "accounts_", "strategy_", "measure_", "listen_")


def number_from_one() -> None:
    """Tests name objects by small numbers. On PostgreSQL a rollback leaves the sequences where they were, on SQLite a flush does."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence")
            return
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            if name.startswith(OURS):
                cursor.execute(f'ALTER SEQUENCE "{name}" RESTART')


class Office(House):
    """The founder's organisation, seen from outside."""

    def __init__(self) -> None:
        super().__init__(clock.now() - timedelta(hours=2))
        self.clear = self.token(self.person, everything=True)

    def token(
        self, person: Person, *rights: str, everything: bool = False, days: float = 30
    ) -> str:
        """The text of a new token; `everything` holds also what no single role does."""
        if everything:
            with transaction.atomic():
                Grant.objects.create(
                    person=person,
                    rights=frozenset(RIGHTS),
                    node_kind="unit",
                    node_id=self.root.pk,
                    starts=self.at,
                    reason="test",
                )
                bump()
        actor = Actor(person, "web", clock.now() - timedelta(minutes=5))
        wanted = frozenset(rights or RIGHTS)
        until = actor.at + timedelta(days=days)
        return make_token("program", wanted, until=until, actor=actor)[1]

    def somebody(self, email: str, unit: Unit | None, role: str = "", *rights: str) -> Person:
        """A person to whom the founder gave a role or rights at a unit."""
        person = invite_person(NewPerson(email, unit=unit), actor=self.actor())
        gift = Gift(person, unit, "needed", role=role, rights=frozenset(rights))
        give_grant(gift, actor=self.actor())
        return person

    def narrow(self, person: Person, *rights: str) -> str:
        """A token for somebody who may not make one by themselves."""
        clear = f"socius_{person.pk}_{'-'.join(rights)}"
        Token.objects.create(
            person=person,
            name="program",
            prefix=clear[:12],
            sha256=digest(clear),
            rights=frozenset(rights or RIGHTS),
            made_at=self.at,
            until=clock.now() + timedelta(days=1),
        )
        return clear


class Program:
    """What calls the API with a token."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        kind = {} if body is None else {"data": body, "content_type": "application/json"}
        call = getattr(self.client, method.lower())
        if method.lower() != "get":
            return call(f"/api/v1{path}", headers=self.headers, **kind)
        return call(f"/api/v1{path}", query, headers=self.headers)

    def upload(self, kind: str, text: str, **said: Any) -> Any:
        file = SimpleUploadedFile(f"{kind}.csv", text.encode())
        return self.client.post(
            "/api/v1/imports", {"kind": kind, "file": file, **said}, headers=self.headers
        )
