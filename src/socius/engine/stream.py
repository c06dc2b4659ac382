"""The central contract: a batch and a plan in, mentions, hits and counts out. Pure; the same in one process, in a worker and in Spark."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from socius.engine import language, sentiment
from socius.engine.plugins import Scorer, asked
from socius.engine.query.marks import letters_of
from socius.engine.query.matcher import Matcher, field_atoms
from socius.engine.query.plan import Filed, Plan, plan_of
from socius.engine.scoring import scorable, shares_of
from socius.engine.sentiment_model import Model

FIELD_COLUMNS = {
    "author": ("author_handle", "author_id"),
    "network": ("network",),
    "channel": ("channel",),
    "kind": ("kind",),
    "from": ("from_account",),
    "to": ("account",),
    "link": ("links", "text"),
    "lang": (),
}
SUMS = [("n", "sum"), ("scored", "sum"), ("score", "sum")]


class StreamPlan(NamedTuple):
    """Queries and settings of a run. Immutable; `digest` is stored with every row that it made."""

    queries: Plan
    with_sentiment: bool = True
    model: Model | None = None
    plugin: Scorer | None = None

    @property
    def digest(self) -> bytes:
        """16 bytes that name queries, models and settings."""
        said = f"{language.NAME}|{sentiment.NAME} {sentiment.VERSION}|{self.with_sentiment}|{self.model.version if self.model else ''}"
        said += f"|{self.plugin.name} {self.plugin.version}" if self.plugin else ""
        return hashlib.blake2b(self.queries.hash + said.encode(), digest_size=16).digest()


def plan_for(queries: list[Filed], *, with_sentiment: bool = True, model: Model | None = None, plugin: Scorer | None = None) -> StreamPlan:  # fmt: skip
    """A plan of queries whose ids are numbers."""
    return StreamPlan(plan_of(queries), with_sentiment, model, plugin)


@lru_cache(maxsize=4)
def matcher_for(digest: bytes) -> list[Matcher]:
    """A place for the matcher of a plan, so that a process makes it once."""
    return []


def matched(batch: pa.Table, texts: list[str], langs: list[str], plan: StreamPlan) -> tuple[Any, Any, Any]:  # fmt: skip
    """Hits of the queries, sentiment shares, and which texts have any: all from one walk over the texts."""
    held = matcher_for(plan.digest)
    if not held:
        held.append(Matcher(plan.queries))
    fields = plan.queries.fields
    atoms = None
    if fields:
        names = sorted({c for f in fields for c in FIELD_COLUMNS[f]})
        records = batch.select(names).to_pylist() if names else [{} for _ in texts]
        for record, lang in zip(records, langs, strict=True):
            record["lang"] = lang
        atoms = field_atoms(plan.queries, records)
    known = scorable(langs, plan.model) & plan.with_sentiment
    spelt = letters_of(batch.column("text").combine_chunks())
    hits, marks = held[0].read(texts, atoms, known, spelt)
    if not plan.with_sentiment:
        return hits, np.zeros((len(texts), 3)), known
    return hits, shares_of(marks, langs, plan.model), known


class Judged(NamedTuple):
    """Mentions with language and sentiment, hits, the row of each hit's mention, and scores; each row was decided by itself."""

    mentions: pa.Table
    hits: pa.Table
    rows: Any
    values: pa.Array

    def chosen(self, places: Sequence[int]) -> Judged:
        """Some of the mentions, with what belongs to them."""
        if len(places) == self.mentions.num_rows:
            return self
        new = np.full(self.mentions.num_rows, -1, np.int64)
        new[list(places)] = np.arange(len(places))
        kept = np.flatnonzero(new[self.rows] >= 0)
        at = pa.array(places, pa.int64())
        return Judged(self.mentions.take(at), self.hits.take(pa.array(kept)), new[self.rows][kept], self.values.take(at))  # fmt: skip

    def tables(self) -> dict[str, pa.Table]:
        """Two tables that can be kept."""
        return {
            "mentions": self.mentions.append_column("value", self.values),
            "hits": self.hits.append_column("row", pa.array(self.rows, pa.int64())),
        }

    def parts(self) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Mentions, hits, and counts to add up."""
        found = (self.hits, self.rows)
        return self.mentions, self.hits, counts_of(self.mentions, self.mentions.column("lang"), self.values, found)  # fmt: skip


def judged_of(tables: Mapping[str, pa.Table]) -> Judged:
    """What `Judged.tables` kept."""
    mentions, hits = tables["mentions"], tables["hits"]
    rows = hits.column("row").to_numpy()
    return Judged(mentions.drop_columns(["value"]), hits.drop_columns(["row"]), rows, mentions.column("value"))  # fmt: skip


def process(batch: pa.Table, plan: StreamPlan) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Mentions with language and sentiment, hits, and counts to add up. Its columns: docs/reference/listening.md."""
    return judge(batch, plan).parts()


