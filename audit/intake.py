# ruff: noqa: S608 - names that are all ours
"""Triggers by which PostgreSQL takes evidence only as the portal writes it (docs/adr/0094).

Pages may add evidence, so whoever has their credentials could claim the number of an entry that
is still to come, and the act to which it belongs could never be written down. The owner, who
restores and migrates, is not held to it.
"""

from typing import Any

from audit.append_only import FIXED, Statements

EARLIEST, LATEST = "2000-01-01", "2200-01-01"  # a time that every reader can read is between
LONGEST = 1 << 16  # bytes of a leaf; those of the portal are a hundredth of it
# Who asks, within a function that acts as its owner: the role that was set, or who connected.
_ASKING = "coalesce(nullif(current_setting('role', true), 'none'), session_user)"
_IS_OWNER = f"""
    SELECT pg_has_role({_ASKING}, relowner, 'MEMBER') INTO owns
        FROM pg_catalog.pg_class WHERE oid = TG_RELID;
    IF owns THEN
        RETURN NEW;
    END IF;
"""

NUMBERED = f"""
CREATE OR REPLACE FUNCTION public.portal_numbers_evidence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {FIXED} AS $body$
DECLARE
    owns boolean;
BEGIN
    {_IS_OWNER}
    IF NEW.id IS DISTINCT FROM currval(pg_get_serial_sequence(
            format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), 'id')) THEN
        RAISE EXCEPTION 'entries of % have the number that comes next', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- So that every reader can read it.
    IF NEW.at < '{EARLIEST}' OR NEW.at >= '{LATEST}' THEN
        RAISE EXCEPTION 'entries of % have a time that can be read', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $body$;
"""

OF_ITS_ENTRY = f"""
CREATE OR REPLACE FUNCTION public.portal_leaf_is_of_its_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER {FIXED} AS $body$
DECLARE
    owns boolean;
    said jsonb;
    e record;
    matches boolean := false;
BEGIN
    {_IS_OWNER}
    IF octet_length(NEW.body) >= {LONGEST} THEN
        RAISE EXCEPTION 'a leaf of the ledger is shorter than that'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    said := NEW.body::jsonb;  -- what is no JSON is refused here
    IF NEW.kind = 'change' THEN
        SELECT * INTO e FROM public.audit_event WHERE id = NEW.entry;
        IF FOUND THEN
            matches := (said ->> 'move', said ->> 'before', said ->> 'after', said ->> 'version',
                        said ->> 'digest', said -> 'details')
                     = (e.move, e.before, e.after, e.version::text, e.digest, e.details);
        END IF;
    ELSIF NEW.kind = 'look' THEN
        SELECT * INTO e FROM public.audit_accessentry WHERE id = NEW.entry;
        IF FOUND THEN
            matches := (said ->> 'look', said ->> 'may') = (e.kind, e.may);
        END IF;
    END IF;
    IF matches THEN
        matches := (said ->> 'kind', said ->> 'entry', said ->> 'person', said ->> 'agency',
                    said ->> 'thing', said ->> 'thing_id', coalesce(said ->> 'case', ''),
                    said ->> 'at')
                 = (NEW.kind, NEW.entry::text, e.person, e.agency, e.thing, e.thing_id,
                    coalesce(e.case_id::text, ''),
                    to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
    END IF;
    IF matches IS NOT TRUE THEN
        RAISE EXCEPTION 'a leaf of the ledger says what its entry says'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $body$;
"""

TRIGGERS = {
    "audit_event": ("audit_event_numbered", "portal_numbers_evidence"),
    "audit_accessentry": ("audit_accessentry_numbered", "portal_numbers_evidence"),
    "audit_leaf": ("audit_leaf_of_its_entry", "portal_leaf_is_of_its_entry"),
}


def evidence_as_written() -> Any:
    """A migration operation: entries get the next number, and a leaf says what its entry says."""

    def forwards(schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        _make_functions(schema_editor)
        for table, (trigger, function) in TRIGGERS.items():
            schema_editor.execute(
                f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION public.{function}()",
                params=None,
            )

    def backwards(schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table, (trigger, _function) in TRIGGERS.items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {table}", params=None)

    return Statements("Take evidence only as the portal writes it", forwards, backwards)


def functions_as_they_are() -> Any:
    """A migration operation: the functions of these triggers as this file has them now."""

    def forwards(schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            _make_functions(schema_editor)

    return Statements("Take evidence as it is written now", forwards, lambda _editor: None)


def _make_functions(schema_editor: Any) -> None:
    for function in (NUMBERED, OF_ITS_ENTRY):
        schema_editor.execute(function, params=None)
