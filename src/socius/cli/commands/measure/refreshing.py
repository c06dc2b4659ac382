"""`socius measure refresh`: one pass over all pairs."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from socius.cli.acting import acting
from socius.cli.output import dump, say
from socius.cli.progress import progress
from socius.measure.actions import refresh_effects
from socius.measure.models import Refresh
from socius.measure.reports.refresh import OUTCOMES, Coverage, coverage_of, in_short
from socius.organisation.actions import require_somewhere


def run(args: argparse.Namespace) -> int:
    """One pass, or the rest of one that was killed; a bar on standard error where somebody looks."""
    actor = acting(args)
    require_somewhere(actor, "analytics.view")
    bar = progress(shown=sys.stderr.isatty())
    with bar:
        task = bar.add_task("pairs", total=None)

        def tell(run: Refresh, _done: int) -> None:
            bar.update(task, total=run.pairs, completed=run.refreshed.count())

        found = coverage_of(refresh_effects(actor=actor, tell=tell))
    if args.json:
        dump(refreshed(found))
        return 0
    say(f"{found.done} of {found.run.pairs} pairs: {in_short(found)}.")
    for pair in found.skipped:
        say(f"  {pair}: {pair.say}")
    return 0


def refreshed(found: Coverage) -> dict[str, Any]:
    """A pass for programs."""
    run = found.run
    skipped = [{"initiative": s.initiative.key if s.initiative else None, "group": s.group.key if s.group else None, "series": s.series.key, "start": s.start, "say": s.say} for s in found.skipped]  # fmt: skip
    return {"id": run.pk, "day": run.day, "began_at": run.began_at, "ended_at": run.ended_at, "pairs": run.pairs, "done": found.done, **{name: found.counts.get(name, 0) for name in OUTCOMES}, "why_skipped": skipped}  # fmt: skip
