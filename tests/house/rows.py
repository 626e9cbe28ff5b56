"""A row in each state of each table, made by the actions that make it in life."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from decisions.scrutiny import actions as scrutinising
from requests_app.agency_checks.withdrawing import withdraw_agency_check
from requests_app.asking import actions as asking
from requests_app.break_glass import actions as openings
from requests_app.files import actions as files
from requests_app.items import actions as items
from requests_app.matching.judging import judge, undo_verdict
from requests_app.models import ReleasedAnswer, ReleasedItem
from requests_app.people import actions as people
from requests_app.release import actions as releasing
from requests_app.request_parts import actions as parts
from requests_app.triage import actions as triage
from requests_app.triage import shifts
from tests import walks
from tests.authentication.factor_rows import RESET_ROWS
from tests.cast import Cast
from tests.house.agreement_rows import AGENCY_ROWS, AGREEMENT_ROWS
from tests.house.people_rows import PEOPLE_ROWS
from tests.house.register_rows import OF_THE_REGISTER_ROWS
from tests.house.retention_rows import RETENTION_ROWS

Maker = Callable[[Cast], Any]


def returned(cast: Cast) -> Any:
    """A request that came back with a question."""
    case = walks.sent(cast)
    return triage.return_request(
        case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
    )


def declined(cast: Cast) -> Any:
    """A request that was turned down."""
    return triage.decline_request(walks.sent(cast), by=cast.officer, reason="No purpose")


def discarded(cast: Cast) -> Any:
    """A draft that was given up."""
    return asking.discard_draft(walks.a_draft(cast), by=cast.requester)


def with_a_file(cast: Cast) -> Any:
    """A file in a draft."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("note.txt", b"plain words")
    case = walks.a_draft(cast)
    return files.attach_file(case, by=cast.requester, idempotency_key=uuid4(), upload=upload)


def answered_clarification(cast: Cast) -> Any:
    """A question of the front door that was answered."""
    question = returned(cast).clarifications.get()
    asking.answer_clarification(question, by=cast.requester, answer="Monday")
    return question


def a_check(cast: Cast) -> Any:
    """A check of triage that was answered."""
    case = walks.sent(cast)
    return triage.answer_check(case, by=cast.officer, check="purpose", answer="yes", note="")


def answered_agency_check(cast: Cast) -> Any:
    """An agency check that ended without sharing."""
    return walks.refused(cast, "trust").agency_check


def withdrawn_agency_check(cast: Cast) -> Any:
    """An agency check that was withdrawn while it was being answered."""
    return withdraw_agency_check(walks.taken(cast), by=cast.officer, because="not_needed")


def held(cast: Cast) -> Any:
    """An item on the list."""
    return walks.listed(walks.taken(cast), cast.trust_spoc, "A visit")[0]


def dropped(cast: Cast) -> Any:
    """An item that was taken off."""
    return items.drop_item(held(cast), by=cast.trust_spoc)


def offered(cast: Cast) -> Any:
    """An item that is shared with the front door."""
    return walks.shared(cast).weighed.get().item


def withheld(cast: Cast) -> Any:
    """An item that is not shared."""
    return walks.refused(cast, "trust").weighed.get().item


def advice_asked(cast: Cast) -> Any:
    """Advice that is waited for."""
    agency_check = walks.taken(cast)
    walks.listed(agency_check, cast.trust_spoc, "A visit")
    decision = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    return advising.seek_advice(
        decision, by=cast.trust_spoc, idempotency_key=uuid4(), step="purpose", question="May we?"
    )


def advice_given(cast: Cast) -> Any:
    """Advice that came."""
    return advising.give_advice(advice_asked(cast), by=cast.trust_adviser, outcome="You may")


def scrutiny(cast: Cast) -> Any:
    """A decision not to share that waits for scrutiny."""
    return walks.refused(cast, "trust").scrutiny


def pause(cast: Cast, *, ended: bool) -> Any:
    """A clock that stands still while advice is sought, or ran on after it."""
    advice = advice_given(cast) if ended else advice_asked(cast)
    return advice.decision.agency_check.pauses.get()


def recipient(cast: Cast) -> Any:
    """The recipient of a package."""
    return walks.released(cast).releases.get().recipients.get()


def receipt(cast: Cast, *, refused: bool = False) -> Any:
    """The front door's verdict on an item."""
    item = offered(cast)
    if refused:
        return items.refuse_item(item, by=cast.officer, reason="Not ours to have")
    return items.accept_item(item, by=cast.officer)


def opening(cast: Cast, *, closed: bool = False) -> Any:
    """A case that a partner opened without a part in it, and closed again."""
    made = walks.opened(cast, walks.sent(cast))
    return openings.close_opening(made, by=cast.police_partner) if closed else made


