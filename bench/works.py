"""The pages and acts that are measured, each with its budget."""

from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from bench.costs import Budget, Work
from bench.filling import count_anew, fill
from bench.posts import acts
from bench.world import got, signed_in
from decisions.models import Scrutiny
from decisions.scrutiny.actions import accept_decision
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.triage.choosing import GROUPS, TO_DO, Group
from tests import walks
from tests.cast import Cast

ACCEPTED: Final = 8  # with those that are taken 25 are open, as many as the bare page has rows
TAKEN: Final = 14
RELEASED: Final = 3
INBOX, LIST, ROW, START = Budget(8, 3), Budget(10, 3.5), Budget(12, 4), Budget(6, 2)
ACTS: Final = {
    "send a request (last POST)": Budget(14, 0.9, "create"),
    "create a request (10 POSTs)": Budget(90, 8, "create"),
    "one step of the flow": Budget(12, 0.6, "answer"),
    "record a decision": Budget(25, 1.5, "answer"),
    "release to one": Budget(25, 1.5, "answer"),
}


def gather(cast: Cast) -> InformationRequest:
    """Open requests, and finished ones, of which the last is given."""
    for _each in range(ACCEPTED):
        walks.accepted(cast)
    for _each in range(TAKEN):
        walks.taken(cast)
    for _each in range(RELEASED):
        case = walks.released(cast)
    accept_decision(Scrutiny.objects.filter(case=case).get(), by=cast.police_partner)
    got(signed_in("officer"), reverse("requests:triage_case", args=[case.pk]))
    return case


def among(cast: Cast, case: InformationRequest, since: int, until: int) -> None:
    """Finished requests like this one, and the database's counts of them."""
    fill(cast, case, since, until)
    count_anew()


def pages_of(cast: Cast, case: InformationRequest) -> dict[str, Work]:
    """Every kind of page."""
    check = AgencyCheck.objects.get(case=case, holder=cast.agencies["trust"])
    decision, release = walks.shared(cast).pk, case.releases.get().pk
    pages: dict[str, tuple[str, str, Budget]] = {
        # Its view does nothing; of the bare page the budget means what is not SQL only.
        "before any view": ("officer", reverse("session_left"), Budget(3, 1)),
        "start page, officer": ("officer", reverse("home"), START),
        "start page, requester": ("requester", reverse("home"), START),
        "start page, SPoC": ("trust_spoc", reverse("home"), START),
        "inbox, 25 rows": ("officer", _desk(TO_DO), INBOX),
        "agency checks": ("trust_spoc", reverse("requests:checks"), LIST),
        "own requests": ("requester", reverse("requests:mine"), LIST),
        "scrutiny": ("police_partner", reverse("decisions:scrutinies"), LIST),
        "oversight": ("trust_manager", reverse("decisions:oversight"), LIST),
        "disclosure log": ("trust_manager", reverse("decisions:disclosures"), LIST),
        "who has looked": ("officer", reverse("requests:access_log", args=[case.pk]), LIST),
        "what one person saw": ("desk_lead", _seen(cast), LIST),
        "a request": ("officer", reverse("requests:triage_case", args=[case.pk]), ROW),
        "a check": ("trust_spoc", reverse("requests:check", args=[check.pk]), ROW),
        "a decision": ("trust_spoc", reverse("decisions:decision", args=[decision]), ROW),
        "a package": ("requester", reverse("requests:released", args=[release]), ROW),
    }
    return {name: Work.page(*page) for name, page in pages.items()}


def acts_of(cast: Cast) -> dict[str, Work]:
    """Every act."""
    return {name: Work.act(act, ACTS[name]) for name, act in acts(cast).items()}


def inboxes() -> dict[str, Work]:
    """The front door's inbox by each group, and by none."""
    groups = {f"inbox, {each.code}": _desk(each) for each in GROUPS if each is not TO_DO}
    every = {"inbox, all that is open": _desk(TO_DO)} | groups
    return {name: Work.page("officer", address, INBOX) for name, address in every.items()}


def _desk(group: Group) -> str:
    """One group of the desk by its address: without one it leads to what was chosen last."""
    return f"{reverse('requests:inbox')}?{urlencode({'group': group.code})}"


def _seen(cast: Cast) -> str:
    """What one person has looked at in the last ten years."""
    today = timezone.localdate()
    asked: dict[str, object] = {"email": cast.users["officer"].email}
    for name, year in (("since", today.year - 10), ("until", today.year)):
        asked |= {f"{name}_day": today.day, f"{name}_month": today.month, f"{name}_year": year}
    return f"{reverse('decisions:seen')}?{urlencode(asked)}"
