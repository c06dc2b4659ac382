"""Reads goals, KPIs, initiatives, spend, hours and outcomes from files. Each is one transaction; a dry run is rolled back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from socius.activity.actions import Run, run_import
from socius.connectors.files import Report, Row, Upload
from socius.kit.errors import SociusError
from socius.organisation.actions import asks, require
from socius.organisation.models import Actor, Person
from socius.strategy.actions.goals import oppose, set_goal, set_kpi
from socius.strategy.actions.initiatives import link, serve_goals, set_initiative
from socius.strategy.actions.money import add_spend, set_hours
from socius.strategy.actions.names import Names, Unknown, reject_unknown
from socius.strategy.actions.series import Point, load_values, lower_copies_of_vanity, set_series
from socius.strategy.models import Goal, Initiative, SpendLine

Take = Callable[[Row, Run, Actor, Names], None]


def each(take: Take, actor: Actor) -> Callable[[Iterable[Row], Run], None]:
    """Takes row by row; what a row does wrong is its own rejection and the rest goes on."""

    def apply(rows: Iterable[Row], run: Run) -> None:
        names = Names()
        for row in rows:
            guarded(take, row, run, actor, names)

    return apply


def guarded(take: Take, row: Row, run: Run, actor: Actor, names: Names) -> None:
    """One row, with its errors turned into a rejection."""
    try:
        # A savepoint: a row that fails in its second half must not leave the first.
        with transaction.atomic():
            take(row, run, actor, names)
    except Unknown as unknown:
        reject_unknown(row, run, unknown)
    except SociusError as error:
        run.reject(
            row,
            getattr(error, "code", "not_allowed"),
            str(error),
            column=getattr(error, "field", ""),
        )


def given(row: Row, *names: str) -> dict[str, Any]:
    """The named fields that the row has a value for."""
    return {name: row.values[name] for name in names if row.values.get(name) not in (None, "", [])}


def earlier(
    model: type[Goal] | type[Initiative], key: str, fields: dict[str, Any]
) -> dict[str, Any] | None:
    """The values that a row is about to replace, so that an undo can put them back."""
    row = model._default_manager.filter(key=key).values(*fields).first()
    return (
        {name: None if value is None else str(value) for name, value in row.items()}
        if row
        else None
    )


@asks("goal.edit")
def import_goals(upload: Upload, *, actor: Actor) -> Report:
    """Reads goals (docs/reference/import.md)."""
    require(actor, "goal.edit", None)
    opposed: dict[str, list[str]] = {}

    def take(row: Row, run: Run, actor: Actor, names: Names) -> None:
        unit = names.unit(row.text("unit")) if row.text("unit") else names.root()
        fields = given(
            row, "statement", "executive_owner", "objective", "period_start", "period_end"
        )
        before = earlier(Goal, row.text("goal"), fields)
        goal, outcome = set_goal(unit, actor=actor, key=row.text("goal"), **fields)
        if not goal.executive_owner:
            run.note(
                row,
                "goal_without_owner",
                f"The goal {goal.key!r} has no executive owner: lines stop before it.",
                column="executive_owner",
                repair="Name the executive who answers for it.",
            )
        elif (
            goal.owner is None
            and not Person.objects.filter(email=goal.executive_owner.casefold()).exists()
        ):
            run.note(
                row,
                "owner_not_a_person",
                "The executive owner is nobody in `people`: kept as a name.",
                severity="info",
                column="executive_owner",
            )
        opposed[goal.key] = row.values.get("conflicts_with") or []
        run.done(row, outcome, f"goal:{goal.pk}", before)

    def apply(rows: Iterable[Row], run: Run) -> None:
        each(take, actor)(rows, run)
        names = Names()
        for key, others in opposed.items():
            for other in others:
                try:
                    oppose(names.goal(key), to=names.goal(other), actor=actor)
                except Unknown as unknown:
                    run.report.find(
                        "warning",
                        "unknown_name",
                        str(unknown),
                        column="conflicts_with",
                        repair=unknown.repair,
                    )

    return run_import(upload, kind="goals", who=actor, apply=apply)


@asks("goal.edit")
def import_kpis(upload: Upload, *, actor: Actor) -> Report:
    """Reads KPIs: vanity is refused, a class above what the table of names allows is lowered with a finding."""
    require(actor, "goal.edit", None)

    def take(row: Row, run: Run, actor: Actor, names: Names) -> None:
        goal = names.goal(row.text("goal"))
        series = names.series(row.text("series")) if row.text("series") else None
        kpi, outcome = set_kpi(
            goal,
            actor=actor,
            measure=row.text("measure"),
            series=series,
            stated=row.text("class"),
            **given(row, "direction", "target", "target_date"),
        )
        if row.text("class") and kpi.class_name != row.text("class"):
            run.note(
                row,
                "class_lowered",
                f"{row.text('measure')!r} is {kpi.class_name}, not {row.text('class')}.",
                column="class",
            )
        run.done(row, outcome, f"kpi:{kpi.pk}")

    return run_import(upload, kind="kpis", who=actor, apply=each(take, actor))


@asks("initiative.edit")
def import_initiatives(upload: Upload, *, actor: Actor) -> Report:
    """Reads initiatives with the goals they serve and the accounts that serve them."""
    require(actor, "initiative.edit", None)

    def take(row: Row, run: Run, actor: Actor, names: Names) -> None:
        goals = [names.goal(text, "goals") for text in row.values.get("goals") or []]
        accounts = [names.account(text) for text in row.values.get("accounts") or []]
        fields = given(
            row, "title", "kind", "scope", "sponsor", "status", "start", "end", "currency"
        )
        for name in ("cost", "hours"):
            if row.values.get(name):
                fields |= dict(
                    zip(
                        (f"{name}_low", f"{name}_likely", f"{name}_high"),
                        row.values[name],
                        strict=True,
                    )
                )
        before = earlier(Initiative, row.text("initiative"), fields)
        initiative, outcome = set_initiative(
            names.root(), actor=actor, key=row.text("initiative"), **fields
        )
        changed = serve_goals(initiative, goals=goals, actor=actor) if goals else False
        if not goals:
            run.note(
                row,
                "initiative_without_goal",
                f"The initiative {initiative.key!r} serves no goal: lines end there.",
                severity="info",
                column="goals",
            )
        for account in accounts:
            link(
                account,
                actor=actor,
                start=initiative.start,
                until=day_after(initiative.end),
                initiative=initiative,
            )
        run.done(
            row,
            "updated" if outcome == "unchanged" and changed else outcome,
            f"initiative:{initiative.pk}",
            before,
        )

    return run_import(upload, kind="initiatives", who=actor, apply=each(take, actor))


@asks("goal.edit")
def import_spend(upload: Upload, *, actor: Actor) -> Report:
    """Reads lines of spend. Two equal lines are two lines; the same file's lines again are unchanged."""
    require(actor, "goal.edit", None)
    seen: dict[bytes, int] = defaultdict(int)

    def take(row: Row, run: Run, actor: Actor, names: Names) -> None:
        unit = names.unit(row.text("unit")) if row.text("unit") else names.root()
        goal = names.goal(row.text("goal")) if row.text("goal") else None
        initiative = names.initiative(row.text("initiative")) if row.text("initiative") else None
        ordinal = seen[row.row_hash]
        seen[row.row_hash] += 1
        known = SpendLine.objects.filter(
            row_hash=row.row_hash, ordinal=ordinal, known_until=None
        ).first()
        if known:
            run.done(row, "unchanged", f"spend:{known.pk}")
            return
        line = add_spend(
            unit,
            actor=actor,
            date=row.values["date"],
            amount=row.values["amount"],
            currency=row.text("currency"),
            kind=row.text("kind"),
            goal=goal,
            initiative=initiative,
            row_hash=row.row_hash,
            ordinal=ordinal,
        )
        if not goal and not initiative:
            run.note(
                row,
                "spend_unassigned",
                "This line names no goal and no initiative: it is listed as unassigned.",
                severity="info",
                column="goal",
            )
        run.done(row, "created", f"spend:{line.pk}")

    return run_import(upload, kind="spend", who=actor, apply=each(take, actor))


