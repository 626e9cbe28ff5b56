"""Builds the wall, as the owner of the tables: roles, grants, functions, policies; all or nothing.

Building again changes nothing. It is done after each migration, since a table that is new has
neither a grant nor a policy, so that the portal can do nothing with it until then.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, transaction

from audit.append_only import FIXED
from encryption.keystore import CaseKey
from encryption.router import KEYSTORE
from portal.rls.plan import (
    DISPOSE,
    HAVE_RIGHTS,
    KEYSTORE_TABLE,
    LEAVES,
    LEDGER,
    PAGES,
    RLS_FUNCTIONS,
    SEALS,
    WORK,
    Table,
    referred_to,
    tables,
    whereabouts,
)
from portal.rls.rights import ADD, BOUNDS, DISPOSALS, OF_PAGES, WORKER
from portal.rls.roles import ONE_AT_A_TIME, POWERS, let_in, let_read, make_roles
from portal.rls.state import at_once, note_built, stands_as_built, tried_again
from workflow.rls import RlsFunction

FEW = 20
EVERYBODY = ", ".join(HAVE_RIGHTS)


def build(alias: str, passwords: dict[str, str]) -> list[str]:
    """Make the roles if they are missing, and give each what it needs on this database.

    People may work meanwhile. Where all stands as it was built, only the passwords are set. The
    answer are the roles to which this owner could not give what they need; raises RolesMissing.
    """
    lacking = make_roles(alias, passwords, roles=(*HAVE_RIGHTS, *POWERS))
    let_in(alias)
    tried_again(lambda: let_read(alias))
    if alias == KEYSTORE:
        tried_again(lambda: _build_keystore(alias))
    else:
        tried_again(lambda: _build_records(alias))
    return lacking


def _build_keystore(alias: str) -> None:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        for statement in (*_lowered(cursor), *_of_the_keystore()):
            cursor.execute(statement)


def _build_records(alias: str) -> None:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if stands_as_built(cursor, edition()):
            return
        with at_once(alias):
            for statement in _lowered(cursor):
                cursor.execute(statement)
            for statement in _of_the_records():
                cursor.execute(statement)
            note_built(cursor, edition())


def lower(alias: str) -> None:
    """Take policies and functions away for a migration; until built again nobody sees a case."""

    def lowered() -> None:
        with at_once(alias) as cursor:
            for statement in _lowered(cursor):
                cursor.execute(statement)

    tried_again(lowered)


def edition() -> str:
    """Short for the wall as this code would build it."""
    everything = [*_functions(), *[line for table in tables() for line in _policies(table)]]
    everything += [*_policies_of_leaves(), *_policies_in_front()]
    everything += [repr((OF_PAGES, WORKER, DISPOSALS))]
    return hashlib.sha256("\n".join(everything).encode()).hexdigest()[:16]


def _lowered(cursor: Any) -> list[str]:
    """What takes away whatever an earlier build has put there."""
    cursor.execute(
        "SELECT format('DROP POLICY %I ON %I', policyname, tablename), 1 FROM pg_policies"
        " WHERE schemaname = 'public' AND policyname LIKE 'second\\_wall\\_%'"
        " UNION ALL SELECT 'DROP FUNCTION ' || oid::regprocedure, 2 FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'wall\\_%' ORDER BY 2"
    )
    return [line for line, _order in cursor.fetchall()]


def _of_the_keystore() -> Iterator[str]:
    """Pages make a case's key and read it; one process destroys it. Nobody else has a part here."""
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {EVERYBODY}"
    yield from _nothing_of_ones_own()
    yield f"REVOKE ALL ON SCHEMA public FROM {WORK}, {LEDGER}"
    yield f"GRANT USAGE ON SCHEMA public TO {PAGES}, {DISPOSE}"
    # All but the row's number: the lowest is the one by which a start tries the ring.
    added = ", ".join(f.attname for f in CaseKey._meta.concrete_fields if not f.primary_key)
    yield f"GRANT SELECT, INSERT ({added}) ON {KEYSTORE_TABLE} TO {PAGES}, {DISPOSE}"
    yield f"GRANT UPDATE (wrapped, destroyed_at) ON {KEYSTORE_TABLE} TO {DISPOSE}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {EVERYBODY}"


def _nothing_of_ones_own() -> Iterator[str]:
    """Nobody but the owner makes a table or function here, not even for the length of a session.

    Nor a large object, where the owner is a superuser; elsewhere this changes nothing.
    """
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield (
        "DO $$ BEGIN EXECUTE format("
        "'REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$"
    )
    yield (
        "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea)"
        " FROM PUBLIC"
    )


def _of_the_records() -> Iterator[str]:
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {EVERYBODY}"
    yield from _nothing_of_ones_own()
    yield f"GRANT USAGE ON SCHEMA public TO {EVERYBODY}"
    # Who adds a row draws its number by that. Who draws numbers otherwise could use them all up.
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {EVERYBODY}"
    yield from _of_the_ledger()
    yield from _policies_in_front()
    yield from _functions()
    for table in tables():
        yield f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY"
        yield from _policies(table)
    for role, may in ((PAGES, OF_PAGES), (WORK, WORKER), (DISPOSE, DISPOSALS)):
        for name, rights in may.items():
            yield f"GRANT {', '.join(rights)} ON {name} TO {role}"
    yield _function(RlsFunction("wall_edition", f"SELECT '{edition()}'", "text"))
    yield f"GRANT EXECUTE ON FUNCTION wall_edition() TO {PAGES}, {WORK}"


