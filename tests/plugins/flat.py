"""A list must ask the databases as often for eleven rows as for one."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

ALIASES = ("default", "keystore")
# What only a test does: a page of it is no transaction of its own, but a part of the test's.
OF_THE_TEST = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config('portal.person', ''")


def _statements(fetch: Callable[[], Any]) -> list[str]:
    with ExitStack() as stack:
        seen: Iterable[CaptureQueriesContext] = [
            stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ALIASES
        ]
        fetch()
        return [query["sql"] for context in seen for query in context.captured_queries]


@pytest.fixture
def flat(db: None) -> Callable[..., None]:
    """``flat(fetch, add=...)``: as many statements for 11 rows as for 1, on both databases."""

    def check(fetch: Callable[[], Any], *, add: Callable[[], Any], more: int = 10) -> None:
        add()
        fetch()  # whatever is done once only
        few = _statements(fetch)
        for _ in range(more):
            add()
        fetch()  # a message about what was added is shown, and taken from the session, once
        many = _statements(fetch)
        assert len(many) == len(few), "\n".join(
            [f"{len(few)} statements for one row, {len(many)} for {more + 1}:", *many]
        )

    return check


@pytest.fixture
def statements_of(db: None) -> Callable[[Callable[[], Any]], list[str]]:
    """``statements_of(fetch)``: what a page asks of both databases, once it is warm."""

    def asked(fetch: Callable[[], Any]) -> list[str]:
        fetch()
        return [each for each in _statements(fetch) if not each.startswith(OF_THE_TEST)]

    return asked
