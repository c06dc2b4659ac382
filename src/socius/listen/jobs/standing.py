"""What the worker does about reputation: works the index out again whenever there is something new to work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min

from socius.kit.child import ask
from socius.kit.pace import Pace
from socius.listen.actions.reputation import current_question, keep_standings
from socius.listen.actions.rings import trusted_less
from socius.listen.jobs.alerting import covered
from socius.listen.models import Hit, Question, Reckoning, Response, Standing, SurveyLink

TASK = "socius.listen.jobs.reckoning"
SECONDS = 900.0
HISTORY = 400  # days of answers
SPOKEN = 120  # days of mentions
EVERY = 60.0
EPOCH = date(1970, 1, 1)
DAY = 86_400
SOCIAL = "social"


class Standings:
    """Every so often, and only when answers, mentions or the day changed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now, self.pace = now, Pace(EVERY)

    def __call__(self) -> int:
        """Returns how many days and channels were written."""
        question = current_question() if self.pace.due() else None
        return 0 if question is None else reckon(question, self.now())


def mark_of(question: Question, at: datetime) -> str:
    """What there is to work on; another mark means working it out again."""
    own = Response.objects.filter(question=question).aggregate(n=Count("pk"), m=Max("pk"))
    hits = Hit.objects.filter(query=question.query).aggregate(m=Max("pk"))["m"] if question.query else 0  # fmt: skip
    return f"{own['n']}/{own['m']}/{hits}/{at:%Y-%m-%dT%H}/{len(trusted_less())}"


def reckon(question: Question, at: datetime) -> int:
    """Works the standings out, unless nothing changed; returns how many were written."""
    mark = mark_of(question, at)
    if Reckoning.objects.filter(question=question, mark=mark).exists():
        return 0
    options: dict[str, Any] = {
        "mix": question.mix, "weights": question.weights, "cover": cover(question, at), "low": trusted_less(),
        "folder": str(settings.HOME / "listen"),
    }  # fmt: skip
    files = {"responses": "\n".join(responses(question, at)).encode(), "keys": "\n".join(keys(question, at)).encode()}  # fmt: skip
    found = ask(TASK, options, files, seconds=SECONDS)
    rows = (Standing(question=question, **{**p, "day": EPOCH + timedelta(days=p["day"])}) for p in found.pop("points"))  # fmt: skip
    return keep_standings(question, rows, said={**found, "mix": question.mix}, mark=mark, at=at)


def responses(question: Question, at: datetime) -> Iterator[str]:
    """Answers as lines."""
    rows = Response.objects.filter(question=question, day__gt=at.date() - timedelta(days=HISTORY), day__lte=at.date())  # fmt: skip
    for r in rows.order_by("day", "pk").values_list("day", "channel", "value", "segment", "author", "pk").iterator():  # fmt: skip
        yield f"{(r[0] - EPOCH).days}\t{r[1]}\t{r[2]}\t{r[3]}\t{r[4]}\t{r[5]}"


def keys(question: Question, at: datetime) -> Iterator[str]:
    """Mentions that the question's query found, as lines."""
    if question.query is None:
        return
    rows = Hit.objects.filter(query=question.query, version=question.query.version, day__gt=at.date() - timedelta(days=SPOKEN))  # fmt: skip
    for day, key in rows.values_list("day", "key").iterator():
        yield f"{(day - EPOCH).days}\t{key}"


def cover(question: Question, at: datetime) -> dict[str, dict[str, float]]:
    """Covered share of each day by channel: a file's answers from its first to its last day, a link while it is open, mentions by the sources."""
    today, whole = at.date(), (at.timestamp() % DAY) / DAY
    found: dict[str, dict[str, float]] = {}
    first = today - timedelta(days=HISTORY)
    ends = Response.objects.filter(question=question, day__gt=first).values("channel").annotate(a=Min("day"), b=Max("day"))  # fmt: skip
    links = set(SurveyLink.objects.filter(closed_at=None).values_list("channel", flat=True))
    days = [first + timedelta(days=n + 1) for n in range(HISTORY)]
    for row in ends.order_by():
        until = today if row["channel"] in links else row["b"]
        found[row["channel"]] = {
            str((d - EPOCH).days): 0.0 if not row["a"] <= d <= until else whole if d == today else 1.0
            for d in days
        }  # fmt: skip
    found[SOCIAL] = by_sources(days, at)
    return found


def by_sources(days: list[date], at: datetime) -> dict[str, float]:
    """Share of each day that the sources covered."""
    starts = [datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp() for d in days]
    spans = covered(at, timedelta(days=HISTORY))
    return {
        str((d - EPOCH).days): min(1.0, sum(w * max(0.0, min(b, s + DAY) - max(a, s)) for a, b, w in spans) / DAY)
        for d, s in zip(days, starts, strict=True)
    }  # fmt: skip
