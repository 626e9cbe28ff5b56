"""What waits for a person, for the agency acted for, as counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from agencies.acting import Actor
from agencies.people import selectors as people
from agencies.permissions import Permission
from agencies.register.selectors import missing_posts
from agencies.second_person.selectors import how_many_wait
from agreement.editions.pages import is_office, is_partner
from agreement.editions.selectors import days_to_review, has_to_sign, in_force, to_agree
from agreement.signing.selectors import last_day_to_sign
from agreement.tasks import FIRST as REVIEW_SOON
from decisions.advice import selectors as advice
from decisions.scrutiny import selectors as scrutiny
from requests_app import selectors
from requests_app.break_glass.selectors import not_yet_reviewed
from requests_app.clocks.selectors import with_clocks
from requests_app.models import InformationRequest, Recipient
from requests_app.policies import RECIPIENTS
from requests_app.triage import inbox
from retention.models import DisposalList, DisposalStatement
from retention.policies import LISTS, STATEMENTS
from workflow.compiled import ForActor, Selector, count_for

RequestStatus = InformationRequest.Status
_PAST = ForActor(lambda actor, selector, now: selector(actor).filter(due_at__lt=now))


@dataclass(frozen=True)
class Card:
    """One thing that may wait: its name, the list of it, how much there is, and how much is late.

    ``query`` narrows the list to what the card counts.
    """

    title: Any
    to: str
    count: int | str
    none: Any
    late: int | str = 0
    query: str = ""

    @property
    def href(self) -> str:
        """Where the card leads."""
        return reverse(self.to) + (f"?{self.query}" if self.query else "")


def cards(actor: Actor) -> list[Card]:
    """Every card for what this person does; the number of queries does not grow with the rows."""
    return [card for part in PARTS for card in part(actor)]


def _unread(actor: Actor) -> QuerySet[Any]:
    rows = RECIPIENTS.scope(actor, Permission.SEND_REQUEST)
    return rows.filter(status=Recipient.Status.TOLD)


def _returned(actor: Actor) -> QuerySet[Any]:
    return selectors.mine(actor).filter(status=RequestStatus.RETURNED)


def _drafts(actor: Actor) -> QuerySet[Any]:
    return selectors.mine(actor).filter(status=RequestStatus.DRAFT)


def _of_triage(actor: Actor) -> Iterator[Card]:
    if Permission.TRIAGE not in actor.permissions:
        return
    counts = inbox.counts(actor)
    now = timezone.now()
    late = inbox.at_most(_late_among(inbox.past_due(actor, now), now))
    for code, title, none in (
        ("triage", _("Requests to triage"), _("No request is waiting for triage.")),
        ("answers", _("Answers to review"), _("Every answer has been reviewed.")),
        ("release", _("Ready to release"), _("Every answer that came in has been released.")),
        ("put", _("Agency checks to send"), _("Checks have been sent for every accepted request.")),
    ):
        late_ones = late if code == "triage" else 0
        yield Card(title, "requests:inbox", counts[code], none, late_ones, f"group={code}")
    if waiting := counts[inbox.SHIFTS]:
        yield Card(_("Shift hand-overs waiting"), "requests:shifts", waiting, "")
    for code, title, none in (
        ("mine", _("Requests that you have"), _("You have no request.")),
        ("nobody", _("Requests that nobody has"), _("Somebody has each open request.")),
    ):
        yield Card(title, "requests:inbox", counts[code], none, query=f"group={code}")


def _of_answering(actor: Actor) -> Iterator[Card]:
    count = count_for(actor, selectors.checks)
    # A colleague to whom a check was handed answers it without the role (ISA-7.2).
    if Permission.ANSWER not in actor.permissions and not count:
        return
    yield Card(
        _("Agency checks"),
        "requests:checks",
        count,
        _("No agency check is waiting for your answer."),
        late_of(actor, selectors.checks),
    )
    again = Card(
        _("Decisions that the safeguarding partners ask you to reconsider"),
        "requests:checks",
        count_for(actor, selectors.sent_back),
        "",
        query="show=back",
    )
    if again.count:
        yield again


def _of_asking(actor: Actor) -> Iterator[Card]:
    released = Card(
        _("Information released to you, not yet acknowledged"),
        "requests:mine",
        count_for(actor, _unread),
        _("You have acknowledged all that was released to you."),
        query="show=released",
    )
    if Permission.SEND_REQUEST not in actor.permissions:
        if released.count:
            yield released
        return
    yield Card(
        _("Returned with questions"),
        "requests:mine",
        count_for(actor, _returned),
        _("Nothing has come back to you with questions."),
        query="show=returned",
    )
    yield released
    yield Card(
        _("Drafts not yet sent"),
        "requests:mine",
        count_for(actor, _drafts),
        _("You have no draft."),
        query="show=drafts",
    )


def _of_scrutiny(actor: Actor) -> Iterator[Card]:
    if Permission.SCRUTINISE in actor.permissions:
        yield Card(
            _("Decisions waiting for scrutiny"),
            "decisions:scrutinies",
            count_for(actor, scrutiny.waiting),
            _("No decision is waiting for scrutiny."),
        )


def _of_advice(actor: Actor) -> Iterator[Card]:
    if Permission.ADVISE in actor.permissions:
        yield Card(
            _("Questions waiting for your advice"),
            "decisions:advice_list",
            count_for(actor, advice.unanswered),
            _("Nobody is waiting for your advice."),
        )


def _of_the_agreement(actor: Actor) -> Iterator[Card]:
    if to_agree(actor) is not None:
        yield Card(_("Edition waiting for your agreement"), "agreement:overview", 1, "")
    if Permission.SIGN in actor.permissions and has_to_sign(actor):
        title: Any = _("The agreement, for your agency to sign")
        late = 0
        if last := last_day_to_sign(actor):
            day = date_format(last, "j F Y")
            title = _("The agreement: your agency has to sign before %s") % day
            late = int(last <= timezone.localdate())
        yield Card(title, "agreement:sign", 1, "", late)
    if is_office(actor) or is_partner(actor):
        left = days_to_review(in_force())
        if left is not None and left <= REVIEW_SOON:
            title = _("Yearly review of the agreement")
            yield Card(title, "agreement:review", 1, "", int(left < 0))


def _of_the_register(actor: Actor) -> Iterator[Card]:
    if Permission.ADMINISTER in actor.permissions:
        yield Card(
            _("Agencies without a single point of contact or a responsible manager"),
            "agencies:register",
            missing_posts(actor).count(),
            _("Every agency has both."),
            query="missing=1",
        )


def _of_people(actor: Actor) -> Iterator[Card]:
    if Permission.MANAGE_PEOPLE in actor.permissions:
        yield Card(
            _("Staff checks expiring soon"),
            "agencies:people",
            people.running_out(actor.agency).count(),
            _("None expires within 30 days."),
            query="state=running_out",
        )
        due = people.to_confirm(actor.agency)
        waiting = due.count()
        if waiting:
            late = due.filter(confirmed_until__lt=timezone.localdate()).count()
            title, query = _("People whose access needs confirming"), "state=to_confirm"
            yield Card(title, "agencies:people", waiting, "", late, query)


def _of_second_people(actor: Actor) -> Iterator[Card]:
    if count := how_many_wait(actor):
        yield Card(
            _("Roles and domains to confirm as the second person"), "agencies:proposals", count, ""
        )


def _of_openings(actor: Actor) -> Iterator[Card]:
    if Permission.REVIEW_OPENINGS in actor.permissions:
        yield Card(
            _("Openings of cases to review"),
            "requests:openings_oversight",
            not_yet_reviewed(actor).count(),
            _("No opening of a case is waiting for review."),
            query="show=flagged",
        )


def _of_retention(actor: Actor) -> Iterator[Card]:
    if Permission.REVIEW_OPENINGS in actor.permissions and actor.agency.is_front_door:
        waiting = LISTS.scope(actor, Permission.REVIEW_OPENINGS).filter(
            status=DisposalList.Status.LISTED
        )
        yield Card(
            _("Disposal lists waiting for a second person"),
            "retention:lists",
            waiting.count(),
            _("No disposal list is waiting for you."),
            query="show=waiting",
        )
    if Permission.OVERSEE in actor.permissions:
        asked = STATEMENTS.scope(actor, Permission.OVERSEE).filter(
            status=DisposalStatement.Status.ASKED
        )
        if count := asked.count():
            title, query = _("Statements of disposal to complete"), "show=asked"
            yield Card(title, "retention:statements", count, "", query=query)


PARTS = (
    _of_triage,
    _of_answering,
    _of_asking,
    _of_scrutiny,
    _of_advice,
    _of_openings,
    _of_the_agreement,
    _of_the_register,
    _of_people,
    _of_second_people,
    _of_retention,
)


def late_of(actor: Actor, selector: Selector) -> int:
    """How many are late, stopped or not. Pauses only give more time than ``due_at`` says."""
    now = timezone.now()
    return _late_among(_PAST(actor, selector, now=now), now)


def _late_among(rows: Iterable[Any], now: datetime) -> int:
    past = with_clocks(rows)
    return sum(row.clock is not None and row.clock.is_late(now) for row in past)
