"""Openings with real threads on PostgreSQL: opened once, closed once, and not read after that."""

from uuid import uuid4

import pytest

from agencies.permissions import Permission
from outbox.models import Message
from requests_app.break_glass import actions as openings
from requests_app.models import Opening
from requests_app.policies import REQUESTS
from tests import walks
from tests.house.test_races import at_once, events, fresh

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("ISA-7.2", part=True),
]


def test_the_same_form_sent_at_once_opens_once_and_tells_once(cast):
    case, by, idempotency_key = walks.sent(cast), cast.police_partner, uuid4()

    def act():
        openings.open_otherwise(
            fresh(case), by=by, idempotency_key=idempotency_key, reason="audit", in_words="Audit 9"
        )

    assert at_once(act, act, act) == ["made"] * 3
    assert Opening.objects.count() == events("opening.open") == 1
    assert Message.objects.filter(topic="opening.opened", to="").count() == 1


def test_closed_while_it_is_read_and_not_read_after(cast):
    by = cast.police_partner
    opening = walks.opened(cast, walks.sent(cast))
    read = []

    def look():
        read.append(REQUESTS.scope(by, Permission.BREAK_GLASS).count())

    def close():
        openings.close_opening(fresh(opening), by=by)

    assert at_once(close, look, close, look) == ["made"] * 4
    assert set(read) <= {0, 1}
    assert events("opening.close") == 1
    look()
    assert read[-1] == 0
