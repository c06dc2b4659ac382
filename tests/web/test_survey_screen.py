"""The questionnaire without a browser: what is handed in is kept, what is wrong is said, what is closed stays closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from house import House
from socius.assess import actions
from socius.assess.models import Answer, Assessment
from socius.kit import clock

SAID = {"role": "strategist", "unit": "", "q02": "3", "q04": "60", "q07": "to_12_months", "q10": "4", "q12.informed": "3",
        "q39": "dont_know", "q40.listed": "2", "note-q02": "see the plan", "works": "", "fails": ""}  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    return House(clock.now())


def begun(house: House) -> tuple[Assessment, str]:
    now = clock.now()
    wave = actions.plan_assessment(
        house.root, name="Spring", form="short@1", opens=now - timedelta(days=1), closes=now + timedelta(days=1), actor=house.actor()
    )  # fmt: skip
    actions.open_assessment(wave, actor=house.actor())
    (token,) = actions.invite(wave, 1, actor=house.actor())
    return wave, token


def test_one_post_without_scripts_keeps_everything_and_hands_in(
    house: House, client: Client
) -> None:
    wave, token = begun(house)
    page = client.get(f"/rate/{token}/")
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    answer = client.post(f"/rate/{token}/", SAID)
    assert answer.status_code == 302, answer.content.decode()
    kept = {row.item: row for row in Answer.objects.all()}
    assert set(kept) == {"q02", "q04", "q07", "q10", "q12", "q39", "q40"}
    assert (kept["q04"].value, kept["q12"].value, kept["q39"].missing) == (
        60,
        {"informed": 3},
        "dont_know",
    )
    assert kept["q02"].note == "see the plan"
    assert wave.ratings.exclude(submitted_at=None).count() == 1


def test_an_answer_is_kept_as_soon_as_it_is_given(house: House, client: Client) -> None:
    _, token = begun(house)
    early = client.post(f"/rate/{token}/keep/q02/", {"q02": "3"})
    assert early.status_code == 422
    assert b"role" in early.content
    done = client.post(f"/rate/{token}/keep/q02/", {"role": "other", "q02": "3"})
    assert done.content == b"1 of 12 kept"
    assert client.post(f"/rate/{token}/keep/q99/", {"role": "other"}).status_code == 404
    assert client.post(f"/rate/{token}/keep/q02/", {"role": "other", "q02": "9"}).status_code == 422


def test_a_closed_wave_says_so_and_changes_nothing(house: House, client: Client) -> None:
    wave, token = begun(house)
    client.post(f"/rate/{token}/", SAID)
    actions.close_assessment(wave, actor=house.actor())
    before = list(Answer.objects.values_list("pk", "value"))
    for answer in (client.get(f"/rate/{token}/"), client.post(f"/rate/{token}/", {**SAID, "q02": "1"}), client.post(f"/rate/{token}/keep/q02/", {"role": "other", "q02": "1"})):  # fmt: skip
        assert answer.status_code == 403
        assert b"takes no answers now" in answer.content
    assert list(Answer.objects.values_list("pk", "value")) == before


def test_a_wrong_link_opens_nothing_and_a_shared_one_makes_a_rating(
    house: House, client: Client
) -> None:
    now = clock.now()
    assert client.get("/rate/nothing/").status_code == 404
    wave = actions.plan_assessment(house.root, name="All", form="full@1", opens=now - timedelta(days=1), closes=now + timedelta(days=1), actor=house.actor())  # fmt: skip
    shared = actions.open_assessment(wave, actor=house.actor(), shared_link=True)
    assert b"Begin" in client.get(f"/rate/{shared}/").content
    own = client.post(f"/rate/{shared}/take-part/").headers["Location"]
    assert own != f"/rate/{shared}/"
    assert client.get(own).status_code == 200


def test_pages_of_the_result_open(house: House, client: Client) -> None:
    wave, token = begun(house)
    client.force_login(house.person)
    assert b"handed in" in client.get(f"/assess/{wave.pk}/run/").content
    assert client.get(f"/assess/{wave.pk}/").status_code == 404
    client.post(f"/rate/{token}/", SAID)
    client.post(f"/assess/{wave.pk}/close/")
    for path in ("/assess/", f"/assess/{wave.pk}/", f"/assess/{wave.pk}/gaps/", f"/assess/{wave.pk}/sheet/", f"/assess/{wave.pk}/report/", f"/assess/{wave.pk}/run/", "/assess/benchmark/", "/assess/new/"):  # fmt: skip
        assert client.get(path).status_code == 200, path
    assert client.get(f"/assess/{wave.pk}/export.json").status_code == 404
