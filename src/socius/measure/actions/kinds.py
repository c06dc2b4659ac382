"""The one list of what can be imported: this is the highest package that owns a kind."""

from __future__ import annotations

from collections.abc import Callable

from socius.connectors.files import Report
from socius.measure.actions.effects import import_effects
from socius.measure.actions.leads import import_leads
from socius.organisation.actions import import_people, import_units
from socius.strategy.actions import (
    import_accounts,
    import_activity,
    import_goals,
    import_hours,
    import_initiatives,
    import_kpis,
    import_outcomes,
    import_spend,
)

# In the order in which the kinds need each other. Each is called with the upload and `actor=`.
IMPORTERS: dict[str, Callable[..., Report]] = {
    "units": import_units,
    "people": import_people,
    "goals": import_goals,
    "outcomes": import_outcomes,
    "kpis": import_kpis,
    "accounts": import_accounts,
    "initiatives": import_initiatives,
    "spend": import_spend,
    "hours": import_hours,
    "activity": import_activity,
    "effects": import_effects,
    "leads": import_leads,
}
# kind -> the Right that its import asks.
ASKED: dict[str, str] = {kind: verb.__dict__["right"] for kind, verb in IMPORTERS.items()}
