"""An import that was applied: what it did, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.activity.models import ImportedRow, ImportRun
from socius.kit.errors import NotFound
from socius.measure import reports
from socius.measure.actions import ASKED, undo_import
from socius.web import pages
from socius.web.pages import acting
from socius.web.screens.imports import covering, words


def found(request: HttpRequest, number: int) -> ImportRun:
    """The import, if the actor may see it."""
    row = reports.runs(acting(request), ASKED).filter(pk=number).first()
    if row is None:
        raise NotFound(f"There is no import {number}, or none that you may see.")
    return row


def run(request: HttpRequest, number: int) -> HttpResponse:
    """What it did."""
    row = found(request, number)
    listed = {
        key: ImportedRow.objects.filter(run=row, outcome=key).count() for key, _ in words.OUTCOMES
    }
    back = ImportRun.objects.filter(undoes=row).first()
    page = {
        "run": row,
        "word": words.KINDS.get(row.kind),
        "state": words.RUN_STATES.get(row.state, row.state),
        "report": row.report,
        "counts": [(k, w, n, n > 0 and listed[k] == n) for k, w, n in words.counts(row.report)],
        "findings": words.grouped(row.report),
        "gone": words.gone(row.report),
        "covers": covering.strip(row.report),
        "undone_by": back,
        "names": pages.names(one.actor for one in (row, back) if one),
    }
    return render(request, "imports/run.html", page)


def rows(request: HttpRequest, number: int) -> HttpResponse:
    """Which line made or changed which object."""
    row = found(request, number)
    outcome = request.GET.get("show", "created")
    lines = ImportedRow.objects.filter(run=row, outcome=outcome)
    page = {
        "run": row,
        "outcome": dict(words.OUTCOMES).get(outcome, outcome),
        "page": pages.page_of(request, lines, by="pk"),
    }
    return render(request, "imports/run_rows.html", page)


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Takes it back with compensating rows."""
    found(request, number)
    done = undo_import(number, actor=acting(request), apply=True)
    if done["applied"]:
        n = done["rows"]
        messages.success(
            request,
            f"Taken back: {n:,} {'object' if n == 1 else 'objects'}. History stays visible.",
        )
    else:
        for finding in done["findings"][:10]:
            messages.error(request, f"{finding['say']} {finding.get('repair', '')}".strip())
    return redirect("import_run", number)
