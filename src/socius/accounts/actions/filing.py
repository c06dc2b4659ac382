"""Files an inventory: rows of one identity make one account, what differs is kept as a claim, what vanished is marked absent.

Works in blocks, because a hundred thousand rows must neither be a hundred thousand queries nor all in memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from socius.accounts.actions.absence import Groups, mark_absent, should_be_listed
from socius.accounts.actions.homes import Homes
from socius.accounts.actions.rows import insert_objects, insert_tuples
from socius.accounts.models import Account, Claim, Identity, Placement, Share
from socius.activity.actions import Run
from socius.connectors.files import Row, networks
from socius.kit.clock import micros
from socius.organisation.actions import allowed, asks, require
from socius.organisation.models import Actor, Person, Unit

BLOCK = 2000
IDENTITY = ("account", "network", "kind", "key", "known_from")
# Fields of a row that go to the account as they are.
PLAIN = (
    "url",
    "remote_id",
    "display_name",
    "purpose",
    "language",
    "country",
    "region",
    "audience",
    "last_post_at",
)
# What an account keeps of its first row against later rows of the same file.
COMPARED = ("handle", "url", "purpose", "language", "country", "region", "owner_email", "audience")
# An import may say that an account is on trial or gone; only strategy makes one active.
NOTHING = (None, "")
STATUSES = frozenset({"found", "claimed", "experiment", "retiring", "archived", "rejected"})

Keys = tuple[tuple[str, str], ...]


class Filed(NamedTuple):
    """A row with the account that it came to."""

    row: Row
    account: Account
    outcome: str
    stated: dict[str, Any]  # the fields that the row says something about


Also = Callable[[list[Filed], Run], None]


class Summary:
    """What the report says of the file as a whole: good rows by normalised network and language."""

    def __init__(self) -> None:
        self.networks: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.contradictions = 0
        self.merged = 0

    def count(self, row: Row) -> None:
        """Counts one row."""
        self.networks[row.text("network") or "other"] += 1
        self.languages[row.text("language") or "und"] += 1
        self.contradictions += bool(row.values.get("contradicts"))

    def as_json(self, *, units: int, accounts: int) -> dict[str, Any]:
        """The `summary` of docs/reference/import.md."""
        return {
            "networks": dict(sorted(self.networks.items())),
            "languages": dict(sorted(self.languages.items())),
            "units": units,
            "accounts": accounts,
            "merged": self.merged,
            "contradictions": self.contradictions,
        }


class Filing:
    """One inventory file on its way into the accounts."""

    def __init__(self, run: Run, actor: Actor, also: Also | None = None) -> None:
        self.run = run
        self.actor = actor
        self.also = also
        self.homes = Homes(actor, run)
        self.people: dict[str, int | None] = {}
        self.blank = {f.attname: f.get_default() for f in Account._meta.concrete_fields}
        # Accounts that this file listed already: the line, and the values of that first row.
        self.seen: dict[int, tuple[int, dict[str, Any]]] = {}
        # Accounts that a complete file should list, with their groups as they were before it.
        self.owned: Groups = {}
        self.allowed: dict[int, bool] = {}
        self.summary = Summary()

    def take(self, rows: Iterable[Row]) -> None:
        """The whole file, then what only the whole file can tell."""
        if self.run.upload.complete:
            self.owned = should_be_listed()
        waiting = iter(rows)
        while block := list(islice(waiting, BLOCK)):
            self.take_block(block)
        if self.run.upload.complete:
            mark_absent(self.owned, set(self.seen), self.run, self.actor)
        self.run.report.summary = self.summary.as_json(
            units=len(self.homes.named), accounts=len(self.seen)
        )

    def take_block(self, block: list[Row]) -> None:
        """Rows that are looked up, made and changed together."""
        known = Known(block)
        self.homes.make(block)
        made: list[Account] = []
        filed: list[Filed] = []
        homes: dict[int, Unit] = {}
        for row in block:
            unit = self.homes.of(row)
            if unit is None or not self.may(row, unit):
                continue
            self.summary.count(row)
            account, stated, outcome = known.find(row), self.stated(row), ""
            if account is None:
                account, outcome = self.make(row, unit, stated), "created"
                made.append(account)
            known.add(row, account)
            filed.append(Filed(row, account, outcome, stated))
            homes[row.line] = unit
        insert_objects(Account, made)
        at_us = micros(self.actor.at)
        homed = ((a.pk, a.unit_id, at_us) for a in made)
        insert_tuples(Placement, ("account", "unit", "known_from"), homed)
        insert_tuples(Identity, IDENTITY, known.fresh(at_us))
        self.settle([self.compare(f, homes[f.row.line]) for f in filed])

    def may(self, row: Row, unit: Unit) -> bool:
        """Rows for Units that the importer has no say in are rejected, the others go on."""
        if unit.pk not in self.allowed:
            self.allowed[unit.pk] = allowed(self.actor, "account.edit", unit)
        if self.allowed[unit.pk]:
            return True
        self.run.reject(
            row,
            "not_allowed",
            f"You may not edit accounts of {unit}.",
            column="unit",
            repair="Ask for the Right account.edit there.",
        )
        return False

    def make(self, row: Row, unit: Unit, stated: dict[str, Any]) -> Account:
        """An account as its first row states it. By position, which is how Django makes objects fastest."""
        status = row.text("status")
        given = {
            "network": row.text("network") or "other",
            "unit_id": unit.pk,
            "status": status if status in STATUSES else "claimed",
            "first_seen": self.actor.day,
            "created_at": self.actor.at,
            "network_contradicts_host": bool(row.values.get("contradicts")),
            "last_run": self.run.id,
            "extra": row.extra,
        }
        return Account(*{**self.blank, **given, **stated}.values())  # type: ignore[misc]

    def stated(self, row: Row) -> dict[str, Any]:
        """The fields that the row says something about, as the account's attributes."""
        values = row.values
        fields = {name: values[name] for name in PLAIN if values.get(name) not in NOTHING}
        if handle := row.text("handle"):
            fields["handle"] = handle
        if email := row.text("owner_email"):
            fields["owner_email"] = email.casefold()
            fields["owner_id"] = self.person(fields["owner_email"])
        if "audience" in fields:
            fields["audience_as_of"] = self.actor.day
        return fields

    def person(self, email: str) -> int | None:
        """The person of an address, None where nobody has it."""
        if email not in self.people:
            found = Person.objects.filter(email=email).values_list("pk", flat=True)
            self.people[email] = found.first()
        return self.people[email]

    def compare(self, filed: Filed, unit: Unit) -> tuple[Filed, dict[str, Any], list[Claim]]:
        """What a row changes: nothing on a created account, the fields on one known from earlier, claims on one seen in this file."""
        row, account, outcome, stated = filed
        first = self.seen.get(account.pk)
        if first is not None:
            self.summary.merged += 1
            claims = self.disagree(filed, first, unit)
            return filed._replace(outcome="unchanged"), {}, claims
        self.seen[account.pk] = (row.line, {**stated, "unit": unit.pk})
        if outcome == "created":
            return filed, {}, []
        before = {
            name: getattr(account, name)
            for name, value in stated.items()
            if name not in {"owner_id", "audience_as_of"} and getattr(account, name) != value
        }
        if account.unit_id != unit.pk:
            before["unit_id"] = account.unit_id
        if account.absent_since is not None:
            before["absent_since"] = account.absent_since
        if account.withdrawn:
            before["withdrawn"] = True
        now = {**stated, "absent_since": None, "unit_id": unit.pk, "withdrawn": False}
        for name in before:
            setattr(account, name, now[name])
        if "owner_email" in before:
            account.owner_id = stated.get("owner_id")
        return filed._replace(outcome="updated" if before else "unchanged"), before, []

    def disagree(self, filed: Filed, first: tuple[int, dict[str, Any]], unit: Unit) -> list[Claim]:
        """Claims for the fields in which a further row of one account differs from the first."""
        row, account, _, stated = filed
        line, said = first
        claims = [
            Claim(
                account=account,
                field=name,
                value=str(stated[name])[:1000],
                run=self.run.id,
                line=row.line,
            )
            for name in COMPARED
            if name in stated and name in said and stated[name] != said[name]
        ]
        if said.get("unit") != unit.pk:
            Share.objects.get_or_create(account=account, unit=unit)
            claims.append(
                Claim(
                    account=account,
                    field="unit",
                    value=unit.name[:1000],
                    run=self.run.id,
                    line=row.line,
                )
            )
        if claims:
            names = ", ".join(c.field for c in claims)
            self.run.note(
                row,
                "fields_disagree",
                f"Lines {line} and {row.line} are one account and differ in {names}; the first stands.",
                column=claims[0].field,
            )
        return claims

    def settle(self, compared: list[tuple[Filed, dict[str, Any], list[Claim]]]) -> None:
        """Writes what the block changed."""
        changed = {f.account.pk: f.account for f, before, _ in compared if before}
        fields = {name for _, before, _ in compared for name in before}
        names = sorted({"unit" if name == "unit_id" else name for name in fields} | {"owner"})
        if changed:
            Account.objects.bulk_update(changed.values(), names, batch_size=200)
        self.rehome(
            [f.account for f, before, _ in compared if {"unit_id", "withdrawn"} & {*before}]
        )
        self.keep_claims([c for _, _, claims in compared for c in claims])
        touched = [f.account.pk for f, _, _ in compared if f.outcome != "created"]
        Account.objects.filter(pk__in=touched).update(last_run=self.run.id)
        for filed, before, _ in compared:
            plain = {k: v if isinstance(v, str | int | None) else str(v) for k, v in before.items()}
            self.run.done(filed.row, filed.outcome, f"account:{filed.account.pk}", plain or None)
        if self.also:
            self.also([f for f, _, _ in compared], self.run)

    def keep_claims(self, claims: list[Claim]) -> None:
        """Writes the claims that are not known yet: the next file of the same source says most of them again."""
        known = set(
            Claim.objects.filter(account__in={c.account_id for c in claims}).values_list(
                "account_id", "field", "value"
            )
        )
        Claim.objects.bulk_create(
            (c for c in claims if (c.account_id, c.field, c.value) not in known), batch_size=500
        )

    def rehome(self, moved: list[Account]) -> None:
        """Closes and opens placements of accounts that another Unit now answers for."""
        at_us = micros(self.actor.at)
        Placement.objects.filter(account__in=moved, known_until=None).update(known_until=at_us)
        Placement.objects.bulk_create(
            Placement(account=a, unit_id=a.unit_id, known_from=at_us) for a in moved
        )


