"""What the outbox says about decisions; none names or describes anybody (ISA-6.2)."""

from django.utils.translation import gettext as _

from agencies.grants import partners_other_than, people_who
from agencies.permissions import Permission
from decisions.models import AdviceRequest, Scrutiny
from outbox.notifications import Notification, Writer
from requests_app.notifications import compose_about, those_who_answer


def _advice(pk: str) -> AdviceRequest:
    return AdviceRequest.objects.select_related("decision__agency_check__holder").get(pk=pk)


def _scrutiny(pk: str) -> Scrutiny:
    return Scrutiny.objects.select_related("decision__agency_check__holder").get(pk=pk)


def advice_asked(pk: str) -> Notification:
    """An adviser has a question to answer."""
    agency_check = _advice(pk).decision.agency_check
    said = _("Your advice is sought on an information sharing decision.")
    return compose_about(
        people_who(Permission.ADVISE, agency_check.holder),
        _("Advice is sought"),
        said,
        agency_check.reference,
    )


def advice_given(pk: str) -> Notification:
    """Whoever waits for advice can go on."""
    agency_check = _advice(pk).decision.agency_check
    said = _("The advice that you asked for has been given.")
    to = [agency_check.taken_by] if agency_check.taken_by else []
    return compose_about(to, said.rstrip("."), said, agency_check.reference)


def scrutiny_opened(pk: str) -> Notification:
    """The partners that did not make the decision have it to look at."""
    agency_check = _scrutiny(pk).decision.agency_check
    said = _("A decision not to share is waiting for scrutiny.")
    return compose_about(
        partners_other_than(agency_check.holder), said.rstrip("."), said, agency_check.reference
    )


def scrutiny_accepted(pk: str) -> Notification:
    """The agency learns that its decision was accepted."""
    agency_check = _scrutiny(pk).decision.agency_check
    said = _("The safeguarding partners have accepted a decision of your agency.")
    to = those_who_answer(agency_check)
    return compose_about(to, _("A decision was accepted"), said, agency_check.reference)


def scrutiny_reconsider(pk: str) -> Notification:
    """The agency is asked to decide anew, also while others of its decisions are being made."""
    agency_check = _scrutiny(pk).decision.agency_check
    said = _("The safeguarding partners ask your agency to reconsider a decision.")
    to = those_who_answer(agency_check)
    return compose_about(to, _("A decision to reconsider"), said, agency_check.reference)


NOTIFICATIONS: dict[str, Writer] = {
    "advice.asked": advice_asked,
    "advice.given": advice_given,
    "scrutiny.opened": scrutiny_opened,
    "scrutiny.accepted": scrutiny_accepted,
    "scrutiny.reconsider": scrutiny_reconsider,
}
