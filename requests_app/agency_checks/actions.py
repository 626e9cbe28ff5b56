"""Agency checks: put by the front door, taken, handed on, answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.grants import people_who
from agencies.models import Agency, User
from agencies.permissions import Permission
from agreement.signing.participation import only_if_it_takes_part
from requests_app.agency_people import who_may_be_named
from requests_app.choices import EnquiryOutcome, PauseReason
from requests_app.clocks.actions import deadline_of, note_a_pause
from requests_app.models import Enquiry, InformationRequest, Item, Pause, Question
from requests_app.transitions import ENQUIRY, QUESTION
from workflow.act import act
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent, refuse_other_words


@idempotent
def put_enquiry(
    case: InformationRequest,
    *,
    by: Actor,
    idempotency_key: UUID,
    holder: Agency,
    shown: Mapping[str, Sequence[str]],
    questions: Sequence[tuple[str, str]],
    concern: str = "",
    consent_position: str = "",
    parents_position: str = "",
) -> Enquiry:
    """Ask one agency what it holds.

    ``shown`` maps a person's id to the codes of the details that the agency needs to find
    them (``choices.DETAILS``); ``questions`` are pairs of fact and why (P-NECESSARY). The
    others are what it may read of the concern, and of how consent and telling parents stand.
    """
    now = timezone.now()
    enquiry = Enquiry(id=idempotency_key, case=case, holder=holder, shown={**shown}, sent_at=now)
    enquiry.concern = concern
    enquiry.consent_position, enquiry.parents_position = consent_position, parents_position
    enquiry.rating = case.rating
    try:
        with act(apart=True):
            _put(enquiry, by=by, now=now)
    except AlreadyMade as made:
        _refuse_other_questions(made.thing, questions)
        raise
    for number, (fact, why) in enumerate(questions):
        question = Question(
            id=uuid5(idempotency_key, str(number)), case=case, enquiry=enquiry, fact=fact, why=why
        )
        QUESTION.make("ask", question, by=by)
    return enquiry


def _put(enquiry: Enquiry, *, by: Actor, now: datetime) -> None:
    holder = enquiry.holder
    with ENQUIRY.making("put", enquiry, by=by):
        only_if_it_takes_part(holder, _("The agency was not asked."))
        if not people_who(Permission.ANSWER, holder).exists():
            raise TransitionRefused(
                _("Nobody answers for this agency yet, so nobody would see it.")
            )
        enquiry.rating = enquiry.case.rating
        enquiry.due_at = deadline_of(now, enquiry.rating)


def _refuse_other_questions(enquiry: Enquiry, questions: Sequence[tuple[str, str]]) -> None:
    """Or a question that was added to a page sent before would be lost without a word."""
    asked = {row.pk: (row.fact, row.why) for row in Question.objects.filter(enquiry=enquiry)}
    said = [asked.get(uuid5(enquiry.pk, str(number))) for number in range(len(asked))]
    refuse_other_words(said=said, now=[*questions])


@idempotent
def take_enquiry(enquiry: Enquiry, *, by: Actor) -> Enquiry:
    """Take it on oneself."""
    with ENQUIRY.making("take", enquiry, by=by):
        enquiry.taken_by = by.user
    return enquiry


@idempotent
def hand_enquiry(enquiry: Enquiry, *, by: Actor, colleague: User) -> Enquiry:
    """Hand it to a colleague at the same agency, who gets a part in the case by it."""
    with ENQUIRY.making("hand", enquiry, by=by):
        if enquiry.taken_by == colleague:
            raise AlreadyMade(enquiry)
        if not who_may_be_named(enquiry.holder).filter(pk=colleague.pk).exists():
            raise PermissionDenied("not a colleague who may have it")
        enquiry.taken_by = colleague
    return enquiry


@idempotent
def answer_not_known(enquiry: Enquiry, *, by: Actor, searched: str) -> Enquiry:
    """Answer that nobody in it is known to this agency, and say what was searched."""
    with ENQUIRY.making("not_known", enquiry, by=by, writes={"searched": searched}):
        refuse_while_advice_is_awaited(enquiry)
        if Item.objects.filter(enquiry=enquiry).exclude(status=Item.Status.DROPPED).exists():
            raise TransitionRefused(_("Something is listed as held. Take it off the list first."))
        enquiry.outcome = EnquiryOutcome.NOT_KNOWN
        enquiry.taken_by = enquiry.taken_by or by.user
        enquiry.answered_at = timezone.now()
    return enquiry


def refuse_while_advice_is_awaited(enquiry: Enquiry) -> None:
    """Raise TransitionRefused while somebody has been asked and has not answered (F-ADVICE)."""
    if Pause.objects.filter(enquiry=enquiry, status=Pause.Status.RUNNING).exists():
        raise TransitionRefused(_("Advice is awaited. Note its outcome first, or wait for it."))


def answer_from_items(enquiry: Enquiry, *, by: Actor) -> None:
    """Close the check once nothing on its list is undecided; the outcome follows from the items.

    An item that was withheld before the check was sent back counts no more once it has been
    decided anew.
    """
    items = Item.objects.filter(enquiry=enquiry, decided_anew=None)
    states = set(items.exclude(status=Item.Status.DROPPED).values_list("status", flat=True))
    if Item.Status.HELD in states or not states:
        return
    shared, withheld = Item.Status.OFFERED in states, Item.Status.WITHHELD in states
    with ENQUIRY.making("answer", enquiry, by=by):
        enquiry.outcome = (
            EnquiryOutcome.PART
            if shared and withheld
            else EnquiryOutcome.SHARE
            if shared
            else EnquiryOutcome.NO_SHARE
        )
        enquiry.answered_at = timezone.now()


@idempotent
def send_back_to_decide_anew(enquiry: Enquiry, *, by: Actor, reason: str) -> Enquiry:
    """The partners ask the agency to reconsider, with reasons (ISA-5.4).

    The time in which the answer lay with the partners is not the agency's.
    """
    answered_at = enquiry.answered_at
    with ENQUIRY.making("reconsider", enquiry, by=by):
        enquiry.reconsider_reason = reason
        enquiry.outcome, enquiry.answered_at, enquiry.released_at = "", None, None
    if answered_at is not None:
        note_a_pause(enquiry, "with_partners", PauseReason.PARTNERS, by=by, since=answered_at)
    return enquiry
