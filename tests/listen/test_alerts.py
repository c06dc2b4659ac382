"""A rise becomes one alert with its evidence, somebody takes it on, a mail goes out; a gap and a calm do not."""

from __future__ import annotations

import random
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail

from house import House
from socius.kit.child import Broken, Kept
from socius.kit.errors import Conflict, Invalid, Refused
from socius.listen import actions
from socius.listen.actions.alerts import Rise, Watcher, raise_alert
from socius.listen.jobs import alerting
from socius.listen.models import Alert, Coverage, Hit, Query, Source
from socius.organisation.actions import NewPerson, invite_person
from socius.organisation.models import Actor

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAYS = 20


@pytest.fixture
def house(db: None) -> House:
    return House(AT - timedelta(days=DAYS))


def heard(house: House, *, gap: bool = False, burst: int = 60) -> Query:
    """A query with twenty calm days and a burst in the last half hour; with `gap` nothing was collected before it."""
    query = actions.make_query(house.root, name="Parcels", text="parcel", actor=house.actor())
    source = actions.add_source(
        house.root,
        name="Fake",
        kind="jetstream",
        address="wss://example.org/s",
        actor=house.actor(),
    )
    Source.objects.filter(pk=source.pk).update(stored=1000)
    first = AT - timedelta(days=DAYS)
    spans = [(AT - timedelta(hours=2), AT)] if gap else [(first, AT)]
    Coverage.objects.bulk_create(Coverage(source=source, since=a, until=b) for a, b in spans)
    dice = random.Random(4)
    times = (
        []
        if gap
        else [first + timedelta(minutes=dice.uniform(0, DAYS * 1440 - 120)) for _ in range(2000)]
    )
    times += [AT - timedelta(minutes=dice.uniform(5, 30)) for _ in range(burst)]
    Hit.objects.bulk_create(
        Hit(query=query, version=1, key=f"{n:032x}", day=t.date(), at=t, observed_at=t, block=n)
        for n, t in enumerate(times)
    )
    return query


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts are judged in the real child; what the mentions say needs no store here."""
    real = Kept.ask

    def ask(kept: Kept, task: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
        if "found" not in options:
            return real(kept, task, options, **more)
        said = {"level": 2, "authors": 40, "scored": 50, "negative": 0.7}
        made = []
        for one in options["found"]:
            keys = one.pop("keys")
            evidence = {"first": keys[0], "top": keys[:5], "buckets": one.pop("buckets")}
            made.append({**one, **said, "evidence": evidence})
        return {"rises": made}

    monkeypatch.setattr(Kept, "ask", ask)


def test_a_rise_is_one_alert_with_its_band_and_a_mail(house: House, voices: None) -> None:
    query = heard(house)
    assert alerting.look(AT, [query]) == 1
    assert alerting.look(AT + timedelta(minutes=1), [query]) == 0
    alert = Alert.objects.get()
    assert (alert.level, alert.state, alert.reason) == (2, "open", "rise")
    assert AT - timedelta(minutes=35) <= alert.onset <= AT - timedelta(minutes=20)
    assert alert.expected < 2 < 10 < alert.observed
    seen = [n for _, n, _, _ in alert.evidence["buckets"]]
    assert sum(n or 0 for n in seen) >= 50
    assert alerting.tell(AT) == 1
    assert alerting.tell(AT) == 0
    (sent,) = mail.outbox
    assert "Level 2: Parcels" in sent.subject
    assert f"/listen/alerts/{alert.pk}/" in sent.body
    assert sent.to == [house.person.email]


@pytest.mark.slow
def test_a_collection_that_began_an_hour_ago_is_no_rise(house: House, voices: None) -> None:
    assert alerting.look(AT, [heard(house, gap=True)]) == 0
    assert not Alert.objects.exists()


@pytest.mark.slow
def test_a_limit_of_a_person_alarms_without_a_history(house: House, voices: None) -> None:
    query = actions.set_threshold(heard(house, gap=True), per_hour=30, actor=house.actor())
    assert alerting.look(AT, [query]) == 1
    assert Alert.objects.get().reason == "threshold"


@pytest.mark.slow
def test_two_bad_rises_at_once_are_of_level_three(house: House, voices: None) -> None:
    query = heard(house)
    other = actions.make_query(house.root, name="Late", text="late", actor=house.actor())
    rise = Rise(2, "rise", AT - timedelta(minutes=30), AT, AT, 1.0, 40, 1e-9, 20, 20, 0.8, {})
    raise_alert(other, rise, Watcher(AT))
    assert alerting.look(AT, [query]) == 1
    assert set(Alert.objects.values_list("level", flat=True)) == {3}


def test_sixty_queries_that_rise_at_once_are_all_judged(
    house: House, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    queries = [actions.make_query(house.root, name=f"Q{n}", text=f"word{n}", actor=house.actor()) for n in range(60)]  # fmt: skip
    Hit.objects.bulk_create(
        Hit(query=q, version=1, key=f"{q.pk:016x}{n:016x}", day=AT.date(), at=AT - timedelta(minutes=n), observed_at=AT, block=1)
        for q in queries for n in range(5)
    )  # fmt: skip
    quiet = actions.make_query(house.root, name="Quiet", text="quiet", actor=house.actor())
    Hit.objects.bulk_create(
        Hit(query=quiet, version=1, key=f"{n:032x}", day=AT.date(), at=AT - timedelta(hours=6 * n), observed_at=AT, block=1)
        for n in range(5)
    )  # fmt: skip
    turns: list[list[int]] = []
    broken = [True]

    def look(at: datetime, given: Any) -> int:
        if broken.pop() if broken else False:
            raise Broken("The child died.")
        turns.append([q.pk for q in given])
        return 0

    monkeypatch.setattr(alerting, "look", look)
    alarm = alerting.Alarm(lambda: AT)
    with pytest.raises(Broken):
        alarm()
    assert alarm() == 10
    assert alarm() == 0
    assert [len(t) for t in turns] == [50, 10]
    assert {pk for turn in turns for pk in turn} == {q.pk for q in queries}
    assert alarm() == 0  # nothing new: no turn before its time
    assert len(turns) == 2
    with django_assert_num_queries(1):
        alerting.candidates(-1, AT.timestamp())


def test_paused_sources_are_judged_up_to_their_pause(house: House) -> None:
    day = timedelta(days=1)

    def source(name: str, stored: int, days: int) -> Source:
        made = actions.add_source(house.root, name=name, kind="jetstream", address="wss://example.org/s", actor=house.actor())  # fmt: skip
        Source.objects.filter(pk=made.pk).update(stored=stored)
        Coverage.objects.create(source=made, since=AT - 4 * day, until=AT - (4 - days) * day)
        return made

    def share(when: datetime) -> float:
        at = when.timestamp()
        return round(sum(w for a, b, w in alerting.covered(AT) if a <= at < b), 3)

    first, second = source("First", 300, 2), source("Second", 100, 4)
    assert (share(AT - 3 * day), share(AT - day)) == (1.0, 0.25)
    actions.pause_source(first, actor=house.actor())
    assert (share(AT - 3 * day), share(AT - day)) == (1.0, 1.0)  # nobody misses it since
    actions.pause_source(second, actor=house.actor())
    assert (share(AT - 3 * day), share(AT - day)) == (1.0, 1.0)
    assert alerting.reach(alerting.covered(AT), AT + day) == AT.timestamp()


def test_somebody_takes_it_on_and_ends_it(house: House) -> None:
    query = actions.make_query(house.root, name="Parcels", text="parcel", actor=house.actor())
    rise = Rise(3, "rise", AT, AT, AT, 1.0, 40, 1e-9, 20, 20, 0.8, {})
    alert, _ = raise_alert(query, rise, Watcher(AT))
    actor = house.actor()
    taken = actions.acknowledge_alert(alert, actor=actor)
    assert taken.due_at == actor.at + timedelta(hours=1)
    with pytest.raises(Conflict):
        actions.acknowledge_alert(alert, actor=house.actor())
    stranger = invite_person(NewPerson("s@example.org", unit=house.root), actor=house.actor())
    with pytest.raises(Refused):
        actions.note_alert(alert, actor=Actor(stranger, "web", AT), text="Me too")
    with pytest.raises(Invalid, match="may not handle"):
        actions.hand_alert(alert, actor=house.actor(), to=stranger)
    actions.note_alert(alert, actor=house.actor(), text="A lorry stands still.")
    ended = actions.close_alert(alert, actor=house.actor(), verdict="real", text="It moves again.")
    assert ended.state == "closed"
    assert [n.text for n in alert.notes.all()] == ["A lorry stands still.", "It moves again."]
    with pytest.raises(Conflict):
        actions.close_alert(alert, actor=house.actor(), verdict="real")
    assert raise_alert(query, rise._replace(level=3), Watcher(AT))[1] == "same"


@pytest.mark.slow
def test_a_mail_reaches_a_real_server_and_its_failure_is_kept(house: House, settings: Any) -> None:
    got: list[Any] = []

    class Box:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            got.append(envelope)
            return "250 kept"

    query = actions.make_query(house.root, name="Parcels", text="parcel", actor=house.actor())
    rise = Rise(1, "rise", AT, AT, AT, 1.0, 40, 1e-9, 20, 20, None, {})
    alert, _ = raise_alert(query, rise, Watcher(AT))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "socius@example.org"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Box(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        assert alerting.tell(AT) == 1
    finally:
        server.stop()
    assert got[0].rcpt_tos == [house.person.email]
    assert b"Level 1: Parcels" in got[0].content
    Alert.objects.filter(pk=alert.pk).update(level=2)
    assert alerting.tell(AT) == 0
    alert.refresh_from_db()
    assert "Refused" in alert.mail_error
