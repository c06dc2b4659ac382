"""The screens' addresses, one line a screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from socius.web.sign_in import look_around


def healthz(_request: HttpRequest) -> HttpResponse:
    """For whoever watches the process: it answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("sign-in/look-around/", look_around, name="look_around"),
    path("", include("socius.web.screens.line_of_sight.urls")),
    path("", include("socius.web.screens.accounts.urls")),
    path("", include("socius.web.screens.units.urls")),
    path("", include("socius.web.screens.goals.urls")),
    path("", include("socius.web.screens.initiatives.urls")),
    path("", include("socius.web.screens.series.urls")),
    path("", include("socius.web.screens.effects.urls")),
    path("", include("socius.web.screens.experiments.urls")),
    path("", include("socius.web.screens.value.urls")),
    path("", include("socius.web.screens.insights.urls")),
    path("", include("socius.web.screens.leads.urls")),
    path("", include("socius.web.screens.sponsors.urls")),
    path("", include("socius.web.screens.imports.urls")),
    path("", include("socius.web.screens.ledger.urls")),
    path("", include("socius.web.screens.people.urls")),
    path("", include("socius.web.screens.needs.urls")),
    path("", include("socius.web.screens.playbooks.urls")),
    path("", include("socius.web.screens.register.urls")),
    path("", include("socius.web.screens.roadmap.urls")),
    path("", include("socius.web.screens.assess.urls")),
    path("", include("socius.web.screens.survey.urls")),
    path("", include("socius.web.screens.alerts.urls")),
    path("", include("socius.web.screens.reputation.urls")),
    path("", include("socius.web.screens.ask.urls")),
    path("", include("socius.web.screens.coverage.urls")),
    path("", include("socius.web.screens.rings.urls")),
    path("", include("socius.web.screens.listen.urls")),
    path("", include("socius.web.screens.search.urls")),
    path("", include("socius.web.screens.settings.urls")),
]
