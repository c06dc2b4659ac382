"""`socius measure experiment`, `sheet` and `value`: what is registered before its start, and what it came to."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from socius.cli.acting import acting, day_of
from socius.cli.commands.measure.stored import one, subject
from socius.cli.commands.measure.stored import told as effect_told
from socius.cli.output import dump, say, table
from socius.kit.errors import Invalid, Usage
from socius.kit.figures import percent
from socius.measure.actions import (
    Terms,
    conclude_experiment,
    look_at_experiment,
    plan_experiment,
    register_design,
)
from socius.measure.models import Design
from socius.measure.reports.compliance import compliance
from socius.measure.reports.trials import (
    Wish,
    pairs_from,
    proposal,
    registered,
    rests_on,
    stage,
)
from socius.measure.reports.value import valued
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy.actions import stop_experiment
from socius.strategy.models import Initiative, Series
from socius.strategy.reports import initiatives

PREVIEW_SEED = 1


def run(args: argparse.Namespace) -> int:
    """Plans, draws, shows, analyses; registers a sheet; adds up."""
    actor = acting(args)
    require_somewhere(actor, "analytics.view")
    if args.verb == "value":
        return value(args, actor)
    if args.verb == "sheet":
        return sheet(args, actor)
    acts = {
        "plan": plan,
        "draw": plan,
        "list": listed,
        "show": shown,
        "look": looked,
        "stop": stopped,
        "analyse": analysed,
    }
    return acts[args.act](args, actor)


def named(args: argparse.Namespace, actor: Actor) -> tuple[Initiative, Series, tuple[Series, ...]]:
    """Initiative, series and controls."""
    series, controls = beside(args, actor, "An initiative")
    return one(initiatives(actor), args.named[0], ("key", "title"), "initiative"), series, controls


def beside(args: argparse.Namespace, actor: Actor, of: str) -> tuple[Series, tuple[Series, ...]]:
    """The series and the controls that stand beside a subject."""
    if len(args.named) != 2:
        raise Usage(f"{of} and a series are needed.", field="named", repair="Name both, each by key or number.")  # fmt: skip
    seen = Series.objects.filter(visible(actor, "analytics.view"))
    series = one(seen, args.named[1], ("key", "name"), "series")
    return series, tuple(one(seen, name, ("key", "name"), "series") for name in args.controls)


def needed(text: str, name: str) -> date:
    """A date that must be given."""
    day = day_of(text, name)
    if day is None:
        raise Usage(f"--{name} is missing.", field=name, repair="Write it as 2026-11-30.")
    return day


def plan(args: argparse.Namespace, actor: Actor) -> int:
    """What it could see; with `draw`, the draw as well."""
    initiative, series, controls = named(args, actor)
    wish = Wish(args.design, needed(args.start, "start"), args.days, args.block_days, args.burn_in, args.off_days, worth=args.worth, controls=controls, looks=args.looks, neighbours=pairs_from(args.neighbours))  # fmt: skip
    if args.act == "draw":
        return told(plan_experiment(initiative, series, wish=wish, actor=actor), args, actor)
    found = proposal(initiative, series, wish, at=actor.at, seed=PREVIEW_SEED)
    kept = {k: found[k] for k in ("design", "units", "assignments", "smallest_p", "lifts", "mde", "level", "worth_acting_on", "answer", "instead", "warnings", "assumption", "look_days", "levels", "neighbours", "windows", "explained")}  # fmt: skip
    if args.json:
        dump(kept)
        return 0
    mde = found["mde"]
    say(f"{len(found['units'])} units, {found['assignments']:,} possible assignments, smallest p {found['smallest_p']:.4f}.")  # fmt: skip
    say(f"It would call {percent(mde['relative'], 1)} or more in four draws of five." if mde else "It could not call even 20 %.")  # fmt: skip
    say(rests_on(found["windows"], found["explained"]))
    table(["true effect", "called"], [(percent(r['lift'], 1), percent(r['found'])) for r in found["lifts"]])  # fmt: skip
    say("Nothing is kept. `socius measure experiment draw` with the same words draws it.")
    return 0


def as_json(design: Design, actor: Actor) -> dict[str, Any]:
    """A design for programs."""
    names = ("kind", "start", "end", "worth", "mde", "sha256", "scheme_sha256", "looks")  # fmt: skip
    of = {"initiative": design.initiative.key if design.initiative else None, "group": design.group.key if design.group else None}  # fmt: skip
    return {"id": design.pk, **of, "series": design.series.key, "state": stage(design, actor.day), "superseded_by": design.superseded_by_id, **{n: getattr(design, n) for n in names}}  # fmt: skip


def told(design: Design, args: argparse.Namespace, actor: Actor) -> int:
    """A design with its cells."""
    cells = compliance(design, actor.at) if design.experiment_id else []
    if args.json:
        dump({**as_json(design, actor), "cells": [{"place": k.cell.place, "from": k.cell.start, "until": k.cell.until, "arm": k.cell.arm, "activities": k.activities, "state": k.state} for k in cells]})  # fmt: skip
        return 0
    say(f"{design.kind} {design.pk}: {design}, {design.start} to {design.end}, {stage(design, actor.day)}. Hash {design.sha256[:16]}.")  # fmt: skip
    if design.superseded_by_id:
        say(f"Sheet {design.superseded_by_id} took its place.")
    if not design.experiment_id:
        if design.sheet.get("answer") == "cannot_be_seen" and design.worth:
            say(f"{percent(design.worth, 1)} would be worth acting on and cannot be seen like this: a longer window, more regions or a drawn test could.")  # fmt: skip
        say(design.sheet.get("say") or ("It could not call even 20 %." if design.mde is None else f"It would call {percent(design.mde, 1)} or more in four cases of five."))  # fmt: skip
    if cells:
        table(["where", "from", "until", "arm", "activities", "state"], [(k.cell.place, k.cell.start, k.cell.until, k.cell.arm, k.activities, k.state) for k in cells])  # fmt: skip
    return 0


def listed(args: argparse.Namespace, actor: Actor) -> int:
    """Everything registered."""
    rows = [as_json(d, actor) for d in registered(actor).order_by("-start", "-pk")]
    if args.json:
        dump({"designs": rows})
    else:
        table(["id", "kind", "of", "series", "start", "end", "state"], [[str(r["id"]), r["kind"], r["initiative"] or r["group"], *(str(r[k]) for k in ("series", "start", "end")), f"superseded by {r['superseded_by']}" if r["superseded_by"] else r["state"]] for r in rows])  # fmt: skip
    return 0


def of(args: argparse.Namespace, actor: Actor) -> Design:
    """The design of this number."""
    if len(args.named) != 1:
        raise Usage("The number of a design is needed.", field="named", repair="`socius measure experiment list` shows them.")  # fmt: skip
    found: Design = one(registered(actor), args.named[0], (), "registered design")
    return found


def shown(args: argparse.Namespace, actor: Actor) -> int:
    """One, with who carries what out; never how the arms compare."""
    return told(of(args, actor), args, actor)


def looked(args: argparse.Namespace, actor: Actor) -> int:
    """How the arms compare so far, on record."""
    seen = look_at_experiment(of(args, actor), actor=actor, reason=args.reason)
    if args.json:
        dump(seen)
    elif seen["planned"]:
        called = "called early" if seen["called"] else "not enough to call it early"
        say(f"Part of the plan; grade A stands. Up to {seen['day']}: {seen['effect_mean']:+.4g}, p {seen['p']:.4f} against {seen['level']}: {called}.")  # fmt: skip
    else:
        say(f"Outside the plan; grade A is lost. With it {seen['on']}, without it {seen['off']}.")
    return 0


def stopped(args: argparse.Namespace, actor: Actor) -> int:
    """Ends an experiment early; the result will say so."""
    design = of(args, actor)
    if design.experiment is None:
        raise Invalid("This sheet has no draw.", field="design", repair="Register another sheet before it starts, and that one takes its place.")  # fmt: skip
    stop_experiment(design.experiment, actor=actor, reason=args.reason)
    return told(of(args, actor), args, actor)


def analysed(args: argparse.Namespace, actor: Actor) -> int:
    """The one analysis."""
    return effect_told(conclude_experiment(of(args, actor), actor=actor), args)


def sheet(args: argparse.Namespace, actor: Actor) -> int:
    """Registers what will be estimated."""
    series, controls = beside(args, actor, "An initiative or a declared group")
    if args.worth is None:
        raise Usage("--worth is missing.", field="worth", repair="Say 0.02 for 2 %.")
    terms = Terms(day_of(args.start, "start"), day_of(args.end, "end"), args.worth, controls)
    return told(register_design(subject(args.named[0], actor), series, terms=terms, actor=actor), args, actor)  # fmt: skip


def value(args: argparse.Namespace, actor: Actor) -> int:
    """Net value by initiative."""
    rows = valued(initiatives(actor), actor)
    if args.json:
        dump({"initiatives": [{"initiative": v.initiative.key, "currency": v.currency, **{n: None if v.net is None else str(getattr(v.net, n)) for n in ("value", "cost", "net", "low", "high")}, "why_not": v.why_not} for v in rows]})  # fmt: skip
        return 0
    priced = [v for v in rows if v.net is not None]
    table(["initiative", "currency", "value", "cost", "net", "95 %"], [(v.initiative.key, v.currency, v.net.value, v.net.cost, v.net.net, f"{v.net.low} to {v.net.high}") for v in priced if v.net])  # fmt: skip
    say(f"Of {len(rows) - len(priced)} further initiatives it cannot be said.")
    return 0
