"""Addresses of the roadmap."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.roadmap import edits, views

urlpatterns = [
    path("roadmap/", views.home, name="roadmap"),
    path("roadmap/frame/", edits.frame, name="roadmap_frame"),
    path("roadmap/executives/", views.executives, name="executives"),
    path("roadmap/<int:pk>/", edits.one, name="roadmap_item"),
    path("roadmap/<int:pk>/plan/", edits.plan, name="roadmap_plan"),
    path("roadmap/<int:pk>/needs/", edits.needs, name="roadmap_needs"),
    path("roadmap/<int:pk>/first/", edits.first, name="roadmap_first"),
    path("roadmap/<int:pk>/decide/", edits.decide, name="roadmap_decide"),
    path("roadmap/<int:pk>/case/<path:owner>/", views.case, name="roadmap_case"),
]
