"""Historical activity from files, block by block. Built to take a million rows: everything is looked up once a file."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, NamedTuple

from socius.accounts.actions import refer
from socius.accounts.models import Account, Identity, Reference
from socius.accounts.reports import Finder, spellings
from socius.activity.actions import Draft, Run, append, run_blocks
from socius.activity.models import Entry, ImportRun
from socius.connectors.files import Report, Row, Upload
from socius.engine.verbs import COUNTED
from socius.kit.clock import micros
from socius.kit.ids import time_ordered_id, time_ordered_ids
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor
from socius.strategy.models import Goal, Initiative

KEPT = ("actor", "origin")
# Made once: `json.dumps` makes an encoder for each call.
ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

# (network, object_id, verb): what makes two rows of history the same activity.
Key = tuple[str, str, str]


class Place(NamedTuple):
    """Where a cell (network, account) leads: an account, or a reference to one that nobody listed."""

    account: int | None
    network: str
    object: str
    # The object of the same cell in rows from before the inventory knew the account; '' where there are none.
    earlier: str = ""


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
    return run_blocks(upload, kind="activity", who=actor, apply_block=History(actor).take)


class History:
    """One file of history: who is who in it, and its blocks."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.doer = actor.ref
        self.recorded_at = micros(actor.at)
        self.name_at = time_ordered_ids(0)
        self.named: dict[str, dict[str, int]] | None = None
        self.finder = Finder((), {})
        self.references: dict[tuple[str, str], int] = {}
        self.networks: dict[int, str] = {}
        self.places: dict[tuple[str, str], Place] = {}
        self.told: set[tuple[str, str]] = set()

    def load(self) -> dict[str, dict[str, int]]:
        """Reads every name once; blocks only look up."""
        if self.named is None:
            identities = Identity.objects.values_list("network", "kind", "key", "account_id")
            merged = Account.objects.exclude(merged_into=None).values_list("pk", "merged_into_id")
            self.finder = Finder(identities.iterator(), dict(merged))
            self.references = {
                (network, key): pk
                for pk, network, key in Reference.objects.values_list("pk", "network", "key")
            }
            self.networks = dict(Account.objects.values_list("pk", "network"))
            self.named = {
                "goal": named(Goal.objects.values_list("key", "pk")),
                "initiative": named(Initiative.objects.values_list("key", "pk")),
            }
        return self.named

    def take(self, rows: list[Row], run: Run) -> None:
        """One block, in the caller's transaction."""
        self.load()
        self.name_at = time_ordered_ids(len(rows))
        standing: dict[Key, Standing | Draft] = {}
        standing |= standing_rows([row.values["object_id"] for row in rows], run.id)
        drafts: list[Draft] = []
        for row in rows:
            draft = self.draft(row, run)
            if draft is None:
                continue
            # The cell and not what was found: an account that is known by now must not make the row another one.
            key = (row.values.get("network") or "", draft.remote_id or "", draft.verb)
            before = standing.get(key) or standing.get((draft.network or "", *key[1:]))
            if isinstance(before, Draft):
                before = Standing(before.id, said(before), about(before))
            if before is not None and self.same(before, draft, row):
                run.done(row, "unchanged")
                continue
            if before is not None:
                drafts.append(take_back(before, draft))
            drafts.append(draft)
            standing.pop(key, None)
            standing[draft.network or "", *key[1:]] = draft
            run.done(row, "created" if before is None else "updated")
        if not run.dry:
            append(drafts)

    def same(self, before: Standing, draft: Draft, row: Row) -> bool:
        """The row says what stands already; under a reference too, where its account is known by now."""
        if before.said == said(draft):
            return True
        place = self.places[row.values.get("network") or "", row.values.get("account") or ""]
        return bool(place.earlier) and before.said == said(draft._replace(object=place.earlier))

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
        if place.account is None and account:
            self.tell_unknown(row, (network, account), run)
        # By position: a million times by name would cost as much as the chain's hashes.
        return Draft(
            self.name_at(self.recorded_at),
            micros(values["at"]),
            self.recorded_at,
            self.doer,
            "import",
            values["verb"],
            "done",
            place.object,
            None,
            place.account,
            found["initiative"],
            found["goal"],
            place.network or None,
            values["object_id"],
            values.get("minutes"),
            run.id or None,
            None,
            None,
            content_of(row),
        )

    def tell_unknown(self, row: Row, named: tuple[str, str], run: Run) -> None:
        """Lists an unknown account at its first row; the others of the same name are counted."""
        if named in self.told:
            run.count("account_unknown")
            return
        self.told.add(named)
        run.note(
            row,
            "account_unknown",
            f"Nobody listed the account {named[1]!r}; its activity is kept and counted apart.",
            column="account",
            repair="Import accounts; past activity heals by itself.",
        )

    def find(self, network: str, account: str, run: Run) -> Place:
        """Where a cell leads. The first time that a file names an account that nobody listed, a reference is made."""
        if not account:
            return Place(None, network, "organisation:1" if not network else f"network:{network}")
        found = self.finder.find(network, account)
        if found is None and account.isdecimal() and int(account) in self.networks:
            found = int(account)
        of, keys = spellings(account)
        network = network or of
        known = self.references.get((network, keys[0]))
        if found is None and known is None and not run.dry:
            known = self.references[network, keys[0]] = refer(network, keys[0], account).pk
        if found is None:
            return Place(None, network, f"reference:{known or 0}")
        kept = f"reference:{known}" if known else ""
        return Place(found, network or self.networks[found], f"account:{found}", kept)


def named(rows: Any) -> dict[str, int]:
    """Objects by key, and by number where no key is that number."""
    by_key = dict(rows)
    return {str(pk): pk for pk in by_key.values()} | by_key


def content_of(row: Row) -> bytes | None:
    """What the ledger keeps apart: who did it and in which system, and columns that nobody asked for."""
    if row.extra:
        kept = {name: row.values[name] for name in KEPT if row.values.get(name)}
        return ENCODE({**kept, "extra": row.extra}).encode()
    return content_with(row.values.get("actor") or "", row.values.get("origin") or "")


@lru_cache(maxsize=4096)
def content_with(actor: str, origin: str) -> bytes | None:
    """The same few people and systems stand in row after row."""
    kept = {name: text for name, text in zip(KEPT, (actor, origin), strict=True) if text}
    return ENCODE(kept).encode() if kept else None


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


def standing_rows(ids: list[str], own: int) -> dict[Key, Standing]:
    """What the ledger holds of these ids and has not taken back; of other runs only what counts already."""
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
    # Rows of an interrupted import count nowhere, and neither does what it took back.
    hidden = set(
        ImportRun.objects.filter(state="running").exclude(pk=own).values_list("pk", flat=True)
    )
    said_before = Entry.objects.filter(remote_id__in=ids, verb__in=COUNTED, result="done")
    rows = [row[1:] for row in said_before.values_list("run", *columns) if row[0] not in hidden]
    if not rows:
        return {}
    gone = {
        bytes(target or b"")
        for target, run in Entry.objects.filter(retracts__in=[row[0] for row in rows]).values_list(
            "retracts", "run"
        )
        if run not in hidden
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
