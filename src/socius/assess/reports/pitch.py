"""One initiative as a case for one sponsor: it speaks of that sponsor's goals and of no others."""

from __future__ import annotations

from dataclasses import dataclass

from socius.kit.errors import Invalid
from socius.measure.reports.cases import Case, Found, cases, found_of
from socius.measure.reports.facts import Asked
from socius.organisation.models import Actor, Person
from socius.strategy import reports
from socius.strategy.models import Initiative, Prerequisite
from socius.strategy.reports import Work

MOST = 4
ASKS = {
    "idea": "Accept it into the plan, or turn it down with a reason.",
    "proposed": "Accept it into the plan, or turn it down with a reason.",
    "accepted": "Release its hours and money so that it can begin.",
    "running": "Review it: carry on, change it, or stop it.",
    "ended": "Say what is carried on as ordinary work.",
    "rejected": "Nothing: it was turned down. Reopen it only if the reason no longer holds.",
}


@dataclass(frozen=True)
class Pitch:
    """What stands on the page."""

    work: Work
    owner: str
    name: str
    cases: list[Case]
    further: int
    effects: list[Found]
    lacking: list[Prerequisite]
    needs: list[Initiative]
    unknown: list[str]
    decision: str
    elsewhere: int  # goals of other sponsors that it serves too; counted, not named


def pitch(actor: Actor, initiative: Initiative, owner: str, question: Asked) -> Pitch:
    """The case. Raises Invalid where the initiative touches none of this sponsor's goals."""
    work = reports.works([initiative], actor)[0]
    mine = [g for g in work.goals if g.executive_owner.casefold() == owner.casefold()]
    if not mine:
        raise Invalid(
            f"“{initiative}” touches no goal of {owner}, so it is no case for them.",
            field="owner",
            repair="Send it to somebody whose goal it serves, or name such a goal.",
        )
    made = cases(actor, mine, question)
    person = Person.objects.filter(email__iexact=owner).first()
    needed = reports.needs_of([initiative.pk], actor).get(initiative.pk, [])
    first = reports.prerequisites_of([initiative.pk], actor).get(initiative.pk, [])
    effects = [f for f in found_of(actor, question, initiative) if not f.old]
    return Pitch(
        work=work,
        owner=owner,
        name=str(person) if person else owner,
        cases=made[:MOST],
        further=len(made) - MOST,
        effects=effects[:3],
        lacking=[p for p in first if p.met_on is None][:3],
        needs=list(reports.initiatives(actor).filter(pk__in=needed))[:4],
        unknown=doubts(work, effects),
        decision=ASKS[initiative.status],
        elsewhere=len(work.goals) - len(mine),
    )


def doubts(work: Work, effects: list[Found]) -> list[str]:
    """What nobody knows about it."""
    one = work.initiative
    said = []
    if not any(f.tells for f in effects):
        said.append(
            "Whether it moves the figures above: no effect has been found that leaves zero outside its interval."
        )
    if one.value_likely is None:
        said.append("What it is worth: nobody has estimated its value.")
    if one.hours_likely is None and one.cost_likely is None:
        said.append("What it takes: neither hours nor money are estimated.")
    elif one.hours_low == one.hours_high and one.cost_low == one.cost_high:
        said.append("How wrong the estimate of its effort may be: it is one number, not a range.")
    if one.end is None:
        said.append("When it ends: no day was set.")
    return said
