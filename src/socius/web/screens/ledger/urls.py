"""Addresses of the ledger."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.ledger import views

urlpatterns = [
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/rows.csv", views.rows_file, name="ledger_csv"),
]
