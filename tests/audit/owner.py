"""What whoever owns the tables can do to them, and the portal never does."""

from typing import Final

from django.db import connection

OTHERWISE: Final = """UPDATE audit_leaf SET body = replace(body, '"person":"', '"person":"x')"""
UNSIGNED: Final = (
    "DELETE FROM audit_signedcheckpoint; DELETE FROM audit_tile;"
    " UPDATE audit_leaf SET leaf_index = NULL"
)


def as_owner(sql: str, *values: object) -> None:
    """As the owner of the tables can: past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values or None)
        cursor.execute("SET session_replication_role = DEFAULT")
