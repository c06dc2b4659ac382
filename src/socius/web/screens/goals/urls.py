"""Addresses of goals."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.goals import views

urlpatterns = [
    path("goals/", views.listing, name="goals"),
    path("goals/new/", views.new, name="goal_new"),
    path("goals/<int:pk>/", views.one, name="goal"),
    path("goals/<int:pk>/edit/", views.edit, name="goal_edit"),
    path("goals/<int:pk>/kpi/", views.kpi, name="goal_kpi"),
    path("goals/<int:pk>/kpi/<int:kpi_pk>/end/", views.end_kpi, name="goal_kpi_end"),
    path("goals/<int:pk>/close/", views.close, name="goal_close"),
    path("goals/<int:pk>/reopen/", views.reopen, name="goal_reopen"),
]
