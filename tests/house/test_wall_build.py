"""The wall is built while people work: nobody's page is ended for it (bug 4)."""

import io
import threading

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection

from portal.rls import state
from portal.rls.building import build, edition
from portal.rls.state import TooBusy, stands_as_built
from tests.patience import length

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("agencies_agency", "audit_event", "requests_app_informationrequest", "signed_in_session")


def linked():
    """A connection of its own, as a page has one."""
    config = connection.settings_dict
    return psycopg2.connect(
        host=config["HOST"], port=config["PORT"], user=config["USER"], dbname=config["NAME"]
    )


class Traffic:
    """Pages that read tables one after the other, each in an order of its own."""

    def __init__(self, pages):
        self.stop, self.faults, self.done = threading.Event(), [], 0
        self.threads = [threading.Thread(target=self._go, args=[n]) for n in range(pages)]

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_fault):
        self.stop.set()
        for each in self.threads:
            each.join()

    def _go(self, number):
        order = TABLES if number % 2 else TABLES[::-1]
        link = linked()
        while not self.stop.is_set():
            try:
                with link, link.cursor() as cursor:
                    for table in order:
                        cursor.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
                        self.stop.wait(0.005)
            except psycopg2.Error as fault:
                self.faults.append(fault)
                link.close()
                return
            self.done += 1
            self.stop.wait(0.05)  # somebody reads
        link.close()


def torn():
    """Something that the next build has to put right."""
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY second_wall_read ON requests_app_item")


def stands():
    with connection.cursor() as cursor:
        return stands_as_built(cursor, edition())


def test_builds_beside_pages_end_neither_a_page_nor_themselves():
    with Traffic(2) as traffic:
        for _ in range(length(5, long=19)):
            torn()
            assert not stands()
            build("default", {})
            assert stands()
    assert not traffic.faults
    assert traffic.done


def test_where_all_stands_nothing_is_locked():
    build("default", {})
    link = linked()
    try:
        with link.cursor() as cursor:  # a page that goes on for ever
            cursor.execute("LOCK TABLE agencies_agency IN ROW EXCLUSIVE MODE")
            build("default", {})
    finally:
        link.close()
    assert stands()


def test_where_a_page_never_ends_nothing_is_changed_and_it_is_said(monkeypatch):
    monkeypatch.setattr(state, "TRIES", 2)
    monkeypatch.setattr(state, "PAUSE", 0)
    torn()
    link = linked()
    try:
        with link.cursor() as cursor:
            cursor.execute("LOCK TABLE agencies_agency IN ROW EXCLUSIVE MODE")
            with pytest.raises(TooBusy, match="run it again"):
                build("default", {})
            assert not stands()
    finally:
        link.close()
    build("default", {})
    assert stands()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER POLICY second_wall_read ON requests_app_item USING (true)",
        "GRANT DELETE ON audit_event TO portal_app",
        "GRANT SELECT (password) ON agencies_user TO portal_worker",
        "ALTER TABLE requests_app_item DISABLE ROW LEVEL SECURITY",
        "CREATE OR REPLACE FUNCTION wall_person() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "GRANT CREATE ON SCHEMA public TO portal_app",
        "CREATE POLICY other ON requests_app_item FOR SELECT TO portal_app USING (true)",
    ],
)
def test_whatever_was_changed_by_hand_is_seen(statement):
    build("default", {})
    assert stands()
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
        assert not stands()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP POLICY IF EXISTS other ON requests_app_item")
        build("default", {})
    assert stands()


def test_the_name_that_the_command_had_says_the_new_one():
    said = io.StringIO()
    call_command("wall", "build", "--database", "keystore", stdout=said, stderr=said)
    assert "is `manage.py rls` now" in said.getvalue()
    assert "stands" in said.getvalue()
