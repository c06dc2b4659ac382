"""The inventory: listed, claimed, corrected, merged, handed over, brought through its life."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.accounts import actions
from socius.accounts.models import Account
from socius.accounts.reports import identified
from socius.api.acting import actor_of
from socius.api.finding import account, maybe, person, shown, unit
from socius.api.paging import Page, Paging, ids_page, list_page, rows_page
from socius.api.routes.links import shape as link_shape
from socius.api.shapes.accounts import (
    AccountOut,
    AccountRow,
    AccountsAsked,
    ActivateIn,
    ClaimIn,
    CorrectIn,
    DecidedOut,
    GroupOut,
    HandOverIn,
    MergeIn,
    StatusIn,
)
from socius.api.values import Number
from socius.kit.errors import Invalid
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor, Person, Unit
from socius.organisation.reports import visible
from socius.strategy import reports
from socius.strategy.actions import activate
from socius.strategy.models import Link, Proposal
from socius.strategy.reports import Listed, Wanted

TAG = "accounts"
router = Router()


def row_shape(row: Listed, today: date) -> dict[str, Any]:
    """An account of a list."""
    a = row.account
    return {
        "id": a.pk, "network": a.network, "handle": a.handle, "name": a.display_name, "url": a.url,
        "unit": a.unit, "owner": a.owner, "owner_email": a.owner_email, "status": a.status,
        "language": a.language, "country": a.country, "region": a.region, "purpose": a.purpose,
        "custody": a.custody, "audience": a.audience, "audience_as_of": a.audience_as_of, "posts_promised": a.posts_promised,
        "lines": row.lines, "last_activity": row.last_activity, "activities": row.activities,
        "absent_since": a.absent_since, "merged_into": a.merged_into_id, "finding": reports.finding(row, today),
    }  # fmt: skip


def rows_shape(rows: Iterable[Account], actor: Actor) -> list[dict[str, Any]]:
    """Accounts of a list; as many queries whatever their number."""
    today = actor.day
    return [row_shape(row, today) for row in reports.listed(rows, actor)]


def decided_shape(row: Proposal) -> dict[str, Any]:
    """A proposal with its decision."""
    names = ("account_id", "proposal", "rule", "inputs", "source", "proposed_at", "decided", "decided_at", "decided_by", "reason", "withdrawn_at")  # fmt: skip
    return {"id": row.pk, "account": row.account_id, **{n: getattr(row, n) for n in names[1:]}}


def shape(row: Account, actor: Actor) -> dict[str, Any]:
    """One account with everything that its page shows."""
    links = Link.objects.filter(account=row, known_until=None).order_by("pk")
    return {
        **rows_shape([row], actor)[0],
        "remote_id": row.remote_id,
        "first_seen": row.first_seen,
        "created_at": row.created_at,
        "extra": row.extra,
        "claims": reports.claims(row),
        "homes": reports.homes(row),
        "listed_with": reports.listed_with(row),
        "links": map(link_shape, links),
        "weeks": reports.weekly([row.pk], actor.day)[row.pk],
        "decisions": map(decided_shape, reports.decided_before(row)),
        "history": reports.history("account", row.pk),
    }


def wanted_of(asked: AccountsAsked, actor: Actor) -> Wanted:
    """The filters as the report takes them."""
    where = maybe(Unit.objects.all(), asked.unit, actor, "account.view")
    numbers: dict[str, Any] = {
        name: getattr(asked, name) or 0 for name in ("goal", "initiative", "experiment")
    }
    same = ("only", "network", "status", "line", "language", "absent", "owner")
    said: dict[str, Any] = {name: getattr(asked, name) for name in same}
    return Wanted(unit=where, text=asked.q.strip(), **said, **numbers)


@router.get("/accounts", response=Page[AccountRow])
def list_accounts(request: HttpRequest, asked: Query[AccountsAsked]) -> dict[str, Any]:
    """The inventory with what each account serves today."""
    actor = actor_of(request)
    require_somewhere(actor, "account.view")
    rows = reports.inventory(actor, wanted_of(asked, actor))

    def shaped(ids: list[int]) -> list[dict[str, Any]]:
        by_pk = rows.in_bulk(ids)
        return rows_shape([by_pk[pk] for pk in ids if pk in by_pk], actor)

    return ids_page(reports.ordered(rows, asked.sort, actor), asked, shaped)


@router.get("/accounts/{number}", response=AccountOut)
def get_account(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One account with its claims, history, ties and decisions."""
    actor = actor_of(request)
    seen = visible(actor, "account.view", account="pk", own="account")
    rows = Account.objects.filter(seen, withdrawn=False).select_related("unit", "owner")
    return shape(shown(rows, number), actor)


