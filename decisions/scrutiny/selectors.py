"""Scrutinies as the safeguarding partners find them, and how many wait."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.permissions import Permission
from decisions.models import Decision, Scrutiny
from decisions.policies import SCRUTINIES
from requests_app.choices import AgencyCheckOutcome

LATEST = 50
A_MINUTE = 60
ENDS = dict(Decision.End.choices)
# What lists show of the decision.
DECIDED = [
    f"decision__{name}"
    for name in (
        "decided_at",
        "outcome",
        "agency_check__reference",
        "agency_check__outcome",
        "agency_check__holder__name",
    )
]


def waiting(actor: Actor) -> QuerySet[Scrutiny]:
    """Those that no partner has spoken on, the longest open first."""
    rows = SCRUTINIES.scope(actor, Permission.SCRUTINISE).filter(status=Scrutiny.Status.OPEN)
    shown = rows.select_related("decision__agency_check__holder").only("opened_at", *DECIDED)
    return shown.order_by("opened_at", "pk")


def closed(actor: Actor) -> QuerySet[Scrutiny]:
    """What the partners said, the latest first, and not more than one page of it."""
    rows = SCRUTINIES.scope(actor, Permission.SCRUTINISE).exclude(status=Scrutiny.Status.OPEN)
    rows = rows.select_related("decision__agency_check__holder", "partner")
    shown = rows.only("status", "closed_at", "opened_at", "partner__name", *DECIDED)
    return shown.order_by("-closed_at", "pk")[:LATEST]


def with_words(rows: Iterable[Scrutiny]) -> list[Any]:
    """The rows, each with how long it has been open, what was decided, and whether more was."""
    listed: list[Any] = list(rows)
    for row in listed:
        row.open_for = how_long(row)
        row.decided = str(ENDS[row.decision.outcome])
        row.shares_more = shares_more(row.decision)
    return listed


def with_what_was_said(rows: Iterable[Scrutiny]) -> list[Any]:
    """The rows, each with what the partners said in words."""
    words = {code: str(label) for code, label in Scrutiny.Status.choices}
    listed: list[Any] = list(rows)
    for row in listed:
        row.was_said = words[row.status]
    return listed


def how_long(scrutiny: Scrutiny) -> str:
    """How long it has been waiting, in the largest unit: "3 days"."""
    now = timezone.now()
    if (now - scrutiny.opened_at).total_seconds() < A_MINUTE:
        return _("under a minute")
    return timesince(scrutiny.opened_at, now, depth=1)


def shares_more(decision: Decision) -> bool:
    """Whether the agency shares something else of what it holds: the answer's, not this decision's.

    The decision itself is "Not shared", in the list as in its record (ISA-5.4).
    """
    return decision.agency_check.outcome == AgencyCheckOutcome.PART
