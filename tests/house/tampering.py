"""Somebody with the database in hand, past the portal: sealed bytes as they are."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models


def stored(row: models.Model, column: str) -> bytes:
    """The sealed bytes of one column of one row."""
    pk = row._meta.pk
    assert pk
    with connection.cursor() as cursor:
        where = f'"{row._meta.db_table}" WHERE "{pk.column}" = %s'
        cursor.execute(f'SELECT "{column}" FROM {where}', [row.pk])  # noqa: S608 - our own names
        return bytes(cursor.fetchone()[0])


def put(row: models.Model, **columns: Any) -> None:
    """Write columns of a row, around the triggers too, which a superuser can switch off."""
    pk = row._meta.pk
    assert pk
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for column, value in columns.items():
            change = f'UPDATE "{row._meta.db_table}" SET "{column}" = %s'  # noqa: S608 - likewise
            cursor.execute(f'{change} WHERE "{pk.column}" = %s', [value, row.pk])
            assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = DEFAULT")


def flipped(token: bytes, place: int) -> bytes:
    """The bytes with one bit turned over."""
    changed = bytearray(token)
    changed[place] ^= 1
    return bytes(changed)


# What can be done to one value alone.
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the format": lambda token: flipped(token, 0),
    "a bit of the key's generation": lambda token: flipped(token, 2),
    "a bit of the nonce": lambda token: flipped(token, 3),
    "a bit of the value": lambda token: flipped(token, 20),
    "a bit of the tag": lambda token: flipped(token, -1),
    "cut by a byte": lambda token: token[:-1],
    "cut to the tag": lambda token: token[:15],
    "cut by its padding": lambda token: token[:-48],
    "nothing at all": lambda _token: b"",
    "longer by a byte": lambda token: token + b"\0",
    "twice": lambda token: token * 2,
    "words in clear": lambda _token: b"Alice Adams".ljust(120),
}
