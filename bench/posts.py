"""What is sent to the portal: each act with what must be there before it, made afresh each time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from bench import world
from decisions.flow import actions as deciding
from decisions.flow.readiness import state_of
from requests_app.items import actions as items
from tests import walks
from tests.cast import Cast

MOVED: Final = 302
PARTS: Final = (
    ("purpose", (), {"purposes": "needs", "reason": "A bruise nobody explains"}),
    ("need_add", (), {"fact": "Seen at hospital?", "why": "Unexplained bruise"}),
    ("rating", (), {"rating": "amber", "reason": "Seen today"}),
    ("consent", (), {"answer": "not_sought"}),
    ("consent_details", ("not_sought",), {"why_not": "risk", "explanation": "Uncle"}),
    ("parents", (), {"told": "no", "reason": "It could put the child at risk"}),
)
CHILD: Final = {
    "given_name": "Zed",
    "family_name": "Example",
    "born": "born",
    "date_of_birth_day": "27",
    "date_of_birth_month": "3",
    "date_of_birth_year": "2015",
    "address": "1 Invented Street, Anytown",
    "nhs_number": "9990000018",
}
RISK: Final = {"given_name": "Rex", "family_name": "Risk", "relationship": "Uncle"}


@dataclass(frozen=True)
class Act:
    """What is sent by whom; ``ready`` makes what it is sent to, which is not measured."""

    who: str
    ready: Callable[[], Any]
    send: Callable[[Client, Any], None]


def acts(cast: Cast) -> dict[str, Act]:
    """Each act that is measured, by its name."""
    return {
        "send a request (last POST)": Act("requester", lambda: walks.a_draft(cast), _send),
        "create a request (10 POSTs)": Act("requester", lambda: None, _create),
        "one step of the flow": Act("trust_spoc", lambda: _begun(cast), _step),
        "record a decision": Act("trust_spoc", lambda: _to_record(cast), _record),
        "release to one": Act("officer", lambda: _to_release(cast), _release),
    }


def _post(client: Client, name: str, *keys: Any, **fields: Any) -> str:
    """The address to which it leads; SystemExit where it is not taken."""
    there = reverse(name, args=keys)
    answer = client.post(there, fields)
    if answer.status_code != MOVED:
        raise SystemExit(f"{there} answers {answer.status_code}")
    return str(answer.headers["Location"])


def _once() -> dict[str, str]:
    return {"idempotency_key": str(uuid4())}


def _create(client: Client, _nothing: Any) -> None:
    case = _post(client, "requests:start", **_once()).split("/")[2]
    for role, person in (("child", CHILD), ("risk", RISK)):
        _post(client, "requests:person_add", case, role, **_once(), **person)
    for name, more, fields in PARTS:
        _post(client, f"requests:{name}", case, *more, **_once(), **fields)
    _post(client, "requests:send", case)


def _send(client: Client, case: Any) -> None:
    _post(client, "requests:send", case.pk)


def _begun(cast: Cast) -> Any:
    """A decision on one item, of which nothing is answered."""
    check, by = walks.taken(cast), cast.trust_spoc
    walks.listed(check, by, "Attendance in October")
    return deciding.begin_decision(check, by=by, idempotency_key=uuid4())


def _step(client: Client, decision: Any) -> None:
    _post(client, "decisions:step", decision.pk, "purpose", choice="yes", reasons="Weighed it")


def _to_record(cast: Cast) -> Any:
    """A decision that only has to be recorded, and what the page before that sends along."""
    decision = walks.ready_to_share(cast)
    return decision.pk, state_of(decision)


def _record(client: Client, ready: Any) -> None:
    decision, state = ready
    _post(client, "decisions:record", decision, expected_version=state)


def _to_release(cast: Cast) -> Any:
    """A decision to share of which all is taken in."""
    decision = walks.shared(cast)
    for each in decision.weighed.all():
        items.accept_item(each.item, by=cast.officer)
    return decision


def _release(client: Client, decision: Any) -> None:
    fields = {"answers": str(decision.agency_check_id), "recipients": str(_requester())}
    _post(client, "requests:release", decision.case_id, **_once(), **fields)


def _requester() -> Any:
    return world.cast().users["requester"].pk
