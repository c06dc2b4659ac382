"""The addresses of the API; what is not one of them answers with a problem too."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from socius.api.door import api
from socius.api.problems import NOTHING, problem
from socius.api.repeated import done_once

View = Callable[..., HttpResponseBase]


def told(view: View) -> View:
    """The same view; a method that the address lacks is answered with a problem."""

    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = done_once(request, lambda: view(request, *args, **kwargs))
        except Http404:
            response = problem(404, NOTHING)
        # Answers are for one person, and some hold what is shown once.
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code != 405:
            return response
        allow = response.headers.get("Allow", "")
        refused = problem(405, f"This address takes {allow}.")
        refused.headers["Allow"] = allow
        return refused

    return csrf_exempt(answer)


@csrf_exempt
def nowhere(_request: HttpRequest) -> HttpResponseBase:
    """An address that the API does not have."""
    return problem(404, NOTHING)


# Not called `app_name`: Django would take that for the namespace of this module.
patterns, application, namespace = api.urls
for pattern in patterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = told(pattern.callback)

urlpatterns = [
    path("v1/", include((patterns, application), namespace=namespace)),
    re_path("", nowhere),
]
