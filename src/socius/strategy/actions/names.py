"""What a name in a cell means: the first column of its own kind's file, or the object's number."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q

from socius.accounts.models import Account, Identity
from socius.accounts.reports import Finder, spellings
from socius.activity.actions import Run
from socius.connectors.files import Row
from socius.organisation.models import Unit
from socius.strategy.models import Goal, Initiative, Series

M = TypeVar("M", bound=Model)


class Unknown(Exception):
    """Nobody knows this name; the row is rejected and `kind` names the file to import first."""

    def __init__(self, column: str, text: str, kind: str) -> None:
        super().__init__(f"Nobody knows the {column} {text!r}.")
        self.column = column
        self.repair = f"Import {kind} first, or correct the name."


class Names:
    """Remembers what was looked up: a file names the same few objects again and again."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def _by_key(self, model: type[M], column: str, text: str, kind: str) -> M:
        place = (column, text)
        if place not in self.kept:
            rows = model._default_manager
            found = rows.filter(key=text).first() or (
                rows.filter(pk=int(text)).first() if text.isdecimal() else None
            )
            if found is None:
                raise Unknown(column, text, kind)
            self.kept[place] = found
        return self.kept[place]  # type: ignore[no-any-return]

    def goal(self, text: str, column: str = "goal") -> Goal:
        """A goal by key or number."""
        return self._by_key(Goal, column, text, "goals")

    def initiative(self, text: str) -> Initiative:
        """An initiative by key or number."""
        return self._by_key(Initiative, "initiative", text, "initiatives")

    def series(self, text: str) -> Series:
        """A series by key or number."""
        return self._by_key(Series, "series", text, "outcomes")

    def unit(self, text: str) -> Unit:
        """A Unit by key, name, alias or number."""
        place = ("unit", text)
        if place not in self.kept:
            found = Unit.objects.named(text).first() or (
                Unit.objects.filter(pk=int(text)).first() if text.isdecimal() else None
            )
            if found is None:
                raise Unknown("unit", text, "units")
            self.kept[place] = found
        return self.kept[place]  # type: ignore[no-any-return]

    def root(self) -> Unit:
        """The organisation itself."""
        if ("unit", "") not in self.kept:
            self.kept["unit", ""] = Unit.objects.get(kind="organisation")
        return self.kept["unit", ""]  # type: ignore[no-any-return]

    def account(self, text: str, network: str = "") -> Account:
        """An account by handle, address, remote id or number; a handle on several networks needs the network named."""
        place = (f"account {network}", text)
        if place not in self.kept:
            found = find_account(text, network)
            if found is None:
                raise Unknown("account", text, "accounts")
            self.kept[place] = found
        return self.kept[place]  # type: ignore[no-any-return]


def find_account(text: str, network: str = "") -> Account | None:
    """The one account that this text means, None where there is none or more than one."""
    of, keys = spellings(text)
    rows = Identity.objects.filter(
        Q(key__in=keys) | Q(kind="handle", key__startswith=f"{keys[0]}@")
    )
    if network or of:
        rows = rows.filter(network=network or of)
    known = list(rows.select_related("account"))
    whole = {i.account_id: i.account.merged_into_id or i.account_id for i in known}
    finder = Finder(((i.network, i.kind, i.key, i.account_id) for i in known), whole)
    found = finder.find(network, text)
    if found is None and not known and text.isdecimal():
        return Account.objects.filter(pk=int(text)).first()
    return Account.objects.get(pk=whole[found]) if found else None


def reject_unknown(row: Row, run: Run, unknown: Unknown) -> None:
    """Rejects a row for a name that nobody knows."""
    run.reject(row, "unknown_name", str(unknown), column=unknown.column, repair=unknown.repair)
