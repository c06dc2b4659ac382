"""What the worker suspects, a person confirms or clears; what was decided outlives the next look."""

from __future__ import annotations

from typing import Any

from django.test import Client

from house import House
from socius.kit import clock
from socius.listen.actions.alerts import Watcher
from socius.listen.actions.rings import suspect_rings, trusted_less
from socius.listen.models import Ring

NAMES = ["a", "b", "c", "d", "e"]


def told(members: list[str]) -> dict[str, Any]:
    return {"members": members, "moments": 20, "texts": 4, "needed": 3, "keys": [], "days": []}


def test_a_ring_is_suspected_grows_is_cleared_and_stays_so(db: None) -> None:
    house = House(clock.now())
    doer = Watcher(house.at)
    assert suspect_rings([told(NAMES), told(["x", "y", "z", "u", "v"])], doer) == 2
    assert suspect_rings([told([*NAMES, "f"])], doer) == 0
    ring = Ring.objects.get()
    assert len(ring.members) == 6
    assert trusted_less()["f"] == 0.1
    door = Client()
    door.force_login(house.person)
    assert "6 authors" in door.get("/listen/rings/").content.decode()
    path = f"/listen/rings/{ring.pk}/decide/"
    assert door.post(path, {"state": "cleared", "reason": ""}).status_code == 422
    assert door.post(path, {"state": "cleared", "reason": "A choir"}).status_code == 302
    assert trusted_less() == {}
    assert suspect_rings([told(NAMES)], doer) == 0
    assert suspect_rings([], doer) == 0
    assert Ring.objects.get().reason == "A choir"
