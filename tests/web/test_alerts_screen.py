"""The alert centre without a browser: list, filters, what a person does, and when it alarms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from house import House
from socius.kit import clock
from socius.listen import actions
from socius.listen.actions.alerts import Rise, Watcher, alerting, raise_alert
from socius.listen.models import Alert


@pytest.fixture
def door(db: None) -> Client:
    house = House(clock.now() - timedelta(hours=1))
    query = actions.make_query(house.root, name="Parcels", text="parcel", actor=house.actor())
    at = clock.now()
    start = int(at.timestamp()) // 300 * 300 - 3000
    buckets = [[start + 300 * n, None if n == 2 else n, 1.5, 6.0] for n in range(10)]
    told = {"buckets": buckets, "channels": {"social": {"n": 20, "authors": 9, "scored": 8, "negative": 0.5}}, "weighted": {"n": 12.0, "negative": None, "level": 1}}  # fmt: skip
    rise = Rise(2, "rise", at - timedelta(minutes=20), at, at, 1.5, 40, 1e-9, 20, 20, 0.8, told)
    raise_alert(query, rise, Watcher(at))
    client = Client()
    client.force_login(house.person)
    return client


def test_an_alert_is_found_taken_on_and_closed(door: Client) -> None:
    page = door.get("/listen/alerts/").content.decode()
    assert "Nobody has taken it on" in page
    assert "Parcels" in door.get("/listen/alerts/?state=open&level=2").content.decode()
    assert 'data-total="0"' not in page
    assert "No alert here" in door.get("/listen/alerts/?state=closed").content.decode()
    alert = Alert.objects.get()
    one = door.get(f"/listen/alerts/{alert.pk}/").content.decode()
    assert "not covered" in one
    assert "80 % of 20 scored" in one
    assert "Parcels" in b"".join(door.get("/listen/alerts/?format=csv").streaming_content).decode()
    for act, data in (("acknowledge", {}), ("note", {"text": "A lorry"}), ("close", {"verdict": "real"})):  # fmt: skip
        assert door.post(f"/listen/alerts/{alert.pk}/{act}/", data).status_code == 302
    assert "Closed at" in door.get(f"/listen/alerts/{alert.pk}/").content.decode()
    assert door.post(f"/listen/alerts/{alert.pk}/close/", {"verdict": "real"}).status_code == 409


def test_budget_and_limits_are_kept(door: Client) -> None:
    given = {"budget": "2.5", "minutes_1": "60", "minutes_2": "30", "minutes_3": "10"}
    assert door.post("/listen/alerts/settings/", given).status_code == 302
    assert (alerting().budget, alerting().minutes_3) == (2.5, 10)
    query = Alert.objects.get().query_id
    limit = {"what": "limit", "query": query, "per_hour": "25"}
    assert door.post("/listen/alerts/settings/", limit).status_code == 302
    assert "25" in door.get("/listen/alerts/settings/").content.decode()
    assert (
        "greater than or equal"
        in door.post("/listen/alerts/settings/", {**given, "minutes_1": "0"}).content.decode()
    )
