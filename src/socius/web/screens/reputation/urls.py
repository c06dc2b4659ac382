"""Addresses of reputation."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.reputation import views

urlpatterns = [
    path("listen/reputation/", views.home, name="reputation"),
    path("listen/reputation/question/", views.question, name="reputation_question"),
    path("listen/reputation/links/", views.links, name="reputation_links"),
    path("listen/reputation/links/<int:pk>/close/", views.close, name="reputation_link_close"),
    path("listen/reputation/answers/", views.answers, name="reputation_answers"),
    path(
        "listen/reputation/answers/<int:pk>/undo/",
        views.undo_answers,
        name="reputation_answers_undo",
    ),
    path("listen/reputation/series/", views.series, name="reputation_series"),
]
