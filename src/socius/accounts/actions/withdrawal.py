"""Takes an imported inventory back: what it made leaves, what it changed is as before. The caller has required and records."""

from __future__ import annotations

from typing import Any

from django.db.models import Field, Max

from socius.accounts.actions.absence import ABSENT, chunks
from socius.accounts.actions.inventory import place
from socius.accounts.models import Account, Claim, Merger, Placement
from socius.activity.models import ImportedRow, ImportRun
from socius.kit.clock import micros
from socius.kit.errors import Conflict
from socius.organisation.models import Actor, Person, Unit


def withdraw_import(run: ImportRun, actor: Actor) -> int:
    """Undoes what an import of accounts did to the inventory; returns how many accounts it touched."""
    lines = ImportedRow.objects.filter(run=run)
    made = numbers(lines.filter(outcome="created"))
    updated = lines.filter(outcome="updated").values_list("object", "before")
    changed = {numbered(name): before for name, before in updated if before}
    gone = numbers(lines.filter(outcome=ABSENT))
    refuse_wholes(made)
    for chunk in chunks(made):
        Account.objects.filter(pk__in=chunk).update(withdrawn=True)
        open_rows = Placement.objects.filter(account__in=chunk, known_until=None)
        open_rows.update(known_until=micros(actor.at))
    for account in Account.objects.filter(pk__in=changed):
        restore(account, changed[account.pk], actor)
    for chunk in chunks(gone):
        Account.objects.filter(pk__in=chunk).update(absent_since=None)
    Claim.objects.filter(run=run.pk).delete()
    list_as_before(run)
    return len(made) + len(changed) + len(gone)


def refuse_wholes(made: list[int]) -> None:
    """Raises Conflict where others were made part of an account that would leave: their activity would have no place."""
    for chunk in chunks(made):
        part = (
            Merger.objects.filter(into__in=chunk, known_until=None)
            .exclude(account__in=made)
            .select_related("account", "into")
            .first()
        )
        if part is not None:
            raise Conflict(
                f"account:{part.account_id} ({part.account}) was made part of account:{part.into_id} ({part.into}), "
                "which this import brought. Take that merge back first."
            )


def restore(account: Account, before: dict[str, Any], actor: Actor) -> None:
    """Puts the fields back that a row replaced."""
    for name, value in before.items():
        if name not in {"unit_id", "withdrawn"}:
            field = account._meta.get_field(name)
            assert isinstance(field, Field)  # noqa: S101 - `before` names columns, never the reverse of a key
            setattr(account, name, value if value is None else field.to_python(value))
    if "owner_email" in before:
        account.owner = Person.objects.filter(email=account.owner_email or "-").first()
    if before.get("withdrawn"):
        # The import had brought back an account that an earlier undo had taken out.
        account.withdrawn = True
        open_rows = Placement.objects.filter(account=account, known_until=None)
        open_rows.update(known_until=micros(actor.at))
    account.save()
    if "unit_id" in before and not account.withdrawn:
        place(account, Unit.objects.get(pk=before["unit_id"]), micros(actor.at))


def list_as_before(run: ImportRun) -> None:
    """Each account counts as listed by the last import before this one that named it."""
    touched = list(Account.objects.filter(last_run=run.pk).values_list("pk", flat=True))
    for chunk in chunks(touched):
        earlier = dict(
            ImportedRow.objects.filter(
                object__in=[f"account:{pk}" for pk in chunk],
                run__lt=run.pk,
                run__state="applied",
                run__undoes=None,
                run__kind="accounts",
            )
            .exclude(outcome=ABSENT)
            .values_list("object")
            .annotate(Max("run"))
        )
        rows = [Account(pk=pk, last_run=earlier.get(f"account:{pk}")) for pk in chunk]
        Account.objects.bulk_update(rows, ["last_run"], batch_size=200)


def numbers(lines: Any) -> list[int]:
    """The numbers of the accounts that lines of an import are about."""
    return [numbered(name) for name in lines.values_list("object", flat=True) if name]


def numbered(name: str) -> int:
    """5 of `account:5`."""
    return int(name.rpartition(":")[2])
