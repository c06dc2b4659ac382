"""The table of ready roles is the reviewed one, and every Right has its line, its area and its heading."""

from __future__ import annotations

import csv
from pathlib import Path

from socius.engine.roles import AREAS, NAMES, NEVER_DELEGABLE, RIGHTS, ROLES, SEE, TABLE, read_table

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "rights.md"
COUNTS = {
    "viewer": 4,
    "responder": 7,
    "moderator": 10,
    "community_moderator": 5,
    "author": 6,
    "publisher": 10,
    "approver": 5,
    "spoke_lead": 36,
    "hub_lead": 49,
    "analyst": 11,
    "crisis_lead": 16,
    "auditor": 4,
    "admin": 17,
}


def test_the_roles_are_those_of_the_reviewed_table():
    with (HERE / "roles.csv").open() as lines:
        reviewed = list(csv.DictReader(lines))
    assert [row["right"] for row in reviewed] == list(RIGHTS)
    ours = read_table(TABLE)
    for row in reviewed:
        assert row["right"] in AREAS[row["area"]]
        for key in NAMES:
            cell = ours[key][row["right"]]
            assert (row[key] or ".") == cell, f"{key} {row['right']}"


def test_a_role_holds_as_many_rights_as_the_page_counts():
    held = {key: len(role.held | role.conditional) for key, role in ROLES.items()}
    assert {key: held[key] for key in COUNTS} == COUNTS
    assert not ROLES["plugin"].held


def test_no_plugin_may_be_given_what_governs():
    kept = {"kill.release", "crisis.declare", "assessment.run", "account.connect", "account.decide"}
    kept |= NEVER_DELEGABLE | {right for right in RIGHTS if right.endswith(".approve")}
    assert not ROLES["plugin"].manifest & (kept | {"profile.view.sensitive"})


def test_every_right_and_every_role_has_a_heading_in_the_reference():
    headings = {
        line.lstrip("# ").strip() for line in PAGE.read_text().splitlines() if line[:1] == "#"
    }
    assert [right for right in RIGHTS if f"`{right}`" not in headings] == []
    assert [name for name in NAMES.values() if name not in headings] == []


def test_the_page_names_no_right_that_does_not_exist():
    headings = [line for line in PAGE.read_text().splitlines() if line.startswith("#### `")]
    assert {line[5:].strip().strip("`") for line in headings} == set(RIGHTS)


def test_to_see_is_never_to_write():
    assert set(AREAS["see"]) == SEE
