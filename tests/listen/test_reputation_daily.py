"""One question on every channel: links, files, the daily index with what is missing, and the page that anybody may answer."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from house import House
from socius.kit import clock
from socius.kit.errors import Conflict, Invalid
from socius.listen import actions
from socius.listen.actions.reputation import Wording, current_question
from socius.listen.jobs.intake import take_file
from socius.listen.jobs.standing import reckon
from socius.listen.models import Intake, Response, Standing
from socius.strategy.models import Series

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def house(db: None) -> House:
    cache.clear()
    return House(clock.now() - timedelta(days=1))


def asked(house: House, **more: object) -> None:
    actions.adopt_question(
        actor=house.actor(), wording=Wording("How far do we meet your needs?")._replace(**more)
    )


def test_a_file_is_tried_then_taken_once(house: House) -> None:
    asked(house, mix={"old": 1, "young": 1})
    text = "date,score,segment,id\n2026-05-30,6,old,1\n2026-05-30,9,old,2\n2026-05-31,3,none,3\n2026-05-31,2,young,4\n"
    tried = take_file("calls.csv", text.encode(), actor=house.actor(), channel="call-centre")
    assert (tried.taken, tried.rejected, Response.objects.count()) == (2, 2, 0)
    assert [f["line"] for f in tried.findings] == [3, 4]
    assert take_file("calls.csv", text.encode(), actor=house.actor(), channel="call-centre", dry=False).taken == 2  # fmt: skip
    again = take_file("calls.csv", text.encode(), actor=house.actor(), channel="call-centre", dry=False)  # fmt: skip
    assert (again.taken, again.known) == (0, 2)
    assert sorted(Response.objects.values_list("value", flat=True)) == pytest.approx(
        [100 / 6, 500 / 6]
    )
    (first,) = Intake.objects.all()
    assert (first.source, first.taken, first.rejected, again.intake) == (
        "file:calls.csv",
        2,
        2,
        None,
    )
    assert actions.undo_responses(first, actor=house.actor()) == 2
    assert not Response.objects.exists()
    with pytest.raises(Conflict, match="taken back already"):
        actions.undo_responses(first, actor=house.actor())
    assert take_file("calls.csv", text.encode(), actor=house.actor(), channel="call-centre", dry=False).taken == 2  # fmt: skip
    with pytest.raises(Invalid, match="no column channel"):
        take_file("calls.csv", b"date,score\n2026-05-30,6\n", actor=house.actor())


def test_the_page_takes_an_answer_without_a_cookie_and_only_named_sites_frame_it(
    house: House,
) -> None:
    asked(house)
    link = actions.make_survey_link(
        actor=house.actor(), name="Shop", channel="web", hosts=["https://shop.example.org/"]
    )
    door = Client(enforce_csrf_checks=True)
    page = door.get(f"/ask/{link.token}/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    framed = door.get(f"/ask/{link.token}/embed/")
    assert "frame-ancestors https://shop.example.org" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    done = door.post(f"/ask/{link.token}/embed/", {"value": "7"})
    assert (done.status_code, len(door.cookies)) == (200, 0)
    assert Response.objects.get().value == 100
    for value in ("8", "x", "-1", ""):
        assert door.post(f"/ask/{link.token}/", {"value": value}).status_code == 422
    for value in ("2", "5"):
        door.post(f"/ask/{link.token}/", {"value": value, "r": "code-1"})
    assert Response.objects.count() == 2
    assert "code-1" not in str(list(Response.objects.values()))
    for _ in range(4):
        last = door.post(f"/ask/{link.token}/", {"value": "4"})
    assert last.status_code == 429
    actions.close_survey_link(link, actor=house.actor())
    assert door.get(f"/ask/{link.token}/").status_code == 404
    assert door.get("/ask/nothing/").status_code == 404


def test_an_origin_is_an_origin(house: House) -> None:
    for text in ("shop.example.org", "https://a.example/path", "https://a.example;script-src *", "javascript:x"):  # fmt: skip
        with pytest.raises(Invalid, match="no origin"):
            actions.make_survey_link(actor=house.actor(), name="x", channel="web", hosts=[text])


def test_days_become_an_index_with_gaps_and_a_series(house: House) -> None:
    asked(house, weights={"store": 0.5, "call-centre": 0.5})
    dice = random.Random(2)
    for channel, mean, gap in (("store", 5.6, range(0)), ("call-centre", 3.6, range(9, 11))):
        lines = ["date,score,id"]
        for back in range(1, 15):
            day = (house.at - timedelta(days=back)).date()
            lines += [f"{day},{min(7, max(1, round(dice.gauss(mean, 1))))},{back}/{n}" for n in range(0 if back in gap else 25)]  # fmt: skip
        take_file(f"{channel}.csv", "\n".join(lines).encode(), actor=house.actor(), channel=channel, dry=False)  # fmt: skip
    question = current_question()
    assert question is not None
    assert reckon(question, house.at) > 28
    assert reckon(question, house.at) == 0
    store = Standing.objects.filter(channel="store", index__isnull=False)
    calls = Standing.objects.filter(channel="call-centre", index__isnull=False)
    assert (store.count(), calls.count()) == (14, 12)
    assert all(s.low < s.index < s.high for s in store)
    missing = Standing.objects.filter(channel="call-centre", index=None).values_list("missing", flat=True)  # fmt: skip
    assert set(missing) == {"no answers"}
    assert Standing.objects.filter(channel="", index__isnull=False).count() == 12
    assert question.reckoning.said["contrasts"][0]["say"] == "store is higher"
    assert actions.keep_as_series(question, actor=house.actor()) == (12, 0)
    assert Series.objects.get(key__startswith="reputation").values.count() == 12
    door = Client()
    door.force_login(house.person)
    text = door.get("/listen/reputation/").content.decode()
    assert "no answers" in text
    assert "store is higher" in text
    assert "Unadjusted" in text
    for path in ("question", "links", "answers"):
        assert door.get(f"/listen/reputation/{path}/").status_code == 200
