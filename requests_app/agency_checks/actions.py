"""Agency checks: put by the front door, taken, handed on, answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
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
from requests_app.choices import AgencyCheckOutcome, PauseReason
from requests_app.clocks.actions import deadline_of, note_a_pause
from requests_app.models import AgencyCheck, InformationRequest, Item, Pause, Question
from requests_app.request_fields import TOLD
from requests_app.transitions import AGENCY_CHECK, QUESTION
from workflow.act import act
from workflow.compiled import Compiled
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent, refuse_other_words


@idempotent
def put_agency_check(
    case: InformationRequest,
    *,
    by: Actor,
    idempotency_key: UUID,
    holder: Agency,
    shown: Mapping[str, Sequence[str]],
    questions: Sequence[tuple[str, str]],
    **told: str,
) -> AgencyCheck:
    """Ask one agency what it holds.

    ``shown`` maps a person's id to the codes of the details that the agency needs to find
    them (``choices.DETAILS``); ``questions`` are pairs of fact and why (P-NECESSARY). What
    else of the request it is ``told`` goes by the columns of ``request_fields.TOLD``.
    """
    now = timezone.now()
    told = {each.name: "" for each in TOLD} | told
    agency_check = AgencyCheck(
        id=idempotency_key, case=case, holder=holder, shown={**shown}, sent_at=now, **told
    )
    agency_check.rating = case.rating
    try:
        with act(apart=True):
            _put(agency_check, by=by, now=now)
    except AlreadyMade as made:
        _refuse_other_questions(made.thing, questions)
        raise
    for number, (fact, why) in enumerate(questions):
        question = Question(
            id=uuid5(idempotency_key, str(number)),
            case=case,
            agency_check=agency_check,
            fact=fact,
            why=why,
        )
        QUESTION.make("ask", question, by=by)
    return agency_check


def put_agency_checks(
    case: InformationRequest,
    *,
    by: Actor,
    idempotency_key: UUID,
    asks: Iterable[tuple[Agency, Mapping[str, Any]]],
) -> tuple[list[AgencyCheck], list[str]]:
    """Ask several agencies, each by itself: the checks, and why which agency was not asked.

    Each check has an id of this page and its agency, so a page that is sent again makes none
    twice, and makes those that were refused or not reached before (docs/adr/0126). Raises
    TransitionRefused where none was made.
    """
    made: list[AgencyCheck] = []
    refused: list[TransitionRefused] = []
    for holder, ask in asks:
        key = uuid5(idempotency_key, str(holder.pk))
        try:
            made.append(put_agency_check(case, by=by, idempotency_key=key, holder=holder, **ask))
        except TransitionRefused as why:
            refused.append(TransitionRefused(f"{holder.name}: {why}"))
    if refused and not made:
        raise TransitionRefused(" ".join(dict.fromkeys(map(str, refused))))
    return made, [str(why) for why in refused]


def _put(agency_check: AgencyCheck, *, by: Actor, now: datetime) -> None:
    holder = agency_check.holder
    with AGENCY_CHECK.making("put", agency_check, by=by):
        only_if_it_takes_part(holder.pk, _("The agency was not asked."))
        if not people_who(Permission.ANSWER, holder).exists():
            raise TransitionRefused(
                _("Nobody answers for this agency yet, so nobody would see it.")
            )
        agency_check.rating = agency_check.case.rating
        agency_check.due_at = deadline_of(now, agency_check.rating)


def _refuse_other_questions(
    agency_check: AgencyCheck, questions: Sequence[tuple[str, str]]
) -> None:
    """Or a question that was added to a page sent before would be lost without a word."""
    asked = {
        row.pk: (row.fact, row.why) for row in Question.objects.filter(agency_check=agency_check)
    }
    said = [asked.get(uuid5(agency_check.pk, str(number))) for number in range(len(asked))]
    refuse_other_words(said=said, now=[*questions])


@idempotent
def take_agency_check(agency_check: AgencyCheck, *, by: Actor) -> AgencyCheck:
    """Take it on oneself."""
    with AGENCY_CHECK.making("take", agency_check, by=by):
        agency_check.taken_by = by.user
    return agency_check


@idempotent
def hand_agency_check(agency_check: AgencyCheck, *, by: Actor, colleague: User) -> AgencyCheck:
    """Hand it to a colleague at the same agency, who gets a part in the case by it."""
    with AGENCY_CHECK.making("hand", agency_check, by=by, tells=colleague):
        if agency_check.taken_by == colleague:
            raise AlreadyMade(agency_check)
        if not who_may_be_named(agency_check.holder).filter(pk=colleague.pk).exists():
            raise PermissionDenied("not a colleague who may have it")
        agency_check.taken_by = colleague
    return agency_check


@idempotent
def answer_not_known(agency_check: AgencyCheck, *, by: Actor, searched: str) -> AgencyCheck:
    """Answer that nobody in it is known to this agency, and say what was searched."""
    with AGENCY_CHECK.making("not_known", agency_check, by=by, writes={"searched": searched}):
        refuse_while_advice_is_awaited(agency_check)
        if (
            Item.objects.filter(agency_check=agency_check)
            .exclude(status=Item.Status.DROPPED)
            .exists()
        ):
            raise TransitionRefused(
                _("Something is listed as held. Remove it from the list first.")
            )
        agency_check.outcome = AgencyCheckOutcome.NOT_KNOWN
        agency_check.taken_by = agency_check.taken_by or by.user
        agency_check.answered_at = timezone.now()
    return agency_check


def refuse_while_advice_is_awaited(agency_check: AgencyCheck) -> None:
    """Raise TransitionRefused while somebody has been asked and has not answered (F-ADVICE)."""
    if Pause.objects.filter(agency_check=agency_check, status=Pause.Status.RUNNING).exists():
        raise TransitionRefused(_("Advice is awaited. Note its outcome first, or wait for it."))


def refuse_if_withdrawn(agency_check: AgencyCheck) -> None:
    """Raise TransitionRefused before a page is filled in anew that would show what was asked."""
    if agency_check.is_withdrawn:
        raise TransitionRefused(agency_check.ended_because)


def answer_from_items(agency_check: AgencyCheck, *, by: Actor) -> None:
    """Close the check once nothing on its list is undecided; the outcome follows from the items.

    An item that was withheld before the check was sent back counts no more once it has been
    decided anew.
    """
    states = set(_STATES_THAT_COUNT(agency_check=agency_check.pk))
    if Item.Status.HELD in states or not states:
        return
    shared, withheld = Item.Status.OFFERED in states, Item.Status.WITHHELD in states
    with AGENCY_CHECK.making("answer", agency_check, by=by):
        agency_check.outcome = (
            AgencyCheckOutcome.PART
            if shared and withheld
            else AgencyCheckOutcome.SHARE
            if shared
            else AgencyCheckOutcome.NO_SHARE
        )
        agency_check.answered_at = timezone.now()


def _states_that_count(agency_check: UUID) -> Any:
    items = Item.objects.filter(agency_check=agency_check, decided_anew=None)
    return items.exclude(status=Item.Status.DROPPED).values_list("status", flat=True)


_STATES_THAT_COUNT = Compiled(_states_that_count)


@idempotent
def send_back_to_decide_anew(agency_check: AgencyCheck, *, by: Actor, reason: str) -> AgencyCheck:
    """The partners ask the agency to reconsider, with reasons (ISA-5.4).

    The time in which the answer lay with the partners is not the agency's.
    """
    answered_at = agency_check.answered_at
    with AGENCY_CHECK.making("reconsider", agency_check, by=by):
        agency_check.reconsider_reason = reason
        agency_check.outcome, agency_check.answered_at, agency_check.released_at = "", None, None
    if answered_at is not None:
        note_a_pause(agency_check, "with_partners", PauseReason.PARTNERS, by=by, since=answered_at)
    return agency_check
