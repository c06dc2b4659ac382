"""Answers for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from socius.cli.output import say, table
from socius.kit.figures import counted, percent

WORDS = {
    "up": "higher than it would have been", "down": "lower than it would have been",
    "cannot_tell": "cannot tell", "refused": "no effect is shown", "too_few": "too few cases to tell",
}  # fmt: skip


def number(value: float | None) -> str:
    """Four significant digits; a dash for the unknown."""
    return "-" if value is None else f"{value:,.4g}"


def span(found: dict[str, Any]) -> str:
    """low to high"""
    return f"{number(found['low'])} to {number(found['high'])}"


def shown(value: float | None) -> str:
    """A share with a decimal."""
    return "-" if value is None else percent(value, 1)


def effect(found: dict[str, Any]) -> None:
    """One effect."""
    window = found["window"]
    say(f"{found['subject'] or 'Effect'} on {found['series']}, {window['post'][0]} to {window['post'][1]} ({found['n']['pre']} {found['grain']}s before it)")  # fmt: skip
    if found["refused"]:
        say(f"  no effect is shown ({found['refused']}): {found['say']}")
    else:
        say(f"  {WORDS[found['verdict']]}")
        say(f"  mean effect   {number(found['effect_mean'])}   (95 %: {span(found)})   p {number(found['p'])}")  # fmt: skip
        say(f"  in total      {number(found['effect_total'])}   (95 %: {span(found['total'])})")
        if found["relative"]:
            r = found["relative"]
            say(f"  relative      {shown(r['value'])}   ({shown(r['low'])} to {shown(r['high'])})")  # fmt: skip
    placebo = found["placebo"]
    say(f"  how sure      {placebo['hits']} of {placebo['n']} fake starts would have been called ({shown(placebo['low'])} to {shown(placebo['high'])}); interval widened by {number(placebo['factor'])}")  # fmt: skip
    if found["second"]:
        second = found["second"]
        agree = "agrees" if second["agree"] else "does not agree"
        say(f"  second method {second['method'].replace('_', ' ')}: {number(second['effect'])}, {agree}")  # fmt: skip
    say(f"  grade {found['grade']}: {found['grade_reason']}")
    for note in found["notes"]:
        say(f"  ! {note}")


def batch(found: dict[str, Any]) -> None:
    """Many effects."""
    head = ("series", "verdict", "effect", "low", "high", "p", "q", "called", "grade")
    table(head, [(e["series"], e["refused"] or e["verdict"], number(e["effect_mean"]), number(e["low"]), number(e["high"]), number(e["p"]), number(e["q"]), "yes" if e["called"] else "no", e["grade"]) for e in found["effects"]])  # fmt: skip
    family = found["family"]
    say(f"{counted(family['comparisons'], 'comparison')}, {family['refused']} refused; {family['called']} called at a false discovery rate of {shown(family['q'])}.")  # fmt: skip


def power(found: dict[str, Any]) -> None:
    """What could be seen."""
    say(f"A window of {counted(found['window_days'], 'day')} on {found['series']}")
    if found["refused"]:
        say(f"  {found['say'] or found['refused']}")
        return
    table(("lift", "found in"), [(shown(r["lift"]), shown(r["found"])) for r in found["lifts"]])
    mde = found["mde"]
    say(f"  smallest effect found in 80 %: {shown(mde['relative'])}, {number(mde['absolute'])} a row" if mde else "  nothing realistic could be seen")  # fmt: skip
    if found["answer"]:
        say(f"  {shown(found['worth_acting_on'])}: {found['answer'].replace('_', ' ')}")
    if found["instead"]:
        say("  instead: " + ", ".join(i.replace("_", " ") for i in found["instead"]))


def ab(found: dict[str, Any]) -> None:
    """Two groups."""
    table(("group", "n", "mean", "low", "high"), [(g["group"], g["n"], number(g["mean"]), number(g["low"]), number(g["high"])) for g in found["groups"]])  # fmt: skip
    say(f"difference {number(found['effect'])} (95 %: {span(found)}), p {number(found['p'])}: {WORDS[found['verdict']].replace(' than it would have been', '')}")  # fmt: skip


def leads(found: dict[str, Any]) -> None:
    """Sources."""
    rows = [(s["source"], s["n"], s["won"], shown(s["rate"]), f"{shown(s['low'])} to {shown(s['high'])}", s["rank"], s["verdict"].replace("_", " ")) for s in found["sources"]]  # fmt: skip
    table(("source", "n", "won", "rate", "95 %", "rank", ""), rows)
    say(f"{found['untracked']['n']} leads without a source ({shown(found['untracked']['share'])}).")  # fmt: skip


def panel(found: dict[str, Any]) -> None:
    """Treated units."""
    if found["method"] == "staggered":
        joined(found)
        return
    say(f"{', '.join(found['treated'])} by {found['method']}: {number(found['effect_mean'])} (95 %: {span(found)}), p {number(found['p'])} from {found['placebo_n']} placebos: {WORDS[found['verdict']]}")  # fmt: skip
    if found["say"]:
        say(f"  ! {found['say']}")
    say("  all methods: " + ", ".join(f"{m} {number(v)}" for m, v in found["methods"].items()))
    for kind, weights in found["weights"].items():
        largest = sorted(weights.items(), key=lambda pair: -pair[1])[:6]
        say(f"  {kind} weights: " + ", ".join(f"{n} {w:.2f}" for n, w in largest))
    say(f"  grade {found['grade']}: {found['grade_reason']}")


def joined(found: dict[str, Any]) -> None:
    """Units that joined at different times."""
    if found["refused"]:
        say(f"no effect is shown ({found['refused']}): {found['say']}")
    else:
        say(f"{len(found['treated'])} units joined at {len(found['cohorts'])} times: {number(found['effect_mean'])} since then (95 %: {span(found)}), p {number(found['p'])}: {WORDS[found['verdict']]}")  # fmt: skip
        table(("joined", "units", "effect", "95 %"), [(c["joined"], c["n"], number(c["effect"]), span(c)) for c in found["cohorts"]])  # fmt: skip
        table(("periods since", "effect", "95 %"), [(e["after"], number(e["effect"]), span(e)) for e in found["events"][:12]])  # fmt: skip
    trends = found["pre_trends"]["p"]
    say(f"  compared with {found['compared_with']}; course before joining: p {number(trends)}")
    say(f"  grade {found['grade']}: {found['grade_reason']}")


def adjust(found: dict[str, Any]) -> None:
    """Two comparisons."""
    rows = [(name, number(found[name]["effect"]), span(found[name]), found[name]["says"]) for name in ("naive", "adjusted")]  # fmt: skip
    table(("", "difference", "95 %", "says"), rows)
    table(("covariate", "differs before", "after"), [(b["covariate"], f"{b['before']:.2f}", f"{b['after']:.2f}") for b in found["balance"]])  # fmt: skip
    say(f"{found['dropped']} cases without a counterpart were left out.")


def followers(found: dict[str, Any]) -> None:
    """The authentic share."""
    say(f"{found['flagged']} of {found['n']} profiles are flagged.")
    if found["authentic"] is None:
        say(f"Cannot tell: {found['cannot_tell']}.")
        return
    share = found["authentic"]
    say(f"Authentic: {shown(share['low'])} to {shown(share['high'])}, if the rule catches {shown(found['assumed']['sensitivity'][0])} of bought profiles or more.")  # fmt: skip


def attribution(found: dict[str, Any]) -> None:
    """Channels."""
    names = ("first", "last", "linear", "position", "markov", "shapley", "low", "high")
    table(("channel", "n", *names, ""), [(c["channel"], c["n"], *(f"{c[n]:.1f}" for n in names), c["verdict"].replace("_", " ")) for c in found["channels"]])  # fmt: skip
    say(f"{found['conversions']:,} conversions on {found['paths']:,} paths; {shown(found['untracked_share'])} without a known channel.")  # fmt: skip
    say(f"This {found['says']}.")


SHOWN: dict[str, Callable[[dict[str, Any]], None]] = {
    "effect": effect,
    "batch": batch,
    "power": power,
    "ab": ab,
    "leads": leads,
    "panel": panel,
    "adjust": adjust,
    "followers": followers,
    "attribution": attribution,
}
