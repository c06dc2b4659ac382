"""The rights epoch: moved on in the same transaction as any change of grants, shares, Units or people."""

from __future__ import annotations

import secrets

from socius.organisation.models import RightsEpoch
from socius.organisation.standing import remember


def lock() -> RightsEpoch:
    """One change of the tree or of Rights at a time: two moves at once could close a circle."""
    row = RightsEpoch.objects.select_for_update().first()
    return row or RightsEpoch.objects.create(pk=1, stamp=secrets.token_hex(16))


def bump() -> None:
    """Makes everything compiled before void; call it after the change, inside its transaction."""
    row = lock()
    row.count += 1
    row.stamp = secrets.token_hex(16)
    row.save()
    remember(row.stamp)
