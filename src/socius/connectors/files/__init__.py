"""Importers of files: one pipeline, one declaration a kind. Bytes in, rows and findings out; no Django."""

from __future__ import annotations

from socius.connectors.files.declare import Field, Format, Kind
from socius.connectors.files.kinds import FORMATS, KINDS, formats_of
from socius.connectors.files.networks import Identified, identify, same
from socius.connectors.files.opening import read
from socius.connectors.files.reading import Reading
from socius.connectors.files.report import Report
from socius.connectors.files.shrink import Shrink, shrink
from socius.connectors.files.values import Row, Upload

__all__ = [
    "FORMATS",
    "KINDS",
    "Field",
    "Format",
    "Identified",
    "Kind",
    "Reading",
    "Report",
    "Row",
    "Shrink",
    "Upload",
    "formats_of",
    "identify",
    "read",
    "same",
    "shrink",
]
