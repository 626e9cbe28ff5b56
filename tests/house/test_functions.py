"""No function of the databases can be led astray by what a session puts in front (M1)."""

import re

import pytest
from django.db import DatabaseError, connections, transaction

from decisions.models import Answer
from encryption.models import CaseKey
from tests import walks

pytestmark = [
    pytest.mark.django_db(databases=["default", "keystore"]),
    pytest.mark.clause("P-SECURE", "ISA-7.2", part=True),
]
PATH = "search_path=pg_catalog, public, pg_temp"
BOTH = ("default", "keystore")
# A table or view is named after these words; what stands in brackets is a function or a query.
NAMED = re.compile(
    r"(?<!DISTINCT )(?<!DO )\b(?:FROM|JOIN|UPDATE|INSERT INTO|DELETE FROM)\s+(?!\()([\w.%$]+)", re.I
)
OF_OURS = re.compile(r"(?<![\w.'])((?:wall|portal)_\w+)\s*\(")


def functions(alias):
    """Every function of ours in a database: its name, its settings and its text."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT proname, coalesce(proconfig, '{}'), prosrc FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
        )
        return cursor.fetchall()


def sql(alias, *statements):
    with connections[alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(("alias", "at_least"), [("default", 10), ("keystore", 1)])
def test_each_has_a_fixed_path_and_names_everything_by_its_schema(alias, at_least):
    found = functions(alias)
    assert len(found) >= at_least
    for name, settings, text in found:
        assert PATH in settings, name
        for named in NAMED.findall(text):
            # A function that gives rows, or what the statement itself has called so.
            is_other = re.search(
                rf"\b{re.escape(named)}(\s*\(|\s+AS\s+(NOT )?(MATERIALIZED\s*)?\()", text
            )
            assert named.startswith(("public.", "pg_catalog.")) or is_other, f"{name}: {named}"
        assert not OF_OURS.findall(text), name


def test_each_trigger_runs_one_of_them():
    for alias in BOTH:
        ours = {name for name, _settings, _text in functions(alias)}
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT p.proname, n.nspname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
                " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE NOT t.tgisinternal"
            )
            rows = cursor.fetchall()
        assert rows
        assert {schema for _name, schema in rows} == {"public"}
        assert {name for name, _schema in rows} <= ours


@pytest.mark.parametrize("alias", BOTH)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE decisions_decision (id uuid)",
        "CREATE TABLE public.pg_class (oid oid)",
        "CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE SCHEMA mine",
    ],
)
def test_pages_make_nothing_of_their_own(alias, statement):
    with transaction.atomic(using=alias):
        sql(alias, "SET LOCAL ROLE portal_app")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(alias):
            sql(alias, statement)
        transaction.set_rollback(True, using=alias)


def test_a_settled_row_stays_though_a_temporary_table_stands_in_front(cast):
    """As it was done, by a role that had been left the right to make one."""
    decision = walks.shared(cast)
    answer = Answer.objects.get(decision=decision, step="purpose")
    change = f"UPDATE decisions_answer SET choice = 'no' WHERE id = '{answer.pk}'"  # noqa: S608
    with transaction.atomic():
        sql(
            "default",
            "CREATE TEMPORARY TABLE decisions_decision (id uuid, status text)",
            "CREATE TEMPORARY TABLE pg_class AS SELECT c.oid, 'x'::name AS relname, r.oid AS"
            " relowner FROM pg_catalog.pg_class c, pg_roles r WHERE r.rolname = current_user",
            "SET LOCAL search_path = pg_temp, public, pg_catalog",
            "SET LOCAL portal.sealing_anew = 'on'",
        )
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            sql("default", change)
        transaction.set_rollback(True)


def test_a_key_that_is_gone_stays_gone_though_a_temporary_table_stands_in_front(cast):
    case = walks.a_draft(cast)
    key = CaseKey.objects.filter(case_id=case.pk).first()
    CaseKey.objects.filter(pk=key.pk).update(wrapped=None, destroyed_at=key.created_at)
    columns = "case_id, generation, ring_key_id, wrapped, created_at"
    values = f"'{case.pk}', 2, 'x', 'x', now()"
    back = f"INSERT INTO public.encryption_casekey ({columns}) VALUES ({values})"  # noqa: S608
    with transaction.atomic(using="keystore"):
        sql(
            "keystore",
            "CREATE TEMPORARY TABLE encryption_casekey (case_id uuid, destroyed_at timestamptz)",
            "SET LOCAL search_path = pg_temp, public, pg_catalog",
        )
        with pytest.raises(DatabaseError, match="never comes back"), transaction.atomic("keystore"):
            sql("keystore", back)
        transaction.set_rollback(True, using="keystore")
