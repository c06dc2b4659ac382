"""Writers of the assessment: one file a subject, all of them shown here."""

from __future__ import annotations

from socius.assess.actions.entering import Dates, enter_assessment
from socius.assess.actions.needs import answer_need, choose_preset
from socius.assess.actions.opening import note_opening
from socius.assess.actions.ratings import (
    Rater,
    Said,
    answer,
    introduce,
    rater_of,
    submit,
    take_part,
    unsay,
)
from socius.assess.actions.waiving import end_waiver, waive
from socius.assess.actions.waves import (
    accept_dispute,
    add_note,
    agree_action,
    close_assessment,
    finish_action,
    invite,
    open_assessment,
    plan_assessment,
    renew_link,
)

__all__ = [
    "Dates",
    "Rater",
    "Said",
    "accept_dispute",
    "add_note",
    "agree_action",
    "answer",
    "answer_need",
    "choose_preset",
    "close_assessment",
    "end_waiver",
    "enter_assessment",
    "finish_action",
    "introduce",
    "invite",
    "note_opening",
    "open_assessment",
    "plan_assessment",
    "rater_of",
    "renew_link",
    "submit",
    "take_part",
    "unsay",
    "waive",
]
