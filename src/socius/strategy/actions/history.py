"""Historical activity from files, block by block. Built to take a million rows: everything is looked up once a file."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from socius.accounts.actions import refer
from socius.accounts.models import Account, Identity
from socius.activity.actions import Draft, Run, append, bring_up_to_date, run_blocks
from socius.activity.models import Entry
from socius.connectors.files import Report, Row, Upload
from socius.engine.verbs import COUNTED
from socius.kit.clock import micros
from socius.kit.ids import time_ordered_id
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor
from socius.strategy.actions.names import keys_of
from socius.strategy.models import Goal, Initiative

# (network, object_id, verb): what makes two rows of history the same activity.
Key = tuple[str, str, str]


class Place(NamedTuple):
    """Where a cell (network, account) leads: an account, or a reference to one that nobody listed."""

    account: int | None
    network: str
    object: str


class Standing(NamedTuple):
    """A row of the ledger that is not taken back, with what an import compares."""

    id: bytes
    said: tuple[Any, ...]
    about: dict[str, Any]


@asks("activity.import")
def import_activity(upload: Upload, *, actor: Actor) -> Report:
    """Reads what was posted, replied, moderated or run elsewhere; blocks of 10,000 rows, resumable after a kill.

    A row that was imported before is unchanged; the same (network, object_id, verb) with other values takes the old row back and
    writes the new one. An account that nobody listed is kept as a reference and heals once the inventory knows it.
    """
    require(actor, "activity.import", None)
    report = run_blocks(upload, kind="activity", who=actor, apply_block=History(actor).take)
    if report.applied_at:
        # Where no worker runs, the daily counts would lag behind and every reading would count a million rows anew.
        bring_up_to_date()
    return report


class History:
    """One file of history: who is who in it, and its blocks."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.recorded_at = micros(actor.at)
        self.named: dict[str, dict[str, int]] | None = None
        self.identities: dict[tuple[str, str], int] = {}
        self.locals: dict[tuple[str, str], set[int]] = {}
        self.networks: dict[int, str] = {}
        self.places: dict[tuple[str, str], Place] = {}

    def load(self) -> dict[str, dict[str, int]]:
        """Reads every name once; blocks only look up."""
        if self.named is None:
            for network, key, account in Identity.objects.values_list(
                "network", "key", "account_id"
            ).iterator():
                self.identities[network, key] = account
                local, at, _ = key.partition("@")
                if at:
                    # A federated handle is often written without its host: good enough where only one account has it.
                    self.locals.setdefault((network, local), set()).add(account)
            self.networks = dict(Account.objects.values_list("pk", "network"))
            self.named = {
                "goal": named(Goal.objects.values_list("key", "pk")),
                "initiative": named(Initiative.objects.values_list("key", "pk")),
            }
        return self.named

    def take(self, rows: list[Row], run: Run) -> None:
        """One block, in the caller's transaction."""
        self.load()
        standing = standing_rows([row.values["object_id"] for row in rows])
        drafts: list[Draft] = []
        for row in rows:
            draft = self.draft(row, run)
            if draft is None:
                continue
            key = (draft.network or "", draft.remote_id or "", draft.verb)
            before = standing.get(key)
            if before is not None and before.said == said(draft):
                run.done(row, "unchanged")
                continue
            if before is not None:
                drafts.append(take_back(before, draft))
            drafts.append(draft)
            standing[key] = Standing(draft.id, said(draft), about(draft))
            run.done(row, "created" if before is None else "updated")
        if not run.dry:
            append(drafts)

    def draft(self, row: Row, run: Run) -> Draft | None:
        """The row as the ledger takes it; None where it was rejected."""
        values = row.values
        found: dict[str, int | None] = {"goal": None, "initiative": None}
        for column, by_name in (self.named or {}).items():
            text = values.get(column)
            if text:
                found[column] = by_name.get(text)
                if found[column] is None:
                    run.reject(
                        row,
                        "unknown_name",
                        f"Nobody knows the {column} {text!r}.",
                        column=column,
                        repair=f"Import {column}s first, or correct the name.",
                    )
                    return None
        network, account = values.get("network") or "", values.get("account") or ""
        if not network and values["verb"] != "ran" and not account:
            run.reject(
                row,
                "network_missing",
                "Only what was `ran` may come without a network.",
                column="network",
                repair="Name the network.",
            )
            return None
        place = self.places.get((network, account))
        if place is None:
            place = self.places[network, account] = self.find(network, account, run)
        if place.object.startswith("reference"):
            run.note(
                row,
                "account_unknown",
                f"Nobody listed the account {account!r}; the activity is kept and counted apart.",
                column="account",
                repair="Import accounts; past activity heals by itself.",
            )
        return Draft(
            id=time_ordered_id(self.recorded_at),
            at=micros(values["at"]),
            recorded_at=self.recorded_at,
            actor=self.actor.ref,
            origin="import",
            verb=values["verb"],
            result="done",
            object=place.object,
            account=place.account,
            initiative=found["initiative"],
            goal=found["goal"],
            network=place.network or None,
            remote_id=values["object_id"],
            minutes=values.get("minutes"),
            run=run.id or None,
            content=content_of(row),
        )

    def find(self, network: str, account: str, run: Run) -> Place:
        """Where a cell leads. The first time that a file names an account that nobody listed, a reference is made."""
        if not account:
            return Place(None, network, "organisation:1" if not network else f"network:{network}")
        of, keys = keys_of(account)
        network = network or of
        names = {network} if network else {n for n, key in self.identities if key in keys}
        hits = {self.identities[n, k] for n in names for k in keys if (n, k) in self.identities}
        if not hits:
            hits = set().union(*(self.locals.get((n, k), ()) for n in names for k in keys))
        if not hits and account.isdecimal() and int(account) in self.networks:
            hits = {int(account)}
        if len(hits) == 1:
            pk = hits.pop()
            return Place(pk, network or self.networks[pk], f"account:{pk}")
        if run.dry:
            return Place(None, network, "reference:0")
        return Place(None, network, f"reference:{refer(network, keys[0], account).pk}")