@asks("initiative.edit")
def import_hours(upload: Upload, *, actor: Actor) -> Report:
    """Reads hours by week."""
    require(actor, "initiative.edit", None)

    def take(row: Row, run: Run, actor: Actor, names: Names) -> None:
        initiative = names.initiative(row.text("initiative")) if row.text("initiative") else None
        account = names.account(row.text("account")) if row.text("account") else None
        line, outcome = set_hours(
            names.unit(row.text("unit")),
            actor=actor,
            week=row.values["week"],
            hours=row.values["hours"],
            person_or_team=row.text("person_or_team"),
            type=row.text("type"),
            initiative=initiative,
            account=account,
        )
        run.done(row, outcome, f"hours:{line.pk}")

    return run_import(upload, kind="hours", who=actor, apply=each(take, actor))


@asks("outcome.import")
def import_outcomes(upload: Upload, *, actor: Actor) -> Report:
    """Reads values of series. A series in other units, currency or grain than it has is rejected whole; nothing of it is written."""
    require(actor, "outcome.import", None)

    def apply(rows: Iterable[Row], run: Run) -> None:
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            grouped[row.text("series")].append(row)
        for key, group in grouped.items():
            take_series(key, group, run, actor)

    return run_import(upload, kind="outcomes", who=actor, apply=apply)


