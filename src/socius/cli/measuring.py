"""The words of `socius measure`. Knows neither Django nor numbers."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Sub = argparse.ArgumentParser


def words(text: str) -> list[str]:
    """A list such as A,B."""
    return [part.strip() for part in text.split(",") if part.strip()]


def series(sub: Sub, *, start: bool) -> None:
    """How a series is read from a file."""
    sub.add_argument("--date-col", default="", metavar="D", help="the column of dates (default: date, else the first)")  # fmt: skip
    sub.add_argument("--value-col", default="", metavar="V", help="the column of the outcome (default: value, else the next)")  # fmt: skip
    sub.add_argument("--controls", type=words, default=[], metavar="C1,C2", help="columns that the initiative cannot have moved")  # fmt: skip
    if start:
        sub.add_argument("--start", default="", metavar="DATE", help="the first day of the initiative")  # fmt: skip
        sub.add_argument("--end", default="", metavar="DATE", help="the last day of the window (default: the last of the file)")  # fmt: skip
        sub.add_argument("--exclude", type=words, default=[], metavar="DATE,DATE", help="days of declared events: no fake start's window holds one")  # fmt: skip
    sub.add_argument("--seed", type=int, default=1, metavar="N", help="kept with the answer")


def effect(sub: Sub) -> None:
    """`socius measure effect`"""
    sub.add_argument("--outcome", required=True, metavar="FILE", help="a CSV with a row a day")
    series(sub, start=True)
    sub.add_argument("--subject", default="", metavar="TEXT", help="the initiative, as it is kept with the answer")  # fmt: skip
    sub.add_argument("--design", default="", metavar="FILE", help="a design sheet hashed before the start (socius measure power --sheet)")  # fmt: skip
    sub.add_argument("--second", choices=["window_difference", "uc_ar1"], default="window_difference", help="the method to compare with; uc_ar1 takes seconds")  # fmt: skip
    sub.add_argument("--path", action="store_true", help="with --json: the counterfactual day by day")  # fmt: skip


def batch(sub: Sub) -> None:
    """`socius measure batch`"""
    sub.add_argument("--dir", required=True, metavar="DIR", help="a folder of CSV files; batch.csv in it may say what is asked of each")  # fmt: skip
    series(sub, start=True)
    sub.add_argument("--class", dest="klass", default="", metavar="NAME", help="the noise class of all files (default: one class)")  # fmt: skip


def power(sub: Sub) -> None:
    """`socius measure power`"""
    sub.add_argument("--outcome", required=True, metavar="FILE", help="a CSV with a row a day, up to today")  # fmt: skip
    series(sub, start=False)
    sub.add_argument("--window", type=int, required=True, metavar="DAYS", help="how long the initiative would be watched")  # fmt: skip
    sub.add_argument("--worth", type=float, default=None, metavar="SHARE", help="the smallest effect worth acting on, such as 0.02")  # fmt: skip
    sub.add_argument("--start", default="", metavar="DATE", help="with --sheet: the day on which it will start")  # fmt: skip
    sub.add_argument("--sheet", default="", metavar="FILE", help="write the design sheet with its hash to FILE")  # fmt: skip


def ab(sub: Sub) -> None:
    """`socius measure ab`"""
    sub.add_argument("--file", required=True, metavar="FILE", help="a CSV with a row a case")
    sub.add_argument("--group", required=True, metavar="G", help="the column of the group")
    sub.add_argument("--outcome", required=True, metavar="Y", help="the column of the outcome: 0 and 1, or numbers")  # fmt: skip
    sub.add_argument("--baseline", default="", metavar="NAME", help="the group to compare with (default: control, else the first)")  # fmt: skip
    sub.add_argument("--compare", type=words, default=[], metavar="A,B", help="only these two groups")  # fmt: skip
    sub.add_argument("--won-value", dest="won", default="", metavar="TEXT", help="the value of the outcome that means yes")  # fmt: skip


def leads(sub: Sub) -> None:
    """`socius measure leads`"""
    sub.add_argument("--file", required=True, metavar="FILE", help="a CSV with a row a lead")
    sub.add_argument("--source", required=True, metavar="S", help="the column of the source")
    sub.add_argument("--won", required=True, metavar="W", help="the column that says won or not")
    sub.add_argument("--won-value", default="", metavar="TEXT", help="the value that means won")


def panel(sub: Sub) -> None:
    """`socius measure panel`"""
    sub.add_argument("--file", required=True, metavar="FILE", help="a CSV with a row a unit and time")  # fmt: skip
    sub.add_argument("--unit", required=True, metavar="U", help="the column of the unit")
    sub.add_argument("--time", required=True, metavar="T", help="the column of the time")
    sub.add_argument("--outcome", required=True, metavar="Y", help="the column of the outcome")
    sub.add_argument("--treated", type=words, default=[], metavar="ID,ID", help="the treated unit or units")  # fmt: skip
    sub.add_argument("--start", default="", metavar="S", help="the first treated time")
    sub.add_argument("--joined", default="", metavar="J", help="staggered: the column of the time at which a unit joined; empty: never")  # fmt: skip
    sub.add_argument("--method", choices=["sdid", "sc", "did", "staggered"], default="sdid", help="synthetic difference in differences, synthetic control, difference in differences; staggered: units that join at different times")  # fmt: skip
    sub.add_argument("--placebo", action="store_true", help="inference by giving the treatment to each control in turn")  # fmt: skip
    sub.add_argument("--seed", type=int, default=1, metavar="N", help="draws the groups of several placebos")  # fmt: skip


def adjust(sub: Sub) -> None:
    """`socius measure adjust`"""
    sub.add_argument("--file", required=True, metavar="FILE", help="a CSV with a row a case")
    sub.add_argument("--treatment", required=True, metavar="T", help="the column that says treated or not")  # fmt: skip
    sub.add_argument("--treated-value", default="", metavar="TEXT", help="the value that means treated")  # fmt: skip
    sub.add_argument("--outcome", required=True, metavar="Y", help="the column of the outcome: 0 and 1, or numbers")  # fmt: skip
    sub.add_argument("--covariates", type=words, required=True, metavar="A,B", help="what was known before the treatment")  # fmt: skip


def followers(sub: Sub) -> None:
    """`socius measure followers`"""
    sub.add_argument("--file", required=True, metavar="FILE", help="a CSV with a row a follower, drawn at random")  # fmt: skip
    sub.add_argument("--sensitivity", type=shares, default=None, metavar="LOW,HIGH", help="the share of bought profiles that the rule catches, if you know it")  # fmt: skip


def shares(text: str) -> list[float]:
    """Two shares such as 0.6,0.9."""
    low, high = (float(part) for part in text.split(","))
    if not 0 <= low <= high <= 1:
        raise ValueError(text)
    return [low, high]


def attribution(sub: Sub) -> None:
    """`socius measure attribution`"""
    sub.add_argument("--paths", required=True, metavar="FILE", help="a CSV: path,conversions,nulls or path_id,at,channel,converted")  # fmt: skip


def estimate(sub: Sub) -> None:
    """`socius measure estimate`"""
    sub.add_argument("subject", metavar="SUBJECT", help="the initiative or the declared account group: its key, or the number of an initiative")  # fmt: skip
    sub.add_argument("series", metavar="SERIES", help="the outcome series: its name or its number")
    sub.add_argument("--start", default="", metavar="DATE", help="the first day (default: that of the initiative)")  # fmt: skip
    sub.add_argument("--end", default="", metavar="DATE", help="the last day (default: the last value, or the initiative's end)")  # fmt: skip
    sub.add_argument("--controls", type=words, default=[], metavar="S1,S2", help="series that the initiative cannot have moved")  # fmt: skip
    sub.add_argument("--seed", type=int, default=0, metavar="N", help="kept with the answer")


def replay(sub: Sub) -> None:
    """`socius measure replay`"""
    sub.add_argument("effect", type=int, metavar="ID", help="the number of an effect that Socius estimated")  # fmt: skip


def chosen(sub: Sub) -> None:
    """Initiative, series, controls, and the smallest effect that matters."""
    sub.add_argument("named", nargs="*", metavar="INITIATIVE SERIES", help="both, each by key or number (sheet: or the key of a declared group); for show, look, stop and analyse the number of a design")  # fmt: skip
    sub.add_argument("--start", default="", metavar="DATE", help="the first day; it lies after today (sheet: left out, that of the initiative or group)")  # fmt: skip
    sub.add_argument("--worth", type=float, default=None, metavar="SHARE", help="the smallest effect worth acting on, such as 0.02")  # fmt: skip
    sub.add_argument("--controls", type=words, default=[], metavar="S1,S2", help="series that the initiative cannot move")  # fmt: skip


def experiment(sub: Sub) -> None:
    """`socius measure experiment`"""
    sub.add_argument("act", choices=["plan", "draw", "list", "show", "look", "stop", "analyse"], help="plan keeps nothing; draw keeps and logs the assignment; look and stop are on record")  # fmt: skip
    chosen(sub)
    sub.add_argument("--design", choices=["geo_holdout", "account_holdout", "switchback", "time_holdout"], default="geo_holdout", help="what is held out")  # fmt: skip
    sub.add_argument("--days", type=int, default=28, metavar="N", help="length of the window")
    sub.add_argument("--block-days", type=int, default=14, metavar="N", help="switchback: length of a block")  # fmt: skip
    sub.add_argument("--burn-in", type=int, default=0, metavar="N", help="switchback: days left out at the beginning of a block")  # fmt: skip
    sub.add_argument("--off-days", type=int, default=14, metavar="N", help="time_holdout: length of the stretch without it")  # fmt: skip
    sub.add_argument("--looks", type=int, default=0, metavar="N", help="looks before the end that are part of the plan, at most 4")  # fmt: skip
    sub.add_argument("--neighbours", default="", metavar="A~B,C~D", help="places of which one may feel what the other gets")  # fmt: skip
    sub.add_argument("--reason", default="", metavar="TEXT", help="look: why it cannot wait, where it is not part of the plan; stop: why it ends early")  # fmt: skip


def sheet(sub: Sub) -> None:
    """`socius measure sheet`"""
    chosen(sub)
    sub.add_argument("--end", default="", metavar="DATE", help="the last day (left out: that of the initiative or group)")  # fmt: skip


def group(sub: Sub) -> None:
    """`socius measure group`"""
    sub.add_argument("act", choices=["declare", "list", "show", "withdraw"], help="a declared group is never changed; withdraw ends its estimates")  # fmt: skip
    sub.add_argument("key", nargs="?", default="", metavar="KEY", help="the key of the group")
    sub.add_argument("--name", default="", metavar="TEXT", help="declare: how it is called (default: the key)")  # fmt: skip
    sub.add_argument("--accounts", type=words, default=[], metavar="A1,A2", help="declare: at least two accounts, each by number, handle or network/handle")  # fmt: skip
    sub.add_argument("--outcomes", type=words, default=[], metavar="S1,S2", help="declare: the series it is declared for, each by name or number")  # fmt: skip
    sub.add_argument("--start", default="", metavar="DATE", help="declare: the first day of what they do in common")  # fmt: skip
    sub.add_argument(
        "--end", default="", metavar="DATE", help="declare: its last day, where it ends"
    )
    sub.add_argument("--unit", default="", metavar="KEY", help="declare: whose group it is (default: the organisation)")  # fmt: skip
    sub.add_argument("--why", default="", metavar="TEXT", help="declare: what they do in common and why just these; withdraw: why")  # fmt: skip


def value(_sub: Sub) -> None:
    """`socius measure value`"""


def refresh(_sub: Sub) -> None:
    """`socius measure refresh`"""


# These act on the organisation: what they find is kept there.
STORED: dict[str, tuple[str, Callable[[Sub], None]]] = {
    "estimate": ("what an initiative did to an outcome series of the organisation", estimate),
    "group": ("declare accounts as one subject of measurement, before looking", group),
    "replay": ("compute a stored effect again and compare the bytes", replay),
}
REGISTERED: dict[str, tuple[str, Callable[[Sub], None]]] = {
    "experiment": ("plan, draw, show and analyse an experiment", experiment),
    "sheet": (
        "register before its start what will be estimated of an initiative or a declared group",
        sheet,
    ),
    "value": ("what initiatives brought, less what they cost", value),
}
PASSES: dict[str, tuple[str, Callable[[Sub], None]]] = {
    "refresh": ("estimate again whatever changed, of all that was asked", refresh),
}

VERBS: dict[str, tuple[str, Callable[[Sub], None]]] = {
    "effect": ("the effect of one initiative on one series", effect),
    "batch": ("the effects on every series of a folder", batch),
    "power": ("what could be seen, before it starts", power),
    "ab": ("two groups drawn at random", ab),
    "panel": ("units over time, some of them treated", panel),
    "adjust": ("groups that chose themselves: naive and adjusted", adjust),
    "leads": ("how often leads of each source are won", leads),
    "followers": ("an interval for the share of followers that are people", followers),
    "attribution": ("channels on paths; descriptive", attribution),
}


def declare(sub: Sub, parent: Sub) -> None:
    """`socius measure VERB`"""
    verbs = sub.add_subparsers(dest="verb", required=True, metavar="VERB")
    rooms = (("", VERBS), ("measure.stored", STORED), ("measure.registered", REGISTERED), ("measure.refreshing", PASSES))  # fmt: skip
    for module, known in rooms:
        for name, (sentence, say) in known.items():
            one = verbs.add_parser(name, help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.", parents=[parent])  # fmt: skip
            if module:
                one.set_defaults(module=module)
            say(one)
