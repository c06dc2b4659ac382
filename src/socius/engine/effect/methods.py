"""The methods of single series and their versions: light, for whoever has to know whether an answer was made by an older one.

A version goes up whenever the same question may get another answer; what was made by an older one is estimated again by the next refresh.
"""

from __future__ import annotations

STRUCTURAL, FEW_COUNTS = "gsr", "negative_binomial"
VERSIONS = {STRUCTURAL: "3", FEW_COUNTS: "2"}
