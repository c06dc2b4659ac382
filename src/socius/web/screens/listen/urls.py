"""Addresses of listening."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.listen import queries, sources, views

urlpatterns = [
    path("listen/", views.stream, name="listen"),
    path("listen/queries/", queries.listing, name="listen_queries"),
    path("listen/queries/new/", queries.new, name="listen_query_new"),
    path("listen/queries/check/", queries.check, name="listen_check"),
    path("listen/queries/preview/", queries.preview, name="listen_preview"),
    path("listen/queries/<int:pk>/", queries.one, name="listen_query"),
    path("listen/queries/<int:pk>/<str:act>/", queries.turn, name="listen_query_turn"),
    path("listen/sources/", sources.listing, name="listen_sources"),
    path("listen/sources/quarantine/", sources.quarantine, name="listen_quarantine"),
    path("listen/sources/<int:pk>/<str:act>/", sources.turn, name="listen_source_turn"),
]
