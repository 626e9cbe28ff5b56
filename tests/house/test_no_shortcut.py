"""Nobody is above the roles: no superuser, no staff, no administration site of Django's."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve

from agencies.acting import permissions_at
from scripts.check import APPS

ROOT = Path(__file__).parents[2]
ASKS = {"is_superuser", "is_staff", "has_perm", "has_perms", "has_module_perms", "is_admin"}


def sources():
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def test_no_code_asks_whether_somebody_is_above_the_rest():
    files, found = list(sources()), []
    for path in files:
        tree = ast.parse(path.read_text())
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        found += [f"{path.name}: {name}" for name in names & ASKS]
    assert len(files) > 100
    assert not found


def test_the_administration_site_is_nowhere():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    for address in ("/admin/", "/admin/login/"):
        with pytest.raises(Resolver404):
            resolve(address)


@pytest.mark.django_db
def test_the_database_refuses_a_superuser_and_staff_gain_nothing(cast):
    person = cast.users["classmate"]
    person.is_superuser = True
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save()
    person.is_superuser = False
    person.is_staff = True
    person.save()
    assert permissions_at(person, cast.agencies["trust"]) == frozenset()
