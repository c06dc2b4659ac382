"""`listen match` and `listen language`: one line out for each line in, in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from socius.connectors.jsonlines import identified
from socius.engine import plugins, scoring
from socius.engine import sentiment as model
from socius.engine.language import detect
from socius.engine.plugins import Scorer
from socius.engine.query.fields import primary
from socius.engine.query.matcher import Matcher
from socius.engine.query.parser import parse
from socius.engine.query.plan import Filed, plan_of
from socius.engine.query.reference import Subject, matches
from socius.kit.errors import Invalid
from socius.listen.jobs.scorers import current, plugin

BLOCK = 20_000
SMALL = 50_000  # pairs of record and query that the reference evaluator does in about a second
T = TypeVar("T")


def blocks(rows: Iterable[T], size: int = BLOCK) -> Iterator[list[T]]:
    """Rows in lists of at most `size`."""
    pending = iter(rows)
    while block := list(islice(pending, size)):
        yield block


def put(rows: Iterable[Mapping[str, Any]]) -> None:
    """JSON lines on standard output."""
    sys.stdout.write("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))


def known(place: str) -> list[Filed]:
    """Queries of a file. What does not compile goes to standard error as objects, all of it, before anything is matched."""
    made: dict[Any, Filed] = {}
    broken = 0
    for number, row in identified(place, "query"):
        if row["id"] in made:
            raise Invalid(
                f"{place}, line {number}: the id {row['id']!r} stands there twice.",
                field="id",
                repair="Give each query an id of its own.",
            )
        query = parse(row.get("query") or "")
        for error in query.errors:
            broken += 1
            said = {"id": row["id"], "file": place, "file_line": number, **error.data()}
            sys.stderr.write(json.dumps(said, ensure_ascii=False) + "\n")
        if query.tree is not None:
            made[row["id"]] = Filed(row["id"], query.tree, query.text)
    if broken:
        raise Invalid("")  # all has been said
    return list(made.values())


def order(name: Any) -> tuple[bool, Any]:
    """Numbers before texts, each in their order."""
    return (isinstance(name, str), name)


def match(request: Mapping[str, Any]) -> None:
    """Which queries each record matches."""
    queries = known(request["queries"])
    plan = plan_of(queries)
    matcher = Matcher(plan)
    for block in blocks(identified(request["input"], "text")):
        records = [row for _, row in block]
        if "lang" in plan.fields:
            with_language(records)
        if len(records) * len(queries) <= SMALL:
            found = by_reference(queries, records)
        else:
            found = by_kernel(matcher, records)
        put(
            {"id": r["id"], "matches": sorted(f, key=order)}
            for r, f in zip(records, found, strict=True)
        )


def by_reference(queries: list[Filed], records: list[dict[str, Any]]) -> list[list[Any]]:
    """Matches one by one: the same answer, without waiting for the kernel to be compiled or loaded."""
    subjects = [Subject(r) for r in records]
    return [[q.id for q in queries if matches(q.tree, s)] for s in subjects]


def by_kernel(matcher: Matcher, records: list[dict[str, Any]]) -> list[list[Any]]:
    """Matches a whole block."""
    found: list[list[Any]] = [[] for _ in records]
    hits = matcher.records(records)
    for message, query in zip(hits.message.tolist(), hits.query.tolist(), strict=True):
        found[message].append(matcher.plan.queries[query].id)
    return found


def with_language(records: list[dict[str, Any]]) -> None:
    """Fills in the language where a record has none: `lang:` compares the detected one."""
    bare = [r for r in records if not r.get("lang")]
    codes, _ = detect([r.get("text") or "" for r in bare], [r.get("lang_declared") for r in bare])
    for record, code in zip(bare, codes, strict=True):
        record["lang"] = code


def language(request: Mapping[str, Any]) -> None:
    """The language of each record."""
    for block in blocks(identified(request["input"], "text", "lang_declared")):
        records = [row for _, row in block]
        codes, scores = detect(
            [r.get("text") or "" for r in records], [r.get("lang_declared") for r in records]
        )
        put(
            {"id": r["id"], "language": code, "score": round(score, 4)}
            for r, code, score in zip(records, codes, scores, strict=True)
        )


def sentiment(request: Mapping[str, Any]) -> None:
    """Sentiment of each record; label and score are null in a language without a model."""
    home = Path(request["home"]) if request.get("home") else None
    own, other = (current(home), plugin(home)) if home else (None, None)
    if own is not None or other is not None:
        by_model(request, own, other)
        return
    sys.stderr.write(model.card() + "\n")
    for block in blocks(identified(request["input"], "text", "lang", "lang_declared")):
        records = [row for _, row in block]
        with_language(records)
        langs = [primary(r["lang"]) for r in records]
        scored = model.score([r.get("text") or "" for r in records], langs)
        put(sentiment_row(r, s, code) for r, s, code in zip(records, scored, langs, strict=True))


def by_model(request: Mapping[str, Any], own: Any, other: Scorer | None) -> None:
    """Sentiment by what this home uses; the label of its model and of a plug-in is the largest share, as when they were measured."""
    sys.stderr.write(scoring.said(own) + "\n" + (f"{plugins.said(other)}\n" if other else ""))
    for block in blocks(identified(request["input"], "text", "lang", "lang_declared")):
        records = [row for _, row in block]
        with_language(records)
        langs = [primary(r["lang"]) for r in records]
        texts = [r.get("text") or "" for r in records]
        found, known = scoring.shares(texts, langs, own)
        if other is not None:
            plugins.asked(other, texts, langs, range(len(texts)), found, known)
        largest = frozenset({own.card["language"]} if own else ()) | (other.languages if other else frozenset())  # fmt: skip
        for record, lang, share, seen in zip(records, langs, found.tolist(), known, strict=True):
            label = model.label(share, largest=lang in largest) if seen else None
            value = round(share[2] - share[0], 4) if seen else None
            put([{"id": record["id"], "label": label, "score": value, "language": lang}])


def sentiment_row(
    record: Mapping[str, Any], found: model.Sentiment | None, code: str
) -> dict[str, Any]:
    """One line of the answer."""
    label = None if found is None else found.label
    value = None if found is None else round(found.score, 4)
    return {"id": record["id"], "label": label, "score": value, "language": code}
