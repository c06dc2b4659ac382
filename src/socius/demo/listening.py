"""The demonstration listens: queries, a stream with three weeks and a gap, one alert that was handled and one that waits."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from socius.engine.demo import answers as told
from socius.engine.demo.talk import talk
from socius.fakenet.events import MICRO, Happening, jetstream
from socius.kit.child import stream
from socius.kit.errors import SociusError
from socius.listen import actions
from socius.listen.actions.reputation import Wording
from socius.listen.jobs.alerting import look
from socius.listen.jobs.intake import take_file
from socius.listen.jobs.standing import reckon
from socius.listen.models import Alert, Query, Source
from socius.organisation.models import Actor, Unit

QUERIES = (
    ("Halvern in the open", "halvern"),
    ("Washers that leak", "halvern washer (leak* OR flood* OR water)"),
    ("Delivery", "halvern (delivery OR delivered OR van)"),
)
STRETCH = 4 * 3600  # seconds of silence that were not collected; a calm night is shorter
ADDRESS = "wss://jetstream.example/subscribe"


def listen(seed: int, actor: Actor) -> None:
    """Everything about listening; takes some seconds, because the stream goes the way of a real one."""
    root = Unit.objects.get(kind="organisation")
    queries = [actions.make_query(root, actor=actor, name=name, text=text) for name, text in QUERIES]  # fmt: skip
    source = actions.add_source(root, actor=actor, name="Open network", kind="jetstream", address=ADDRESS)  # fmt: skip
    fed(source, seed, actor)
    # Before the second burst began, then now: the first alert is older than the second.
    look(actor.at - timedelta(minutes=28), queries)
    handled(actor)
    look(actor.at, queries)
    # An address that does not exist: nothing is asked of it.
    answered(seed, actor)
    actions.pause_source(source, actor=actor)


def fed(source: Source, seed: int, actor: Actor) -> None:
    """Posts as frames through the collector."""
    end = actor.at.timestamp()
    frames = []
    for number, post in enumerate(talk(seed, end)):
        at = int(post.at * MICRO)
        event = Happening(number, at, "create", post.author, number, at, post.language, post.text)
        frames.append(jetstream(event))
    # A like at the very end: the stream is covered up to now.
    frames.append(jetstream(Happening(len(frames), int(end * MICRO), "like", 0, 0, int(end * MICRO))))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "frames.jsonl"
        place.write_text("\n".join(frames), "utf-8")
        request = {"home": str(settings.HOME), "file": str(place), "source": source.pk, "stretch": STRETCH}  # fmt: skip
        if stream("socius.listen.jobs", "feed", request):
            raise SociusError("The demonstration's stream could not be stored.")


def answered(seed: int, actor: Actor) -> None:
    """Ninety days of answers on three channels, the way a file brings them, and the index with the mentions as the fourth."""
    wording = Wording(
        told.QUESTION,
        mix=told.MIX,
        weights=told.WEIGHTS,
        query=Query.objects.get(name=QUERIES[0][0]),
    )
    question = actions.adopt_question(actor=actor, wording=wording)
    actions.make_survey_link(actor=actor, name="Halvern shop", channel="web", hosts=["https://shop.halvern.example"])  # fmt: skip
    for channel in told.CHANNELS:
        text = told.answers(seed, channel, actor.at.date())
        take_file(f"{channel}.csv", text.encode(), actor=actor, channel=channel, dry=False)
    reckon(question, actor.at)


def handled(actor: Actor) -> None:
    """Somebody looked at the first alert and ended it."""
    for alert in Alert.objects.filter(query=Query.objects.get(name=QUERIES[1][0])):
        actions.acknowledge_alert(alert, actor=actor)
        text = "A hose of one batch. The product page says so since 14:10, and service sends a new one without asking."
        actions.close_alert(alert, actor=actor, verdict="real", text=text)
