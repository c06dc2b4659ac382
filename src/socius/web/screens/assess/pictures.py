"""A result as what the templates draw: steps, bars, lists with their sentences. Numbers only, no style."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from socius.assess.models import Assessment
from socius.engine.assessment.questionnaire import (
    FACTOR_NAMES,
    STAGE_NAMES,
    Part,
    Questionnaire,
    questionnaire,
)
from socius.engine.published import FIGURES, Figure

NEAREST = 3
WIDTH = 100
LEAST_AXES = 3
# As much of a factor's name as an axis on a phone holds.
AXES = {
    "1": "goals", "2": "vision", "3": "sponsors", "4": "roadmap", "5a": "governance", "5b": "education", "6": "people", "7": "technology",
}  # fmt: skip


def ladder(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The six stages with what marks them, the highest first, and how much of each is in place."""
    profile = {row["stage"]: row for row in result["profile"]}
    steps = []
    for stage in range(6, -1, -1):
        gates = [g for g in result["gates"] if g["stage"] == stage]
        part = profile.get(stage, {})
        steps.append(
            {
                "stage": stage,
                "name": STAGE_NAMES[stage],
                "computed": stage == result["stage"],
                "placed": stage == result["self_placed"],
                "reached": stage <= result["stage"],
                "met": sum(g["met"] for g in gates),
                "gates": len(gates),
                "share": part.get("score"),
                "width": round(WIDTH * part["score"]) if part.get("score") is not None else None,
                "in_range": between(stage, result["uncertainty"]),
            }
        )
    return steps


def between(stage: int, found: dict[str, Any] | None) -> bool:
    """Whether a stage lies in the range of the redrawn raters."""
    return found is not None and found["low"] <= stage <= found["high"]


def answer_words(part: Part, value: Any, form: Questionnaire) -> str:
    """An answer as the form words it."""
    if value is None:
        return "not answered"
    if value == "disputed":
        return "no majority"
    if part.kind == "level":
        return f"{value} · {form.levels[value]}"
    if part.kind == "many":
        return ", ".join(part.named(one) for one in value) or "none"
    if part.kind == "one":
        return part.named(value)
    return f"{value:g} %" if part.kind == "share" else f"{value:g}"


def got_words(item_id: str, got: Any, form: Questionnaire) -> str:
    """What a gate found, in words."""
    item = form.item(item_id)
    if isinstance(got, dict):
        return "; ".join(
            f"{item.part(name).words or name}: {answer_words(item.part(name), value, form)}"
            for name, value in got.items()
        )
    fits = [p for p in item.parts if kind_fits(p, got)]
    return answer_words(fits[0] if fits else item.parts[0], got, form)


def kind_fits(part: Part, got: Any) -> bool:
    """Whether a value can be one of this part."""
    if isinstance(got, list):
        return part.kind == "many"
    if isinstance(got, str):
        return part.kind == "one" and (got == "disputed" or got in {o.id for o in part.options})
    return part.kind in {"level", "share", "number", "scale"}


def needed_words(gate: dict[str, Any], form: Questionnaire) -> str:
    """What a gate needs: a level in the words of the form."""
    words = str(gate["needed"])
    last = words.rsplit(" ", 1)[-1]
    if words.startswith("at least") and last.isdecimal() and "of" not in words:
        return f"at least {last} · {form.levels[int(last)]}"
    return words


def unmet(result: dict[str, Any], form: Questionnaire) -> list[dict[str, Any]]:
    """The unmet gates, the nearest stage first and what binds it before the rest."""
    order = {row["factor"]: at for at, row in enumerate(result["binding"])}
    rows = [gate for gate in result["gates"] if not gate["met"]]
    rows.sort(key=lambda g: (g["stage"], min((order.get(f, 99) for f in g["factors"]), default=99)))
    return [
        {
            **gate,
            "found": got_words(gate["item"], gate["got"], form),
            "need": needed_words(gate, form),
            "factor_names": [FACTOR_NAMES[f] for f in gate["factors"]],
        }
        for gate in rows
    ]


