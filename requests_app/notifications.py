"""What the outbox says about requests and agency checks.

A notification holds a reference, at the most a rating and when it is due, and where to sign in:
no name, no date of birth, no address, no content, no file name (ISA-6.2). The link opens the page
through sign-in and does nothing by itself.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.grants import people_who
from agencies.models import User
from agencies.permissions import Permission
from outbox.notifications import Notification, Writer
from requests_app import time_notifications
from requests_app.agency_people import who_may_be_named
from requests_app.choices import Rating
from requests_app.clocks.due import by_when
from requests_app.clocks.selectors import clock_of
from requests_app.instead import closure_of, instead_too
from requests_app.models import AgencyCheck, InformationRequest, Opening, Receipt, Recipient


def compose_about(
    to: Iterable[User], subject: str, said: str, reference: str, page: str = "/"
) -> Notification:
    """A notification about one request or agency check, with its reference."""
    return compose(to, subject, said, _("Reference: %s") % reference, page=page)


def _and_when(said: str, row: InformationRequest | AgencyCheck) -> str:
    """What is said, and how urgent it is."""
    running = clock_of(row)
    if running is None:
        return said
    words = {"rating": Rating(row.rating).label, "when": by_when(running.due)}
    return f"{said} " + _("It is rated %(rating)s and due %(when)s.") % words


def _case(pk: str) -> InformationRequest:
    return InformationRequest.objects.select_related("desk", "requested_by").get(pk=pk)


def _agency_check(pk: str) -> AgencyCheck:
    return AgencyCheck.objects.select_related("holder", "case__desk", "taken_by").get(pk=pk)


def those_who_answer(agency_check: AgencyCheck) -> list[User]:
    """Who answers for the agency, and the colleague to whom the check was handed."""
    people = {person.pk: person for person in people_who(Permission.ANSWER, agency_check.holder)}
    if agency_check.taken_by:
        people[agency_check.taken_by.pk] = agency_check.taken_by
    return list(people.values())


def request_sent(pk: str) -> Notification:
    """The front door has a request to triage."""
    case = _case(pk)
    said = _("An information request is waiting for triage.")
    to = people_who(Permission.TRIAGE, case.desk)
    page = reverse("requests:triage_case", args=[pk])
    return compose_about(to, said[:-1], _and_when(said, case), case.reference, page)


def request_returned(pk: str) -> Notification:
    """The requester has questions to answer."""
    case = _case(pk)
    said = _("Your information request has come back with questions.")
    return compose_about([case.requested_by], said.rstrip("."), said, case.reference)


def request_taken_back(pk: str) -> Notification:
    """The requester has no questions to answer any longer."""
    case = _case(pk)
    said = _("Your information request has been taken back. Its questions need no answer now.")
    subject = _("Your information request has been taken back")
    return compose_about([case.requested_by], subject, said, case.reference)


def request_accepted(pk: str) -> Notification:
    """The requester's request is being worked on."""
    case = _case(pk)
    said = _("Your information request has been accepted.")
    return compose_about([case.requested_by], said.rstrip("."), said, case.reference)


def request_declined(pk: str) -> Notification:
    """The requester's request was turned down."""
    case = _case(pk)
    said = _("Your information request has been declined. Sign in to read why.")
    subject = _("Your information request has been declined")
    return compose_about([case.requested_by], subject, said, case.reference)


def request_handed(pk: str) -> Notification:
    """A colleague at the front door has been handed a request: the promise says which of them."""
    case = _case(pk)
    words = {"rating": Rating(case.rating).label}
    said = _("An information request rated %(rating)s has been handed to you.") % words
    to, page = people_who(Permission.TRIAGE, case.desk), reverse("requests:triage_case", args=[pk])
    return compose_about(to, said[:-1], said, case.reference, page)


def agency_check_put(pk: str) -> Notification:
    """An agency has a check to answer."""
    agency_check = _agency_check(pk)
    said = _("An agency check is waiting for your agency's answer.")
    to = people_who(Permission.ANSWER, agency_check.holder)
    text = _and_when(said, agency_check)
    closure = closure_of(agency_check)
    if closure:
        instead = _(
            "The register says that the agency is closed now and that somebody else answers "
            "instead. They get this e-mail too, if the register has their address."
        )
        text = f"{text}\n\n{instead}"
    page = reverse("requests:check", args=[pk])
    letter = compose_about(to, said[:-1], text, agency_check.reference, page)
    return instead_too(letter, closure)


def agency_check_handed(pk: str) -> Notification:
    """A colleague has been handed a check: the promise says which of them."""
    agency_check = _agency_check(pk)
    said = _("An agency check has been handed to you to answer.")
    to = who_may_be_named(agency_check.holder)  # the promise says which of them
    text, page = _and_when(said, agency_check), reverse("requests:check", args=[pk])
    return compose_about(to, said[:-1], text, agency_check.reference, page)


