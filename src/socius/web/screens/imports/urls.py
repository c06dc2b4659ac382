"""Addresses of the imports."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.imports import past, views

urlpatterns = [
    path("import/", views.home, name="imports"),
    path("import/templates/<slug:kind>.csv", views.template_file, name="import_template"),
    path("import/<int:number>/", views.file, name="import_file"),
    path("import/<int:number>/progress/", views.going_on, name="import_progress"),
    path("import/<int:number>/apply/", views.apply, name="import_apply"),
    path("import/<int:number>/cancel/", views.cancel, name="import_cancel"),
    path("import/<int:number>/rows/", views.rows, name="import_rows"),
    path("import/<int:number>/findings.csv", views.findings_file, name="import_findings"),
    path("import/runs/<int:number>/", past.run, name="import_run"),
    path("import/runs/<int:number>/rows/", past.rows, name="import_run_rows"),
    path("import/runs/<int:number>/undo/", past.undo, name="import_undo"),
]
