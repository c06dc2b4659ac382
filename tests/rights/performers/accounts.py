"""The verbs of socius.accounts."""

from __future__ import annotations

from typing import Any

from performers import Performer, World
from socius.accounts import actions
from socius.accounts.models import Account
from socius.activity.actions import run_import
from socius.connectors.files import Upload
from socius.organisation.models import Unit


def listed(world: World, handle: str = "ann", unit: Unit | None = None) -> Account:
    """An account that somebody listed by hand."""
    keys = [("handle", handle)]
    return actions.claim(
        unit or world.spoke, actor=world.founder, network="x", identities=keys, handle=handle
    )


def claim(world: World):
    keys = [("handle", "new")]
    return lambda actor: actions.claim(
        world.spoke, actor=actor, network="x", identities=keys, handle="new"
    )


def correct(world: World):
    account = listed(world)
    return lambda actor: actions.correct(account, actor=actor, purpose="care")


def merge(world: World):
    one, other = listed(world), listed(world, "bob")
    return lambda actor: actions.merge(one, into=other, actor=actor, reason="one desk")


def separate(world: World):
    one, other = listed(world), listed(world, "bob")
    actions.merge(one, into=other, actor=world.founder, reason="one desk")
    return lambda actor: actions.separate(one, actor=actor)


def move(world: World):
    account = listed(world)
    return lambda actor: actions.move(account, to=world.hub, actor=actor)


def enter_status(world: World):
    account = listed(world)
    return lambda actor: actions.enter_status(
        account, status="archived", actor=actor, reason="closed"
    )


def file_accounts(world: World):
    text = "network,handle,url,unit\nx,new,https://x.com/new,hub\n"

    def perform(actor: Any) -> Any:
        return run_import(
            Upload(text.encode(), "accounts.csv", apply=True),
            kind="accounts",
            who=actor,
            apply=lambda rows, run: actions.file_accounts(rows, run, actor=actor),
        )

    return perform


PERFORMERS: dict[str, Performer] = {
    verb.__name__: verb
    for verb in (claim, correct, merge, separate, move, enter_status, file_accounts)
}
