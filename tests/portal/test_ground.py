"""The ground that the tests stand on is the ground of production."""

import django.db.backends.postgresql.psycopg_any as driver
import pytest
from django.db import connections


@pytest.mark.parametrize("alias", ["default", "keystore"])
def test_the_databases_are_postgresql(db, alias):
    assert connections[alias].vendor == "postgresql"


def test_the_driver_is_psycopg2():
    # Another package can pull in psycopg 3, to which Django silently switches.
    assert driver.is_psycopg3 is False
