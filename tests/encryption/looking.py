"""Looking at what is stored and at what is shown, as somebody without our code would."""

from typing import Any

from django.db import connection

from tests.encryption.sample.models import Note

SECRETS = ("Zebedee", "Marmalade")


def stored(table: str = "encryption_sample_note") -> bytes:
    """Every byte of the table, as the database gives it without our fields."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - a constant
        return b"|".join(
            bytes(each) if isinstance(each, memoryview) else str(each).encode()
            for row in cursor.fetchall()
            for each in row
        )


def shows_nothing(text: object) -> None:
    assert not any(secret in f"{text!r}{text}" for secret in SECRETS)


def raw(note: Note, **columns: Any) -> Note:
    """Write columns as somebody with the database in hand would, and read the row again."""
    with connection.cursor() as cursor:
        for name, value in columns.items():
            cursor.execute(
                f"UPDATE encryption_sample_note SET {name} = %s WHERE id = %s",  # noqa: S608
                [value, note.pk],
            )
    return Note.objects.get(pk=note.pk)
