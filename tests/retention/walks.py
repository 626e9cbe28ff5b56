"""Ways to a record whose time is over, and onwards to its disposal."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from decisions.scrutiny import actions as scrutinising
from encryption.files import seal_file
from requests_app.models import Attachment, InformationRequest
from retention.choices import RecordClass
from retention.disposal import actions as disposing
from retention.disposal import destroying
from retention.holds import actions as holds
from retention.models import DisposalList, Hold, Schedule
from retention.purpose_served import actions as purposes
from retention.schedules import actions as schedules
from tests import walks
from tests.cast import Cast
from tests.plugins.checkpoints import kept
from workflow.bootstrap import create_unattended, save_unattended_as


@kept
def at_once(cast: Cast, **other: Any) -> None:
    """Every agency keeps every class of record for no time at all after it is closed."""
    for agency in cast.agencies.values():
        for record_class in RecordClass:
            a_schedule(cast, agency, record_class, **other)


def a_schedule(cast: Cast, agency: Any, record_class: Any, **other: Any) -> Schedule:
    """A schedule that the office has set."""
    said = {"starts": "closed", "months": 0} | other
    return schedules.set_schedule(
        agency, by=cast.administrator, idempotency_key=uuid4(), record_class=record_class, **said
    )


@kept
def closed(cast: Cast) -> InformationRequest:
    """A released request in which nothing is open: its scrutiny is over too."""
    case = walks.released(cast)
    for check in case.agency_checks.all():
        for decision in check.decisions.all():
            if hasattr(decision, "scrutiny"):
                scrutinising.accept_decision(
                    decision.scrutiny, by=cast.board_partner, reasons="Right"
                )
    return InformationRequest.objects.get(pk=case.pk)


def with_file(case: InformationRequest) -> Attachment:
    """A file of that record, sealed in its place."""
    content = b"paper of Zed"
    row = create_unattended(
        Attachment, case=case, name="paper.txt", kind="txt", size=len(content), status="kept"
    )
    seal_file(content, case_id=case.pk, file_id=row.pk)
    return row  # type: ignore[no-any-return]


@kept
def listed(cast: Cast, *cases: InformationRequest) -> DisposalList:
    """A list that waits for a second person."""
    at_once(cast)
    return disposing.list_for_disposal(
        cases or [closed(cast)], by=cast.officer, idempotency_key=uuid4()
    )


@kept
def approved(cast: Cast, *cases: InformationRequest) -> DisposalList:
    """A list whose waiting time runs."""
    return disposing.approve_disposal(listed(cast, *cases), by=cast.desk_lead)


def waited(row: DisposalList) -> DisposalList:
    """The same list, its waiting time over."""
    row = DisposalList.objects.get(pk=row.pk)
    row.not_before = timezone.now() - timedelta(seconds=1)
    return save_unattended_as("founded", row, row.status)


def destroyed(cast: Cast, *cases: InformationRequest) -> DisposalList:
    """A list that was carried out."""
    row = waited(approved(cast, *cases))
    destroying.carry_out()
    return DisposalList.objects.get(pk=row.pk)


def held(cast: Cast, case: InformationRequest, who: str = "officer", **other: Any) -> Hold:
    """A hold on a record."""
    said = {
        "reason": "court",
        "in_words": "Hearing in March",
        "review_on": timezone.localdate() + timedelta(days=90),
    } | other
    return holds.place_hold(case, by=getattr(cast, who), idempotency_key=uuid4(), **said)


def served(cast: Cast, case: InformationRequest, who: str = "requester") -> Any:
    """The requester's word."""
    return purposes.say_purpose_served(case, by=getattr(cast, who), idempotency_key=uuid4())
