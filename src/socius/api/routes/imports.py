"""Files: tried out, applied, listed, taken back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Query, Router, UploadedFile

from socius.activity.models import ImportedRow, ImportRun
from socius.api.acting import actor_of
from socius.api.finding import shown
from socius.api.paging import Page, rows_page
from socius.api.rendering import as_it_is
from socius.api.shapes.records import (
    ImportedAsked,
    ImportedOut,
    ImportIn,
    KindsOut,
    ReportOut,
    RunOut,
    RunRow,
    RunsAsked,
    UndoIn,
    UndoneOut,
)
from socius.api.uploads import upload_of
from socius.api.values import Number
from socius.measure import reports
from socius.measure.actions import ASKED, IMPORTERS, require_import, undo_import
from socius.organisation.models import Actor

TAG = "imports"
router = Router()


def seen(actor: Actor) -> QuerySet[ImportRun]:
    """Imports of the kinds that the actor may import, or audit."""
    return reports.runs(actor, ASKED)


def shape(row: ImportRun) -> dict[str, Any]:
    """An import of a list."""
    names = ("kind", "file_name", "sha256", "size", "state", "complete", "actor", "started_at", "applied_at")  # fmt: skip
    undone = getattr(row, "undone_by", None)
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "undone_by": undone.pk if undone else None,
    }


@router.get("/import-kinds", response=KindsOut)
def list_import_kinds(request: HttpRequest) -> dict[str, Any]:
    """What can be imported, in the order in which the kinds need each other."""
    kinds = [
        {
            "kind": kind,
            "right": right,
            "fields": [
                {"name": name, "required": needed} for name, needed in reports.fields_of(kind)
            ],
            "template": reports.template(kind),
        }
        for kind, right in ASKED.items()
    ]
    return {"kinds": kinds}


@router.post("/imports", response=ReportOut)
def import_file(
    request: HttpRequest, said: Form[ImportIn], file: File[UploadedFile]
) -> HttpResponse:
    """Tries a file out, or with `apply` writes it. Without `apply` nothing is written, and the counts are those of the real run."""
    actor = actor_of(request)
    require_import(said.kind, actor)
    report = IMPORTERS[said.kind](upload_of(file, said), actor=actor)
    return as_it_is(report.as_json())


@router.get("/imports", response=Page[RunRow])
def list_imports(request: HttpRequest, asked: Query[RunsAsked]) -> dict[str, Any]:
    """Imports that were applied, the newest first."""
    rows = seen(actor_of(request))
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    return rows_page(rows, asked, lambda found: map(shape, found), by="-pk")


@router.get("/imports/{number}", response=RunOut)
def get_import(request: HttpRequest, number: Path[Number]) -> dict[str, Any]:
    """One import with its report."""
    row = shown(seen(actor_of(request)), number)
    return {**shape(row), "report": row.report}


@router.get("/imports/{number}/rows", response=Page[ImportedOut])
def list_imported_rows(
    request: HttpRequest, number: Path[Number], asked: Query[ImportedAsked]
) -> dict[str, Any]:
    """Which line of a file made or changed which object; of large kinds only the ledger tells."""
    rows = ImportedRow.objects.filter(run=shown(seen(actor_of(request)), number))
    rows = rows.filter(outcome=asked.outcome) if asked.outcome else rows
    return rows_page(rows, asked, lambda found: found)


@router.post("/imports/{number}/undo", response=UndoneOut, by_alias=True)
def undo_file(request: HttpRequest, number: Path[Number], given: UndoIn) -> HttpResponse:
    """Takes an import back with compensating rows, or says what that would do."""
    actor = actor_of(request)
    shown(seen(actor), number)
    return as_it_is(undo_import(number, actor=actor, apply=given.apply))
