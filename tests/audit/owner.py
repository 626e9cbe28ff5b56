"""What only the owner of the tables can do."""

from django.db import connection


def as_owner(sql: str) -> None:
    """As the owner of the tables can: past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")
