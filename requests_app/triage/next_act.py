"""The one act that is due with a request, what else can be done, and who is waited for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.choices import PauseReason
from requests_app.clocks.selectors import waits_of
from requests_app.clocks.words import at
from requests_app.models import AgencyCheck, InformationRequest, Recipient
from requests_app.triage.selectors import Checks, what_can_be_released

Can = Mapping[str, bool]  # by transition of the request, as the gateway would let it through


@dataclass(frozen=True)
class Act:
    """Something that can be done now: a page that asks more, or a form with nothing to fill in."""

    text: str
    href: str
    is_sent: bool = False


@dataclass(frozen=True)
class Wait:
    """Who is waited for, since when, and whom to call; while they are ``closed``, who stands in."""

    who: str
    since: datetime
    person: str = ""
    phone: str = ""
    closed: str = ""

    @property
    def began(self) -> str:
        """Since when, in words."""
        return at(self.since)


def due_now(case: InformationRequest, can: Can, checks: Checks, put: list[Any]) -> Act | None:
    """The act that is due: the desk's next step, and none while others are to act."""
    if can["accept"]:
        return _due_at_triage(case, checks)
    if not can["release"]:
        return None
    to_review = [check for check in put if check.to_take_in]
    if to_review:
        said = ngettext("Review %s answer", "Review %s answers", len(to_review)) % len(to_review)
        return Act(said, reverse("requests:check_for_desk", args=[to_review[0].pk]))
    if what_can_be_released(put)["new"]:
        return _to(_("Release information"), "release", case)
    is_asked = any(not check.is_withdrawn for check in put)
    return None if is_asked else _to(_("Ask agencies"), "choose_agencies", case)


def _due_at_triage(case: InformationRequest, checks: Checks) -> Act:
    if checks.failed:
        return _to(_("Return with questions"), "triage_return", case)
    if checks.passed:
        return _to(_("Accept the request"), "triage_accept", case, is_sent=True)
    return _to(_("Answer the checks"), "triage_checks", case)


def also_possible(
    case: InformationRequest, can: Can, due: Act | None, *, is_mine: bool
) -> list[Act]:
    """What else can be done with the request itself; what is due is not said twice."""
    acts = [
        (can["accept"], _to(_("Answer the checks"), "triage_checks", case)),
        (can["return"], _to(_("Return with questions"), "triage_return", case)),
        (can["take_back"], _to(_("Take it back"), "triage_take_back", case)),
        (can["decline"], _to(_("Decline"), "triage_decline", case)),
        (can["rate"], _to(_("Change the rating"), "triage_rate", case)),
        (
            can["claim"] and not case.owner_id,
            _to(_("Give it to a colleague"), "hand_over", case),
        ),
        (can["claim"] and is_mine, _to(_("Give it back"), "give_back", case, is_sent=True)),
    ]
    return [act for is_possible, act in acts if is_possible and act != due]


def _to(text: str, page: str, case: InformationRequest, *, is_sent: bool = False) -> Act:
    return Act(text, reverse(f"requests:{page}", args=[case.pk]), is_sent)


def waited_for(
    case: InformationRequest, put: Iterable[Any], releases: Iterable[Any], phone: str
) -> list[Wait]:
    """Everybody who is to act before the front door can go on, the longest first.

    ``phone`` is the number of the requesting agency, or "".
    """
    found = [
        *_the_requester(case, phone),
        *(check.wait for check in put if check.status in AgencyCheck.OPEN),
        *(wait for release in releases for wait in _to_confirm(case, release, phone)),
    ]
    return sorted(found, key=lambda wait: wait.since)


def _the_requester(case: InformationRequest, phone: str) -> Iterator[Wait]:
    for wait in waits_of(case):
        if wait.ended_at is None and wait.reason == PauseReason.REQUESTER:
            yield Wait(str(case.agency), wait.began_at, str(case.requested_by), phone)


def _to_confirm(case: InformationRequest, release: Any, phone: str) -> Iterator[Wait]:
    """Those of the requesting agency who have not said that they read what was released."""
    for recipient in release.recipients.all():
        if recipient.status != Recipient.Status.ACKNOWLEDGED:
            yield Wait(str(case.agency), release.released_at, str(recipient.person), phone)


def hang_waits(put: Iterable[Any], spocs: Iterable[Any], closures: Iterable[Any]) -> None:
    """Of each check that is open, whom to call: the SPoC, or who answers while they are closed."""
    posts = {contact.agency_id: contact for contact in spocs}
    closed = {closure.agency_id: closure for closure in closures}
    for check in put:
        if check.status in AgencyCheck.OPEN:
            check.wait = _of_check(check, posts.get(check.holder_id), closed.get(check.holder_id))


def _of_check(check: Any, spoc: Any, closure: Any) -> Wait:
    who, since = str(check.holder), check.sent_at
    if closure:
        until = _("Closed until the end of %s") % date_format(closure.ends, "j F")
        return Wait(who, since, closure.answers, closure.answers_phone, until)
    if spoc:
        return Wait(who, since, spoc.name, spoc.phone)
    return Wait(who, since, phone=check.holder.phone)
