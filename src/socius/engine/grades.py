"""The evidence ladder: the grade follows from the method and is capped; nobody types it.

After Altimeter Group's six ways to tie social activity to revenue (2012); the grades and the rung of quasi-experiments are ours.
"""

from __future__ import annotations

GRADES = {
    "A": "test: assigned at random before the start",
    "B": "quasi-experiment with placebo check, or a consented identity join",
    "C": "tracked: links, tags, codes",
    "D": "association: moved together",
    "E": "anecdote: told",
}
ANECDOTES = ("anecdote", "told", "story", "testimonial", "interview", "survey comment")


def grade_by_hand(method: str, *, stated: str, source: str, has_interval: bool) -> str:
    """The grade of an effect that was typed in.

    E for a told case. D at most otherwise, and C only where an outside study is named (`source`) and the effect has its
    interval. A lower grade that was stated is kept.
    """
    folded = method.casefold()
    if any(word in folded for word in ANECDOTES):
        return "E"
    cap = (
        "C"
        if source.strip() and has_interval and stated.strip().upper() in {"A", "B", "C"}
        else "D"
    )
    given = stated.strip().upper()
    return max(cap, given) if given in GRADES else cap


def grade_computed(
    *, designed: str, controls: int, placebos: int, passed: bool, agree: bool | None
) -> tuple[str, str]:
    """The grade of an effect that Socius estimated from one series, and why.

    B needs a design sheet hashed before the start (`designed`: its hash), a control, at least ten fake starts whose check passed,
    and a second method that agrees; D otherwise. Nothing raises it.
    """
    lacks = [
        (not passed, "the placebo check failed"),
        (not designed, "no power stated before the start"),
        (controls == 0, "no control"),
        (placebos < 10, f"{placebos} fake starts, ten are needed"),
        (agree is None, "no second method could be run"),
        (agree is False, "methods disagree"),
    ]
    why = [say for missing, say in lacks if missing]
    if why:
        return "D", "; ".join(why)
    return "B", "power stated before the start, placebo check passed, a second method agrees"


def grade_drawn(
    *, refused: str, looks: int, stopped: bool, right: int, cells: int, disturbed: str = ""
) -> tuple[str, str]:
    """The grade of a test that was drawn before its start, and why.

    A where it was carried out and analysed once as registered. A look before the end costs A (B: the draw still stands), an early
    stop costs B too, because its window is no longer the one that was registered. `right` of `cells` were as assigned. `disturbed`:
    carry-over or spill-over that was seen, which costs A. Looks that were promised with their price are none of `looks`.
    """
    if refused:
        return "D", f"refused: {refused}"
    done = f"{right} of {cells} cells carried out as assigned"
    if stopped:
        return "D", f"stopped before its end; {done}"
    if looks:
        times = "once" if looks == 1 else f"{looks} times"
        return "B", f"drawn before the start, but looked at {times} before the end; {done}"
    if disturbed:
        return (
            "B",
            f"drawn before the start, but {disturbed[0].lower()}{disturbed[1:].rstrip('.')}; {done}",
        )
    return "A", f"drawn and logged before the start, analysed once as registered; {done}"
