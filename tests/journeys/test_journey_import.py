"""A file through the HTTP interface: the page and the ledger say the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from socius.accounts.models import Account
from socius.activity.models import Entry, ImportRun
from socius.organisation.actions import found

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def client(transactional_db, tmp_path, settings) -> Client:
    settings.HOME = tmp_path
    founder = found("Acme", zone="UTC", email="a@example.org", password=None, at=AT)
    client = Client()
    client.force_login(founder, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def handed_over(client: Client, text: str, **more: str) -> str:
    file = SimpleUploadedFile("file.csv", text.encode())
    answer = client.post("/import/", {"file": file, **more}, follow=True)
    return answer.redirect_chain[-1][0]


def listing(n: int) -> str:
    return "network,handle,unit\n" + "".join(f"x,handle{i},Brand\n" for i in range(n))


def applied(client: Client, where: str) -> str:
    page = client.get(where).content.decode()
    sha = re.search(r'name="sha256" value="(\w+)"', page)
    assert sha
    return client.post(where + "apply/", {"sha256": sha[1]}, follow=True).content.decode()


def test_a_file_goes_in_and_comes_out_again(client: Client) -> None:
    where = handed_over(client, listing(12))
    page = client.get(where).content.decode()
    assert "Ready to apply" in page
    assert 'data-count="12"' in page
    assert not Account.objects.exists()
    assert 'data-total="12"' in client.get(where + "rows/?show=created").content.decode()
    done = applied(client, where)
    assert "Applied" in done
    run = ImportRun.objects.get(state="applied")
    assert Account.objects.current().count() == 12
    client.post(f"/import/runs/{run.pk}/undo/")
    assert Account.objects.current().count() == 0
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs.count("import") == 1
    assert verbs.count("import_undone") == 1


def test_a_hash_that_was_not_shown_is_refused(client: Client) -> None:
    where = handed_over(client, listing(3))
    answer = client.post(where + "apply/", {"sha256": "0" * 64})
    assert answer.status_code == 409
    assert not Account.objects.exists()


def test_the_same_file_again_is_said_to_be_there(client: Client) -> None:
    applied(client, handed_over(client, listing(3)))
    page = client.get(handed_over(client, listing(3))).content.decode()
    assert "Imported already" in page
    assert "/import/runs/" in page


def test_a_complete_list_that_shrinks_is_held_until_a_reason_is_given(client: Client) -> None:
    applied(client, handed_over(client, listing(40)))
    where = handed_over(client, listing(10))
    client.post(where, {"part": "complete", "complete": "yes"})
    page = client.get(where).content.decode()
    assert "Held" in page
    assert "30 of 40 accounts are no longer listed" in page
    assert 'name="sha256"' not in page
    client.post(where, {"part": "shrink", "reason": "the agency left"})
    assert "Ready to apply" in client.get(where).content.decode()
    applied(client, where)
    assert Account.objects.exclude(absent_since=None).count() == 30


def test_every_kind_has_an_empty_file(client: Client) -> None:
    page = client.get("/import/").content.decode()
    addresses = set(re.findall(r"/import/templates/\w+\.csv", page))
    assert len(addresses) == 12
    assert all(client.get(a).status_code == 200 for a in addresses)
