"""Around a wave on the screens: all waves, one from a file, waivers, a finished action, own values while answering."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from small_organisation import Small, build

from socius.activity.models import Installation
from socius.assess import actions
from socius.assess.models import Assessment

FILES = Path(__file__).parents[2] / "docs/reference/examples/assessment"


@pytest.fixture
def small(db) -> Small:
    return build()


def entered(small: Small) -> Assessment:
    file = SimpleUploadedFile("s3.json", (FILES / "s3.json").read_bytes())
    said = {"name": "On paper", "opens": "2025-01-01", "closes": "2025-01-31", "file": file}
    page = small.client().post("/assess/enter/", said, follow=True)
    assert "Stage 3" in page.content.decode()
    return Assessment.objects.get(name="On paper")


def test_a_wave_from_a_file_is_listed_and_its_three_gates_have_playbooks(small: Small) -> None:
    wave = entered(small)
    client = small.client()
    assert "On paper" in client.get("/assess/waves/").content.decode()
    gates = [g for g in (wave.result or {})["gates"] if not g["met"]][:3]
    page = client.get(f"/assess/{wave.pk}/").content.decode()
    for gate in gates:
        assert f'href="{gate["playbook"]}"' in page
        assert client.get(gate["playbook"]).status_code == 200


def test_a_file_that_cannot_be_read_is_said_beside_its_field(small: Small) -> None:
    for raw in (b"{", b"\xff\xfe", b'{"format": "x"}'):
        file = SimpleUploadedFile("x.json", raw)
        said = {"name": "x", "opens": "2025-01-01", "closes": "2025-01-31", "file": file}
        page = small.client().post("/assess/enter/", said)
        assert page.status_code == 422
        assert 'role="alert"' in page.content.decode()


def test_a_waiver_and_a_finished_action_are_shown_with_name_and_day(small: Small) -> None:
    wave, client = entered(small), small.client()
    who = small.actor.person
    said = {"what": "q44", "sponsor": who.pk, "reason": "no internal network"}
    page = client.post(f"/assess/{wave.pk}/waive/", said, follow=True).content.decode()
    assert "no internal network" in page
    page = client.post(f"/assess/{wave.pk}/waive/", {"end": "q44"}, follow=True).content.decode()
    assert "counts again" in page
    due = small.today + timedelta(days=30)
    row = actions.agree_action(wave, "q21", text="train all", owner=who, due=due, actor=small.actor)
    done = {"done_on": small.today.isoformat(), "done_by": who.pk}
    page = client.post(f"/assess/{wave.pk}/finish/{row.pk}/", done, follow=True).content.decode()
    assert "Done, with its day" in page
    row.refresh_from_db()
    assert (row.done_on, row.done_by) == (small.today, who)


def test_own_values_are_shown_with_their_day_while_answering(small: Small) -> None:
    wave = actions.plan_assessment(
        small.root, name="Now", form="full@1", opens=small.actor.at - timedelta(days=1), closes=small.actor.at + timedelta(days=9), actor=small.actor
    )  # fmt: skip
    actions.open_assessment(wave, actor=small.actor)
    (token,) = actions.invite(wave, 1, actor=small.actor)
    wave.refresh_from_db()
    as_of = wave.frozen["auto"]["q40.accounts"]["as_of"]
    page = small.client().get(f"/rate/{token}/").content.decode()
    assert f"as of {as_of}" in page
    page = small.client().get(f"/assess/{wave.pk}/run/").content.decode()
    assert "Socius mails nothing" in page


def test_the_days_of_a_wave_are_those_of_the_organisation(small: Small) -> None:
    Installation.objects.update(zone="Pacific/Auckland")
    said = {"name": "South", "form": "short@1", "opens": "2027-03-01", "closes": "2027-03-21"}
    page = small.client().post("/assess/new/", said, follow=True).content.decode()
    assert "2027-03-01 00:00 to 2027-03-22 00:00" in page


def test_the_sheet_of_few_people_holds_the_gaps_that_are_none_between_groups(small: Small) -> None:
    wave, client = entered(small), small.client()
    due = small.today + timedelta(days=30)
    said = {"item": "stage", "text": "Talk about it", "owner": small.actor.person.pk, "due": due}
    page = client.post(f"/assess/{wave.pk}/agree/", said, follow=True).content.decode()
    assert "You say stage 0, practices reach 3" in page
    sheet = client.get(f"/assess/{wave.pk}/sheet/").content.decode()
    assert "What to talk about" in sheet
    assert "Talk about it" in sheet
    # What waits longest is unfolded by the address of a gap.
    asked = client.get(f"/assess/{wave.pk}/gaps/?gap=q30").content.decode()
    assert '<option value="q30" selected>' in asked
