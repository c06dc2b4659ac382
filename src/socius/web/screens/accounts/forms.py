"""Forms of one account, and of decisions about many."""

from __future__ import annotations

from typing import Any

from django import forms

from socius.accounts.models import Account
from socius.organisation.models import Actor, Person, Unit
from socius.strategy.models import Experiment, Goal, Initiative
from socius.strategy.reports import Wanted, inventory, running_goals

DATE = forms.DateInput(attrs={"type": "date"})
CUSTODY = (
    ("unknown", "nobody knows"),
    ("vault", "a vault"),
    ("person", "one person"),
    ("agency", "an agency"),
)
DECISIONS = (
    ("keep", "Keep"),
    ("consolidate", "Consolidate"),
    ("retire", "Retire"),
    ("verify", "Verify"),
)


class About(forms.Form):
    """A form about an account; it knows who asks."""

    def __init__(self, *args: Any, account: Account, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.actor = actor
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs.setdefault("class", f"{kind} {kind}-sm")


class Tie(About):
    """To what the account is tied, and since when."""

    to = forms.ChoiceField(label="Serves")
    start = forms.DateField(
        label="Since",
        required=False,
        widget=DATE,
        help_text="Empty: from the beginning, so that past activity counts too.",
    )
    until = forms.DateField(
        label="Until",
        required=False,
        widget=DATE,
        help_text="Empty: open. The first day on which it no longer holds.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = self.actor.day
        goals = [(f"goal:{g.pk}", str(g)[:90]) for g in running_goals(self.actor)]
        works = [
            (f"initiative:{i.pk}", i.title[:90])
            for i in Initiative.objects.exclude(status__in=("rejected", "ended")).order_by("title")
        ]
        trials = [
            (f"experiment:{e.pk}", f"{e.title[:70]}, until {e.end}")
            for e in Experiment.objects.filter(known_until=None, end__gte=today)
        ]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("Goals", goals),
            ("Initiatives", works),
            ("Experiments", trials),
        ]

    def clean_to(self) -> tuple[str, Goal | Initiative | Experiment]:
        kind, _, pk = self.cleaned_data["to"].partition(":")
        model = {"goal": Goal, "initiative": Initiative, "experiment": Experiment}[kind]
        return kind, model.objects.get(pk=pk)  # type: ignore[attr-defined]


class Owner(About):
    """Who answers for the account."""

    owner = forms.EmailField(
        label="Owner's address", widget=forms.EmailInput(attrs={"list": "people"})
    )

    def clean_owner(self) -> Person | str:
        text = self.cleaned_data["owner"]
        return Person.objects.filter(email=text.casefold()).first() or str(text)


class Activate(About):
    """Nothing but the reason: what it needs is asked of the account."""

    reason = forms.CharField(label="Note", required=False, max_length=500)


class Correct(About):
    """What describes the account."""

    handle = forms.CharField(max_length=300, required=False)
    display_name = forms.CharField(label="Name", max_length=300, required=False)
    url = forms.CharField(label="Address", max_length=1000, required=False)
    purpose = forms.CharField(max_length=500, required=False)
    language = forms.CharField(
        max_length=40, help_text="An ISO code such as en; und where it is unknown."
    )
    country = forms.CharField(max_length=80, required=False)
    region = forms.CharField(max_length=120, required=False)
    posts_promised = forms.IntegerField(
        label="Posts a week it promises",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="Empty: nothing is promised. Compared with the hours of its unit (rule C3).",
    )
    custody = forms.ChoiceField(label="Who holds the password", choices=CUSTODY)


class Move(About):
    """To which Unit."""

    to = forms.ModelChoiceField(Unit.objects.order_by("name"), label="Unit", empty_label=None)


class Merge(About):
    """Into which account."""

    into = forms.CharField(
        label="Part of", help_text="Number, handle or address of the account that stays."
    )
    reason = forms.CharField(max_length=500)

    def clean_into(self) -> Account:
        text = str(self.cleaned_data["into"]).strip()
        rows = inventory(self.actor, Wanted()).exclude(pk=self.account.pk)
        hits = list(rows.filter(pk=int(text))[:1]) if text.isascii() and text.isdecimal() else []
        for name in ("url__iexact", "handle__iexact"):
            hits = hits or list(rows.filter(**{name: text})[:2])
        if len(hits) != 1:
            found = "Several accounts have" if hits else "No account has"
            raise forms.ValidationError(f"{found} this name. Give its number; the list shows it.")
        return hits[0]


class Decide(About):
    """A decision with its reason."""

    decision = forms.ChoiceField(choices=DECISIONS)
    reason = forms.CharField(max_length=500, help_text="Kept in the ledger with your name.")


class DecideMany(forms.Form):
    """The same decision about several accounts."""

    decision = forms.ChoiceField(choices=DECISIONS)
    reason = forms.CharField(max_length=500)
    pick = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, data: Any, ids: list[int]) -> None:
        super().__init__(data)
        self.fields["pick"].choices = [(str(pk), "") for pk in ids]  # type: ignore[attr-defined]
