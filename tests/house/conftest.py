"""The world that the tables of addresses are tried in."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.house.world import World, build, undone


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for a whole file of tests, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), undone():
        yield build()
