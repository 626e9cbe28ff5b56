"""What a SPoC or responsible manager keeps an eye on, in a fixed number of queries (ISA-5.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.eligibility import Missing, standing_of, with_standing
from agencies.models import Membership, Vetting
from agencies.permissions import Permission
from decisions.models import Decision, Scrutiny
from decisions.policies import DECISIONS, SCRUTINIES, STAFF
from encryption.casekeys import prefetch_case_keys
from requests_app import selectors as shared
from requests_app.asking import selectors as asking
from requests_app.clocks.selectors import with_clocks
from requests_app.clocks.words import tell_time
from requests_app.models import InformationRequest
from workflow.compiled import ForActor, count_for, rows_for

Status = InformationRequest.Status
SOON = timedelta(days=30)  # how long before it runs out a check is listed
LATELY = timedelta(days=30)
AT_WORK = (Membership.Status.ACCEPTED, Membership.Status.ACTIVE)
# What is missing, said of somebody else.
SAID = {
    Missing.CHECK: gettext_lazy("No staff check in date"),
    Missing.GUIDANCE: gettext_lazy("Guidance in force not acknowledged"),
    Missing.REVIEW: gettext_lazy("Access not confirmed at the last review"),
}


@dataclass(frozen=True)
class Oversight:
    """The page: what is open, late, decided and challenged, and whose checks run out."""

    checks: list[Any]
    requests: list[Any]
    decided: dict[str, int]
    challenged: list[Any]
    in_scrutiny: int
    people: list[Any]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The counts, each with where to see them."""
        late = [sum(row.is_late for row in rows) for rows in (self.checks, self.requests)]
        return [
            _card(_("Agency checks to answer"), "checks", len(self.checks), late[0]),
            _card(
                _("Your agency’s requests not yet answered"), "asked", len(self.requests), late[1]
            ),
            _card(
                _("Decisions recorded in the last 30 days"), "decided", sum(self.decided.values())
            ),
            _card(_("Decisions to reconsider"), "challenged", len(self.challenged)),
            _card(_("Staff checks and access to review"), "people", len(self.people)),
        ]


def _card(title: str, to: str, count: int, late: int = 0) -> dict[str, Any]:
    return {"title": title, "to": to, "count": count, "late": late}


def oversight_of(actor: Actor) -> Oversight:
    """Everything for the agency acted for."""
    return Oversight(
        checks=asking.open_checks(actor),
        requests=_open_requests(actor),
        decided=_decided_lately(actor),
        challenged=rows_for(actor, _challenged),
        in_scrutiny=count_for(actor, _in_scrutiny),
        people=people_to_look_at(actor),
    )


def _open_requests(actor: Actor) -> list[Any]:
    """What the agency asked and has no answer to yet, least time left first."""
    listed: list[Any] = with_clocks(rows_for(actor, _unanswered))
    prefetch_case_keys({row.pk for row in listed})
    for row in listed:
        tell_time(row)
        row.initials = shared.initials_of(row.subjects.all())
        row.tag = asking.tag_of(row.status)
    return listed


def _decided_lately(actor: Actor) -> dict[str, int]:
    found = dict(_LATELY(actor, since=timezone.now() - LATELY))
    return {end: found.get(end, 0) for end in Decision.End.values}


def _recorded_since(actor: Actor, since: datetime) -> "QuerySet[Any, Any]":
    rows = DECISIONS.scope(actor, Permission.OVERSEE).filter(
        status=Decision.Status.RECORDED, entered_at__gte=since
    )
    return rows.order_by().values_list("outcome").annotate(Count("pk"))


_LATELY = ForActor(_recorded_since)


def _unanswered(actor: Actor) -> "QuerySet[Any]":
    rows = shared.of_the_agency(actor).filter(
        status__in=(Status.SENT, Status.RETURNED, Status.ACCEPTED)
    )
    return rows.order_by("due_at", "pk").prefetch_related(Prefetch("pauses", shared.PAUSES))


def _in_scrutiny(actor: Actor) -> QuerySet[Scrutiny]:
    return SCRUTINIES.scope(actor, Permission.OVERSEE).filter(status=Scrutiny.Status.OPEN)


def _challenged(actor: Actor) -> QuerySet[Scrutiny]:
    """What the partners ask to reconsider and nobody has decided anew."""
    scrutinies = SCRUTINIES.scope(actor, Permission.OVERSEE)
    asked = scrutinies.filter(status=Scrutiny.Status.RECONSIDER)
    asked = asked.exclude(decision__superseded_by__status=Decision.Status.RECORDED)
    shown = asked.select_related("decision__agency_check", "partner").only(
        "closed_at", "partner__name", "decision__agency_check__reference"
    )
    return shown.order_by("closed_at", "pk")


def people_to_look_at(actor: Actor) -> list[Any]:
    """The agency's people whose checks, guidance or access are missing or run out soon."""
    listed: list[Any] = _STAFF(actor, today=timezone.localdate())
    for row in listed:
        row.what = [str(words) for words in _what_is_due(row)]
        row.held = ", ".join(str(each.get_role_display()) for each in row.roles.all())
    return [row for row in listed if row.what]


def _staff(actor: Actor, today: date) -> "QuerySet[Membership]":
    recorded = Q(checks__status=Vetting.Status.RECORDED)
    at_work = STAFF.scope(actor, Permission.OVERSEE).filter(status__in=AT_WORK)
    rows = with_standing(at_work, today=today)
    rows = rows.annotate(last_check=Max("checks__expires", filter=recorded))
    rows = rows.select_related("user").prefetch_related("roles")
    return rows.order_by("user__last_name", "user__first_name", "pk")


_STAFF = ForActor(_staff)


def _what_is_due(row: Any) -> Iterator[Any]:
    missing, soon = standing_of(row).missing, timezone.localdate() + SOON
    yield from (SAID[each] for each in missing if each in SAID)
    if row.check_in_date and row.last_check <= soon:
        yield _("Staff check expires on %s") % date_format(row.last_check, "j F Y")
    until = row.confirmed_until
    if until and until <= soon and Missing.REVIEW not in missing:
        yield _("Access review due by %s") % date_format(until, "j F Y")
