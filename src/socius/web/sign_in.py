"""Who may come in: people who were invited. Nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from socius.organisation.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Doorkeeper(DefaultAccountAdapter):  # type: ignore[misc]
    """Answers allauth's questions."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited, not signed up."""
        return False


@require_POST
def look_around(request: HttpRequest) -> HttpResponse:
    """One click into the demonstration: it holds nothing real, and listens on the machine's own address."""
    if not settings.DEMONSTRATION:
        raise Http404
    person = Person.objects.order_by("pk").first()
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return redirect("/")
