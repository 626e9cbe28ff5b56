"""What a web process can do, as its role of the database and as an officer."""

from typing import Any

from django.db import connection, transaction

from tests.cast import Cast


def as_page(cast: Cast, *statements: tuple[str, Any]) -> list[Any]:
    """In one transaction of a process that says it acts for an officer; the last one's answer."""
    officer = cast.officer
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app")
        cursor.execute(
            "SELECT set_config('portal.person', %s, true), set_config('portal.agency', %s, true),"
            " set_config('portal.may', %s, true)",
            [str(officer.user.pk), str(officer.agency.pk), ",".join(officer.permissions)],
        )
        for sql, values in statements:
            cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