def gaps_of(
    result: dict[str, Any], form: Questionnaire, differ: Iterable[dict[str, Any]]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything on which an action can be agreed: heading -> (key, words), each key once."""
    seen: set[str] = set()

    def fresh(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        kept = {key: words for key, words in rows if key not in seen}
        seen.update(kept)
        return list(kept.items())

    placed = ("stage", gap_words("stage", result, form))
    rules = [(r["id"], gap_words(r["id"], result, form)) for r in result["coherence"]["rules"] if r.get("flagged")]  # fmt: skip
    found = [
        ("Groups see it differently", fresh((r["key"], r["text"]) for r in differ)),
        ("Said and computed", fresh([placed] if result["gap"] else [])),
        ("Unmet gates", fresh((g["item"], f"{g['stage']} · {g['name']}") for g in unmet(result, form))),
        ("What does not fit together", fresh(rules)),
    ]  # fmt: skip
    return [(head, rows) for head, rows in found if rows]


def gap_words(key: str, result: dict[str, Any], form: Questionnaire) -> str:
    """A gap on which an action was agreed, in words."""
    if key == "stage":
        return f"You say stage {result['self_placed']}, practices reach {result['stage']}"
    for rule in result["coherence"]["rules"]:
        if rule["id"] == key:
            return f"{key} · {rule.get('question', '')}"
    return form.item(key.partition(".")[0]).name


def since(rows: list[dict[str, Any]], found: Assessment) -> dict[str, Any] | None:
    """The wave before this one and what came of it; None for a first wave."""
    at = next((n for n, row in enumerate(rows) if row["wave"].pk == found.pk), 0)
    if not at:
        return None
    then = list(rows[at - 1]["wave"].agreed.all())
    done = sum(one.done_on is not None for one in then)
    return {**rows[at], "before": rows[at - 1], "agreed_then": len(then), "done_then": done}


def factors(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Factor bars with how many of their items were answered; what binds the next stage is marked."""
    binds = {row["factor"]: row["deficit"] for row in result["binding"]}
    first = result["binding"][0]["factor"] if result["binding"] else None
    return [
        {
            "factor": factor,
            "name": FACTOR_NAMES[factor],
            "score": score,
            "width": None if score is None else round(WIDTH * score),
            "binds": factor == first,
            "deficit": binds.get(factor),
            **result["factor_answered"][factor],
        }
        for factor, score in result["factors"].items()
    ]


def rules(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The rules of coherence, the worst first, those without evidence last."""
    rows = [dict(row, width=None if row["score"] is None else round(WIDTH * row["score"])) for row in result["coherence"]["rules"]]  # fmt: skip
    return sorted(rows, key=lambda row: (row["score"] is None, row["score"]))


def strip(result: dict[str, Any], form: Questionnaire) -> list[dict[str, Any]]:
    """Gate items with a published share: one's own answer beside the newest such figure with its interval."""
    own = {g["item"]: g["got"] for g in result["gates"]}
    rows = []
    for item in form.items:
        shares = [FIGURES[key] for key in item.benchmark if FIGURES[key].unit == "share"]
        if item.id not in own or not shares:
            continue
        figure = own_option(item.id, own[item.id], shares)
        if figure is not None:
            rows.append(
                {
                    "item": item.id,
                    "name": item.name,
                    "own": got_words(item.id, own[item.id], form),
                    "figure": figure,
                    "same": item.benchmark_status == "P",
                    **whisker(figure),
                }
            )
    return rows


def own_option(item: str, got: Any, shares: list[Figure]) -> Figure | None:
    """Of figures for each option the one of one's own option; else the first."""
    if item not in {"q13", "q15"}:
        return shares[0]
    return next((f for f in shares if got and f"_{got}" in f.id), None)


def whisker(figure: Figure) -> dict[str, float | None]:
    """Places of a share and its interval on a scale from 0 to 100."""
    if figure.value is None or figure.unit != "share":
        return {"at": None, "low": None, "span": None}
    low, high = figure.low, figure.high
    return {
        "at": round(WIDTH * figure.value, 1),
        "low": None if low is None else round(WIDTH * low, 1),
        "span": None if low is None or high is None else round(WIDTH * (high - low), 1),
    }


def history(rows: Iterable[Assessment]) -> list[dict[str, Any]]:
    """Closed waves, the oldest first, with what changed since the one before."""
    made: list[dict[str, Any]] = []
    before: dict[str, Any] | None = None
    for wave in sorted((w for w in rows if w.result), key=lambda w: w.closes):
        result: dict[str, Any] = wave.result or {}
        met = {g["item"]: g["met"] for g in result["gates"]}
        gained = (
            [] if before is None else [i for i, ok in met.items() if ok and not before.get(i, True)]
        )
        lost = (
            []
            if before is None
            else [i for i, ok in met.items() if not ok and before.get(i, False)]
        )
        form = questionnaire(wave.form)
        made.append(
            {
                "wave": wave,
                "stage": result["stage"],
                "placed": result["self_placed"],
                "coherence": result["coherence"]["score"],
                "evidence": result["coherence"]["with_evidence"],
                "raters": result["raters"],
                "gained": [form.item(i).name for i in gained],
                "lost": [form.item(i).name for i in lost],
            }
        )
        before = met
    return made


def contrasts(result: dict[str, Any], form: Questionnaire) -> list[dict[str, Any]]:
    """Gaps between groups in words and as places on a scale from 0 to 4."""
    rows = []
    for row in result["gaps"]["contrasts"]:
        item = form.item(row["item"].partition(".")[0])
        # Several levels in one item need the words of the part, one does not.
        several = sum(part.kind == "level" for part in item.parts) > 1
        rows.append(
            {
                **row,
                "text": f"{item.text} {row['words']}" if several else item.text,
                "at": round(row["mean"] * 25),
                "others_at": round(row["mean_others"] * 25),
                "key": row["item"],
            }
        )
    return rows


def radar(found: Assessment, rows: Iterable[Assessment]) -> dict[str, Any] | None:
    """Factors of a wave and of the closed wave before it, as a chart takes them; None below three factors (the short form has fewer)."""
    result: dict[str, Any] = found.result or {}
    keys = [key for key, score in result["factors"].items() if score is not None]
    if len(keys) < LEAST_AXES:
        return None
    earlier = [w for w in rows if w.result and w.closes < found.closes]
    before = max(earlier, key=lambda w: w.closes, default=None)
    old = (before.result or {})["factors"] if before else {}
    return {
        "name": found.name,
        "names": [f"{key} {AXES[key]}" for key in keys],
        "scores": [round(result["factors"][key], 2) for key in keys],
        "before": {"name": before.name, "scores": [round(old.get(key) or 0, 2) for key in keys]}
        if before and sum(old.get(key) is not None for key in keys) >= LEAST_AXES
        else None,
    }


def waves_chart(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stages by wave, as a chart takes them."""
    return [{"name": h["wave"].name, "stage": h["stage"], "placed": h["placed"]} for h in rows]
