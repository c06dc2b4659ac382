"""Social accounts: what they are, whose they are, and what was claimed about them by which file."""

from __future__ import annotations

from django.db import models

from socius.organisation.models import Person, Unit


class Accounts(models.QuerySet["Account"]):
    """Sentences about many accounts."""

    def current(self) -> Accounts:
        """Neither merged into another, nor rejected as not ours, nor of an import that was taken back."""
        return self.filter(merged_into=None, withdrawn=False).exclude(status="rejected")


class Account(models.Model):
    """A presence on a network. It has exactly one owning Unit; which Goals it serves is `strategy`'s matter."""

    network = models.CharField(max_length=40)
    handle = models.CharField(max_length=300, blank=True)
    display_name = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # The owner's address as a file gave it, where nobody of that address is known.
    owner_email = models.CharField(max_length=254, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=40, default="und")
    country = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=120, blank=True)
    audience = models.BigIntegerField(null=True)
    audience_as_of = models.DateField(null=True)
    # Posts a week that its unit promises, whoever was promised them; null: nothing is promised.
    posts_promised = models.PositiveSmallIntegerField(null=True)
    custody = models.CharField(max_length=12, default="unknown")  # vault, person, agency, unknown
    # found, claimed, experiment, active, retiring, archived, rejected; only strategy enters `active`
    status = models.CharField(max_length=12, default="claimed")
    network_contradicts_host = models.BooleanField(default=False)
    first_seen = models.DateField()
    last_post_at = models.DateField(null=True)
    absent_since = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    merged_at = models.DateTimeField(null=True)
    extra = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    # The last import that listed it; null: made by hand. A complete import marks absent what it no longer lists.
    last_run = models.BigIntegerField(null=True)
    # The import that made it was taken back; a later file that lists it brings it in again.
    withdrawn = models.BooleanField(default=False)

    objects = Accounts.as_manager()

    class Meta:
        indexes = [models.Index(fields=["network", "handle"], name="account_by_handle")]

    def __str__(self) -> str:
        return self.handle or self.display_name or self.url


class Identity(models.Model):
    """What makes two rows the same account: network and remote id, handle or address, normalised."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="identities")
    network = models.CharField(max_length=40)
    # A `name` is weak: two accounts may carry the same one, so it counts only where one of the two has no address.
    kind = models.CharField(max_length=8)  # remote, handle, address, name
    key = models.CharField(max_length=500)
    # Since when the inventory knows the account under this key, UTC microseconds.
    known_from = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "kind", "key"],
                condition=~models.Q(kind="name"),
                name="one_account_an_identity",
            )
        ]
        indexes = [models.Index(fields=["key", "network"], name="identity_by_key")]


class Claim(models.Model):
    """A value that a file stated for a field and that differs from the account's own."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="claims")
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=1000)
    run = models.BigIntegerField(null=True)
    line = models.BigIntegerField(null=True)


class Placement(models.Model):
    """Which Unit owned the account, as known from one instant to another; the open row is `Account.unit`.

    An account whose import was taken back has no open row: from then on the inventory does not know it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="placements")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    known_from = models.BigIntegerField()
    known_until = models.BigIntegerField(null=True)


class Merger(models.Model):
    """An account was part of another, as known from one instant to another; the open rows lead to `Account.merged_into`."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="mergers")
    into = models.ForeignKey(Account, models.PROTECT, related_name="+")
    known_from = models.BigIntegerField()
    known_until = models.BigIntegerField(null=True)


class Share(models.Model):
    """A second Unit that a file named beside the owning one; it gives no Right by itself."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="listed_with")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "unit"], name="listed_once_with_a_unit")
        ]


class Reference(models.Model):
    """An account that imported activity names and the inventory does not know (yet)."""

    network = models.CharField(max_length=40)
    key = models.CharField(max_length=500)
    named = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "key"], name="one_reference_a_key")
        ]
