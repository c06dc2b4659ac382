"""Account groups on screen and through the API: declared, promised on a sheet, taken back; lists ask as much whatever their length."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import small_organisation
from django.db import connection
from django.test.utils import CaptureQueriesContext
from small_organisation import Small, listed

from socius.measure.actions import Declared, Terms, declare_group, designs, register_design
from socius.measure.models import AccountGroup, Design
from socius.measure.reports.groups import group_shape, groups
from socius.organisation.actions import make_token
from socius.strategy.models import Series, SeriesValue

pytestmark = pytest.mark.django_db
POWER = {
    "window_days": 14, "lifts": [{"lift": 0.05, "found": 0.9, "n": 200}], "mde": {"relative": 0.04, "absolute": 2.0}, "answer": "can_be_seen", "instead": [],
    "factor": 1.1, "placebo_n": 12, "refused": None, "say": "It can be seen.", "notes": [],
}  # fmt: skip


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Small:
    made = small_organisation.build()
    Series.objects.filter(pk=made.series.pk).update(grain="day", class_name="outcome")
    SeriesValue.objects.bulk_create(SeriesValue(series=made.series, date=made.today - timedelta(days=n), value=n % 5, known_at=0) for n in range(1, 30))  # fmt: skip
    monkeypatch.setattr(designs, "ask", lambda *_a, **_k: POWER)
    return made


def declared(small: Small, key: str = "stores") -> AccountGroup:
    accounts = tuple(listed(small.actor, small.hub, f"{key}{i}") for i in range(2))
    said = Declared(key.capitalize(), "They open on Saturdays", small.today + timedelta(days=3), accounts, (small.series,))  # fmt: skip
    return declare_group(small.hub, key=key, declared=said, actor=small.actor)


def promised(small: Small, group: AccountGroup) -> Design:
    terms = Terms(None, group.start + timedelta(days=13), 0.05)
    return register_design(group, small.series, terms=terms, actor=small.actor)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_sheet_of_a_group_is_registered_on_screen_and_shown_with_its_history(small: Small) -> None:  # fmt: skip
    group, door = declared(small), small.client()
    page = text(door.get(f"/effects/groups/{group.pk}/"))
    assert "No sheet yet" in page
    address = f"/experiments/sheet/?group={group.pk}"
    assert address in page
    form = text(door.get(address))
    assert 'name="group"' in form
    assert 'name="initiative"' not in form
    said = {"group": group.pk, "series": small.series.pk, "end": group.start + timedelta(days=13), "worth": 5}  # fmt: skip
    wrong = door.post(address, {**said, "end": small.today})
    assert (wrong.status_code, Design.objects.count()) == (422, 0)
    assert "before it starts" in text(wrong)
    page = text(door.post(address, said, follow=True))
    sheet = Design.objects.get()
    assert "Sheet of an account group" in page
    assert f"group={group.pk}&amp;series={small.series.pk}&amp;start={group.start}" in page
    assert "Nobody had said what one unit is worth" in page
    newer = promised(small, group)
    page = text(door.get(f"/effects/groups/{group.pk}/"))
    assert f"/experiments/registered/{newer.pk}/" in page
    assert "took the place of" in page
    assert f"/experiments/registered/{sheet.pk}/" in page
    assert "Stores" in text(door.get("/experiments/"))
    asked = f"/effects/estimate/?group={group.pk}&series={small.series.pk}&start={group.start}&end={newer.end}"
    assert f'value="{newer.end}"' in text(door.get(asked))


def test_a_stranger_sees_no_sheet_of_a_group(small: Small) -> None:
    sheet = promised(small, declared(small))
    door = small.client(small.stranger)
    assert door.get(f"/experiments/registered/{sheet.pk}/").status_code in (403, 404)
    assert door.get(f"/experiments/sheet/?group={sheet.group_id}").status_code == 403


def test_a_program_registers_the_sheet_and_reads_the_shape_that_the_command_line_prints(small: Small) -> None:  # fmt: skip
    _, clear = make_token(
        "program",
        frozenset({"effect.record", "analytics.view"}),
        until=small.actor.at + timedelta(days=9),
        actor=small.actor,
    )
    door = small.client()
    door.logout()
    head = {"HTTP_AUTHORIZATION": f"Bearer {clear}", "content_type": "application/json"}
    group = declared(small)
    body = {"group": group.pk, "series": small.series.pk, "end": str(group.start + timedelta(days=13)), "worth": 0.05}  # fmt: skip
    both = door.post("/api/v1/designs/sheet", {**body, "initiative": small.initiative.pk}, **head)
    assert (both.status_code, "of one group" in both.json()["detail"]) == (422, True)
    made = door.post("/api/v1/designs/sheet", body, **head).json()
    assert (made["group"], made["initiative"], made["start"], made["kind"]) == (group.pk, None, str(group.start), "sheet")  # fmt: skip
    assert door.get(f"/api/v1/designs?group={group.pk}", **head).json()["total"] == 1
    assert door.get(f"/api/v1/designs?initiative={small.initiative.pk}", **head).json()["total"] == 0  # fmt: skip
    found = door.get("/api/v1/groups", **head).json()["items"]
    assert found[0].keys() == group_shape(group).keys()
    assert (found[0]["sheet"], found[0]["outcome_keys"]) == (made["id"], [small.series.key])


def test_lists_of_groups_ask_as_much_whatever_their_length(small: Small) -> None:
    promised(small, declared(small))
    door = small.client()
    door.get("/effects/groups/")

    def counted() -> list[int]:
        found = []
        for ask in (lambda: door.get("/effects/groups/"), lambda: door.get("/experiments/"), lambda: [group_shape(g) for g in groups(small.actor)]):  # fmt: skip
            with CaptureQueriesContext(connection) as asked:
                ask()
            found.append(len(asked))
        return found

    few = counted()
    for n in range(5):
        promised(small, declared(small, f"more{n}"))
    assert counted() == few
