"""Rings: suspected by the worker, confirmed or cleared by a person. Nobody is blocked and nobody is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from socius.activity.actions import record
from socius.activity.actions.ledger import Doer
from socius.kit.errors import Invalid
from socius.listen.models import Ring
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Unit

SUSPECTED, CONFIRMED, CLEARED = "suspected", "confirmed", "cleared"
LOW = 0.1
SAME = 0.5  # of the smaller ring's members


@transaction.atomic
def suspect_rings(found: Iterable[Mapping[str, Any]], doer: Doer) -> int:
    """Keeps what the worker suspects now: a ring that is known grows, one that is gone is forgotten, what a person decided stays; returns how many are new."""
    held = list(Ring.objects.select_for_update())
    seen, fresh = set[int](), 0
    root = Unit.objects.get(kind="organisation")
    for one in found:
        known = next((r for r in held if alike(r.members, one["members"])), None)
        if known is None:
            row = Ring.objects.create(unit=root, found_at=doer.at, **one)
            record(doer, "ring_suspected", f"ring:{row.pk}", unit=root.pk, content={"authors": len(row.members)})  # fmt: skip
            fresh += 1
            continue
        seen.add(known.pk)
        if known.state == SUSPECTED:
            Ring.objects.filter(pk=known.pk).update(**one)
    gone = [r.pk for r in held if r.state == SUSPECTED and r.pk not in seen]
    Ring.objects.filter(pk__in=gone).delete()
    return fresh


def alike(one: list[str], other: list[str]) -> bool:
    """Whether two rings are one: half of the smaller is in both."""
    return len(set(one) & set(other)) >= SAME * min(len(one), len(other))


@asks("alert.handle")
@transaction.atomic
def decide_ring(ring: Ring, *, actor: Actor, state: str, reason: str) -> Ring:
    """Confirms a ring, or clears it: then its authors weigh as all others from the next look on."""
    ring = Ring.objects.select_for_update().get(pk=ring.pk)
    require(actor, "alert.handle", ring)
    if state not in {CONFIRMED, CLEARED}:
        raise Invalid(f"{state!r} is no decision.", field="state", repair="Use confirmed or cleared.")  # fmt: skip
    if not reason.strip():
        raise Invalid("There is no reason.", field="reason", repair="Say what you saw.")
    ring.state, ring.reason = state, reason.strip()[:400]
    ring.decided_by, ring.decided_at = actor.person, actor.at
    ring.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    record(actor, "ring_decided", f"ring:{ring.pk}", unit=ring.unit_id, content={"state": state, "reason": ring.reason})  # fmt: skip
    return ring


def trusted_less() -> dict[str, float]:
    """Hashes of authors that weigh less, unless a person cleared their ring."""
    rows = Ring.objects.exclude(state=CLEARED).values_list("members", flat=True)
    return {member: LOW for members in rows for member in members}
