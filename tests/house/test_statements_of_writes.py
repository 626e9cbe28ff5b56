"""How many statements a page that writes asks both databases for: no more than these."""

from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from decisions.flow import actions as deciding
from decisions.flow.readiness import state_of
from requests_app.items import actions as items
from tests import walks
from tests.decisions.filling import at, say

pytestmark = pytest.mark.django_db

CHILD = {
    "given_name": "Zed",
    "family_name": "Example",
    "born": "born",
    "address": "1 Invented Street, Anytown",
}
# Of the creation of a request, in order: what is posted, and the most statements.
CREATION = {
    "person_add/child": (CHILD, 17),
    "person_add/risk": ({"given_name": "Rex", "relationship": "Uncle"}, 16),
    "need_add": ({"fact": "Seen at hospital?", "why": "A bruise"}, 16),
    "purpose": ({"purposes": ["needs"], "reason": "A bruise"}, 15),
    "rating": ({"rating": "amber", "reason": "Seen today"}, 15),
    "consent": ({"answer": "not_sought"}, 8),
    "consent_details/not_sought": ({"why_not": "risk", "explanation": "Uncle"}, 16),
    "parents": ({"told": "no", "reason": "Risk"}, 14),
    "send": ({}, 21),
}
START, WHOLE = 19, 157


def statements(client, there, data):
    with (
        CaptureQueriesContext(connections["default"]) as records,
        CaptureQueriesContext(connections["keystore"]) as keys,
    ):
        answer = client.post(there, data)
    assert answer.status_code == 302, answer.content
    asked = [each["sql"] for each in [*records.captured_queries, *keys.captured_queries]]
    # In a test, where one transaction is around all pages, what each has set is taken back.
    asked = [sql for sql in asked if "set_config('portal.person', ''" not in sql]
    return answer.url, len(asked), asked


def prepared(once):
    """What it gives the second time: the first puts its statements together."""
    once()
    return once()


@pytest.fixture
def create(signed_in):
    def create():
        client = signed_in("requester")
        start = {"idempotency_key": str(uuid4())}
        url, number, asked = statements(client, reverse("requests:start"), start)
        counts, pk = {"start": (number, asked)}, url.split("/")[-2]
        for name, (said, _most) in CREATION.items():
            page, *more = name.split("/")
            there = reverse(f"requests:{page}", args=[pk, *more])
            once = {"idempotency_key": str(uuid4())}
            counts[name] = statements(client, there, once | said)[1:]
        return counts

    return create


def test_creating_and_sending_a_request(create):
    counts = prepared(create)
    for name, most in {
        "start": START,
        **{name: most for name, (_, most) in CREATION.items()},
    }.items():
        number, asked = counts[name]
        assert number <= most, "\n".join([name, *asked])
    assert sum(number for number, _asked in counts.values()) <= WHOLE


def test_a_step_of_the_flow(cast, signed_in):
    client = signed_in("trust_spoc")

    def step():
        agency_check = walks.taken(cast)
        walks.listed(agency_check, cast.trust_spoc, "Attendance")
        row = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
        first = statements(client, at("step", row, "purpose"), {"choice": "yes", "reasons": "So"})
        again = statements(client, at("step", row, "purpose"), {"choice": "yes", "reasons": "Oh"})
        assert say(client, row, "consent", "no").status_code == 302
        return first, again

    first, again = prepared(step)
    assert first[1] <= 18, "\n".join(first[2])
    assert again[1] <= 18, "\n".join(again[2])


def test_recording_and_releasing_to_one(cast, signed_in):
    spoc, officer = signed_in("trust_spoc"), signed_in("officer")

    def both():
        decision = walks.ready_to_share(cast)
        shown = {"expected_version": state_of(decision)}
        recorded = statements(spoc, at("record", decision), shown)
        for each in decision.weighed.all():
            items.accept_item(each.item, by=cast.officer)
        chosen = {
            "idempotency_key": str(uuid4()),
            "answers": [str(decision.agency_check_id)],
            "recipients": [str(cast.users["requester"].pk)],
        }
        there = reverse("requests:release", args=[decision.case_id])
        return recorded, statements(officer, there, chosen)

    recorded, released = prepared(both)
    assert recorded[1] <= 28, "\n".join(recorded[2])
    assert released[1] <= 34, "\n".join(released[2])