class Known:
    """The accounts that a block of rows may mean, with the keys by which they are known."""

    def __init__(self, block: list[Row]) -> None:
        wanted = {key for row in block for _, key in keys_of(row)}
        self.by_key: dict[tuple[str, str, str], list[Account]] = defaultdict(list)
        self.keys: dict[int, set[tuple[str, str]]] = defaultdict(set)
        self.new: list[tuple[Account, str, str, str]] = []
        for chunk in chunks(sorted(wanted), 10_000):
            hits = Identity.objects.filter(key__in=chunk).values_list("account_id", flat=True)
            self.remember(
                Account.objects.filter(pk__in=hits.distinct()).select_related("merged_into")
            )

    def remember(self, accounts: Iterable[Account]) -> None:
        """Takes in accounts with all their keys, under the account that they are part of now."""
        by_id = {a.pk: a.merged_into or a for a in accounts}
        for pk, network, kind, key in Identity.objects.filter(account__in=by_id).values_list(
            "account_id", "network", "kind", "key"
        ):
            account = by_id[pk]
            self.by_key[network, kind, key].append(account)
            self.keys[id(account)].add((kind, key))

    def find(self, row: Row) -> Account | None:
        """The account of a row: by a strong key, else by name where one of the two has no address."""
        keys = keys_of(row)
        network = row.text("network") or "other"
        for kind, key in keys:
            for account in self.by_key.get((network, kind, key), ()):
                if kind != "name" or networks.same(keys, tuple(self.keys[id(account)])):
                    return account
        return None

    def add(self, row: Row, account: Account) -> None:
        """Remembers the keys of a row under its account."""
        network = row.text("network") or "other"
        for kind, key in keys_of(row):
            holders = self.by_key[network, kind, key]
            if account in holders or (holders and kind != "name"):
                continue
            holders.append(account)
            self.keys[id(account)].add((kind, key))
            self.new.append((account, network, kind, key))

    def fresh(self, at_us: int) -> Iterator[tuple[int, str, str, str, int]]:
        """The identities to write, once the new accounts have their numbers."""
        return ((account.pk, network, kind, key, at_us) for account, network, kind, key in self.new)


def keys_of(row: Row) -> Keys:
    """The keys by which a row's account is known, strongest first."""
    return tuple(row.values.get("keys") or ())


def chunks(items: list[Any], size: int) -> Iterator[list[Any]]:
    """Slices that fit one query."""
    return (items[i : i + size] for i in range(0, len(items), size))


@asks("account.edit")
def file_accounts(rows: Iterable[Row], run: Run, *, actor: Actor, also: Also | None = None) -> None:
    """Files an inventory in the caller's transaction. `also` is called with each block."""
    require(actor, "account.edit", None)
    Filing(run, actor, also).take(rows)
