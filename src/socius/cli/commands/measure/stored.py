"""`socius measure estimate` and `replay`: effects that the organisation keeps."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from django.db.models import Model, Q, QuerySet

from socius.cli.acting import acting, day_of
from socius.cli.output import dump, say
from socius.kit.errors import NotFound
from socius.measure.actions import estimate_effect
from socius.measure.models import Effect
from socius.measure.reports.effects import in_words, of_initiatives
from socius.measure.reports.replaying import replay
from socius.organisation.actions import require_somewhere
from socius.organisation.models import Actor
from socius.organisation.reports import visible
from socius.strategy.models import Series
from socius.strategy.reports import initiatives


def run(args: argparse.Namespace) -> int:
    """Estimates and keeps (a refusal is an answer: status 0), or replays: status 1 where something else came out."""
    actor = acting(args)
    return estimated(args, actor) if args.verb == "estimate" else replayed(args, actor)


def estimated(args: argparse.Namespace, actor: Actor) -> int:
    """One estimate, kept."""
    seen = Series.objects.filter(visible(actor, "analytics.view"))
    initiative = one(initiatives(actor), args.initiative, ("key", "title"), "initiative")
    effect = estimate_effect(
        initiative,
        one(seen, args.series, ("key", "name"), "series"),
        actor=actor,
        start=day_of(args.start, "start"),
        end=day_of(args.end, "end"),
        controls=tuple(one(seen, name, ("key", "name"), "series") for name in args.controls),
        seed=args.seed,
    )
    return told(effect, args)


def told(effect: Effect, args: argparse.Namespace) -> int:
    """A kept effect, in words or for programs."""
    if args.json:
        dump({"id": effect.pk, **(effect.answer or {}), "answer_sha256": effect.answer_hash})
    else:
        say(f"Effect {effect.pk}. {in_words(effect)}")
        say(f"Grade {effect.grade}: {effect.grade_reason}.")
    return 0


def replayed(args: argparse.Namespace, actor: Actor) -> int:
    """The effect computed again."""
    require_somewhere(actor, "analytics.view")
    effect: Effect = one(of_initiatives(actor), str(args.effect), (), "effect")
    found = replay(effect)
    if args.json:
        dump({"id": effect.pk, **asdict(found), "stored": {"data_hash": effect.data_hash, "answer_hash": effect.answer_hash}})  # fmt: skip
    else:
        say(found.say)
    return 0 if found.same else 1


def one(rows: QuerySet[Any], named: str, columns: tuple[str, ...], what: str) -> Any:
    """The row of this number or name, or NotFound."""
    said = Q(pk=int(named)) if named.isdecimal() and len(named) < 19 else Q(pk=None)
    for column in columns:
        said |= Q(**{f"{column}__iexact": named})
    found: Model | None = rows.filter(said).first()
    if found is None:
        raise NotFound(f"There is no {what} {named!r} that you may see.")
    return found
