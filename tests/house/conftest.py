"""The world that the tables of addresses are tried in."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.house.world import KeptWorld, World, undone
from tests.plugins.rows import Empty


@pytest.fixture(scope="session")
def kept_world(django_db_setup: Empty) -> KeptWorld:
    """What every file's ``world`` comes from."""
    return KeptWorld(django_db_setup)


@pytest.fixture(scope="module")
def world(kept_world: KeptWorld, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for a whole file of tests, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), undone():
        yield kept_world.again()
