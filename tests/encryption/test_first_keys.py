"""Who does not own the keystore adds the first keys of a case, live, or takes a live one away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from encryption import generations
from encryption.casekeys import (
    REGISTER,
    create_case_key,
    destroy_case_key,
    fingerprint_key,
    sealing_key,
)
from encryption.errors import KeyDestroyed
from encryption.models import CaseKey

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("P-SECURE", part=True),
]
ADD = (
    "INSERT INTO encryption_casekey"
    " (case_id, generation, ring_key_id, wrapped, created_at, destroyed_at, replaced_at)"
    " VALUES (%s, %s, 'x', %s, now(), {destroyed}, {replaced})"
)
WAYS = {
    "destroyed": (b"", "now()", "NULL"),
    "replaced": (b"", "NULL", "now()"),
    "both": (b"", "now()", "now()"),
}


@contextmanager
def pages(role: str = "portal_app") -> Iterator[Any]:
    """The keystore as a web process has it, or another."""
    with connections["keystore"].cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            yield cursor
        finally:
            cursor.execute("RESET ROLE")


def add(cursor: Any, case_id: UUID, generation: int, how: str) -> None:
    wrapped, destroyed, replaced = WAYS.get(how, (b"x" * 60, "NULL", "NULL"))
    with transaction.atomic("keystore"):
        cursor.execute(
            ADD.format(destroyed=destroyed, replaced=replaced),
            [case_id, generation, wrapped or None],
        )


@pytest.mark.parametrize("generation", [0, 1, 2, 9])
@pytest.mark.parametrize("how", WAYS)
def test_pages_add_no_key_that_has_ended(how: str, generation: int) -> None:
    create_case_key(there := uuid4())
    with pages() as cursor:
        for case_id in (there, uuid4()):
            with pytest.raises(DatabaseError, match="first keys of a case"):
                add(cursor, case_id, generation, how)
        sealing_key(there)
    create_case_key(there)


@pytest.mark.parametrize("generation", [2, 3, 9])
def test_nor_a_newer_one_that_would_stop_a_case(generation: int) -> None:
    """The newest seals: one that does not unwrap would keep all of the case shut."""
    create_case_key(there := uuid4())
    with pages() as cursor:
        for case_id in (there, uuid4()):
            with pytest.raises(DatabaseError, match="first keys of a case"):
                add(cursor, case_id, generation, "live")
    assert sealing_key(there).generation == 1


def test_nor_with_names_of_their_own_in_front() -> None:
    create_case_key(there := uuid4())
    with pages() as cursor:
        cursor.execute("SET search_path = pg_temp, public, pg_catalog")
        with pytest.raises(DatabaseError, match="first keys of a case"):
            add(cursor, there, 9, "destroyed")
        cursor.execute("RESET search_path")


def test_pages_make_what_a_case_begins_with() -> None:
    with pages():
        create_case_key(case_id := uuid4())
        fingerprint_key(case_id)
        create_case_key(case_id)
    CaseKey.objects.filter(case_id=case_id, generation=0).delete()
    with pages():
        fingerprint_key(case_id)
    assert set(CaseKey.objects.filter(case_id=case_id).values_list("generation", flat=True)) == {
        *(0, 1)
    }
    destroy_case_key(case_id)
    with pages() as cursor, pytest.raises(KeyDestroyed):
        fingerprint_key(case_id)
    with pages() as cursor, pytest.raises(DatabaseError, match="never comes back"):
        add(cursor, case_id, 1, "live")


def test_the_owner_begins_generations_and_puts_back_what_was_destroyed() -> None:
    """Rows as a restore brings them, in whatever order: the newest first here."""
    create_case_key(case_id := uuid4())
    generations.begin_generation(case_id)
    generations.end_older_generations(case_id, 2)
    destroy_case_key(case_id)
    rows = list(CaseKey.objects.filter(case_id=case_id).order_by("-generation"))
    CaseKey.objects.filter(case_id=case_id).delete()
    for row in rows:
        CaseKey.objects.bulk_create([row])
    assert CaseKey.objects.filter(case_id=case_id, destroyed_at__isnull=False).count() == 3
    with pytest.raises(KeyDestroyed):
        sealing_key(case_id)


def test_nor_one_that_stands_before_all_others() -> None:
    """By the row with the lowest number a start tries whether the ring is the right one."""
    named = ADD.replace("(case_id", "(id, case_id").replace("VALUES (", "VALUES (-1, ")
    with (
        pages() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic("keystore"),
    ):
        cursor.execute(named.format(destroyed="NULL", replaced="NULL"), [uuid4(), 1, b"x" * 60])


DESTROY = "UPDATE encryption_casekey SET wrapped = NULL, destroyed_at = now() WHERE case_id = %s"
OTHERWISE = {
    "nothing": "UPDATE encryption_casekey SET wrapped = wrapped WHERE case_id = %s",
    "opens nothing": "UPDATE encryption_casekey SET wrapped = 'x' WHERE case_id = %s",
    "another's": (
        "UPDATE encryption_casekey c SET wrapped = o.wrapped FROM encryption_casekey o"
        " WHERE c.case_id = %s AND o.case_id <> c.case_id AND o.generation = c.generation"
    ),
}


@pytest.mark.parametrize("change", OTHERWISE.values(), ids=OTHERWISE)
def test_what_destroys_keys_changes_none(change: str) -> None:
    create_case_key(case_id := uuid4())
    create_case_key(uuid4())
    with (
        pages("portal_disposals") as cursor,
        pytest.raises(DatabaseError, match="changed in no other way"),
        transaction.atomic("keystore"),
    ):
        cursor.execute(change, [case_id])
    sealing_key(case_id)


def test_it_destroys_a_case_and_only_once() -> None:
    create_case_key(case_id := uuid4())
    with pages("portal_disposals") as cursor:
        destroy_case_key(case_id)
        destroy_case_key(case_id)
        with (
            pytest.raises(DatabaseError, match="changed in no other way"),
            transaction.atomic("keystore"),
        ):
            cursor.execute(DESTROY, [case_id])  # at another time
    with pytest.raises(KeyDestroyed):
        sealing_key(case_id)


def test_nobody_destroys_the_key_of_the_register() -> None:
    """Under it stands what the ledger says: without it nothing could be recorded any more."""
    fingerprint_key(REGISTER)
    for role in ("portal_disposals", "none"):  # with none, the owner of the table
        with (
            pages(role) as cursor,
            pytest.raises(DatabaseError, match="destroyed by nobody"),
            transaction.atomic("keystore"),
        ):
            cursor.execute(DESTROY, [REGISTER])
    fingerprint_key(REGISTER)
