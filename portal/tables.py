"""The tables of each database: made, brought up to date, or seen to be complete at once."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from encryption.router import APP, KEYSTORE
from portal.management.commands.migrate import Command


def nobody(step: int, steps: int) -> None:
    """Who is told of progress where nobody watches."""


def make_tables(alias: str, say: Callable[[int, int], None] = nobody) -> None:
    """Make what this database's tables lack; ``say`` is told of steps done, and of how many."""
    if is_complete(alias):
        return
    # One more than the migrations: content types and permissions come after the last of them.
    steps = len(_plan(alias)) + 1
    done = 0

    def applied() -> None:
        nonlocal done
        done += 1
        say(done, steps)

    say(done, steps)
    call_command(Command(applied=applied), database=alias, interactive=False, verbosity=0)
    say(steps, steps)


def is_complete(alias: str) -> bool:
    """Whether each migration has its row, and what Django does after the last of them is done.

    Only names are read: to import all migrations takes longer than the rest of a start.
    """
    applied = set(MigrationRecorder(connections[alias]).applied_migrations())
    if not applied.issuperset(_files(alias)):
        return False
    return alias == KEYSTORE or _has_permissions(alias)


def newer(alias: str) -> list[tuple[str, str]]:
    """The migrations that a database had and this checkout lacks: a newer version made them."""
    recorder = MigrationRecorder(connections[alias])
    # A keystore of before has a row for each migration of every app.
    lacking = set(recorder.applied_migrations()) - {
        found for label in _all_labels() for found in _of_app(label)
    }
    lacking = {each for each in lacking if each[0] in _all_labels()}
    if not lacking:
        return []
    # One that a later one has taken the place of is no sign of a newer version.
    loader = MigrationLoader(connections[alias], ignore_no_migrations=True)
    replaced = {old for new in loader.disk_migrations.values() for old in new.replaces}
    return sorted(lacking - replaced)


def _labels(alias: str) -> list[str]:
    return [APP] if alias == KEYSTORE else _all_labels()


def _all_labels() -> list[str]:
    return [each.label for each in apps.get_app_configs()]


def _files(alias: str) -> Iterator[tuple[str, str]]:
    """The migrations that are there for this database: app and name."""
    for label in _labels(alias):
        yield from _of_app(label)


def _of_app(label: str) -> Iterator[tuple[str, str]]:
    module, _ = MigrationLoader.migrations_module(label)
    try:
        folder = import_module(module or "").__path__
    except (ModuleNotFoundError, ValueError):
        return  # an app without tables
    for _, name, is_package in iter_modules(folder):
        if not is_package and name[0] not in "_~":
            yield label, name


def _has_permissions(alias: str) -> bool:
    """Whether a start that ended between the last migration and the last permission was mended.

    Django works through the apps in order, and each app's permissions come last.
    """
    wanted = {
        (meta.app_label, meta.model_name, codename)
        for meta in (model._meta for model in apps.get_models())
        for codename in (
            *(f"{action}_{meta.model_name}" for action in meta.default_permissions),
            *(codename for codename, _ in meta.permissions),
        )
    }
    found = Permission.objects.using(alias).values_list(
        "content_type__app_label", "content_type__model", "codename"
    )
    return wanted <= set(found)


def _plan(alias: str) -> list[object]:
    executor = MigrationExecutor(connections[alias])
    labels = _labels(alias)
    return list(
        executor.migration_plan(
            [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in labels]
        )
    )
