"""Writers of goals, series, initiatives, money, and of which goal an account serves."""

from __future__ import annotations

from socius.strategy.actions.audit import decide, decide_all, propose
from socius.strategy.actions.compensate import (
    take_back_accounts,
    take_back_goals,
    take_back_initiatives,
    take_back_said,
    take_back_values,
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
from socius.strategy.actions.series import load_values, set_series

__all__ = [
    "Names",
    "Served",
    "Unknown",
    "activate",
    "add_spend",
    "close_goal",
    "decide",
    "decide_all",
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
    "link",
    "load_values",
    "oppose",
    "propose",
    "reject_unknown",
    "reopen_goal",
    "serve_goals",
    "set_experiment",
    "set_goal",
    "set_hours",
    "set_initiative",
    "set_kpi",
    "set_series",
    "take_back_accounts",
    "take_back_goals",
    "take_back_initiatives",
    "take_back_said",
    "take_back_values",
    "unlink",
]