def _of_the_ledger() -> Iterator[str]:
    """Everybody adds leaves and sees those of evidence they see; one gives them their places."""
    yield f"ALTER TABLE {LEAVES} ENABLE ROW LEVEL SECURITY"
    yield f"GRANT SELECT, UPDATE (leaf_index) ON {LEAVES} TO {LEDGER}"
    yield from _policies_of_leaves()
    for name in SEALS:
        yield f"GRANT {ADD} ON {name} TO {LEDGER}"
    yield f"GRANT UPDATE (hashes) ON audit_tile TO {LEDGER}"


def _policies_of_leaves() -> Iterator[str]:
    seen = " OR ".join(
        f"(kind = '{kind}' AND EXISTS (SELECT 1 FROM {table} e WHERE e.id = entry))"  # noqa: S608
        for kind, table in (("change", "audit_event"), ("look", "audit_accessentry"))
    )
    yield f"CREATE POLICY second_wall_read ON {LEAVES} FOR SELECT TO {PAGES} USING ({seen})"
    yield f"CREATE POLICY second_wall_add ON {LEAVES} FOR INSERT TO {PAGES} WITH CHECK (true)"
    yield f"CREATE POLICY second_wall_place ON {LEAVES} TO {LEDGER} USING (true)"
    yield from _policies_of_disposals(LEAVES)


def _policies_in_front() -> Iterator[str]:
    """Only what carries disposals out is bound there; everybody else has what was granted."""
    for name in sorted(BOUNDS.keys() - {LEAVES, *(table.name for table in tables())}):
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield f"CREATE POLICY second_wall_granted ON {name} TO {PAGES}, {WORK} USING (true)"
        yield from _policies_of_disposals(name)


def _functions() -> Iterator[str]:
    for function in (*RLS_FUNCTIONS, whereabouts(), referred_to()):
        yield _function(function)
        signature = function.name if "(" in function.name else f"{function.name}()"
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {PAGES}"


def _function(function: RlsFunction) -> str:
    """A set is said to be small, or PostgreSQL plans for a thousand ids wherever one is asked."""
    signature = function.name if "(" in function.name else f"{function.name}()"
    few = f" ROWS {FEW}" if function.gives.startswith("SETOF") else ""
    # Plain SQL is planned anew in every statement; this keeps its plans while one is connected.
    language = "plpgsql"
    if function.planned_for_its_values:  # the plan that suits no value in particular does not suit
        language += " SET plan_cache_mode = force_custom_plan"
    elif (
        " uuid" in function.name
    ):  # of one row, found by its id: any plan for it is the plan for all
        language += " SET plan_cache_mode = force_generic_plan"
    rows = function.gives.startswith(("SETOF", "TABLE"))
    answer = f"RETURN QUERY {function.body}" if rows else f"RETURN ({function.body})"
    body = f"#variable_conflict use_column\nBEGIN {_qualified(answer)}; END"
    return (
        f"CREATE FUNCTION public.{signature} RETURNS {function.gives} STABLE SECURITY DEFINER{few}"
        f" {FIXED} LANGUAGE {language} AS $wall$ {body} $wall$"
    )


def _qualified(body: str) -> str:
    """Each table and function of ours by its schema, so that nothing else of the name is meant."""
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}

    def named(found: re.Match[str]) -> str:
        word, name = found.groups()
        return f"{word} public.{name}" if name in ours else found[0]

    body = re.sub(r"\b(FROM|JOIN) (\w+)", named, body)
    return re.sub(r"(?<![.\w])(?=wall_\w+\()", "public.", body)


def _policies(table: Table) -> Iterator[str]:
    """For pages by the ways; for processes that open no page, every row that they need."""
    name, reads = table.name, table.condition()
    writes = table.condition(writing=True) or "false"
    yield f"CREATE POLICY second_wall_read ON {name} FOR SELECT TO {PAGES} USING ({reads})"
    yield f"CREATE POLICY second_wall_add ON {name} FOR INSERT TO {PAGES} WITH CHECK ({writes})"
    rights = ", ".join(OF_PAGES.get(name, ()))
    if "UPDATE" in rights:
        yield f"CREATE POLICY second_wall_change ON {name} FOR UPDATE TO {PAGES} USING ({writes})"
    if "DELETE" in rights:
        yield f"CREATE POLICY second_wall_remove ON {name} FOR DELETE TO {PAGES} USING ({writes})"
    if name in WORKER:
        yield f"CREATE POLICY second_wall_work ON {name} FOR SELECT TO {WORK} USING (true)"
        if "INSERT" in ", ".join(WORKER[name]):
            yield f"CREATE POLICY second_wall_note ON {name} FOR INSERT TO {WORK} WITH CHECK (true)"
    yield from _policies_of_disposals(name)


def _policies_of_disposals(name: str) -> Iterator[str]:
    bound = BOUNDS.get(name, "true")
    on, to = f"ON {name} FOR", f"TO {DISPOSE}"
    for right in DISPOSALS.get(name, ()):
        if "SELECT" in right:
            yield f"CREATE POLICY second_wall_reckon {on} SELECT {to} USING (true)"
        if "INSERT" in right:
            yield f"CREATE POLICY second_wall_certify {on} INSERT {to} WITH CHECK ({bound})"
        if "UPDATE" in right:
            yield (
                f"CREATE POLICY second_wall_dispose {on} UPDATE {to}"
                f" USING (true) WITH CHECK ({bound})"
            )
        if "DELETE" in right:
            yield f"CREATE POLICY second_wall_forget {on} DELETE {to} USING (true)"
