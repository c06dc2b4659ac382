"""Which class a metric name has, whatever a user or a file says."""

from __future__ import annotations

from socius.engine.measures.names.classes import Classification, classify, same_as_vanity
from socius.engine.measures.names.table import TABLE, Named

__all__ = ["TABLE", "Classification", "Named", "classify", "same_as_vanity"]
