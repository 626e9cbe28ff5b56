"""Requests and agency checks as people find them waiting."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.choices import PersonRole
from requests_app.models import (
    AgencyCheck,
    Attachment,
    InboxPlace,
    InformationRequest,
    Need,
    Pause,
    Subject,
)
from requests_app.policies import AGENCY_CHECKS, PLACES, REQUESTS
from requests_app.whole import part_of

Status = InformationRequest.Status

# What lists say of a child, and what a clock is told by; nothing else of such rows is read.
OF_A_CHILD = ("case_id", "version", "role", "status", "given_name", "family_name")
CHILDREN = Subject.objects.filter(status=Subject.Status.CURRENT, role=PersonRole.CHILD).only(
    *OF_A_CHILD
)
NAMED = CHILDREN.only(*OF_A_CHILD, "date_of_birth", "is_unborn")
PLACE = ("place", "urgency", "due_at", "sent_at", "asked", "answered", "owner_id")
PAUSES = Pause.objects.only("case_id", "agency_check_id", "reason", "began_at", "ended_at")
URGENCY = Case(
    When(rating="red", then=Value(0)),
    When(rating="amber", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
# Of a decision: the partners asked to reconsider it, and nobody has begun to.
DUE_ANEW = {"scrutiny__status": "reconsider", "superseded_by": None}


def name_of(path: str) -> list[str]:
    """What a person is called by, where ``path`` leads to one."""
    return [f"{path}__{column}" for column in ("first_name", "last_name", "email")]


def initials_of(people: Iterable[Subject]) -> str:
    """Of the children among them who are part of the request: all that a list says (ISA-6.2)."""
    children = (person for person in people if person.role == PersonRole.CHILD)
    current = (child for child in children if child.status == Subject.Status.CURRENT)
    return ", ".join(child.initials for child in current)


def mine(actor: Actor) -> QuerySet[InformationRequest]:
    """The requester's own requests, newest first."""
    rows = REQUESTS.scope(actor, Permission.SEND_REQUEST).exclude(status=Status.DISCARDED)
    shown = rows.only("reference", "status", "started_at", "sent_at")
    return shown.prefetch_related(Prefetch("subjects", CHILDREN)).order_by("-started_at")


def of_the_agency(actor: Actor) -> QuerySet[InformationRequest]:
    """What the agency has asked, for those who keep oversight of it (ISA-5.1)."""
    rows = REQUESTS.scope(actor, Permission.OVERSEE).select_related("requested_by")
    shown = rows.only(
        *("reference", "status", "rating", "started_at", "sent_at"), *name_of("requested_by")
    )
    return shown.prefetch_related(Prefetch("subjects", CHILDREN)).order_by("-started_at")


def inbox(actor: Actor) -> QuerySet[InboxPlace]:
    """What the front door has in hand, or had, each with its request: most urgent first."""
    related = ("case__agency", "case__requested_by", "owner")
    rows = PLACES.scope(actor, Permission.TRIAGE).select_related(*related)
    shown = ("reference", "status", "rating", "sent_at", "agency__name")
    names = (*name_of("owner"), *name_of("case__requested_by"))
    rows = rows.only(*PLACE, *names, *(f"case__{name}" for name in shown))
    pauses = Prefetch("case__pauses", PAUSES.filter(agency_check=None))
    return rows.prefetch_related(Prefetch("case__subjects", NAMED)).prefetch_related(pauses)


def sent_back(actor: Actor) -> QuerySet[AgencyCheck]:
    """Of the agency checks that wait, those whose decision the partners ask to reconsider."""
    asked = {f"decisions__{path}": value for path, value in DUE_ANEW.items()}
    back = AGENCY_CHECKS.scope(actor, Permission.ANSWER).filter(**asked).order_by()
    return checks(actor).filter(pk__in=back.values("pk"))


def checks(actor: Actor) -> QuerySet[AgencyCheck]:
    """The agency checks that a person may answer: open ones, least time left first (ISA-3.6)."""
    rows = AGENCY_CHECKS.scope(actor, Permission.ANSWER).filter(status__in=AgencyCheck.OPEN)
    return in_a_list(rows).annotate(urgency=URGENCY).order_by("urgency", "due_at", "pk")


def in_a_list(rows: QuerySet[AgencyCheck]) -> QuerySet[AgencyCheck]:
    """Agency checks with what lists show of them and of their clocks."""
    shown = ("reference", "status", "rating", "outcome", "shown", "sent_at", "answered_at")
    return (
        rows.select_related("taken_by", "case__desk")
        .only(*shown, *name_of("taken_by"), "case__desk__name")
        .prefetch_related(Prefetch("pauses", PAUSES))
    )


def needs_of(case: InformationRequest) -> list[Need]:
    """The facts that the requester needs, in the order in which they were added."""
    return part_of(case, "needs")


def files_of(case: InformationRequest) -> list[Attachment]:
    """The files that are part of the request."""
    return part_of(case, "attachments")
