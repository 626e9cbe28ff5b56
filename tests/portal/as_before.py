"""``python -m tests.portal.as_before``: tables as they were made before there was a squash.

With ``--copies`` it keeps what a start that was interrupted after a migration would have left: of
SQLite a file for each, in that folder; of PostgreSQL a database of that name, for the one ``--at``.
"""

import os
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def main():
    """Apply one migration after the other, in the order in which Django took them then."""
    import django

    django.setup()
    from django.db import connections

    parser = ArgumentParser()
    parser.add_argument("databases", nargs="+")
    parser.add_argument("--copies", default="")
    parser.add_argument("--at", default="")
    asked = parser.parse_args()
    for alias in asked.databases:
        for migration in apply_as_before(connections[alias]):
            if asked.copies and asked.at in ("", str(migration)):
                keep(connections[alias], asked.copies, migration)


def apply_as_before(connection):
    """Each migration, once it is applied."""
    from encryption.router import APP, KEYSTORE

    executor, plan = as_before(connection)
    executor.recorder.ensure_schema()
    state = None
    for migration in plan:
        # Every app was walked through on the keystore too, where the router refused all but one.
        only_said = connection.alias == KEYSTORE and migration.app_label != APP
        state = executor.migrate(None, plan=[(migration, False)], state=state, fake=only_said)
        yield migration


def as_before(connection):
    """Django's executor without the squashed migrations, and what it has still to apply."""
    executor = MigrationExecutor(connection)
    loader = MigrationLoader(connection, replace_migrations=False)
    squashed = {app: each for (app, _), each in loader.replacements.items()}
    loader.replacements = {}  # or they would be recorded
    executor.loader = loader
    leaves = {key for key in loader.graph.leaf_nodes() if key[0] not in squashed}
    last = {each.replaces[-1] for each in squashed.values()}
    return executor, [each for each, _ in executor.migration_plan(sorted(leaves | last))]


def keep(connection, place, name):
    """A copy of a database as it is."""
    connection.close()
    here = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {place} TEMPLATE {here}")
    elif connection.alias == "default":
        there = Path(place) / f"{name}.sqlite3"
        with closing(sqlite3.connect(here)) as link, closing(sqlite3.connect(there)) as copy:
            link.backup(copy)  # with what is in its log


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")
    main()
