"""What a person declares goes before what was noted, in the strip and wherever coverage is judged, until it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from house import House
from socius.kit import clock
from socius.kit.errors import Invalid
from socius.listen import actions
from socius.listen.jobs.alerting import covered
from socius.listen.models import Coverage, CoverageWord, Source
from socius.listen.spans import share, spans_of, strip_of

AT = datetime(2026, 6, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def house(db: None) -> House:
    return House(AT - timedelta(days=30))


@pytest.fixture
def source(house: House) -> Source:
    made = actions.add_source(
        house.root,
        name="Fake",
        kind="jetstream",
        address="wss://example.org/s",
        actor=house.actor(),
    )
    Source.objects.update(stored=10)
    for a, b in ((24, 14), (12, 0)):
        Coverage.objects.create(source=made, since=AT - a * HOUR, until=AT - b * HOUR)
    return made


def test_a_gap_is_a_gap_until_somebody_declares_it(house: House, source: Source) -> None:
    house.at = AT
    day = AT - 24 * HOUR
    states = [p.state for p in strip_of(spans_of(source, day, AT), day, AT)]
    assert states == ["collected", "none", "collected"]
    assert share(spans_of(source, day, AT), day, AT) == pytest.approx(22 / 24)
    hole = {"since": AT - 15 * HOUR, "until": AT - 12 * HOUR}
    full = actions.declare_coverage(
        source, actor=house.actor(), full=True, reason="Archive", **hole
    )
    states = [p.state for p in strip_of(spans_of(source, day, AT), day, AT)]
    assert states == ["collected", "declared", "collected"]
    assert sum(b - a for a, b, _ in covered(AT, timedelta(days=1))) == 24 * 3600
    actions.declare_coverage(
        source,
        actor=house.actor(),
        full=False,
        reason="Test data",
        since=AT - 3 * HOUR,
        until=AT - 2 * HOUR,
    )
    assert share(spans_of(source, day, AT), day, AT) == pytest.approx(23 / 24)
    actions.withdraw_coverage(full, actor=house.actor())
    assert share(spans_of(source, day, AT), day, AT) == pytest.approx(21 / 24)
    with pytest.raises(Invalid, match="reason"):
        actions.declare_coverage(source, actor=house.actor(), full=True, reason=" ", **hole)


def test_the_page_draws_gaps_and_takes_a_word(house: House, source: Source) -> None:
    door = Client()
    door.force_login(house.person)
    now = clock.now()
    Coverage.objects.update(since=now - 9 * HOUR, until=now - HOUR)
    actions.make_query(house.root, name="Parcels", text="parcel", actor=house.actor())
    page = door.get("/listen/coverage/?days=1").content.decode()
    assert page.count("no coverage") >= 4
    assert "Parcels" in page
    given = {"source": source.pk, "since": (now - 20 * HOUR).strftime("%Y-%m-%dT%H:%M"), "until": (now - 15 * HOUR).strftime("%Y-%m-%dT%H:%M"), "says": "full", "reason": "The archive says so"}  # fmt: skip
    assert door.post("/listen/coverage/", given).status_code == 302
    page = door.get("/listen/coverage/?days=1").content.decode()
    assert "The archive says so" in page
    assert (
        door.post(f"/listen/coverage/{CoverageWord.objects.get().pk}/withdraw/").status_code == 302
    )
