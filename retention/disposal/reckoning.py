"""When a record's time is over, and what stands in the way of its disposal (ISA-8.2).

A record is one for all the agencies that have a part in it, since one key opens it: it is kept
as long as the longest of their schedules says (docs/adr/0073).
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.timezone import localtime

from audit.selectors import last_changes
from decisions.models import Decision, Scrutiny
from encryption.casekeys import prefetch_case_keys
from encryption.errors import KeyDestroyed, KeyMissing, SealBroken
from encryption.unit_of_work import key_cache
from requests_app.choices import PersonRole
from requests_app.models import AgencyCheck, InformationRequest, Opening, Subject
from retention.choices import MONTHS, SERVED_BY_ITSELF_MONTHS, Obstacle, RecordClass, Start
from retention.models import Disposal, Hold, PurposeServed, Schedule
from retention.transitions import CLOSED
from workflow.dates import later

logger = logging.getLogger(__name__)

DECEMBER = 12


@dataclass(frozen=True)
class Reckoned:
    """One record: the day from which it may go, what that is counted from, what stands in the way.

    ``due_on`` is None where it is kept without an end; ``review_on`` is the next review then.
    """

    case: InformationRequest
    due_on: date | None
    because: str
    obstacle: str = ""
    review_on: date | None = None

    @property
    def is_due(self) -> bool:
        """Whether its time is over, whatever stands in the way."""
        return self.due_on is not None and self.due_on <= timezone.localdate()

    @property
    def in_the_way(self) -> str:
        """What stands in the way, in words."""
        return str(Obstacle(self.obstacle).label) if self.obstacle else ""

    @property
    def can_go(self) -> bool:
        """Whether it can be put on a list now."""
        return self.is_due and not self.obstacle


@dataclass
class _Facts:
    """What the schedules are counted from, for some records at once."""

    closed: dict[UUID, date] = field(default_factory=dict)
    served: dict[UUID, date] = field(default_factory=dict)
    changed: dict[UUID, date] = field(default_factory=dict)
    born: dict[UUID, date] = field(default_factory=dict)
    birth_unknown: set[UUID] = field(default_factory=set)
    unreadable: set[UUID] = field(default_factory=set)
    parts: dict[UUID, set[tuple[UUID, str]]] = field(default_factory=lambda: defaultdict(set))
    held: set[UUID] = field(default_factory=set)
    open: set[UUID] = field(default_factory=set)
    schedules: dict[tuple[UUID, str], Schedule] = field(default_factory=dict)


def reckon(cases: Iterable[InformationRequest]) -> list[Reckoned]:
    """For each record, in the same order; a fixed number of queries for all of them."""
    listed = list(cases)
    facts = _facts_of(listed)
    return [_reckoned(case, facts) for case in listed]


def is_in_the_way(case: InformationRequest) -> str:
    """What stands in the way of destroying this record now: a code of Obstacle, or "".

    Its time too: since it was listed a schedule may have become longer, or more been released.
    """
    [found] = reckon([case])
    return found.obstacle or ("" if found.is_due else Obstacle.NOT_DUE.value)


def is_gone(case: InformationRequest) -> bool:
    """Whether its destruction has begun, or is over: nothing can be done about it any more."""
    return Disposal.objects.filter(case=case, status__in=Disposal.GONE).exists()


def _reckoned(case: InformationRequest, facts: _Facts) -> Reckoned:
    latest, because, review = date.min, "", None
    for part in sorted(facts.parts[case.pk]):
        schedule = facts.schedules.get(part)
        if schedule and schedule.months is None:
            review = max(review or date.min, schedule.review_on or date.min)
            continue
        starts = Start(schedule.starts) if schedule else Start.SERVED
        months = schedule.months if schedule and schedule.months is not None else MONTHS
        day, counted = _counted(case.pk, starts, months, facts)
        if day > latest:
            latest, because = day, counted.value
    obstacle = ""
    if review:
        obstacle = Obstacle.WITHOUT_END.value
    if case.pk in facts.unreadable:
        obstacle = Obstacle.UNREADABLE.value
    if case.pk in facts.open:
        obstacle = Obstacle.OPEN.value
    if case.pk in facts.held:
        obstacle = Obstacle.HOLD.value
    return Reckoned(case, None if review else latest, because, obstacle, review)


def _counted(case: UUID, starts: Start, months: int, facts: _Facts) -> tuple[date, Start]:
    """The day after so many months from ``starts``; from a birth, the end of that year.

    A day that follows a birth would tell the birthday to whoever reads a certificate.
    """
    changed = facts.changed.get(case) or timezone.localdate()
    closed = facts.closed.get(case, changed)
    if starts == Start.BIRTH:
        # Of a child whose birth is not known nothing later is known than the last contact.
        unknown = later(changed, months=months), Start.LAST_CONTACT
        if case not in facts.born:
            return unknown
        known = date(later(facts.born[case], months=months).year, DECEMBER, 31), starts
        return max(known, unknown) if case in facts.birth_unknown else known
    if starts == Start.LAST_CONTACT:
        return later(changed, months=months), starts
    if starts == Start.CLOSED:
        return later(closed, months=months), starts
    served = facts.served.get(case)
    return later(served or later(closed, months=SERVED_BY_ITSELF_MONTHS), months=months), starts


def _facts_of(cases: list[InformationRequest]) -> _Facts:
    ids = [case.pk for case in cases]
    facts = _Facts()
    for case in cases:
        facts.parts[case.pk] |= {
            (case.agency_id, RecordClass.ASKED.value),
            (case.desk_id, RecordClass.TRIAGED.value),
        }
        if case.status not in CLOSED:
            facts.open.add(case.pk)
    checks = AgencyCheck.objects.filter(case__in=ids)
    for case_id, holder, status in checks.values_list("case_id", "holder_id", "status"):
        facts.parts[case_id].add((holder, RecordClass.ANSWERED.value))
        if status in AgencyCheck.OPEN:
            facts.open.add(case_id)
    _with_schedules(facts)
    _with_dates(facts, ids)
    facts.held = set(
        Hold.objects.filter(case__in=ids, status=Hold.Status.ON).values_list("case_id", flat=True)
    )
    running = Opening.objects.filter(
        case__in=ids, status=Opening.Status.OPEN, until__gt=timezone.now()
    )
    facts.open |= set(running.values_list("case_id", flat=True)) | _waiting_for_partners(ids)
    if any(each.starts == Start.BIRTH for each in facts.schedules.values()):
        _with_births(facts, ids)
    return facts


def _with_schedules(facts: _Facts) -> None:
    agencies = {agency for parts in facts.parts.values() for agency, _class in parts}
    rows = Schedule.objects.filter(agency__in=agencies, status=Schedule.Status.CURRENT)
    facts.schedules = {(row.agency_id, row.record_class): row for row in rows}


def _with_dates(facts: _Facts, ids: list[UUID]) -> None:
    past = InformationRequest.history.filter(id__in=ids, status__in=CLOSED)
    for row in past.order_by().values("id").annotate(last=Max("history_date")):
        facts.closed[row["id"]] = localtime(row["last"]).date()
    said = PurposeServed.objects.filter(case__in=ids, status=PurposeServed.Status.SAID)
    for case_id, at in said.values_list("case_id", "said_at"):
        facts.served[case_id] = localtime(at).date()
    # Being listed is no contact: or no record whose time is counted from the last could ever go.
    changed = last_changes(ids, besides=Disposal)
    facts.changed = {case: localtime(at).date() for case, at in changed.items()}


def _with_births(facts: _Facts, ids: list[UUID]) -> None:
    """The latest birth of the children of each record; opened, and kept no longer than this.

    An unborn child's is at the latest some weeks after the day when it was expected.
    """
    children = Subject.objects.filter(
        case__in=ids, role=PersonRole.CHILD, status=Subject.Status.CURRENT
    )
    with key_cache():
        prefetch_case_keys(ids)
        for child in children:
            try:
                day = child.date_of_birth or (child.due_date and later(child.due_date, months=1))
            except KeyDestroyed:
                continue
            except (KeyMissing, SealBroken) as fault:
                # One record that does not open must not take the whole list from everybody.
                logger.error("a record cannot be opened", exc_info=fault)  # noqa: TRY400 (no words)
                facts.unreadable.add(child.case_id)
                continue
            if day:
                facts.born[child.case_id] = max(facts.born.get(child.case_id, date.min), day)
            else:
                facts.birth_unknown.add(child.case_id)


def _waiting_for_partners(ids: list[UUID]) -> set[UUID]:
    scrutinies = Scrutiny.objects.filter(case__in=ids, status=Scrutiny.Status.OPEN)
    decisions = Decision.objects.filter(case__in=ids).exclude(status=Decision.Status.RECORDED)
    return set(scrutinies.values_list("case_id", flat=True)) | set(
        decisions.values_list("case_id", flat=True)
    )
