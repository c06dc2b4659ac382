"""`socius line-of-sight`"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from socius.activity import jobs
from socius.cli.acting import acting, day_of
from socius.cli.output import dump, say, table
from socius.kit import clock
from socius.kit.figures import percent
from socius.measure.reports import asked, sighted


def run(args: argparse.Namespace) -> int:
    """Prints which activity has a line to a goal, how far it gets and where it breaks."""
    actor = acting(args)
    jobs.bring_up_to_date()
    question = asked(
        clock.now(),
        day_of(args.as_of, "as-of"),
        day_of(args.first, "from"),
        day_of(args.last, "to"),
    )
    found = sighted(actor, question)
    if args.html:
        Path(args.html).write_text(
            render_to_string("line_of_sight/standalone.html", {"sight": found}), encoding="utf-8"
        )
    if args.json:
        dump(found)
    elif not args.html:
        show(found)
    else:
        say(f"Written to {args.html}.")
    return 0


def shown(share: float | None) -> str:
    """A share for people; 'nothing counted' where there is none."""
    return "nothing counted" if share is None else percent(share)


def show(found: dict[str, Any]) -> None:
    """The report for people."""
    block = found["activity"]
    say(
        f"Line of sight, {found['from']} to {found['to']}, as known on {found['as_of']}; {block['total']:,} activities."
    )
    if not block["total"]:
        say(
            "0 activities. Import some: socius import activity FILE (socius import --help); goals and accounts come first."
        )
    published = found["published"]
    say(
        f"  reaches a goal          {shown(found['share'])}   (firms in {published['year']}: {percent(published['value'])}, {percent(published['low'])} to {percent(published['high'])}, n {published['n']} {published['n_status']})"
    )
    say(f"  has a fresh outcome     {shown(found['share_fresh'])}")
    say(f"  measured, grade A or B  {shown(found['share_measured_ab'])}")
    measured = ", ".join(f"{grade} {n:,}" for grade, n in block["measured"].items() if n) or "0"
    say(
        f"  none {block['none']:,} · goal {block['goal']:,} · outcome {block['outcome']:,} · fresh {block['fresh']:,} · measured {measured} (by hand {block['by_hand']:,})"
    )
    if found["drift"]:
        say(f"  ! {found['drift']['say']}")
    if found["breaks"]:
        say("\nWhat would mend most")
        table(
            ("activities", "break", "where", "mend"),
            [
                (
                    b["activities"],
                    b["kind"].replace("_", " "),
                    b["object"]["name"],
                    b["fix"]["href"],
                )
                for b in found["breaks"][:10]
            ],
        )
    for title, rows in (
        ("Units", found["by_unit"]),
        ("Networks", found["by_network"]),
        ("Goals (an activity may stand under several)", found["by_goal"]),
    ):
        if rows:
            say(f"\n{title}")
            head = ("name", "total", "none", "goal", "outcome", "fresh", "measured")
            table(head, [[r[name] for name in head] for r in rows[:15]])
