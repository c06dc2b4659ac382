"""What programs were answered, kept for a while by the key that they sent: a request whose answer was lost can be sent again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from socius.activity.models import Answered

KEPT = timedelta(hours=72)


def begin_answer(scope: str, fingerprint: str, at: datetime) -> Answered | None:
    """Marks the request as begun, in a transaction of its own; None when it was. Else what stands under the scope.

    The mark is there before anything is done: after a crash in between, nothing is done twice, and a repetition finds a
    request without an answer.
    """
    Answered.objects.filter(began_at__lt=at - KEPT).delete()
    with transaction.atomic():
        row, fresh = Answered.objects.get_or_create(
            scope=scope, defaults={"fingerprint": fingerprint, "began_at": at}
        )
    return None if fresh else row


def keep_answer(scope: str, status: int, media_type: str, body: bytes | None) -> None:
    """The answer of a request that was begun; `body` None where it may be told this once only."""
    Answered.objects.filter(scope=scope).update(status=status, media_type=media_type, body=body)


def forget_answer(scope: str) -> None:
    """The request did nothing: its key is free again."""
    Answered.objects.filter(scope=scope).delete()
