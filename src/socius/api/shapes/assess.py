"""Assessments, the roadmap, tools and needs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, RootModel

from socius.api.paging import Paging
from socius.api.shapes.records import Open
from socius.api.values import Day, Given, Instant, Key, Name, Note, Number, Word

Reason = Annotated[str, Field(min_length=1, max_length=400, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]
Form = Literal["full@1", "short@1"]


class AssessmentOut(Schema):
    """A wave. `stage` and `coherence` are null until it is closed."""

    id: int
    name: str
    form: str
    state: str
    opens: datetime
    closes: datetime
    closed_at: datetime | None
    unit: int
    submitted: int
    stage: int | None
    coherence: float | None


class AssessmentIn(Given):
    """A wave to be."""

    unit: Number
    name: Key
    form: Form = "short@1"
    opens: Instant
    closes: Instant


class OpenIn(Given):
    """With `shared_link` one link for all is made, too."""

    shared_link: bool = False


class LinksIn(Given):
    """How many personal links."""

    links: Annotated[int, Field(ge=1, le=500)]


class LinksOut(Schema):
    """The secret parts of links, told this once: a rater answers at `/rate/<token>/`."""

    tokens: list[str]


class DisputeIn(Given):
    """The own value before which the raters' goes, and why."""

    key: Word
    reason: Reason


class WaiverIn(Given):
    """`q44` or a rule, who stands for it and why."""

    what: Word
    sponsor: Number
    reason: Reason


class ActionIn(Given):
    """What is agreed about a gap."""

    item: Word
    text: Reason
    owner: Number
    due: Day


class ActionOut(Schema):
    """An agreed action."""

    id: int
    item: str
    text: str
    owner: int
    due: date
    agreed_at: datetime
    done_on: date | None
    done_by: int | None


class FinishIn(Given):
    """On which day it was done (today), and by whom (its owner)."""

    on: Day | None = None
    by: Number | None = None


class ResultOut(Open):
    """The result as `socius assess score --json` prints it, with spread and gaps."""

    stage: int
    self_placed: int | None
    gates: list[dict[str, Any]]
    factors: dict[str, float | None]
    criteria: dict[str, float | None]
    coherence: dict[str, Any]
    sensitivity: dict[str, Any]


class GapsOut(Open):
    """Contrasts between groups of three and more; `judged`: whether there are enough people for verdicts."""

    judged: bool
    raters: int
    contrasts: list[dict[str, Any]]


class RoadmapAsked(Schema):
    """Another capacity (hours a quarter) or effort (1: as planned): the answer then says what would change."""

    capacity: Annotated[float | None, Field(ge=0, le=1e9, allow_inf_nan=False)] = None
    effort: Annotated[float, Field(ge=0.1, le=10, allow_inf_nan=False)] = 1.0


class PlanOut(Open):
    """The same JSON as `socius roadmap check --json`."""

    format: str
    sound: bool
    problems: list[dict[str, str]]


class PlanIn(RootModel[dict[str, Any]]):
    """A roadmap file; what is wrong in it is told in the answer, all at once."""


class NeedsIn(Given):
    """The initiatives that have to end before this one begins."""

    needs: Annotated[list[Number], Field(max_length=200)]


class FirstIn(Given):
    """Something that has to stand first; `item` names a gate or a rule."""

    say: Reason
    item: Word = ""
    expected: Day | None = None
    met_on: Day | None = None


class PrerequisitesIn(Given):
    """Everything that has to stand before it begins."""

    first: Annotated[list[FirstIn], Field(max_length=100)]


class ReadinessOut(Schema):
    """What an initiative waits for."""

    needs: list[int]
    first: list[FirstOut]


class FirstOut(Schema):
    """Something that has to stand first."""

    say: str
    item: str
    expected: date | None
    met_on: date | None


class ToolIn(Given):
    """A wish; without goal or strategy it is refused, unless `exception` says why it goes in all the same, under the caller's name."""

    unit: Number
    name: Key
    purpose: Reason
    kind: Literal["tool", "connector"] = "tool"
    vendor: Name = ""
    goal: Number | None = None
    strategy: Number | None = None
    exception: Note = ""


class DecisionIn(Given):
    """Granted or not, and why."""

    grant: bool
    reason: Reason


class ToolOut(Schema):
    """A tool of the register."""

    id: int
    name: str
    kind: str
    vendor: str
    purpose: str
    status: str
    goal: int | None
    strategy: int | None
    unit: int
    asked_at: datetime
    decided_at: datetime | None
    decided_reason: str
    override_by: int | None
    override_reason: str


class NeedOut(Schema):
    """One of five use cases: by data and by word, 0 to 4."""

    use_case: str
    name: str
    signal: float | None
    data: int | None
    said: int | None
    strength: float
    differs: bool


class NeedsOut(Schema):
    """The profile, the strongest need first."""

    first: date
    last: date
    preset: str | None
    needs: list[NeedOut]


class NeedIn(Given):
    """How strong a need is by word."""

    unit: Number
    use_case: Word
    level: Annotated[int, Field(ge=0, le=4)]
    note: Note = ""


class Waves(Paging):
    """Which waves."""

    state: Literal["", "draft", "open", "closed"] = ""


ReadinessOut.model_rebuild()