def agency_check_answered(pk: str) -> Notification:
    """The front door has an answer to take in."""
    agency_check = _agency_check(pk)
    said = _("An agency check has been answered.")
    to = people_who(Permission.TRIAGE, agency_check.case.desk)
    page = reverse("requests:triage_case", args=[agency_check.case_id])
    return compose_about(to, said[:-1], said, agency_check.reference, page)


def agency_check_rated(pk: str) -> Notification:
    """Those who answer a check have more or less time than they thought."""
    agency_check = _agency_check(pk)
    said = _("The rating of an agency check has changed, and with it the time to answer.")
    subject = _("The rating of an agency check has changed")
    return _to_the_page(agency_check, subject, _and_when(said, agency_check))


def agency_check_reminded(pk: str) -> Notification:
    """Those who answer a check are asked to do so: how urgent it is, and by when."""
    agency_check = _agency_check(pk)
    words = {"rating": Rating(agency_check.rating).label}
    subject = _("Reminder: an agency check rated %(rating)s is waiting") % words
    said = _("An agency check is waiting for your agency's answer.")
    return _to_the_page(agency_check, subject, _and_when(said, agency_check))


def agency_check_asked_more(pk: str) -> Notification:
    """Those who answer a check have one more question to answer, in the same time."""
    agency_check = _agency_check(pk)
    said = _("A question has been added to an agency check. The time to answer stays as it is.")
    return _to_the_page(agency_check, _("A question has been added to an agency check"), said)


def agency_check_withdrawn(pk: str) -> Notification:
    """Those who answer a check need not: which, how urgent it was, and why, by a list of reasons.

    Whoever was told of it while the agency is closed is told of this too.
    """
    agency_check = _agency_check(pk)
    words = {
        "rating": Rating(agency_check.rating).label,
        "why": agency_check.get_withdrawn_because_display(),
    }
    subject = _("An agency check rated %(rating)s has been withdrawn") % words
    said = _(
        "The front door has withdrawn an agency check rated %(rating)s. Reason: %(why)s. "
        "It needs no answer any more."
    )
    page = reverse("requests:check", args=[pk])
    to = those_who_answer(agency_check)
    letter = compose_about(to, subject, said % words, agency_check.reference, page)
    return instead_too(letter, closure_of(agency_check))


def _to_the_page(agency_check: AgencyCheck, subject: str, said: str) -> Notification:
    """To those who answer, with a link to the very check; to nobody once it is answered."""
    page = reverse("requests:check", args=[agency_check.pk])
    is_open = agency_check.status in AgencyCheck.OPEN
    to = those_who_answer(agency_check) if is_open else []
    letter = compose_about(to, subject, said, agency_check.reference, page)
    return instead_too(letter, closure_of(agency_check)) if is_open else letter


def receipt_refused(pk: str) -> Notification:
    """The sender learns that the front door refused something."""
    receipt = Receipt.objects.get(pk=pk)
    agency_check = _agency_check(str(receipt.item.agency_check_id))
    said = _("Information that your agency shared was refused. Sign in to read why.")
    to = those_who_answer(agency_check)
    return compose_about(to, _("Information was refused"), said, agency_check.reference)


def release_made(pk: str) -> Notification:
    """A named recipient has something to read."""
    recipient = Recipient.objects.select_related("person", "case").get(pk=pk)
    said = _("Information has been released to you.")
    return compose_about([recipient.person], said.rstrip("."), said, recipient.case.reference)


def opening_opened(pk: str) -> Notification:
    """Those whose case it is, and whoever asked, learn that somebody else opened it (ISA-7.2)."""
    case = _case(str(Opening.objects.get(pk=pk).case_id))
    told = {person.pk: person for person in people_who(Permission.TRIAGE, case.desk)}
    told[case.requested_by.pk] = case.requested_by
    said = _("Somebody not involved in an information request has opened it for another reason.")
    subject = _("An information request was opened for another reason")
    return compose_about(told.values(), subject, said, case.reference)


NOTIFICATIONS: dict[str, Writer] = {
    "request.sent": request_sent,
    "request.returned": request_returned,
    "request.taken_back": request_taken_back,
    "request.accepted": request_accepted,
    "request.declined": request_declined,
    "request.handed": request_handed,
    "enquiry.put": agency_check_put,
    "enquiry.handed": agency_check_handed,
    "enquiry.answered": agency_check_answered,
    "enquiry.rated": agency_check_rated,
    "enquiry.reminded": agency_check_reminded,
    "enquiry.asked_more": agency_check_asked_more,
    "enquiry.withdrawn": agency_check_withdrawn,
    "receipt.refused": receipt_refused,
    "release.made": release_made,
    "opening.opened": opening_opened,
    **time_notifications.NOTIFICATIONS,
}