@router.post("/accounts", response={201: AccountOut})
def claim_account(request: HttpRequest, given: ClaimIn) -> Status[dict[str, Any]]:
    """Adds an account that a unit answers for."""
    actor = actor_of(request)
    said = given.model_dump()
    home = unit(said.pop("unit"), actor, "account.edit")
    owner = maybe(Person.objects.all(), said.pop("owner"), actor, "account.edit")
    network, handle, url = (said.pop(name) for name in ("network", "handle", "url"))
    found = identified(network, handle, url, given.remote_id)
    strong = [key for key in found.keys if key[0] != "name"]
    said["display_name"] = said["display_name"] or found.display_name
    row = actions.claim(
        home, actor=actor, network=found.network or "other", owner=owner, handle=found.handle[:300],
        url=found.url[:1000], identities=[(k, v[:500]) for k, v in strong or found.keys],
        network_contradicts_host=bool(found.contradicts), **said,
    )  # fmt: skip
    return Status(201, shape(row, actor))


@router.patch("/accounts/{number}", response=AccountOut)
def correct_account(request: HttpRequest, number: Path[Number], given: CorrectIn) -> dict[str, Any]:
    """Puts right what describes an account; the ledger keeps what stood there."""
    actor = actor_of(request)
    row, said = account(number, actor), given.model_dump(exclude_unset=True)
    if not said:
        raise Invalid("Nothing is to be corrected.", repair="Name at least one field.")
    if said.get("owner"):
        said["owner"] = person(said["owner"], actor, "account.edit")
    return shape(actions.correct(row, actor=actor, **said), actor)


@router.post("/accounts/{number}/merge", response=AccountOut)
def merge_account(request: HttpRequest, number: Path[Number], given: MergeIn) -> dict[str, Any]:
    """Makes an account part of another; answers with the one that stays."""
    actor = actor_of(request)
    row, into = account(number, actor), account(given.into, actor)
    return shape(actions.merge(row, into=into, actor=actor, reason=given.reason), actor)


@router.post("/accounts/{number}/separate", response=AccountOut)
def separate_account(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """Takes a merge back."""
    actor = actor_of(request)
    return shape(actions.separate(account(number, actor), actor=actor), actor)


@router.post("/accounts/{number}/move", response=AccountOut)
def move_account(request: HttpRequest, number: Path[Number], given: HandOverIn) -> dict[str, Any]:
    """Hands an account to another unit."""
    actor = actor_of(request)
    row, to = account(number, actor, "account.move"), unit(given.to, actor, "account.move")
    return shape(actions.move(row, to=to, actor=actor), actor)


@router.post("/accounts/{number}/status", response=AccountOut)
def enter_status(request: HttpRequest, number: Path[Number], given: StatusIn) -> dict[str, Any]:
    """Brings an account into another state, or back from one."""
    actor = actor_of(request)
    row = account(number, actor, "account.decide")
    done = actions.enter_status(row, status=given.status, actor=actor, reason=given.reason)
    return shape(done, actor)


@router.post("/accounts/{number}/activate", response=AccountOut)
def activate_account(
    request: HttpRequest, number: Path[Number], given: ActivateIn
) -> dict[str, Any]:
    """Makes an account active: it needs a goal and an owner, or an experiment that has an end."""
    actor = actor_of(request)
    row = account(number, actor, "account.decide")
    owner = maybe(Person.objects.all(), given.owner, actor, "account.decide")
    return shape(activate(row, actor=actor, owner=owner, reason=given.reason), actor)


@router.get("/accounts/{number}/decisions", response=Page[DecidedOut])
def list_decisions(
    request: HttpRequest, number: Path[Number], asked: Query[Paging]
) -> dict[str, Any]:
    """What was proposed and decided about an account, the last first."""
    row = account(number, actor_of(request), "account.view")
    rows = Proposal.objects.filter(account=row).select_related("decided_by")
    return rows_page(rows, asked, lambda found: map(decided_shape, found), by="-pk")


@router.get("/duplicates", response=Page[GroupOut])
def list_duplicates(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Groups of accounts that may be one."""
    actor = actor_of(request)
    require_somewhere(actor, "account.view")
    today = actor.day
    groups = list(enumerate(reports.duplicates(actor, today), start=1))
    return list_page(
        groups,
        asked,
        lambda one: one[0],
        lambda one: {"why": one[1].why, "accounts": [row_shape(r, today) for r in one[1].rows]},
    )
