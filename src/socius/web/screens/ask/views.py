"""Asks one question and keeps the answer. No session and no cookie: so there is nothing that a forged request could use."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from socius.kit import clock
from socius.kit.errors import Invalid, NotFound
from socius.listen.actions.reputation import link_of, respond
from socius.listen.models import SurveyLink

OURS = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {}"
WINDOW = 60  # seconds
MOST_FROM_ONE, MOST_BY_LINK = 10, 600  # answers in a window


@never_cache
@csrf_exempt
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The question on a page of its own; nobody may frame it."""
    return asked(request, token, framed=False)


@never_cache
@csrf_exempt
def embedded(request: HttpRequest, token: str) -> HttpResponse:
    """The question for the pages of those whom the link names."""
    return asked(request, token, framed=True)


def asked(request: HttpRequest, token: str, *, framed: bool) -> HttpResponse:
    """Shows the question, or takes the answer."""
    try:
        link, question = link_of(token)
    except NotFound as gone:
        return dressed(render(request, "ask/closed.html", {"say": str(gone)}, status=404), "'none'")
    error, status, template = "", 200, "ask/question.html"
    if request.method == "POST":
        error, status = taken(request, token)
        template = template if error else "ask/thanks.html"
    found = {
        "question": question, "steps": range(question.low, question.high + 1), "segments": list(question.mix),
        "error": error, "framed": framed, "r": request.GET.get("r", "")[:64],
    }  # fmt: skip
    return dressed(render(request, template, found, status=status), ancestors(link, framed))


def ancestors(link: SurveyLink, framed: bool) -> str:
    """Who may show the page within theirs."""
    return " ".join(link.hosts) if framed and link.hosts else "'none'"


def dressed(response: HttpResponse, frames: str) -> HttpResponse:
    """What the browser must obey here; only an embedded page may be shown by another site."""
    response.headers["Content-Security-Policy"] = OURS.format(frames)
    response.headers["Referrer-Policy"] = "no-referrer"
    if frames != "'none'":
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def taken(request: HttpRequest, token: str) -> tuple[str, int]:
    """Keeps what was answered; says what is wrong with it, and the status."""
    if too_many(request, token):
        return "That was too fast. Wait a minute and try again.", 429
    value = request.POST.get("value", "")
    if not value.isascii() or not value.lstrip("-").isdecimal() or len(value) > 4:
        return "Choose one of the steps.", 422
    try:
        segment = request.POST.get("segment", "")[:80]
        code = request.POST.get("r", "")[:64]
        respond(token, value=int(value), segment=segment, respondent=code, at=clock.now())
    except Invalid as error:
        return str(error), 422
    return "", 200


def too_many(request: HttpRequest, token: str) -> bool:
    """Whether one address or one link answers faster than people do. Addresses are kept as hashes, for a minute, in memory only."""
    who = hashlib.blake2b(request.META.get("REMOTE_ADDR", "").encode(), digest_size=12).hexdigest()
    for key, most in ((f"ask/{token}/{who}", MOST_FROM_ONE), (f"ask/{token}", MOST_BY_LINK)):
        cache.add(key, 0, WINDOW)
        if cache.incr(key) > most:
            return True
    return False
