"""Every address, tried by every person, by GET and by a POST with nothing in it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.urls import ACCOUNT, ALL, DEMONSTRATION, PUBLIC, TABLE, Open, Row
from tests.house.world import ANONYMOUS, BOTH, EVERYBODY, REVOKED, World, undone

pytestmark = pytest.mark.django_db

OPEN = PUBLIC | ACCOUNT
CHANGE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
# A GET writes down that somebody looked, and keeps the session; it changes nothing else.
WRITTEN_BY_GET = {"audit_accessentry", "signed_in_session"}


def names_in(urlconf: str) -> set[str]:
    """The names of all addresses, with their namespaces."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                inner = f"{prefix}{each.namespace}:" if each.namespace else prefix
                yield from walk(each.url_patterns, inner)
            else:
                assert isinstance(each, URLPattern)
                assert each.name, f"{each} has no name"
                yield prefix + each.name

    return set(walk(get_resolver(urlconf).url_patterns, ""))


def test_every_address_is_in_the_table():
    assert names_in("portal.urls") == set(TABLE) | set(OPEN)


def test_every_address_of_the_demonstration_is_in_the_table():
    everything = set(TABLE) | set(OPEN) | set(DEMONSTRATION)
    assert names_in("tests.portal.demo_urls") == everything
    assert not any(names & set(DEMONSTRATION) for names in (names_in("portal.urls"),))


def test_an_address_has_one_name():
    assert len(set(TABLE) | set(OPEN)) == len(TABLE) + len(OPEN)


@contextmanager
def changes() -> Iterator[set[str]]:
    """The tables that are written to within, on both databases."""
    written: set[str] = set()

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if found := CHANGE.match(str(sql)):
            written.add(found[1])
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in BOTH:
            stack.enter_context(connections[alias].execute_wrapper(note))
        yield written


def expected(row: Row, who: str, status: int) -> int:
    """What the table says this person gets."""
    if who == ANONYMOUS:
        return 302
    if who == REVOKED:
        return 403
    return status if who in row.who or status == 405 else 404


def tried(world: World, name: str, where: str, who: str) -> tuple[int, int]:
    """The statuses of GET and of an empty POST; GET may change nothing."""
    there = reverse(name, args=world.args(where))
    with undone(), changes() as written:
        got = world.client(who).get(there)
        assert written <= WRITTEN_BY_GET, f"{who} changed {written} by looking at {name}"
    with undone():
        posted = world.client(who).post(there)
    return got.status_code, posted.status_code


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.clause("ISA-7.2", part=True)
def test_who_gets_what(world: World, name: str):
    row, wrong = TABLE[name], []
    for who in EVERYBODY:
        right = expected(row, who, row.get), expected(row, who, row.post)
        if (got := tried(world, name, row.where, who)) != right:
            wrong.append(f"{name}: {who} should get {right} and gets {got}")
    assert not wrong, "\n".join(wrong)


def open_to(world: World, name: str, row: Open) -> None:
    wrong = []
    for who in (ANONYMOUS, REVOKED, *sorted(ALL)):
        signed_in = who != ANONYMOUS
        right = row.get[signed_in], row.post[signed_in]
        if (got := tried(world, name, row.where, who)) != right:
            wrong.append(f"{name}: {who} should get {right} and gets {got}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", OPEN)
def test_who_gets_what_without_a_part_in_anything(world: World, name: str):
    open_to(world, name, OPEN[name])


@pytest.mark.parametrize("name", DEMONSTRATION)
@override_settings(DEMONSTRATION=True, ROOT_URLCONF="tests.portal.demo_urls")
def test_what_only_the_demonstration_has(world: World, name: str):
    open_to(world, name, DEMONSTRATION[name])


@pytest.mark.parametrize("name", DEMONSTRATION)
def test_nobody_gets_it_elsewhere(world: World, name: str):
    with override_settings(ROOT_URLCONF="tests.portal.demo_urls"):
        there = reverse(name)
    for who in EVERYBODY:
        assert world.client(who).get(there).status_code == 404
