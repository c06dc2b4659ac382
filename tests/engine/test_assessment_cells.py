"""Units that share an audience, and what sets them at odds."""

from __future__ import annotations

from socius.engine.assessment.cells import Aim, Spoken, cells

FREE = Aim(frozenset(), {})


def spoken(unit: str, *goals: int, posts: int = 2, week: str = "2026-W10", audience: str = "DE") -> Spoken:  # fmt: skip
    return Spoken(audience, "x", "de", week, unit, posts, frozenset(goals))


def test_a_cell_needs_two_units_that_posted() -> None:
    assert cells([spoken("A", 1), spoken("A", 2), spoken("B", 1, week="2026-W11")], {1: FREE}) == ()
    assert cells([spoken("A", 1), spoken("B", 1, posts=0)], {1: FREE}) == ()


def test_harmless_overlap_is_shared_and_not_at_odds() -> None:
    (cell,) = cells([spoken("B", 1), spoken("A", 1, posts=3)], {1: FREE})
    assert (cell.units, cell.posts, cell.conflict) == (("A", "B"), 5, None)


def test_goals_that_conflict_are_named_with_their_units_first() -> None:
    aims = {1: Aim(frozenset({2}), {}), 2: Aim(frozenset({1}), {}), 3: FREE}
    (cell,) = cells([spoken("A", 3), spoken("B", 1), spoken("C", 2)], aims)
    assert (cell.units, cell.conflict) == (("B", "C", "A"), "goals")


def test_one_measure_pushed_apart_is_a_conflict_and_kept_is_none() -> None:
    aims = {1: Aim(frozenset(), {"price": "up"}), 2: Aim(frozenset(), {"price": "down"}), 3: Aim(frozenset(), {"price": "keep"})}  # fmt: skip
    first, second = cells([spoken("A", 1), spoken("B", 2), spoken("A", 1, week="2026-W11"), spoken("B", 3, week="2026-W11")], aims)  # fmt: skip
    assert (first.conflict, second.conflict) == ("directions", None)


def test_a_goal_that_nobody_knows_any_more_is_no_conflict() -> None:
    (cell,) = cells([spoken("A", 1), spoken("B", 9)], {1: Aim(frozenset({9}), {})})
    assert cell.conflict is None
