"""The second wall: what PostgreSQL shows each person, whatever the portal's queries forget."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from encryption.errors import KeyDestroyed
from encryption.fields import sealed_fields
from portal.rls.plan import tables
from requests_app.models import InboxPlace
from tests.house.second_wall import MODELS, Rows, differing, second
from tests.house.urls import TABLE
from tests.house.world import ANONYMOUS, EVERYBODY, REVOKED, World, undone
from tests.patience import length
from tests.statements import nothing_prepared
from workflow.policy import Policy
from workflow.rls_session import rls_session

pytestmark = pytest.mark.django_db

ACTING = [who for who in EVERYBODY if who not in (ANONYMOUS, REVOKED)]
# Of the rows that the wall hides from who walks, each fifth for each page, and for each walker and
# page others: the five of them meet every page with every row. At night each walker meets all.
EVERY = length(5, long=1)
LEAST = 5  # letters of a text, from which on it stands for one row
EXAMPLE = "such as “Attendance in October”"  # in the form of an item, and the title of one here


@pytest.mark.parametrize("who", ACTING)
@pytest.mark.clause("ISA-7.2", part=True)
def test_the_database_shows_what_the_policies_reach_and_what_is_named_here(world: World, who: str):
    assert not differing(world.actors[who])


def test_without_a_person_nothing_of_a_case_is_there(world: World):
    with undone(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app")
        for model in MODELS:
            assert not model._base_manager.exists()
            if model is not InboxPlace:  # it has none
                assert not model.history.model._base_manager.exists()


def test_a_person_at_an_agency_that_is_not_theirs_is_nobody(world: World):
    from workflow.acting import Actor

    requester, officer = world.actors["requester"], world.actors["officer"]
    pair = Actor(user=requester.user, agency=officer.agency, permissions=officer.permissions)
    assert not any(second(pair).values())


def test_history_goes_where_its_row_goes(world: World):
    actor = world.actors["housing_spoc"]
    with undone(), rls_session(actor):
        for model in (each for each in MODELS if each is not InboxPlace):
            there = set(model._base_manager.values_list("pk", flat=True))
            past = model.history.exclude(history_user=actor.user).values_list("id", flat=True)
            assert set(past) <= there, model


def test_every_table_of_a_case_stands_behind_the_wall():
    walled = {table.name for table in tables()}
    for model in apps.get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        in_a_room = model._meta.app_label in ("requests_app", "decisions")
        if (in_a_room or "case_id" in columns) and model._meta.app_label != "encryption":
            assert model._meta.db_table in walled, model


# With the first wall taken out.

WALKERS = ["classmate", "trust_nurse", "housing_spoc", "police_partner", "administrator"]


def everything(self: Policy[Any], *_actor_and_permissions: Any) -> Any:
    """What a build would do in which every policy reaches every row."""
    return self.model._base_manager.all()


def words_of(model: type[Any], pks: set[Any]) -> Iterator[str]:
    """What stands in these rows that is theirs: sealed text, and references."""
    for row in model._base_manager.filter(pk__in=pks):
        with suppress(KeyDestroyed):  # of what was disposed of, no word is left
            for field in sealed_fields(model):
                if len(text := str(getattr(row, field.name) or "")) >= LEAST:
                    yield text
        if hasattr(row, "reference"):
            yield row.reference


def foreign_words(rows: Rows) -> set[str]:
    """What stands in all the other rows and in none of these."""
    own = {word for model, pks in rows.items() for word in words_of(model, pks)}
    others: set[str] = set()
    for model, pks in rows.items():
        rest = set(model._base_manager.values_list("pk", flat=True)) - pks
        others |= set(words_of(model, rest))
    return {word for word in others - own if not any(word in mine for mine in own)}


def addresses(world: World, who: str) -> Iterator[str]:
    """Each page of the table with each row that it could be of, and its own part of that row.

    A row that is not ``who``'s to see is met by turns, see ``EVERY``.
    """
    theirs, turn = in_sight(world, who), WALKERS.index(who)
    for name, row in TABLE.items():
        if row.get != 200:
            continue
        parts = row.where.split()
        if not parts or "." not in parts[0]:
            yield reverse(name, args=[part.lstrip("=") for part in parts])
            continue
        kind, turn = parts[0].partition(".")[0], turn + 1
        for number, (key, thing) in enumerate(world.rows.get(kind, {}).items()):
            if thing.pk not in theirs and (number + turn) % EVERY:
                continue
            args: list[Any] = [thing.pk]
            for part in parts[1:]:
                if part.startswith("="):
                    args.append(part[1:])
                else:
                    args.append(_part(world, part, key).pk)
            yield reverse(name, args=args)


def in_sight(world: World, who: str) -> set[Any]:
    """What the wall shows them, their agency, and all of which the table has no more than a few."""
    with override_settings(WALL_ROLE="portal_app"):
        shown = set().union(*second(world.actors[who]).values())
    few = {row.pk for rows in world.rows.values() if len(rows) < EVERY for row in rows.values()}
    return shown | few | {world.actors[who].agency.pk}


def _part(world: World, part: str, key: str) -> Any:
    """The part of that kind of the row under ``key``, or the one that the table names."""
    kind = part.partition(".")[0]
    for name, row in world.rows[kind].items():
        if re.fullmatch(rf"(\w+_)?{key}\d*", name):
            return row
    return world.row(part)


def found(world: World, who: str, words: set[str]) -> Iterator[tuple[str, set[str]]]:
    """The addresses at which any of these words come back in anything, and which."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words)))
    for there in addresses(world, who):
        with undone():
            answer = world.client(who).get(there)
            body = b"".join(answer) if answer.streaming else answer.content
            text = body.decode(errors="replace").replace(EXAMPLE, "") + str(answer.headers)
        if read := set(pattern.findall(text)):
            yield there, read


@pytest.fixture
def first_wall_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every list and every door of the portal reaches every row."""
    monkeypatch.setattr(Policy, "scope", everything)
    with nothing_prepared():
        yield


@pytest.mark.parametrize("who", WALKERS)
@pytest.mark.clause("ISA-7.2", part=True)
def test_with_the_first_wall_out_no_foreign_row_comes_back(
    world: World, who: str, first_wall_out: None
):
    words = foreign_words(second(world.actors[who]))
    assert len(words) > LEAST
    assert not dict(found(world, who, words))


@override_settings(WALL_ROLE="")
def test_with_both_walls_out_the_walk_does_find_them(world: World, first_wall_out: None):
    words, met = foreign_words(second_of_the_wall(world, "housing_spoc")), set[str]()
    for _there, hits in found(world, "housing_spoc", words):
        met |= hits
        if len(met) > 9:  # enough: the rest of the walk would say no more
            break
    assert len(met) > 9


def second_of_the_wall(world: World, who: str) -> Rows:
    """What the wall shows, asked for while the pages are served without it."""
    with override_settings(WALL_ROLE="portal_app"):
        return second(world.actors[who])
