"""What a value may be before anything below this door sees it: bounded texts, numbers and dates."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

# PostgreSQL keeps no NUL in a text.
CLEAN = r"^[^\x00]*$"
# `fullmatch` below: a `$` would let a line break through.
DAY = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
INSTANT = (
    DAY + r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-][01][0-9]:[0-5][0-9])"
)
NUMERAL = r"[1-9][0-9]{0,18}"
MOST_IDS = 1000

Word = Annotated[str, StringConstraints(max_length=40, pattern=CLEAN)]
Name = Annotated[str, StringConstraints(max_length=200, pattern=CLEAN)]
Key = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")
]
Label = Annotated[str, StringConstraints(max_length=300, pattern=CLEAN)]
Note = Annotated[str, StringConstraints(max_length=500, pattern=CLEAN)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=CLEAN)]
Address = Annotated[str, StringConstraints(max_length=1000, pattern=CLEAN)]
Text = Annotated[str, StringConstraints(max_length=5000, pattern=CLEAN)]
Currency = Annotated[str, StringConstraints(pattern=r"^([A-Za-z]{3})?$")]
# A hash as text.
Sha256 = Annotated[str, StringConstraints(pattern=r"^([0-9a-fA-F]{64})?$")]


def whole(value: Any) -> Any:
    """A number of an object: digits in an address, an integer in a body; not 1.0, not `1_0`, not true."""
    if isinstance(value, str) and not re.fullmatch(NUMERAL, value):
        raise ValueError("write the number of an object in digits")
    if isinstance(value, bool | float):
        raise ValueError("write the number of an object as an integer")  # noqa: TRY004 - pydantic takes a ValueError
    return value


def dated(value: Any) -> Any:
    """A day as text in one form; a number is not taken for seconds since 1970."""
    if value is None or (isinstance(value, str) and re.fullmatch(DAY, value)):
        return value
    raise ValueError("write a day as 2026-11-30")


def timed(value: Any) -> Any:
    """An instant as text, with its offset."""
    if value is None or (isinstance(value, str) and re.fullmatch(INSTANT, value)):
        return value
    raise ValueError("write an instant as 2026-11-30T09:00:00Z")


Number = Annotated[
    int,
    BeforeValidator(whole),
    Field(ge=1, le=2**63 - 1),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 2**63 - 1}),
]
Day = Annotated[
    date,
    BeforeValidator(dated),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{DAY}$"}),
]
Instant = Annotated[
    datetime,
    BeforeValidator(timed),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{INSTANT}$"}),
]
# Each as wide as the column that keeps it.
Money = Annotated[
    Decimal,
    Field(max_digits=18, decimal_places=2, ge=-(10**15), le=10**15),
    WithJsonSchema({"type": "number", "minimum": -(10**15), "maximum": 10**15, "multipleOf": 0.01}),
]
Hours = Annotated[
    Decimal,
    Field(max_digits=10, decimal_places=2, ge=0, le=10**7),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10**7, "multipleOf": 0.01}),
]
Value = Annotated[
    Decimal,
    Field(max_digits=24, decimal_places=6, ge=-(10**15), le=10**15),
    WithJsonSchema(
        {"type": "number", "minimum": -(10**15), "maximum": 10**15, "multipleOf": 0.000001}
    ),
]
Estimate = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]


class Given(Schema):
    """A body of a request: a name that it does not know is an error and not silently dropped."""

    model_config = ConfigDict(extra="forbid")


class Why(Given):
    """The reason that the ledger keeps."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=CLEAN)]
