"""Requests and agency checks as people find them waiting."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.choices import PersonRole
from requests_app.models import AgencyCheck, Attachment, InformationRequest, Need, Subject
from requests_app.policies import AGENCY_CHECKS, REQUESTS
from requests_app.whole import part_of

Status = InformationRequest.Status

URGENCY = Case(
    When(rating="red", then=Value(0)),
    When(rating="amber", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
# Those that may be here without an agency check.
BEFORE_ANY_CHECK = (Status.SENT, Status.RETURNED, Status.ACCEPTED)
# Of a decision: the partners asked to reconsider it, and nobody has begun to.
DUE_ANEW = {"scrutiny__status": "reconsider", "superseded_by": None}
PEOPLE = Prefetch("subjects", Subject.objects.filter(status=Subject.Status.CURRENT))


def initials_of(people: Iterable[Subject]) -> str:
    """Of the children among them who are part of the request: all that a list says (ISA-6.2)."""
    children = (person for person in people if person.role == PersonRole.CHILD)
    current = (child for child in children if child.status == Subject.Status.CURRENT)
    return ", ".join(child.initials for child in current)


def mine(actor: Actor) -> QuerySet[InformationRequest]:
    """The requester's own requests, newest first."""
    rows = REQUESTS.scope(actor, Permission.SEND_REQUEST).exclude(status=Status.DISCARDED)
    return rows.select_related("agency").prefetch_related(PEOPLE).order_by("-started_at")


def of_the_agency(actor: Actor) -> QuerySet[InformationRequest]:
    """What the agency has asked, for those who keep oversight of it (ISA-5.1)."""
    rows = REQUESTS.scope(actor, Permission.OVERSEE)
    return rows.select_related("requested_by").order_by("-started_at")


def inbox(actor: Actor) -> QuerySet[InformationRequest]:
    """What the front door has in hand: most urgent first, then least time left."""
    rows = REQUESTS.scope(actor, Permission.TRIAGE).exclude(status=Status.DECLINED)
    return (
        rows.select_related("agency", "requested_by")
        .prefetch_related(PEOPLE, "pauses")
        .annotate(urgency=URGENCY)
        .order_by("urgency", "due_at", "pk")
    )


def waiting(actor: Actor) -> QuerySet[InformationRequest]:
    """All of the inbox of which something may wait: not what was released with nothing left.

    Found from the few rows that wait and not from every request there ever was (docs/adr/0075).
    """
    rows = inbox(actor)
    unreleased = AgencyCheck.objects.filter(released_at=None).order_by().values("case")
    early = rows.filter(status__in=BEFORE_ANY_CHECK).order_by().values("pk")
    return rows.filter(pk__in=early.union(unreleased, all=True))


def sent_back(actor: Actor) -> QuerySet[AgencyCheck]:
    """Of the agency checks that wait, those whose decision the partners ask to reconsider."""
    asked = {f"decisions__{path}": value for path, value in DUE_ANEW.items()}
    back = AGENCY_CHECKS.scope(actor, Permission.ANSWER).filter(**asked).order_by()
    return checks(actor).filter(pk__in=back.values("pk"))


def checks(actor: Actor) -> QuerySet[AgencyCheck]:
    """The agency checks that a person may answer: open ones, least time left first (ISA-3.6)."""
    rows = AGENCY_CHECKS.scope(actor, Permission.ANSWER).filter(status__in=AgencyCheck.OPEN)
    return (
        rows.select_related("holder", "taken_by", "case__desk")
        .prefetch_related("pauses")
        .annotate(urgency=URGENCY)
        .order_by("urgency", "due_at", "pk")
    )


def needs_of(case: InformationRequest) -> list[Need]:
    """The facts that the requester needs, in the order in which they were added."""
    return part_of(case, "needs")


def files_of(case: InformationRequest) -> list[Attachment]:
    """The files that are part of the request."""
    return part_of(case, "attachments")
