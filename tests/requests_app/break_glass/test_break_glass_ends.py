"""What is open ends with the agency's part in the agreement, at both walls (ISA-2.1, ISA-7.2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agencies.permissions import Permission
from agreement.signing import actions as signing
from requests_app.models import Subject
from tests import walks
from tests.agreement import walks as editions
from tests.house.world import undone
from tests.requests_app.break_glass.test_break_glass import ROWS, opened_by, reached
from workflow.rls_session import rls_session

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("ISA-2.1"),
    pytest.mark.clause("ISA-7.2", part=True),
]


@pytest.fixture
def case(cast):
    return walks.released(cast)


@pytest.fixture
def there(signed_in, case):
    """Where the partner reads what was opened."""
    return opened_by(signed_in("police_partner"), case)


def behind_the_wall(actor):
    """How many people of requests the database itself shows."""
    with undone(), rls_session(actor):
        return Subject.objects.count()


def test_it_ends_when_its_agency_is_suspended_and_goes_on_when_that_is_lifted(
    cast, signed_in, there
):
    agency = editions.suspended(cast, "police")
    assert cast.police_partner.permissions & {Permission.BREAK_GLASS}, "the role stays"
    assert reached(cast.police_partner) == [0] * len(ROWS)
    assert behind_the_wall(cast.police_partner) == 0
    assert signed_in("police_partner").get(there).status_code == 404
    signing.lift_suspension(agency, by=cast.administrator, reason="Mended")
    assert all(reached(cast.police_partner))
    assert behind_the_wall(cast.police_partner) > 0
    assert signed_in("police_partner").get(there).status_code == 200


def test_it_ends_on_the_day_on_which_its_agency_lapses(cast, there):
    today = timezone.localdate()
    for lapses_on, is_open in ((today + timedelta(days=1), True), (today, False)):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE agencies_agency SET lapses_on = %s WHERE id = %s",
                [lapses_on, cast.agencies["police"].pk],
            )
        assert any(reached(cast.police_partner)) == is_open
        assert bool(behind_the_wall(cast.police_partner)) == is_open