def verdict(cast: Cast, status: str) -> Any:
    """What the front door says of two people in two requests."""
    mine, theirs = (walks.sent(cast).subjects.get(role="child") for _ in range(2))
    return judge(mine, theirs, by=cast.officer, verdict=status, because="records")


def undone_verdict(cast: Cast) -> Any:
    """The same, taken back."""
    said = verdict(cast, "linked")
    return undo_verdict(said.mine, said.theirs, by=cast.officer, because="mistake")


def replaced_note(cast: Cast) -> Any:
    """A note of a shift in whose place there is a newer one."""
    note = walks.shift_note(cast)
    walks.shift_note(cast, note.case, waiting=note.pk)
    note.refresh_from_db()
    return note


ROWS: dict[str, dict[str, Maker]] = {
    "informationrequest": {
        "draft": walks.a_draft,
        "sent": walks.sent,
        "returned": returned,
        "accepted": walks.accepted,
        "declined": declined,
        "released": walks.released,
        "discarded": discarded,
    },
    "subject": {
        "current": lambda c: walks.a_draft(c).subjects.get(role="child"),
        "removed": lambda c: people.remove_subject(
            walks.a_draft(c).subjects.get(role="risk"), by=c.requester
        ),
    },
    "need": {
        "current": lambda c: walks.a_draft(c).needs.get(),
        "removed": lambda c: parts.remove_need(walks.a_draft(c).needs.get(), by=c.requester),
    },
    "attachment": {
        "kept": with_a_file,
        "removed": lambda c: files.remove_file(with_a_file(c), by=c.requester),
    },
    "consent": {"recorded": lambda c: walks.a_draft(c).consent},
    "triagecheck": {"answered": a_check},
    "clarification": {
        "asked": lambda c: returned(c).clarifications.get(),
        "answered": answered_clarification,
    },
    "enquiry": {
        "sent": walks.an_agency_check,
        "taken": walks.taken,
        "answered": answered_agency_check,
        "withdrawn": withdrawn_agency_check,
    },
    "question": {"asked": lambda c: walks.an_agency_check(c).questions.first()},
    "pause": {
        "running": lambda c: pause(c, ended=False),
        "ended": lambda c: pause(c, ended=True),
    },
    "item": {"held": held, "offered": offered, "withheld": withheld, "dropped": dropped},
    "receipt": {"accepted": receipt, "refused": lambda c: receipt(c, refused=True)},
    "release": {"released": lambda c: walks.released(c).releases.get()},
    "releaseditem": {"released": lambda c: ReleasedItem.objects.get(case=walks.released(c))},
    "releasedanswer": {
        "released": lambda c: ReleasedAnswer.objects.filter(case=walks.released(c)).first()
    },
    "recipient": {
        "told": recipient,
        "acknowledged": lambda c: releasing.acknowledge(recipient(c), by=c.requester),
    },
    "opening": {"open": opening, "closed": lambda c: opening(c, closed=True)},
    "shiftnote": {
        "waiting": walks.shift_note,
        "taken": lambda c: shifts.take_over(walks.shift_note(c), by=c.officer2),
        "withdrawn": lambda c: shifts.take_back(walks.shift_note(c), by=c.officer),
        "replaced": replaced_note,
    },
    "matchverdict": {
        "linked": lambda c: verdict(c, "linked"),
        "apart": lambda c: verdict(c, "apart"),
        "undone": undone_verdict,
    },
    "openingnote": {
        "looked_at": lambda c: openings.review_opening(opening(c), by=c.desk_lead, note="Asked her")
    },
    "decision": {
        "open": walks.ready_to_share,
        "waiting": lambda c: advice_asked(c).decision,
        "recorded": walks.shared,
    },
    "weighed": {"weighed": lambda c: walks.ready_to_share(c).weighed.get()},
    "answer": {"given": lambda c: walks.ready_to_share(c).answers.first()},
    "point": {"considered": lambda c: walks.ready_to_share(c).points.first()},
    "advicerequest": {"asked": advice_asked, "given": advice_given},
    "scrutiny": {
        "open": scrutiny,
        "accepted": lambda c: scrutinising.accept_decision(scrutiny(c), by=c.board_partner),
        "reconsider": lambda c: scrutinising.ask_to_reconsider(
            scrutiny(c), by=c.board_partner, reasons="Think again"
        ),
    },
    **AGREEMENT_ROWS,
    "factorreset": RESET_ROWS,
    "agency": AGENCY_ROWS,
    **OF_THE_REGISTER_ROWS,
    **PEOPLE_ROWS,
    **RETENTION_ROWS,
}