def take_series(key: str, rows: list[Row], run: Run, actor: Actor) -> None:
    """All rows of one series of the file."""
    first = rows[0]
    spoken: dict[str, Any] = {}
    for row in rows:
        for column, name in (
            ("unit", "measure_unit"),
            ("currency", "currency"),
            ("source", "source"),
            ("why", "why"),
            ("class", "stated"),
        ):
            value = row.text(column)
            if (
                value
                and column in {"unit", "currency"}
                and spoken.get(name, value).casefold() != value.casefold()
            ):
                run.reject(
                    row,
                    f"{column}_differs",
                    f"{key!r} is in {spoken[name]} above and in {value} here.",
                    column=column,
                    repair="Give one series one unit.",
                )
                return reject_rest(rows, row, run, key)
            spoken.setdefault(name, value) if value else None
    try:
        with transaction.atomic():
            series, _ = set_series(Names().root(), actor=actor, key=key, **spoken)
            points = [point_of(row) for row in rows]
            outcomes = load_values(series, points=points, actor=actor, run=run.id)
    except SociusError as error:
        for row in rows:
            run.reject(
                row,
                getattr(error, "code", "invalid"),
                str(error),
                column=getattr(error, "field", ""),
            )
        return None
    for row, one in zip(rows, outcomes, strict=True):
        run.done(row, one, f"series:{series.pk}")
    say_class(series, first, spoken, run, actor)
    return None


def reject_rest(rows: list[Row], but: Row, run: Run, key: str) -> None:
    """The other rows of a series that cannot be read as one."""
    for row in rows:
        if row is not but:
            run.reject(
                row, "series_refused", f"{key!r} is refused whole, because of line {but.line}."
            )


def point_of(row: Row) -> Point:
    """A row as a value."""
    v = row.values
    return Point(v["date"], v["value"], row.text("geo"), row.text("org_unit"), v.get("known_at"))


def say_class(series: Any, first: Row, spoken: dict[str, Any], run: Run, actor: Actor) -> None:
    """Findings on the class that a series got, where it is not the one that was said."""
    repeats = lower_copies_of_vanity(series, actor)
    if repeats:
        run.note(
            first,
            "same_as_vanity",
            f"{series.key!r} repeats {repeats!r}, which is vanity: it is vanity too.",
            column="series",
        )
    stated = spoken.get("stated", "")
    if stated and stated != series.class_name:
        run.note(
            first,
            "class_lowered",
            f"{series.key!r} is {series.class_name}, not {stated}: {series.class_reason}",
            column="class",
        )


def day_after(day: Any) -> Any:
    """The first day on which something that ended with `day` no longer holds."""
    return day and day.fromordinal(day.toordinal() + 1)
