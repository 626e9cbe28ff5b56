"""What the database was asked, also where the statement had been prepared before."""

from contextlib import contextmanager

from django.db import connections

from workflow.compiled import KEPT


def texts(asked, alias="default"):
    """The text of each captured statement; of a prepared one, that which it stands for."""
    return [_text(each["sql"], alias) for each in list(asked)]


def _text(sql, alias):
    if not sql.startswith("EXECUTE "):
        return sql
    name = sql.removeprefix("EXECUTE ").partition("(")[0]
    with connections[alias].connection.cursor() as link:
        link.execute("SELECT statement FROM pg_prepared_statements WHERE name = %s", [name])
        return link.fetchone()[0]


@contextmanager
def nothing_prepared(alias="default"):
    """Within and after, every query is put together anew: for tests that exchange code."""
    vars(connections[alias]).pop(KEPT, None)
    yield
    vars(connections[alias]).pop(KEPT, None)
