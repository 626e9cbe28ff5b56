"""The people of an agency as the pages show them; as many queries for eleven as for one."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Max, Q, QuerySet
from django.db.models.functions import Concat
from django.db.models.functions import Lower as LowerCase
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.eligibility import Missing, standing_of, with_standing
from agencies.models import Agency, Membership, Vetting
from agencies.permissions import Permission, Role
from agencies.policies import WITH_PEOPLE
from workflow.acting import Actor
from workflow.paging import Page, page_of

Status = Membership.Status
COLOURS = {
    Status.INVITED: "blue",
    Status.ACCEPTED: "yellow",
    Status.ACTIVE: "green",
    Status.SUSPENDED: "red",
    Status.LEFT: "grey",
}
RUNNING_OUT = timedelta(days=30)
SOON = timedelta(days=14)  # before the last day: reminded, and shown on the start page


@dataclass(frozen=True)
class Member:
    """One row of the list."""

    pk: UUID
    name: str
    job: str
    email: str
    roles: str
    state: str
    colour: str
    check: str
    check_colour: str
    missing: list[str]


def people_of_agency(
    agency: Agency,
    *,
    state: str = "",
    only: QuerySet[Membership] | None = None,
    after: str = "",
) -> Page:
    """The members in one state, or ``only`` some, or all who have not left, by name."""
    rows = with_standing(Membership.objects.filter(agency=agency))
    if only is not None:
        rows = rows.filter(pk__in=only.values("pk"))
    elif state in Status.values:
        rows = rows.filter(status=state)
    else:
        rows = rows.exclude(status=Status.LEFT)
    rows = with_last_check(rows).annotate(by_name=_by_name())
    rows = rows.select_related("user").prefetch_related("roles")
    page = page_of(rows, {"by_name": str, "pk": UUID}, after)
    return Page([member(row) for row in page.rows], page.after)


def _by_name() -> Any:
    names = ("user__last_name", "user__first_name", "user__email")
    return LowerCase(Concat(*names, output_field=CharField()))


def with_last_check(rows: QuerySet[Membership]) -> QuerySet[Any]:
    """Each membership with the last day of the check that holds longest."""
    recorded = Q(checks__status=Vetting.Status.RECORDED)
    return rows.annotate(checked_until=Max("checks__expires", filter=recorded))


def member(row: Any) -> Member:
    """How one member stands, in words."""
    until, words, colour = row.checked_until, _("None recorded"), "red"
    if until is not None:
        words, colour = check_words(until)
    return Member(
        pk=row.pk,
        name=row.user.get_full_name() or row.user.email,
        job=row.user.job_title,
        email=row.user.email if row.user.get_full_name() else "",
        roles=", ".join(role_names(row)),
        state=row.get_status_display(),
        colour=COLOURS[Status(row.status)],
        check=words if row.status != Status.LEFT else "–",
        check_colour=colour if row.status in (Status.ACCEPTED, Status.ACTIVE) else "grey",
        missing=what_is_missing(row),
    )


def what_is_missing(row: Any) -> list[str]:
    """What stands between an active member and the cases, in a word each."""
    words = {
        Missing.GUIDANCE: _("Has not acknowledged the guidance"),
        Missing.REVIEW: _("Access not confirmed"),
    }
    if row.status not in (Status.ACCEPTED, Status.ACTIVE):
        return []
    return [words[each] for each in standing_of(row).missing if each in words]


def check_words(until: date) -> tuple[str, str]:
    """Until when a check holds, and the colour of that."""
    today = timezone.localdate()
    day = f"{until.day} {until:%B %Y}"
    if until < today:
        return _("Expired on %s") % day, "red"
    if until - RUNNING_OUT <= today:
        return _("Expires on %s") % day, "orange"
    return _("Until %s") % day, "green"


def role_names(row: Any) -> list[str]:
    """The roles of a membership whose roles were prefetched, in the order of the whole list."""
    held = {each.role for each in row.roles.all()}
    return [str(role.label) for role in Role if role in held]


def running_out(agency: Agency) -> QuerySet[Membership]:
    """Active members whose last check runs out within 30 days, or has."""
    active = Membership.objects.filter(agency=agency, status=Status.ACTIVE)
    soon = timezone.localdate() + RUNNING_OUT
    return with_last_check(active).filter(Q(checked_until__lte=soon) | Q(checked_until=None))


def counts(agency: Agency) -> dict[str, int]:
    """How many there are in each state."""
    rows = Membership.objects.filter(agency=agency).values("status").annotate(n=Count("pk"))
    return {row["status"]: row["n"] for row in rows.order_by()}


def agencies_with_people(actor: Actor, *, named: str = "") -> list[Any]:
    """The agencies whose people this person keeps, with how many there are, by name."""
    rows = WITH_PEOPLE.scope(actor, Permission.MANAGE_PEOPLE)
    if named:
        rows = rows.filter(name__icontains=named)
    there = Q(memberships__status__in=[Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED])
    counted = rows.annotate(
        people=Count("memberships", filter=there),
        asked=Count("memberships", filter=Q(memberships__status=Status.INVITED)),
    )
    return list(counted.order_by("name"))


def to_confirm(agency: Agency) -> QuerySet[Membership]:
    """Active members whose access has to be confirmed soon, or has lapsed."""
    soon = Q(confirmed_until__lte=timezone.localdate() + SOON)
    return Membership.objects.filter(soon, agency=agency, status=Membership.Status.ACTIVE)
