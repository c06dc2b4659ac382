"""`Idempotency-Key`: a request that writes and is sent again under its key is answered again and done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from socius.activity.models import Answered
from socius.api.acting import SAFE, who
from socius.api.problems import problem
from socius.kit import clock
from socius.kit.errors import Refused
from socius.organisation.actions import begin_answer, forget_answer, keep_answer
from socius.organisation.models import Actor

HEADER = "Idempotency-Key"
LONGEST = 255
AGAIN = "Idempotent-Replayed"
# Fields of answers that are told once.
SECRETS = frozenset({"token", "tokens"})
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Sent again with the same key and body within 72 hours, the request is answered again and not done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
}
Call = Callable[[], HttpResponseBase]


def done_once(request: HttpRequest, call: Call) -> HttpResponseBase:
    """Answers a request; one that has been answered under its key gets that answer."""
    key = request.headers.get(HEADER)
    if key is None or request.method in SAFE:
        return call()
    if not 0 < len(key) <= LONGEST or not all("!" <= sign <= "~" for sign in key):
        return problem(422, f"{HEADER} takes 1 to {LONGEST} visible ASCII characters.", field=HEADER, repair="A random UUID will do.")  # fmt: skip
    known = identified(request)
    if known is None:
        # Whatever is wrong with it, the operation says it better.
        return call()
    actor, fingerprint = known
    scope = digest("scope", actor.ref, request.headers.get("Authorization", ""), str(request.method), request.get_full_path(), key)  # fmt: skip
    before = begin_answer(scope, fingerprint, clock.now())
    return repeated(before, fingerprint) if before else kept(scope, call)


def identified(request: HttpRequest) -> tuple[Actor, str] | None:
    """Who sends, and a digest of what; None where the one or the other cannot be told."""
    try:
        actor = who(request)
        return (actor, fingerprint_of(request)) if actor else None
    except (Refused, SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None


def fingerprint_of(request: HttpRequest) -> str:
    """The same for the same content: spaces in JSON, and the boundary between the parts of a form, do not count."""
    if request.content_type == "multipart/form-data":
        said: dict[str, Any] = {name: request.POST.getlist(name) for name in request.POST}
        for name in request.FILES:
            said[f"file {name}"] = [
                (file.name, sum_of(file)) for file in request.FILES.getlist(name)
            ]
        return digest("body", json.dumps(said, sort_keys=True))
    try:
        return digest("body", json.dumps(json.loads(request.body or b"null"), sort_keys=True))
    except ValueError:
        return digest("body", request.body.hex())


def sum_of(file: UploadedFile[Any]) -> str:
    """SHA-256 of a file that came along, which is read from its beginning afterwards."""
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    file.seek(0)
    return whole.hexdigest()


def digest(kind: str, *parts: str) -> str:
    """Under the installation's secret: a short body could be guessed from a plain one."""
    return salted_hmac(f"socius.api.{kind}", "\0".join(parts), algorithm="sha256").hexdigest()


def repeated(before: Answered, fingerprint: str) -> HttpResponse:
    """What a repetition is told."""
    if before.fingerprint != fingerprint:
        return problem(422, f"This {HEADER} came with another body before.", field=HEADER, repair="A new request takes a new key.")  # fmt: skip
    if not before.status:
        began = f"{before.began_at:%Y-%m-%d %H:%M:%S} UTC"
        return problem(409, f"The request with this {HEADER} was begun at {began} and has no answer yet: it still runs, or was cut off. Read whether it took effect before you send it under a new key.")  # fmt: skip
    if before.body is None:
        return problem(409, f"The request with this {HEADER} was done (status {before.status}), and its answer is told only once.")  # fmt: skip
    answer = HttpResponse(
        bytes(before.body), status=before.status, content_type=before.media_type or None
    )
    answer.headers[AGAIN] = "true"
    return answer


def kept(scope: str, call: Call) -> HttpResponseBase:
    """Answers, and keeps what was answered; a request that did nothing leaves its key free."""
    try:
        answer = call()
    except BaseException:
        forget_answer(scope)
        raise
    if not isinstance(answer, HttpResponse) or answer.status_code >= 400:
        forget_answer(scope)
        return answer
    keep_answer(scope, answer.status_code, answer.headers.get("Content-Type", ""), None if secret(answer) else answer.content)  # fmt: skip
    return answer


def secret(answer: HttpResponse) -> bool:
    """Whether the answer holds what is told once."""
    found = json.loads(answer.content) if answer.content else None
    return isinstance(found, dict) and any(found.get(name) for name in SECRETS)
