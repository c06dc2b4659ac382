"""Addresses of initiatives and experiments."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.initiatives import views

urlpatterns = [
    path("initiatives/", views.listing, name="initiatives"),
    path("initiatives/new/", views.new, name="initiative_new"),
    path("initiatives/<int:pk>/", views.one, name="initiative"),
    path("initiatives/<int:pk>/edit/", views.edit, name="initiative_edit"),
    path("initiatives/<int:pk>/goals/", views.serve, name="initiative_goals"),
    path("initiatives/<int:pk>/effect/", views.effect, name="initiative_effect"),
    path("experiments/new/", views.new_trial, name="experiment_new"),
    path("experiments/<int:pk>/", views.trial, name="experiment"),
]