def judge(batch: pa.Table, plan: StreamPlan) -> Judged:
    """Everything that can be said of a mention by itself."""
    count = batch.num_rows
    texts = batch.column("text").to_pylist()
    langs, scores = language.detect(texts, batch.column("lang_declared").to_pylist())
    held, found, known = matched(batch, texts, langs, plan)
    hits, rows = placed_hits(batch, held, plan)
    if plan.plugin is not None and plan.with_sentiment:
        asked(plan.plugin, texts, langs, rows, found, known)
    derived = {
        "lang": pa.array(langs, pa.string()),
        "lang_p": pa.array(scores, pa.float32()),
        "sent": pa.FixedSizeListArray.from_arrays(
            pa.array(found.astype(np.float32).ravel()), 3, mask=pa.array(~known)
        ),
        "author_weight": pa.array(np.ones(count, np.float32)),
        "cluster": pa.nulls(count, pa.int64()),
        "plan": pa.repeat(pa.scalar(plan.digest, pa.binary(16)), count),
    }
    mentions = batch
    for name, column in derived.items():
        mentions = mentions.append_column(name, column)
    values = pa.array(found[:, 2] - found[:, 0], mask=~known)
    return Judged(mentions, hits, rows, values)


def found_again(mentions: pa.Table, plan: StreamPlan) -> list[dict[str, Any]]:
    """Hits of queries among mentions that were processed before: their languages stand in them."""
    if not mentions.num_rows:
        return []
    rows: list[dict[str, Any]] = hits_of(mentions, mentions.column("lang").to_pylist(), plan).to_pylist()  # fmt: skip
    return rows


def hits_of(batch: pa.Table, langs: list[str], plan: StreamPlan) -> pa.Table:
    """One row for each query that a living mention matches."""
    texts = batch.column("text").to_pylist()
    return placed_hits(batch, matched(batch, texts, langs, plan._replace(with_sentiment=False))[0], plan)[0]  # fmt: skip


def placed_hits(batch: pa.Table, found: Any, plan: StreamPlan) -> tuple[pa.Table, Any]:
    """Hits with what their mentions say, and the place of each one's mention in the batch; deletes match nothing."""
    alive = pc.not_equal(batch.column("op").cast(pa.string()), "delete").to_numpy(
        zero_copy_only=False
    )
    keep = alive[found.message]
    rows, queries = found.message[keep], found.query[keep]
    ids = np.array([int(q.id) for q in plan.queries.queries] or [0], np.int64)
    versions = np.array([q.version for q in plan.queries.queries] or [0], np.int32)
    columns = {"query": pa.array(ids[queries]), "query_version": pa.array(versions[queries])}
    taken = batch.select(["key", "day", "created_at", "observed_at", "block"]).take(pa.array(rows))
    return pa.table({**columns, **{n: taken.column(n) for n in taken.column_names}}), rows


def counts_of(batch: pa.Table, langs: pa.Array, score: pa.Array, found: tuple[pa.Table, Any]) -> pa.Table:  # fmt: skip
    """Per day, network, channel, language (and query, null for all): mentions, how many have a score, its sum."""
    hits, rows = found
    created = pc.equal(batch.column("op").cast(pa.string()), "create")
    table = pa.table(
        {
            "day": batch.column("day"), "block": batch.column("block"),
            "network": batch.column("network").cast(pa.string()),
            "channel": batch.column("channel").cast(pa.string()), "lang": langs,
            "n": pa.array(np.ones(batch.num_rows, np.int64)),
            "scored": pc.cast(pc.is_valid(score), pa.int64()), "score": pc.fill_null(score, 0.0),
        }
    )  # fmt: skip
    per_query = table.take(pa.array(rows)).append_column("query", hits.column("query"))
    joined = per_query.filter(created.take(pa.array(rows)))
    table = table.filter(created)
    keys = ["day", "network", "channel", "lang", "query", "block"]
    everything = table.append_column("query", pa.nulls(table.num_rows, pa.int64()))
    parts = pa.concat_tables(
        [
            everything.select([*keys, "n", "scored", "score"]),
            joined.select([*keys, "n", "scored", "score"]),
        ]
    )
    summed = parts.group_by(keys).aggregate(SUMS)
    summed = summed.rename_columns([c.removesuffix("_sum") for c in summed.column_names])
    return summed.select(
        ["day", "network", "channel", "lang", "query", "n", "scored", "score", "block"]
    )
