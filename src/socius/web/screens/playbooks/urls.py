"""Addresses of the playbooks."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.playbooks import views

urlpatterns = [
    path("assess/playbooks/", views.listing, name="playbooks"),
    path("assess/playbooks/<slug:key>/", views.one, name="playbook"),
]
