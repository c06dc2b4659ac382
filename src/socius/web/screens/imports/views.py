"""The wizard: one file on its way in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from socius.activity.models import ImportJob
from socius.kit import clock
from socius.kit.errors import Conflict, Invalid
from socius.measure import reports
from socius.measure.actions import (
    ASKED,
    SMALL,
    Said,
    ask_import,
    cancel_import,
    describe_import,
    receive_file,
    require_import,
)
from socius.measure.jobs import import_now
from socius.organisation.models import Actor
from socius.web import pages
from socius.web.downloads import as_csv
from socius.web.pages import acting
from socius.web.screens.imports import covering, forms, words

BUSY = ("queued", "running")


def home(request: HttpRequest) -> HttpResponse:
    """Where a file is dropped; files on their way; imports that were applied."""
    require_import("", acting(request))
    if request.method == "POST":
        return received(request)
    runs = pages.page_of(request, reports.runs(acting(request), ASKED))
    page = {
        "kinds": words.KINDS,
        "kind": request.GET.get("kind", ""),
        "jobs": [j for j in reports.jobs(acting(request))[:20] if j.state != "applied"],
        "runs": runs,
        "names": pages.names(r.actor for r in runs.rows),
        "run_states": words.RUN_STATES,
    }
    return render(request, "imports/home.html", page)


def received(request: HttpRequest) -> HttpResponse:
    """Keeps the file and, where its kind is clear, tries it out at once."""
    given = request.FILES.get("file")
    if given is None:
        raise Invalid("No file came with this.", field="file", repair="Choose one and try again.")
    actor = acting(request)
    job = receive_file(given.chunks(), given.name or "file", kind=request.POST.get("kind", ""), actor=actor)  # fmt: skip
    kind = job.kind or reports.looked_at(job).clear
    if kind:
        job = describe_import(job, Said(), kind=kind, actor=actor)
        tried(job, actor)
    return redirect("import_file", job.pk)


def tried(job: ImportJob, actor: Actor) -> None:
    """Asks for a dry run; a small file does not wait for the worker."""
    ask_import(job, actor=actor)
    if job.size <= SMALL:
        import_now(job.pk, clock.now)


def file(request: HttpRequest, number: int) -> HttpResponse:
    """What the file is and what it would do; a POST says something about it and tries it out again."""
    actor = acting(request)
    job = reports.job(number, actor)
    if request.method == "POST":
        said = forms.said(job.said, request.POST, reports.columns_of(job))
        kind = request.POST.get("kind") or job.kind
        tried(describe_import(job, said, kind=kind, actor=actor), actor)
        return redirect("import_file", number)
    if job.state == "applied":
        return redirect("import_run", job.report["import"])
    return render(request, "imports/file.html", page_of(job))


def page_of(job: ImportJob) -> dict[str, Any]:
    """Everything that the page of a file shows."""
    report = job.report
    listed = Counter(outcome for outcome, _ in words.OUTCOMES for _ in reports.lines(job, outcome))
    return {
        "job": job,
        "busy": job.state in BUSY,
        "kinds": words.KINDS,
        "word": words.KINDS.get(job.kind),
        "look": None if job.kind and report else reports.looked_at(job),
        "columns": reports.columns_of(job),
        "fields": reports.fields_of(job.kind) if job.kind else [],
        "report": report,
        "state": words.STATES.get(report.get("state", "")),
        "counts": [(k, w, n, listed[k] == n and n > 0) for k, w, n in words.counts(report)],
        "findings": words.grouped(report),
        "gone": words.gone(report),
        "covers": covering.strip(report),
        "progress": reports.progress(job, clock.now()),
    }


def going_on(request: HttpRequest, number: int) -> HttpResponse:
    """The progress bar, asked for every second; when the job rests the page loads again."""
    job = reports.job(number, acting(request))
    now = reports.progress(job, clock.now())
    response = render(request, "imports/progress.html", {"job": job, "progress": now})
    if job.state not in BUSY:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Applies the file whose hash the form names."""
    actor = acting(request)
    job = ask_import(
        reports.job(number, actor), sha256=request.POST.get("sha256", ""), apply=True, actor=actor
    )
    if job.size <= SMALL:
        import_now(job.pk, clock.now)
        job = reports.job(number, actor)
        if job.state == "applied":
            messages.success(request, "Applied. Undo adds compensating rows if you want it back.")
    return redirect("import_file", number)


@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Ends a waiting or running job."""
    cancel_import(reports.job(number, acting(request)), actor=acting(request))
    messages.info(request, "Asked to stop; it ends within a few seconds.")
    return redirect("import_file", number)


def rows(request: HttpRequest, number: int) -> HttpResponse:
    """The rows that came to one outcome, as the file has them."""
    job = reports.job(number, acting(request))
    outcome = request.GET.get("show", "created")
    after = request.GET.get("after", "0")
    start = int(after) if after.isdecimal() else 0
    found = reports.lines(job, outcome)
    part = found[start : start + pages.SIZE]
    headers, originals = reports.originals(job, [line for line, _ in part])
    said = {f.get("line"): f for f in job.report.get("findings", [])}
    page = {
        "job": job,
        "outcome": dict(words.OUTCOMES).get(outcome, outcome),
        "headers": headers,
        "rows": [
            (line, list(zip(headers, originals.get(line, []), strict=False)), said.get(line))
            for line, _ in part
        ],
        "total": len(found),
        "later": pages.query(request, after=start + pages.SIZE) if start + pages.SIZE < len(found) else "",
    }  # fmt: skip
    return render(request, "imports/rows.html", page)


def findings_file(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The findings with their original rows, to be mended and imported by themselves."""
    job = reports.job(number, acting(request))
    if job.state in BUSY:
        raise Conflict("The file is being read; its findings come when that is done.")
    columns, found = reports.findings(job)
    return as_csv(f"findings-of-file-{number}", columns, found)


def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty file of a kind."""
    response = HttpResponse(reports.template(kind), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response
