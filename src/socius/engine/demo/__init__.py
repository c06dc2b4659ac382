"""The demonstration organisation: invented, deterministic, with a truth file written from its own plan.

It knows nothing of the parts that are checked against it; a contract in the tests says so.
"""

from __future__ import annotations

from socius.engine.demo.assessment import PlannedWave, planned_waves
from socius.engine.demo.organisation import BESIDES, FILES, TEN, Organisation, as_csv, generate
from socius.engine.demo.story import ESTIMATED
from socius.engine.demo.trials import FOUNDED

__all__ = [
    "BESIDES",
    "ESTIMATED",
    "FILES",
    "FOUNDED",
    "TEN",
    "Organisation",
    "PlannedWave",
    "as_csv",
    "generate",
    "planned_waves",
]
