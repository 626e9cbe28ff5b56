"""Both databases for every test that uses one; a keyring; a clean cache."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase

from tests.plugins.in_flight import wait_until_answered
from tests.plugins.rows import BOTH, Empty

COMMITTING = {"transactional_db", "live_server", "worker"}
ROLLED_BACK = {"db", "client_as", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test of the database both of them: a case's key is in the other one."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if mark is None and not fixtures & (COMMITTING | ROLLED_BACK):
            continue
        asked = dict(mark.kwargs) if mark else {}
        if mark and mark.args:
            asked["transaction"] = mark.args[0]
        asked.setdefault("transaction", bool(fixtures & COMMITTING))
        asked.setdefault("databases", list(BOTH))
        item.add_marker(pytest.mark.django_db(**asked), append=False)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Nothing is dropped at the end: the servers go away, and some process may still be closing."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix() -> None:
    """The usual names in each worker, which has servers of its own."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[Empty]:
    """The tests' databases with the second wall round them, as in production.

    After a test that committed, the tables that it wrote to are emptied, and no other: Django would
    truncate all of them, and then make content types and permissions anew.
    """
    from portal.rls.building import build

    with django_db_blocker.unblock():
        for alias in BOTH:
            build(alias, {})
        empty = Empty()

    def come_back(case: TransactionTestCase) -> None:
        wait_until_answered()
        for alias in case._databases_names(include_mirrors=False):
            empty.come_back(alias)

    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(TransactionTestCase, "_fixture_teardown", come_back)
        yield empty


@pytest.fixture(scope="session", autouse=True)
def _keyring() -> None:
    """A key ring and a register of disposals, in the folder that goes away with the tests."""
    from django.conf import settings

    from encryption.provider import create_keyring_file

    path = Path(settings.KEYRING_FILE)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        create_keyring_file(path)
    # Tests destroy keys by hand, without a disposal: a register that is not there would be missed.
    Path(settings.DISPOSAL_REGISTER).touch()


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Forget failed sign-ins and whatever else the test before has left in the cache.

    And that it found Redis or the broker gone.
    """
    from authentication.throttling import cache as redis_or_table
    from outbox import waking

    for each in (waking.BROKER, redis_or_table.REDIS):
        each.answered()
    redis_or_table.UNKNOWN.clear()
    cache.clear()
