"""Several tabs that start a request at once, with real threads on PostgreSQL: one empty draft."""

from uuid import uuid4

import pytest

from requests_app.models import InformationRequest
from requests_app.request_parts import actions as parts
from tests.house.test_races import at_once, events

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
START = "/requests/start/"


def pressing(client, went):
    """One tab: its own page, so its own token."""
    return lambda: went.append(client.post(START, {"idempotency_key": str(uuid4())})["Location"])


def test_tabs_that_press_at_once_all_go_to_one_draft(cast, signed_in):
    went = []
    tabs = [pressing(signed_in("requester"), went) for _ in range(4)]
    assert at_once(*tabs) == ["made"] * 4
    case = InformationRequest.objects.get()
    assert went == [f"/requests/{case.pk}/"] * 4
    assert events("informationrequest.start") == 1


def test_two_people_at_once_have_a_draft_each(cast, signed_in):
    went = []
    tabs = [pressing(signed_in(who), went) for who in ("requester", "classmate")]
    assert at_once(*tabs) == ["made"] * 2
    assert len(set(went)) == InformationRequest.objects.count() == 2


def test_a_draft_that_is_filled_in_meanwhile_is_not_gone_on_with(cast, signed_in):
    went = []
    pressing(signed_in("requester"), went)()
    case = InformationRequest.objects.get()
    parts.add_need(case, by=cast.requester, idempotency_key=uuid4(), fact="Seen?", why="A bruise")
    assert at_once(*[pressing(signed_in("requester"), went) for _ in range(3)]) == ["made"] * 3
    assert InformationRequest.objects.count() == 2
    assert len(set(went[1:])) == 1