def named(rows: Any) -> dict[str, int]:
    """Objects by key, and by number where no key is that number."""
    by_key = dict(rows)
    return {str(pk): pk for pk in by_key.values()} | by_key


def content_of(row: Row) -> bytes | None:
    """What the ledger keeps apart: who did it and in which system, and columns that nobody asked for."""
    kept = {name: row.values[name] for name in ("actor", "origin") if row.values.get(name)}
    if row.extra:
        kept["extra"] = row.extra
    if not kept:
        return None
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def said(draft: Draft) -> tuple[Any, ...]:
    """The values in which two rows of the same key can differ."""
    return (draft.at, draft.object, draft.initiative, draft.goal, draft.minutes)


def about(draft: Draft) -> dict[str, Any]:
    """What a row that takes this one back repeats, so that both are counted in one place."""
    return {
        "account": draft.account,
        "initiative": draft.initiative,
        "goal": draft.goal,
        "network": draft.network,
    }


def standing_rows(ids: list[str]) -> dict[Key, Standing]:
    """What the ledger holds of these ids and has not taken back."""
    columns = (
        "id",
        "network",
        "remote_id",
        "verb",
        "at",
        "object",
        "account",
        "initiative",
        "goal",
        "minutes",
    )
    rows = list(
        Entry.objects.filter(remote_id__in=ids, verb__in=COUNTED, result="done").values_list(
            *columns
        )
    )
    if not rows:
        return {}
    gone = {
        bytes(r or b"")
        for r in Entry.objects.filter(retracts__in=[row[0] for row in rows]).values_list(
            "retracts", flat=True
        )
    }
    found: dict[Key, Standing] = {}
    for pk, network, remote, verb, at, obj, account, initiative, goal, minutes in rows:
        if bytes(pk) not in gone:
            what = {"account": account, "initiative": initiative, "goal": goal, "network": network}
            found[network or "", remote or "", verb] = Standing(
                bytes(pk), (at, obj, initiative, goal, minutes), what
            )
    return found


def take_back(before: Standing, after: Draft) -> Draft:
    """The compensating row of one that is written anew with other values."""
    at, obj, *_ = before.said
    return Draft(
        id=time_ordered_id(after.recorded_at),
        at=at,
        recorded_at=after.recorded_at,
        actor=after.actor,
        origin=after.origin,
        verb="retract",
        result="done",
        object=obj,
        run=after.run,
        retracts=before.id,
        **before.about,
    )
