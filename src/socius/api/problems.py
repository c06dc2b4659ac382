"""Problem documents (RFC 9457): one form for everything that can go wrong, without internals."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from socius.kit.errors import Conflict, Invalid, NotFound, Refused, SociusError
from socius.organisation.actions import record_refusal

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
# The same words for what is not there and for what the actor may not know of.
NOTHING = "There is nothing here that you may see."
MOST_ERRORS = 20
TITLES = {
    400: "The request cannot be read",
    401: "Say who you are",
    403: "You may not do this here",
    404: "Not found",
    405: "Not with this method",
    409: "It is in another state",
    422: "Something in it is not right",
    500: "An error of ours",
    503: "Busy",
}
# What every operation may answer besides what it is asked for.
DOCUMENTED = (400, 401, 403, 404, 409, 422)


class Wrong(Schema):
    """One thing that is wrong in a request."""

    field: str
    detail: str


class Problem(Schema):
    """What went wrong, where, and what to do."""

    type: str
    title: str
    status: int
    detail: str
    field: str = ""
    repair: str = ""
    errors: list[Wrong] = []


def problem(
    status: int,
    detail: str,
    *,
    field: str = "",
    repair: str = "",
    errors: list[Wrong] | None = None,
) -> HttpResponse:
    """The answer."""
    said = Problem(
        type=f"urn:socius:problem:{HTTPStatus(status).phrase.casefold().replace(' ', '-')}",
        title=TITLES.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=detail,
        field=field,
        repair=repair,
        errors=errors or [],
    )
    response = HttpResponse(
        json.dumps(said.model_dump(), ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "1"
    return response


def ours(request: HttpRequest, error: SociusError) -> HttpResponse:
    """An error of the domain; a refusal goes on record."""
    if isinstance(error, Refused):
        record_refusal(error, request.auth)  # type: ignore[attr-defined]
        if error.http_status == HTTPStatus.NOT_FOUND:
            return problem(404, NOTHING)
    if isinstance(error, Invalid):
        return problem(422, error.say, field=error.field, repair=error.repair)
    known = error if isinstance(error, Refused | NotFound | Conflict) else None
    return problem(known.http_status if known else 400, str(error))


def unfit(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A request that is not as the document says."""
    errors = [
        Wrong(field=place(list(one["loc"])), detail=str(one["msg"]).removeprefix("Value error, "))
        for one in error.errors
    ]
    first = errors[0]
    detail = f"{first.field}: {first.detail}" if first.field else first.detail
    return problem(422, f"{detail}.", field=first.field, errors=errors[:MOST_ERRORS])


def place(loc: list[object]) -> str:
    """Where in the request: without the part of it (path, query, body) and without our name for the body."""
    part = loc[:1]
    rest = loc[2:] if part == ["body"] and len(loc) > 1 else loc[1:]
    return ".".join(str(step)[:60] for step in rest)


def unread(_request: HttpRequest, _error: Exception) -> HttpResponse:
    """A request that is no request."""
    return problem(400, "The request cannot be read. Is it whole, and not too large?")


def spoken(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework says."""
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(400, "The body is no JSON that can be read.")
    return problem(error.status_code, TITLES.get(error.status_code, "It did not work") + ".")


def unknown(_request: HttpRequest, _error: Exception) -> HttpResponse:
    """Without a token, or with one that is no good."""
    return problem(
        401,
        "Send `Authorization: Bearer TOKEN` with a token that has neither been revoked nor ended.",
    )


def nowhere(_request: HttpRequest, _error: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    return problem(404, NOTHING)


def busy(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database is held by another writer, or gone."""
    log.error("The database did not answer", exc_info=error)
    return problem(503, "The database is busy. Try again in a moment.")


def overtaken(_request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """Two requests at once: the other one was first."""
    log.warning("Two writers met", exc_info=error)
    return problem(409, "Somebody else wrote the same at this moment. Read again, and repeat.")


def too_wide(_request: HttpRequest, error: DataError) -> HttpResponse:
    """A value that no column takes."""
    log.warning("A value did not fit", exc_info=error)
    return problem(422, "A value is longer or larger than can be kept.")


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """What should not happen: the log has the rest."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "This is an error of ours; the log of the server says which.")


def tell(api: NinjaAPI) -> None:
    """Every error of this door becomes a problem document."""
    for kind, handler in (
        (Exception, failed), (SociusError, ours), (ValidationError, unfit), (HttpError, spoken), (AuthenticationError, unknown),
        (Http404, nowhere), (SuspiciousOperation, unread), (MultiPartParserError, unread), (UnreadablePostError, unread),
        (OperationalError, busy), (IntegrityError, overtaken), (DataError, too_wide),
    ):  # fmt: skip
        api.add_exception_handler(kind, handler)  # type: ignore[arg-type]
