"""What a complete inventory no longer lists: marked absent since a day, never retired; the shrink guard may hold it all (R10)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from socius.accounts.models import Account, Accounts
from socius.activity.actions import Run
from socius.activity.models import ImportedRow
from socius.connectors.files.shrink import shrink
from socius.organisation.models import Actor

ABSENT = "absent"  # the outcome under which an import remembers whom it marked absent
CHUNK = 900

# Account -> its values of what the shrink guard compares.
Groups = dict[Hashable, dict[str, str]]


def listed() -> Accounts:
    """Accounts that some file listed and that a complete one is expected to list again."""
    return (
        Account.objects.exclude(last_run=None)
        .filter(merged_into=None, withdrawn=False)
        .exclude(status__in=["archived", "rejected"])
    )


def should_be_listed() -> Groups:
    """What the source owns before it is read; an account that is absent already cannot vanish again."""
    return groups(listed().filter(absent_since=None))


def groups(accounts: Accounts) -> Groups:
    """What the shrink guard compares of each account; '' says nothing."""
    rows = accounts.values_list("pk", "unit_id", "network", "language", "country")
    return {
        pk: {
            "unit": str(unit),
            "network": network,
            "language": language if language != "und" else "",
            "country": country,
        }
        for pk, unit, network, language, country in rows.iterator()
    }


def mark_absent(owned: Groups, seen: set[int], run: Run, actor: Actor) -> None:
    """Marks what was owned and is not seen, unless the guard asks and nobody confirmed."""
    now = groups(listed())
    found = shrink(owned, {pk: now[pk] for pk in owned if pk in seen and pk in now})
    run.report.shrink = found.as_json()
    for name in found.groups_renamed:
        say = f"{name}: the accounts of this group come back under another value; none of them vanished."
        run.report.find("info", "group_renamed", say)
    if found.asks and not (run.upload.confirm_shrink and run.upload.reason):
        run.report.worsen("held")
        run.report.find(
            "error",
            "shrink_held",
            f"{found.would_mark_absent} of {found.owned} accounts are missing from this file, more than a source loses at once.",
            repair="Check the source; if it is right, say --confirm-shrink --reason TEXT.",
        )
        return
    be_absent([pk for pk in owned if isinstance(pk, int) and pk not in seen], run, actor)


def be_absent(gone: list[int], run: Run, actor: Actor) -> None:
    """Marks accounts absent, and remembers which: an undo of the import lists them again."""
    for chunk in chunks(gone):
        Account.objects.filter(pk__in=chunk).update(absent_since=actor.day)
    ImportedRow.objects.bulk_create(
        (
            ImportedRow(run_id=run.id, line=0, row_hash=b"", object=f"account:{pk}", outcome=ABSENT)
            for pk in gone
        ),
        batch_size=500,
    )
    for pk in gone:
        say = f"account:{pk} is no longer listed."
        run.report.find("info", "marked_absent", say, value=str(pk))


def chunks(items: list[Any]) -> Iterator[list[Any]]:
    """Slices that fit one query."""
    return (items[i : i + CHUNK] for i in range(0, len(items), CHUNK))
