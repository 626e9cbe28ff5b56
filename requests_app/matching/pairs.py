"""Two people of two requests side by side (docs/adr/0125)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.choices import DETAILS
from requests_app.details import said
from requests_app.matching.scoring import Likeness, likeness
from requests_app.models import MatchVerdict, Subject
from requests_app.policies import MATCH_VERDICTS
from workflow.compiled import ForActor

# What is shown of two people side by side.
COMPARED = (
    *("name", "other_names", "date_of_birth", "due_date", "sex", "address", "nhs_number", "upn"),
    *("relationship", "school", "gp_practice"),
)


@dataclass(frozen=True)
class Beside:
    """One detail of two people; ``agrees`` is None where it is not known of both."""

    label: Any
    mine: str
    theirs: str
    agrees: bool | None


@dataclass(frozen=True)
class Pair:
    """Two people side by side."""

    mine: Subject
    theirs: Subject
    likeness: Likeness
    rows: list[Beside]
    verdict: MatchVerdict | None


def pair_of(mine: Subject, theirs: Subject, actor: Actor) -> Pair:
    """Two people side by side, with what agrees, what differs and what was said of them."""
    told = {code: (getattr(mine, code), getattr(theirs, code)) for code in COMPARED}
    return Pair(
        mine=mine,
        theirs=theirs,
        likeness=likeness(mine, theirs),
        rows=[_beside(code, *values) for code, values in told.items() if any(values)],
        verdict=next(iter(OF_PAIR(actor, mine=mine.pk, theirs=theirs.pk)), None),
    )


def _beside(code: str, mine: Any, theirs: Any) -> Beside:
    here, there = (said(code, value) if value else "" for value in (mine, theirs))
    plain = ["".join(c for c in each.casefold() if c.isalnum()) for each in (here, there)]
    agrees = plain[0] == plain[1] if all(plain) else None
    return Beside(DETAILS[code], here, there, agrees)


def _of_pair(actor: Any, mine: Any, theirs: Any) -> QuerySet[MatchVerdict]:
    rows = MATCH_VERDICTS.scope(actor, Permission.TRIAGE).filter(mine=mine, theirs=theirs)
    return rows.exclude(status=MatchVerdict.Status.UNDONE).select_related("said_by")


OF_PAIR = ForActor(_of_pair)
