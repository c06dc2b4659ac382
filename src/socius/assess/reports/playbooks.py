"""The playbooks: one for each gate of each stage and each coherence rule, read once from the files beside this package."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "playbooks"
ISSUES = {
    "buy-in": "Executive buy-in and funding",
    "strategy": "A coherent strategy",
    "governance": "Governance",
    "transforming": "Transforming the organisation",
}
STAGES = {
    1: "Planning",
    2: "Presence",
    3: "Engagement",
    4: "Formalized",
    5: "Strategic",
    6: "Converged",
}
SENTENCE = re.compile(r"[.!?:;\n]+")


@dataclass(frozen=True)
class Playbook:
    """How a gap is closed. `id` is the gate or rule; a gate of two stages has one for each (`q09`, `q09-6`)."""

    id: str
    stage: int  # 0: a coherence rule, which stands at every stage
    issue: str
    title: str
    gap: str
    who: tuple[str, ...]
    time: str
    steps: tuple[str, ...]
    template: str
    evidence: tuple[str, ...]

    @property
    def item(self) -> str:
        """The question or the rule that it mends."""
        return self.id.partition("-")[0]

    @property
    def where(self) -> str:
        """`gate of stage 4, Formalized`"""
        if not self.stage:
            return "coherence rule"
        return f"gate of stage {self.stage}, {STAGES[self.stage]}"

    @property
    def words(self) -> str:
        """All of its text."""
        parts = (self.title, self.gap, *self.who, self.time, *self.steps, self.template)
        return "\n".join((*parts, *self.evidence))


@cache
def library() -> dict[str, Playbook]:
    """All playbooks by id: stage by stage, the rules last."""
    found = []
    for path in FOLDER.glob("*.toml"):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["playbook"]:
            lists = {name: tuple(row[name]) for name in ("who", "steps", "evidence")}
            found.append(Playbook(**{**row, **lists, "template": row["template"].strip()}))
    return {one.id: one for one in sorted(found, key=lambda p: (p.stage or 9, p.id))}


def playbook_of(item: str, stage: int = 0) -> Playbook | None:
    """The playbook of a gate at a stage, or of a rule; of the first stage that the gate stands at where none is named."""
    shelf = library()
    return shelf.get(f"{item}-{stage}") or shelf.get(item)


def search(text: str = "", issue: str = "", stage: str = "") -> list[Playbook]:
    """Playbooks that hold every word of `text`, of one issue, of one stage (`rules`: those of the coherence rules)."""
    words = text.casefold().split()
    wanted = 0 if stage == "rules" else int(stage) if stage.isdecimal() else None
    return [
        one
        for one in library().values()
        if (not issue or one.issue == issue)
        and (wanted is None or one.stage == wanted)
        and all(word in f"{one.id} {one.words}".casefold() for word in words)
    ]


def sentences(text: str) -> set[str]:
    """The sentences of a text without case, marks and blanks; what is shorter than three words is none."""
    found = set()
    for part in SENTENCE.split(text):
        words = re.findall(r"[^\W_]+", part.casefold())
        if len(words) >= 3:
            found.add(" ".join(words))
    return found


def shared(one: str, other: str) -> float:
    """The share of the sentences of the shorter text that the other one has too."""
    mine, theirs = sentences(one), sentences(other)
    least = min(len(mine), len(theirs))
    return len(mine & theirs) / least if least else 0.0


def too_alike(books: Iterable[Playbook], most: float = 0.3) -> list[tuple[str, str, float]]:
    """Pairs that share more than `most` of their sentences."""
    rows = list(books)
    pairs = ((a, b, shared(a.words, b.words)) for at, a in enumerate(rows) for b in rows[at + 1 :])
    return [(a.id, b.id, share) for a, b, share in pairs if share > most]
