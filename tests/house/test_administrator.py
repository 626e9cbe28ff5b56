"""An administrator keeps agencies and people, and never reads a case (requirements, "People")."""

import pytest
from django.urls import reverse

from agencies.permissions import ABOUT_CASES, ROLES, Role
from tests.house.urls import TABLE
from tests.house.world import World, undone

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]

OF_CASES = [name for name in TABLE if name.partition(":")[0] in {"requests", "decisions"}]
CLOSED = {403, 404, 405}


def test_the_role_carries_nothing_that_is_about_cases():
    assert not ROLES[Role.ADMINISTRATOR] & ABOUT_CASES
    assert len(OF_CASES) > 60


@pytest.mark.parametrize("name", OF_CASES)
def test_no_address_about_cases_opens(world: World, name: str):
    there = reverse(name, args=world.args(TABLE[name].where))
    client = world.client("administrator")
    for ask in (client.get, client.post, client.head):
        with undone():
            got = ask(there)
        assert got.status_code in CLOSED, f"{name}: {got.status_code}"
        assert "Zed" not in got.content.decode()
