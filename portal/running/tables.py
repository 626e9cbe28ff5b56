"""Whether the tables of a folder are those of this checkout, asked without loading a migration."""

import pkgutil
from collections.abc import Iterable
from importlib import import_module

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader

Name = tuple[str, str]
RECORD = "django_migrations"


def on_disk() -> set[Name]:
    """Every migration of this checkout, by app and name."""
    found = set()
    for app in apps.get_app_configs():
        where = MigrationLoader.migrations_module(app.label)[0]
        try:
            module = import_module(where) if where else None
        except ModuleNotFoundError:
            continue
        found |= {
            (app.label, each.name)
            for each in pkgutil.iter_modules(getattr(module, "__path__", ()))
            if each.name[0] not in "_~"
        }
    return found


def applied(alias: str) -> set[Name]:
    """Every migration that this database says it had; none where it has no tables yet."""
    with connections[alias].cursor() as cursor:
        if RECORD not in connections[alias].introspection.table_names(cursor):
            return set()
        cursor.execute(f"SELECT app, name FROM {RECORD}")  # noqa: S608 - a name of Django's
        return {(app, name) for app, name in cursor.fetchall()}


def newer(aliases: Iterable[str]) -> list[Name]:
    """The migrations that a database had and this checkout lacks: a newer version made them."""
    here, labels = on_disk(), {app.label for app in apps.get_app_configs()}
    found = []
    for alias in aliases:
        lacking = {each for each in applied(alias) - here if each[0] in labels}
        if lacking:
            # One that a later one has taken the place of is no sign of a newer version.
            loader = MigrationLoader(connections[alias], ignore_no_migrations=True)
            replaced = {old for new in loader.disk_migrations.values() for old in new.replaces}
            found += sorted(lacking - replaced)
    return found
