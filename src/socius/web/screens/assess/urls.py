"""Addresses of the assessment."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.assess import after, runs, views

urlpatterns = [
    path("assess/", views.home, name="assess"),
    path("assess/waves/", after.listing, name="assess_waves"),
    path("assess/enter/", after.enter, name="assess_enter"),
    path("assess/new/", runs.new, name="assess_new"),
    path("assess/benchmark/", views.benchmark, name="assess_benchmark"),
    path("assess/<int:pk>/", views.one, name="assess_wave"),
    path("assess/<int:pk>/gaps/", views.gaps, name="assess_gaps"),
    path("assess/<int:pk>/sheet/", views.sheet, name="assess_sheet"),
    path("assess/<int:pk>/report/", views.report, name="assess_report"),
    path("assess/<int:pk>/export.json", views.export, name="assess_export"),
    path("assess/<int:pk>/run/", runs.run, name="assess_run"),
    path("assess/<int:pk>/open/", runs.open_wave, name="assess_open"),
    path("assess/<int:pk>/links/", runs.links, name="assess_links"),
    path("assess/<int:pk>/close/", runs.close, name="assess_close"),
    path("assess/<int:pk>/note/", runs.note, name="assess_note"),
    path("assess/<int:pk>/dispute/", runs.dispute, name="assess_dispute"),
    path("assess/<int:pk>/agree/", runs.agree, name="assess_agree"),
    path("assess/<int:pk>/renew/", after.renew, name="assess_renew"),
    path("assess/<int:pk>/waive/", after.waive, name="assess_waive"),
    path("assess/<int:pk>/finish/<int:action>/", after.finish, name="assess_finish"),
]
