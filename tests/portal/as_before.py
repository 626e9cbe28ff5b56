"""``python -m tests.portal.as_before``: tables as they were made before there was a squash.

On SQLite and on PostgreSQL at once: what takes long is to draw up the models as they were after
each step, and that is the same for both. What a start that was interrupted would have left is kept:
of SQLite a file for each migration, of PostgreSQL a database for one.
"""

import os
import sqlite3
from argparse import ArgumentParser
from contextlib import ExitStack, closing
from pathlib import Path

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def main():
    """Apply one migration after the other, in the order in which Django took them then."""
    import django
    from django.conf import settings
    from django.db import connections

    from portal.settings.environment import env

    parser = ArgumentParser()
    parser.add_argument("--copies", type=Path, required=True)
    parser.add_argument("--half", required=True)
    parser.add_argument("--half-at", required=True)
    asked = parser.parse_args()
    settings.DATABASES["server"] = env.db_url("SERVER_URL")
    django.setup()
    file, server = connections["default"], connections["server"]
    for migration in apply_as_before(file, server):
        keep_file(file, asked.copies / f"{migration}.sqlite3")
        if str(migration) == asked.half_at:
            keep_database(server, asked.half)
    walk_the_keystore(connections["keystore"])


def apply_as_before(*connections):
    """Each migration, once it is applied to these empty databases."""
    executor, plan = as_before(connections[0])
    recorders = [MigrationRecorder(each) for each in connections]
    for recorder in recorders:
        recorder.ensure_schema()
    state = executor._create_project_state()
    for migration in plan:
        with ExitStack() as stack:
            editors = [stack.enter_context(each.schema_editor()) for each in connections]
            for operation in migration.operations:
                was = state.clone()
                operation.state_forwards(migration.app_label, state)
                for editor in editors:
                    operation.database_forwards(migration.app_label, editor, was, state)
        for recorder in recorders:
            recorder.record_applied(migration.app_label, migration.name)
        yield migration


def walk_the_keystore(connection):
    """Every app was, where the router refused all but one: those are only said to be applied."""
    from encryption.router import APP

    executor, plan = as_before(connection)
    executor.recorder.ensure_schema()
    state = None
    for migration in plan:
        fake = migration.app_label != APP
        state = executor.migrate(None, plan=[(migration, False)], state=state, fake=fake)


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


def keep_file(connection, copy):
    """An SQLite database as it is, with what is in its log."""
    connection.close()
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as here,
        closing(sqlite3.connect(copy)) as there,
    ):
        here.backup(there)


def keep_database(connection, copy):
    """A PostgreSQL database as it is, under another name."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {connection.settings_dict['NAME']}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")
    main()
