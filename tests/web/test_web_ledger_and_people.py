"""The ledger and people by their addresses: filters, cursor, export, what a person without the right meets."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from socius.activity.models import Entry, ImportRun
from socius.organisation.actions import Gift, NewPerson, found, give_grant, invite_person
from socius.organisation.models import Actor, Grant, Person, Unit

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

# On PostgreSQL rows get their number from the sealer, which sees only what is committed: not inside a test's transaction.
sealed_at_once = pytest.mark.sqlite_only


@pytest.fixture
def founder(db) -> Person:
    return found("Acme", zone="UTC", email="a@example.org", password=None, at=AT)


@pytest.fixture
def client(founder: Person) -> Client:
    client = Client()
    client.force_login(founder, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def viewer(founder: Person, role: str = "viewer") -> Client:
    actor = Actor(founder, "web", AT)
    person = invite_person(NewPerson(f"{role}@example.org"), actor=actor)
    give_grant(Gift(person, None, "looks", role=role), actor=actor)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def total(page: str) -> int:
    found_total = re.search(r'data-total="(\d+)"', page)
    assert found_total
    return int(found_total[1])


@sealed_at_once
def test_the_ledger_is_narrowed_by_its_query_and_the_export_follows(client: Client, founder: Person) -> None:  # fmt: skip
    viewer(founder)
    page = client.get("/ledger/?verb=person_invited").content.decode()
    assert total(page) == Entry.objects.filter(verb="person_invited").count() == 1
    rows = b"".join(client.get("/ledger/rows.csv?verb=person_invited").streaming_content).decode()
    assert rows.count("\n") == 2
    assert total(client.get("/ledger/?object=person:").content.decode()) == 1
    assert "No row fits" in client.get("/ledger/?from=2020-01-01&to=2020-01-02").content.decode()


def test_a_date_that_is_none_is_answered_with_a_sentence(client: Client) -> None:
    answer = client.get("/ledger/?from=yesterday")
    assert answer.status_code == 422
    assert "is no date" in answer.content.decode()


@sealed_at_once
def test_the_ledger_goes_on_behind_its_cursor(client: Client, founder: Person) -> None:
    actor = Actor(founder, "web", AT)
    for n in range(60):
        invite_person(NewPerson(f"p{n}@example.org"), actor=actor)
    first = client.get("/ledger/").content.decode()
    older = re.search(r'href="(\?after=\d+)"', first)
    assert older
    second = client.get("/ledger/" + older[1]).content.decode()
    assert first.count("data-row") == 50
    assert second.count("data-row") == Entry.objects.count() - 50


def test_the_ledger_is_closed_to_who_may_not_audit_and_open_to_an_auditor(founder: Person) -> None:
    assert viewer(founder).get("/ledger/").status_code == 403
    assert viewer(founder, "auditor").get("/ledger/").status_code == 200
    assert Entry.objects.filter(verb="refused", result="refused").count() == 1


@sealed_at_once
def test_verify_says_sound(client: Client) -> None:
    assert "checked: sound" in client.get("/ledger/?verify=yes").content.decode()


def test_a_role_is_given_and_ended_with_a_reason(client: Client, founder: Person) -> None:
    client.post("/people/invite/", {"email": "new@example.org", "unit": Unit.objects.get().pk})
    person = Person.objects.get(email="new@example.org")
    given = {"role": "viewer", "unit": Unit.objects.get().pk, "reason": "new colleague"}
    client.post(f"/people/{person.pk}/give/", given)
    grant = Grant.objects.get(person=person)
    assert grant.reason == "new colleague"
    client.post(f"/people/grants/{grant.pk}/end/", {"reason": "left"})
    grant.refresh_from_db()
    assert grant.until is not None
    verbs = Entry.objects.order_by("seq").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["person_invited", "grant_given", "grant_ended"]


def test_a_grant_without_a_reason_comes_back_with_the_form(client: Client, founder: Person) -> None:
    person = invite_person(NewPerson("new@example.org"), actor=Actor(founder, "web", AT))
    answer = client.post(f"/people/{person.pk}/give/", {"role": "viewer", "unit": Unit.objects.get().pk})  # fmt: skip
    assert "This field is required" in answer.content.decode()
    assert not Grant.objects.filter(person=person).exists()


def test_who_can_names_the_grant_it_rests_on(client: Client, founder: Person) -> None:
    page = client.get(f"/people/rights/?right=unit.edit&person={founder.pk}").content.decode()
    assert "can: unit.edit" in page
    assert "Founded the organisation" in page


def test_search_finds_pages_commands_and_only_people_one_may_see(client: Client, founder: Person) -> None:  # fmt: skip
    page = client.get("/search/?q=import").content.decode()
    assert "/import/?kind=accounts" in page
    part = client.get("/search/?q=a@example", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f"/people/{founder.pk}/" in part
    outsider = viewer(founder, "approver").get("/search/?q=a@example").content.decode()
    assert f"/people/{founder.pk}/" in outsider


def test_times_are_those_of_the_organisation_and_people_have_names(db) -> None:
    founder = found("Acme", zone="Asia/Tokyo", email="a@example.org", password=None, at=AT)
    ImportRun.objects.create(kind="accounts", file_name="inventory.csv", state="applied", actor=f"person:{founder.pk}", started_at=AT, applied_at=AT)  # fmt: skip
    client = Client()
    client.force_login(founder, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/import/").content.decode()
    assert "2026-03-01 21:00" in page
    assert f'data-label="By">{founder}<' in page
    alone = client.get(f"/import/runs/{ImportRun.objects.get().pk}/").content.decode()
    assert f"applied on 2026-03-01 21:00 by {founder}" in alone
