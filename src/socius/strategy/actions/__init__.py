"""Writers of goals, series, initiatives, money, and of which goal an account serves."""

from __future__ import annotations

from socius.strategy.actions.audit import decide, decide_all, propose, withdraw_decisions
from socius.strategy.actions.compensate import (
    take_back_accounts,
    take_back_goals,
    take_back_initiatives,
    take_back_said,
    take_back_values,
)
from socius.strategy.actions.experiments import (
    Laid,
    lay_cells,
    note_learning,
    override_cell,
    stop_experiment,
)
from socius.strategy.actions.goals import (
    close_goal,
    drop_kpi,
    oppose,
    reopen_goal,
    set_experiment,
    set_goal,
    set_kpi,
)
from socius.strategy.actions.history import import_activity
from socius.strategy.actions.imports import (
    import_goals,
    import_hours,
    import_initiatives,
    import_kpis,
    import_outcomes,
    import_spend,
)
from socius.strategy.actions.initiatives import (
    Served,
    activate,
    link,
    serve_goals,
    set_initiative,
    unlink,
)
from socius.strategy.actions.inventory import import_accounts
from socius.strategy.actions.money import add_spend, drop_spend, set_hours
from socius.strategy.actions.names import Names, Unknown, reject_unknown
from socius.strategy.actions.register import (
    Parts,
    Wish,
    adopt_strategy,
    ask_for_tool,
    decide_tool,
    override_tool,
    retire_tool,
)
from socius.strategy.actions.roadmap import (
    First,
    accept_initiative,
    need_initiatives,
    place_initiative,
    plan_initiative,
    review_initiative,
    set_frame,
    set_prerequisites,
    turn_down,
)
from socius.strategy.actions.series import load_values, set_series

__all__ = [
    "First",
    "Laid",
    "Names",
    "Parts",
    "Served",
    "Unknown",
    "Wish",
    "accept_initiative",
    "activate",
    "add_spend",
    "adopt_strategy",
    "ask_for_tool",
    "close_goal",
    "decide",
    "decide_all",
    "decide_tool",
    "drop_kpi",
    "drop_spend",
    "import_accounts",
    "import_activity",
    "import_goals",
    "import_hours",
    "import_initiatives",
    "import_kpis",
    "import_outcomes",
    "import_spend",
    "lay_cells",
    "link",
    "load_values",
    "need_initiatives",
    "note_learning",
    "oppose",
    "override_cell",
    "override_tool",
    "place_initiative",
    "plan_initiative",
    "propose",
    "reject_unknown",
    "reopen_goal",
    "retire_tool",
    "review_initiative",
    "serve_goals",
    "set_experiment",
    "set_frame",
    "set_goal",
    "set_hours",
    "set_initiative",
    "set_kpi",
    "set_prerequisites",
    "set_series",
    "stop_experiment",
    "take_back_accounts",
    "take_back_goals",
    "take_back_initiatives",
    "take_back_said",
    "take_back_values",
    "turn_down",
    "unlink",
    "withdraw_decisions",
]
