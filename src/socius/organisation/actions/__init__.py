"""Writers of units, people, roles and grants; and `require`, which every action above asks."""

from __future__ import annotations

from socius.activity.actions import begin_answer, forget_answer, keep_answer
from socius.organisation.actions.absorb import absorb_unit, identify_unit
from socius.organisation.actions.founding import found
from socius.organisation.actions.grants import (
    Gift,
    Opening,
    accept_proposal,
    decline_proposal,
    end_grant,
    end_share,
    give_grant,
    give_share,
)
from socius.organisation.actions.people import (
    NewPerson,
    change_person,
    disable_person,
    enable_person,
    invite_person,
    link_person,
    set_password,
)
from socius.organisation.actions.people_imports import import_people, undo_people
from socius.organisation.actions.rights import (
    allowed,
    asks,
    decide,
    explain,
    may_give,
    record_refusal,
    require,
    require_somewhere,
)
from socius.organisation.actions.tokens import actor_for, make_token, revoke_token
from socius.organisation.actions.unit_imports import import_units, undo_units
from socius.organisation.actions.units import (
    NewUnit,
    alias_unit,
    create_unit,
    create_units,
    date_unit,
    drop_alias,
    move_unit,
    rename_unit,
)
from socius.organisation.standing import Scoped, Spot

__all__ = [
    "Gift",
    "NewPerson",
    "NewUnit",
    "Opening",
    "Scoped",
    "Spot",
    "absorb_unit",
    "accept_proposal",
    "actor_for",
    "alias_unit",
    "allowed",
    "asks",
    "begin_answer",
    "change_person",
    "create_unit",
    "create_units",
    "date_unit",
    "decide",
    "decline_proposal",
    "disable_person",
    "drop_alias",
    "enable_person",
    "end_grant",
    "end_share",
    "explain",
    "forget_answer",
    "found",
    "give_grant",
    "give_share",
    "identify_unit",
    "import_people",
    "import_units",
    "invite_person",
    "keep_answer",
    "link_person",
    "make_token",
    "may_give",
    "move_unit",
    "record_refusal",
    "rename_unit",
    "require",
    "require_somewhere",
    "revoke_token",
    "set_password",
    "undo_people",
    "undo_units",
]
