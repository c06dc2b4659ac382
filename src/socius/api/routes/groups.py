"""Account groups: declared before looking as one subject of measurement."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from socius.api.acting import actor_of
from socius.api.finding import account, known, shown, unit
from socius.api.paging import Page, Paging, rows_page
from socius.api.shapes.measured import DeclaredGroupOut, GroupIn
from socius.api.values import Number, Why
from socius.measure import actions
from socius.measure.models import AccountGroup
from socius.measure.reports.groups import group_shape, groups
from socius.organisation.actions import require_somewhere
from socius.strategy.models import Series

TAG = "groups"
ASKED = "effect.record"
router = Router()


@router.get("/groups", response=Page[DeclaredGroupOut])
def list_groups(request: HttpRequest, asked: Query[Paging]) -> dict[str, Any]:
    """Declared account groups, those that were taken back too."""
    actor = actor_of(request)
    require_somewhere(actor, "analytics.view")
    return rows_page(groups(actor), asked, lambda found: map(group_shape, found))


@router.post("/groups", response=DeclaredGroupOut)
def declare_group(request: HttpRequest, given: GroupIn) -> dict[str, Any]:
    """Declares a group; from its first day on it is estimated each night on each of its outcomes."""
    actor = actor_of(request)
    said = given.model_dump()
    home, key = unit(said.pop("unit"), actor, ASKED), said.pop("key")
    said["accounts"] = tuple(account(pk, actor, ASKED) for pk in dict.fromkeys(said["accounts"]))
    rows = Series.objects.all()
    said["outcomes"] = tuple(known(rows, pk, actor, ASKED) for pk in dict.fromkeys(said["outcomes"]))  # fmt: skip
    return group_shape(actions.declare_group(home, key=key, declared=actions.Declared(**said), actor=actor))  # fmt: skip


@router.post("/groups/{number}/withdraw", response={204: None})
def withdraw_group(request: HttpRequest, number: Path[Number], given: Why) -> Status[None]:
    """Takes a group back: it is estimated no more."""
    actor = actor_of(request)
    row = shown(AccountGroup.objects.all(), number)
    known(AccountGroup.objects.all(), row.pk, actor, ASKED)
    actions.withdraw_group(row, actor=actor, reason=given.reason)
    return Status(204, None)
