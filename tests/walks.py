"""Walks a case to any state through the same actions that the pages use."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from decisions.flow import actions as deciding
from decisions.models import Decision
from decisions.recording import actions as recording
from requests_app.agency_checks import actions as agency_checks
from requests_app.asking import actions as asking
from requests_app.break_glass import actions as openings
from requests_app.choices import Check
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, InformationRequest, Item, Opening, ShiftNote
from requests_app.people import actions as people
from requests_app.release import actions as releasing
from requests_app.request_parts import actions as parts
from requests_app.triage import actions as triage
from requests_app.triage import shifts
from tests.cast import Cast
from tests.plugins.checkpoints import kept

TODAY = date(2026, 11, 2)


@kept
def a_draft(cast: Cast, **child: Any) -> InformationRequest:
    """A draft with everything in it that must be."""
    by = cast.requester
    case = asking.start_request(by=by, idempotency_key=uuid4(), desk=cast.agencies["front_door"])
    details = {
        "given_name": "Zed",
        "family_name": "Example",
        "date_of_birth": date(2015, 3, 27),
        "address": "1 Invented Street, Anytown",
        "nhs_number": "9990000018",
    } | child
    people.add_subject(case, by=by, idempotency_key=uuid4(), role="child", details=details)
    risk = {"given_name": "Rex", "family_name": "Risk", "relationship": "Uncle"}
    people.add_subject(case, by=by, idempotency_key=uuid4(), role="risk", details=risk)
    parts.add_need(
        case, by=by, idempotency_key=uuid4(), fact="Seen at hospital?", why="Unexplained bruise"
    )
    asking.describe(
        case, by=by, part="purpose", purposes=["needs"], reason="A bruise nobody explains"
    )
    asking.describe(case, by=by, part="rating", rating="amber", reason="Seen today")
    parts.record_consent(case, by=by, answer="not_sought", why_not="risk", explanation="Uncle")
    asking.describe(case, by=by, part="parents", told="no", reason="It could put the child at risk")
    return InformationRequest.objects.get(pk=case.pk)


@kept
def sent(cast: Cast, case: InformationRequest | None = None) -> InformationRequest:
    """A request that waits for triage."""
    return asking.send_request(case or a_draft(cast), by=cast.requester)


@kept
def accepted(cast: Cast, case: InformationRequest | None = None) -> InformationRequest:
    """A request that passed triage."""
    case = sent(cast, case)
    for check in Check:
        triage.answer_check(case, by=cast.officer, check=check, answer="yes", note="Looked at")
    return triage.accept_request(case, by=cast.officer)


@kept
def an_agency_check(
    cast: Cast, holder: str = "trust", case: InformationRequest | None = None
) -> AgencyCheck:
    """An agency check that waits to be taken."""
    case = case or accepted(cast)
    child = case.subjects.get(role="child")
    return agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies[holder],
        shown={str(child.pk): ["name", "date_of_birth"]},
        questions=[("Seen at hospital?", "Unexplained bruise"), ("Any concern?", "Pattern")],
    )


@kept
def taken(cast: Cast, holder: str = "trust", case: InformationRequest | None = None) -> AgencyCheck:
    """An agency check that its SPoC has taken."""
    spoc = getattr(cast, f"{holder}_spoc")
    return agency_checks.take_agency_check(an_agency_check(cast, holder, case), by=spoc)


def listed(agency_check: AgencyCheck, by: Any, *titles: str, special: bool = False) -> list[Item]:
    """Pieces of information on the list of a check."""
    question = agency_check.questions.first()
    return [
        items.list_item(
            agency_check,
            by=by,
            idempotency_key=uuid4(),
            title=title,
            question=question,
            is_special_category=special,
        )
        for title in titles
    ]


@kept
def ready_to_share(cast: Cast, holder: str = "trust", **kwargs: Any) -> Decision:
    """A decision on one item that only has to be recorded: share."""
    agency_check = taken(cast, holder, **kwargs)
    by = getattr(cast, f"{holder}_spoc")
    (item,) = listed(agency_check, by, "Attendance in October", special=True)
    decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    fill(decision, item, by=by)
    return decision


def fill(decision: Decision, item: Item, *, by: Any) -> None:
    """Everything that sharing asks for."""
    for step, choice in SHARE:
        deciding.answer_step(decision, by=by, step=step, choice=choice, reasons="Weighed it")
    deciding.say_on_what_basis(
        decision,
        by=by,
        lawful_basis="public_task",
        condition="safeguarding",
        ground="at_risk",
        ground_reason="The uncle would learn of it",
        safety="Hers, and that of her brother",
    )
    items.fill_item(
        item,
        by=by,
        nature="fact",
        content="Attended on 3 October with a bruise",
        source="Emergency department record",
        as_at=TODAY - timedelta(days=30),
    )
    for kind in ("how", "caldicott"):
        wanted = getattr(decision.edition, kind)
        points = dict.fromkeys(wanted, (True, ""))
        deciding.consider_points(decision, by=by, kind=kind, points=points)
    deciding.say_whether_told(decision, by=by, told="no", on=None, reason="Risk of harm")


SHARE = (("purpose", "yes"), ("consent", "no"), ("identifiable", "yes"), ("lawful_reason", "yes"))


@kept
def shared(cast: Cast, holder: str = "trust", **kwargs: Any) -> Decision:
    """A recorded decision to share."""
    decision = ready_to_share(cast, holder, **kwargs)
    return recording.record_decision(decision, by=getattr(cast, f"{holder}_spoc"))


@kept
def ready_to_refuse(cast: Cast, holder: str = "housing", **kwargs: Any) -> Decision:
    """A decision on one item that only has to be recorded: do not share."""
    agency_check = taken(cast, holder, **kwargs)
    by = getattr(cast, f"{holder}_spoc")
    listed(agency_check, by, "Rent account")
    decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    refuse(decision, by=by)
    return decision


def refuse(decision: Decision, *, by: Any) -> None:
    """Everything that not sharing asks for."""
    deciding.answer_step(decision, by=by, step="purpose", choice="no", reasons="Not relevant")
    deciding.say_why_not(
        decision, by=by, because="Rent says nothing about harm", safety="No risk seen"
    )


@kept
def refused(cast: Cast, holder: str = "housing", **kwargs: Any) -> Decision:
    """A recorded decision not to share."""
    decision = ready_to_refuse(cast, holder, **kwargs)
    return recording.record_decision(decision, by=getattr(cast, f"{holder}_spoc"))


@kept
def released(cast: Cast, case: InformationRequest | None = None) -> InformationRequest:
    """A case with a part shared, a part refused, and both released to the requester."""
    case = accepted(cast, case)
    share, refusal = shared(cast, case=case), refused(cast, case=case)
    for each in share.weighed.all():
        items.accept_item(each.item, by=cast.officer)
    releasing.release_information(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=[share.agency_check, refusal.agency_check],
        recipients=[cast.users["requester"]],
    )
    return InformationRequest.objects.get(pk=case.pk)


def opened(cast: Cast, case: InformationRequest, who: str = "police_partner") -> Opening:
    """A case that somebody without a part in it has opened for another reason."""
    return openings.open_otherwise(
        case,
        by=getattr(cast, who),
        idempotency_key=uuid4(),
        reason="review",
        in_words="Rapid review seven",
    )


def shift_note(
    cast: Cast, case: InformationRequest | None = None, *, waiting: Any = None, **how: Any
) -> ShiftNote:
    """A request that the officer hands over at the end of a shift, to whoever comes next."""
    case = case or sent(cast)
    written = shifts.Written(case, "Ring the school at nine", case.owner_id, waiting)
    how = {"by": cast.officer, "to": None} | how
    return shifts.hand_over_shift([written], idempotency_key=uuid4(), **how)
