"""The closed loop: leads by the account, the initiative and the source they came through, and how they ended."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from socius.kit.child import ask
from socius.measure.models import Lead
from socius.organisation.models import Actor
from socius.strategy.reports import Wanted, inventory

TASK = "socius.engine.effect.tasks.leads"
FILE = "leads.csv"


@dataclass(frozen=True)
class Loop:
    """Leads that came one way. `amounts`: of the won ones, by currency; `posts`: how many posts they came through."""

    name: str
    pk: int
    n: int
    won: int
    lost: int
    posts: int
    amounts: tuple[tuple[str, Decimal], ...]

    @property
    def open(self) -> int:
        """Not decided yet."""
        return self.n - self.won - self.lost


def leads(actor: Actor) -> QuerySet[Lead]:
    """Leads that the actor may see: those of accounts in sight, and those of none."""
    seen = inventory(actor, Wanted()).order_by().values("pk")
    rows = Lead.objects.filter(withdrawn=False)
    return rows.filter(Q(account__in=seen) | Q(account=None))


def loops(rows: QuerySet[Lead], by: str) -> list[Loop]:
    """Leads by `account` or `initiative`, most won first."""
    label = {"account": "account__handle", "initiative": "initiative__title"}[by]
    found = rows.filter(**{f"{by}__isnull": False}).values(f"{by}_id").annotate(
        name=Max(label), n=Count("pk"), won=Count("pk", filter=Q(stage="won")), lost=Count("pk", filter=Q(stage="lost")),
        posts=Count("post", filter=~Q(post=""), distinct=True),
    )  # fmt: skip
    paid = rows.filter(stage="won", amount__isnull=False, **{f"{by}__isnull": False})
    sums: dict[int, list[tuple[str, Decimal]]] = {}
    for pk, code, amount in paid.values_list(f"{by}_id", "currency").annotate(s=Sum("amount")).order_by("currency"):  # fmt: skip
        sums.setdefault(pk, []).append((code, amount))
    made = [Loop(r["name"] or "without a handle", r[f"{by}_id"], r["n"], r["won"], r["lost"], r["posts"], tuple(sums.get(r[f"{by}_id"], ()))) for r in found]  # fmt: skip
    return sorted(made, key=lambda one: (-one.won, -one.n, one.name))


def sources(rows: QuerySet[Lead]) -> dict[str, Any] | None:
    """The share won of decided leads by source with intervals, ranked only where they are apart; None without a decided lead."""
    decided = list(rows.exclude(stage="open").values_list("source", "stage"))
    if not decided:
        return None
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["source", "won"])
    out.writerows((source, "1" if stage == "won" else "0") for source, stage in decided)
    return ask(TASK, {"file": FILE, "source": "source", "won": "won"}, {FILE: text.getvalue().encode()})  # fmt: skip


PATHS = "socius.engine.effect.tasks.attribution"
# rule -> its name
METHODS = {"first": "First", "last": "Last", "linear": "Linear", "position": "Position", "markov": "Markov", "shapley": "Shapley"}  # fmt: skip


def described(name: str, paths: bytes) -> dict[str, Any]:
    """Which channels stand on the paths of a file, by several rules. It describes; it does not say what a channel caused."""
    found = ask(PATHS, {"paths": name}, {name: paths}, seconds=60)
    for channel in found["channels"]:
        channel["credits"] = [(name, channel[rule]) for rule, name in METHODS.items()]
    return found
