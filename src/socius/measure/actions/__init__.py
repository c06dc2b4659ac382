"""Writers of effects; and the door to every import: this is the highest package that owns a kind."""

from __future__ import annotations

from socius.connectors.files import Upload
from socius.measure.actions.designs import Terms, register_design
from socius.measure.actions.effects import import_effects, record_effect, withdraw_effect
from socius.measure.actions.estimates import estimate_effect
from socius.measure.actions.experiments import (
    About,
    conclude_experiment,
    look_at_experiment,
    plan_experiment,
)
from socius.measure.actions.groups import Declared, declare_group, withdraw_group
from socius.measure.actions.kinds import ASKED, IMPORTERS
from socius.measure.actions.leads import count_leads, import_leads
from socius.measure.actions.refresh import refresh_effects
from socius.measure.actions.undo import undo_import
from socius.measure.actions.value import (
    Amounts,
    Noticed,
    close_insight,
    note_insight,
    reopen_insight,
    state_worth,
)
from socius.measure.actions.waiting import (
    SMALL,
    Said,
    ask_import,
    cancel_import,
    describe_import,
    receive_file,
    require_import,
)

__all__ = [
    "ASKED",
    "IMPORTERS",
    "SMALL",
    "About",
    "Amounts",
    "Declared",
    "Noticed",
    "Said",
    "Terms",
    "Upload",
    "ask_import",
    "cancel_import",
    "close_insight",
    "conclude_experiment",
    "count_leads",
    "declare_group",
    "describe_import",
    "estimate_effect",
    "import_effects",
    "import_leads",
    "look_at_experiment",
    "note_insight",
    "plan_experiment",
    "receive_file",
    "record_effect",
    "refresh_effects",
    "register_design",
    "reopen_insight",
    "require_import",
    "state_worth",
    "undo_import",
    "withdraw_effect",
    "withdraw_group",
]
