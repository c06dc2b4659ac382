"""Addresses of what was registered before its start."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.experiments import acts, views

urlpatterns = [
    path("experiments/", views.listing, name="experiments"),
    path("experiments/plan/", views.plan, name="experiment_plan"),
    path("experiments/sheet/", views.sheet, name="experiment_sheet"),
    path("experiments/registered/<int:pk>/", views.one, name="design"),
    path("experiments/registered/<int:pk>/look/", acts.look, name="design_look"),
    path("experiments/registered/<int:pk>/stop/", acts.stop, name="design_stop"),
    path("experiments/registered/<int:pk>/analyse/", acts.analyse, name="design_analyse"),
    path("experiments/registered/<int:pk>/learning/", acts.learning, name="design_learning"),
]
