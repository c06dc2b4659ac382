"""`socius measure power`: what could be seen before anything starts, and the design sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from socius.engine.effect.building import FEWEST, calendar_of, day_option, first_of, laid_out
from socius.engine.effect.case import Case, not_itself
from socius.engine.effect.methods import STRUCTURAL
from socius.engine.effect.power import INSTEAD, power
from socius.engine.effect.sheets import signed
from socius.engine.tables import read
from socius.kit.errors import Invalid


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Power over lifts, the minimum detectable effect, whether the one worth acting on can be seen, and the sheet."""
    name = options["outcome"]
    table = read(name, files[name])
    date_column = options.get("date_col") or first_of(table, ("date", "day", "time", "week", "ds"))
    value_column = options.get("value_col") or first_of(table, ("value", "outcome", "y"), after=date_column)  # fmt: skip
    calendar = calendar_of(table, table.days(date_column, "date-col"), date_column)
    controls = [n.strip() for n in options.get("controls") or [] if n.strip()]
    values = {n: laid_out(calendar, table.numbers(n, "controls")) for n in controls}
    outcome = laid_out(calendar, table.numbers(value_column, "value-col"))
    window = int(options["window"])
    if window < 1:
        raise Invalid(f"--window {window} is no length.", field="window", repair="Give the days of the window, such as 90.")  # fmt: skip
    if len(calendar.day) < FEWEST:
        raise Invalid(f"{name} has {len(calendar.day)} rows.", field="outcome", repair="At least 14 are needed to say anything, 56 and three windows to plan.")  # fmt: skip
    rows = len(calendar.day)
    worth = options.get("worth")
    if worth is not None and not worth > 0:
        raise Invalid(f"--worth {worth:g} is no size of an effect.", field="worth", repair="Say 0.02 for 2 %.")  # fmt: skip
    if options.get("start") and day_option(str(options["start"]), "start") <= date.fromisoformat(options["today"]).toordinal():  # fmt: skip
        raise Invalid(f"--start {options['start']} is not after today, {options['today']}: a sheet made after the start does not count.", field="start", repair="Give the day on which it will start, or leave it out.")  # fmt: skip
    found = power(not_itself(Case(value_column, calendar.day, outcome, values, rows, rows, calendar.grain)), window)  # fmt: skip
    answer = None
    if worth is not None:
        answer = "can_be_seen" if found.relative is not None and found.relative <= worth else "cannot_be_seen"  # fmt: skip
    mde = None if found.relative is None else {"relative": found.relative, "absolute": found.absolute}  # fmt: skip
    given = {
        "series": value_column, "window_days": window, "lifts": [{"lift": lift, "found": share, "n": found.n} for lift, share in found.lifts],
        "mde": mde, "worth_acting_on": worth, "answer": answer, "instead": list(INSTEAD) if answer == "cannot_be_seen" else [],
        "factor": found.factor, "placebo_n": found.placebos, "refused": found.refused, "say": found.say, "notes": list(found.notes), "seed": options["seed"],
        "sheet": None,
    }  # fmt: skip
    if options.get("start"):
        given["sheet"] = signed({
            "series": value_column, "value_col": value_column, "controls": controls, "start": options["start"], "window_days": window,
            "worth": worth, "mde": mde, "method": STRUCTURAL, "made_on": options["today"],
        })  # fmt: skip
    return given
