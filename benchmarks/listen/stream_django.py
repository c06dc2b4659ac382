"""The opponent: what a careful Django developer writes. orjson, the collector of cycles off, queries filed under their rarest word, bulk_create.

Its database is SQLite in WAL mode with synchronous NORMAL: no commit waits for the disk, while ours syncs every raw block. Tokens are found by one
ASCII pattern, enough for these queries and cheaper than what other scripts need; sentiment is a lexicon in a dictionary with negation.

python benchmarks/listen/stream_django.py FOLDER QUERIES    prints one JSON object; PROFILE=1 prints its profile instead
"""

from __future__ import annotations

import cProfile
import gc
import json
import math
import os
import pstats
import re
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

import django
import eldc
import orjson
from django.conf import settings
from stream_input import blocks, queries_of

from socius.engine.lexicon import NEGATORS, STRONGER, WEIGHTS

FOLDER = Path(sys.argv[1])
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "db.sqlite3"), "OPTIONS": {"init_command": PRAGMAS}}},
    USE_TZ=True,
)  # fmt: skip
django.setup()

from django.db import connection, models, transaction  # noqa: E402


class Mention(models.Model):
    key = models.CharField(max_length=200, unique=True)
    created_at = models.CharField(max_length=40)
    day = models.CharField(max_length=10)
    text, author = models.TextField(), models.CharField(max_length=80)
    reply_to = models.CharField(max_length=200, default="")
    lang, score = models.CharField(max_length=8), models.FloatField(null=True)

    class Meta:
        app_label = "bench"


class Hit(models.Model):
    query, key = models.IntegerField(), models.CharField(max_length=200)

    class Meta:
        app_label = "bench"


class Rollup(models.Model):
    day, lang = models.CharField(max_length=10), models.CharField(max_length=8)
    n, scored, total = models.IntegerField(), models.IntegerField(), models.FloatField()

    class Meta:
        app_label = "bench"
        constraints = [models.UniqueConstraint(fields=["day", "lang"], name="one")]


WORD = re.compile("[a-z]+")
UPSERT = (
    "INSERT INTO bench_rollup (day, lang, n, scored, total) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (day, lang) DO UPDATE SET n = n + excluded.n, scored = scored + excluded.scored, total = total + excluded.total"
)


def judged(words: list[str]) -> float:
    total, turned, raised = 0.0, 0, False
    for word in words:
        if word in NEGATORS:
            turned, raised = 3, False
            continue
        weight = WEIGHTS.get(word)
        if weight:
            weight = weight * 1.4 if raised else float(weight)
            total += weight * -0.7 if turned else weight
        turned = turned - 1 if turned else 0
        raised = word in STRONGER
    return math.tanh(total / 3.0)


class Matcher:
    def __init__(self, queries: list[tuple[str, tuple[str, str]]], sample: list[bytes]) -> None:
        often: dict[str, int] = defaultdict(int)
        for line in sample:
            for word in set(
                WORD.findall(orjson.loads(line)["commit"]["record"]["text"].casefold())
            ):
                often[word] += 1
        self.filed: dict[str, list[int]] = defaultdict(list)
        self.needed: list[frozenset[str] | None] = []
        for number, (kind, pair) in enumerate(queries):
            places = (
                [pair[0]]
                if kind == "one"
                else set(pair)
                if kind == "or"
                else [min(pair, key=lambda w: often[w])]
            )
            for word in places:
                self.filed[word].append(number)
            self.needed.append(frozenset(pair) if kind == "and" else None)

    def match(self, words: set[str]) -> set[int]:
        needed = self.needed
        found = set()
        for word in self.filed.keys() & words:
            found.update(q for q in self.filed[word] if needed[q] is None or needed[q] <= words)
        return found


def run(matcher: Matcher) -> int:
    look = eldc.instance().detect
    count = 0
    for block in blocks():
        gc.disable()
        fresh = {}
        for line in block.split(b"\n"):
            count += 1
            event = orjson.loads(line)
            commit = event["commit"]
            fresh.setdefault(f"at://{event['did']}/{commit['collection']}/{commit['rkey']}", (event["did"], commit["record"]))  # fmt: skip
        held: set[str] = set()
        keys = list(fresh)
        for k in range(0, len(keys), 5000):
            held.update(
                Mention.objects.filter(key__in=keys[k : k + 5000]).values_list("key", flat=True)
            )
        mentions, hits = [], []
        sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0, 0.0])
        for key, (did, record) in fresh.items():
            if key in held:
                continue
            text = record["text"]
            lang = look(text) or "und"
            words = WORD.findall(text.casefold())
            score = judged(words) if lang == "en" else None
            day = record["createdAt"][:10]
            reply = record.get("reply")
            mentions.append(Mention(key=key, created_at=record["createdAt"], day=day, text=text, author=did, reply_to=reply["parent"]["uri"] if reply else "", lang=lang, score=score))  # fmt: skip
            hits += [Hit(query=q, key=key) for q in matcher.match(set(words))]
            row = sums[day, lang]
            row[0] += 1
            if score is not None:
                row[1] += 1
                row[2] += score
        with transaction.atomic():
            Mention.objects.bulk_create(mentions, batch_size=5000)
            Hit.objects.bulk_create(hits, batch_size=5000)
            with connection.cursor() as cursor:
                cursor.executemany(UPSERT, [(day, lang, *row) for (day, lang), row in sums.items()])
        gc.enable()
    return count


def main() -> None:
    with connection.schema_editor() as editor:
        for model in (Mention, Hit, Rollup):
            editor.create_model(model)
    matcher = Matcher(queries_of(int(sys.argv[2])), next(blocks()).split(b"\n")[:2000])
    eldc.init()
    if os.environ.get("PROFILE"):
        profile = cProfile.Profile()
        profile.runcall(run, matcher)
        pstats.Stats(profile, stream=sys.stdout).strip_dirs().sort_stats("tottime").print_stats(30)
        return
    start = time.process_time()
    count = run(matcher)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"stored": Mention.objects.count(), "hits": Hit.objects.count(), "cpu": spent, "messages": count, "mb": peak}))  # fmt: skip


if __name__ == "__main__":
    main()
