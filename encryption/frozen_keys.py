# ruff: noqa: S608 - names that are all ours
"""The function with which PostgreSQL refuses that a case key which is gone comes back.

Pages may add keys. Whoever has their credentials could add a row that says "destroyed", or a newer
key that opens nothing, and the case could not be opened any more. So whoever does not own the
table adds what pages add, the first keys of a case, and they are live (docs/adr/0101); and what
carries disposals out takes a live key away, and changes nothing else (docs/adr/0099). The owner
wraps anew, begins generations and restores, and is not held to that. The key that stands for the
register is destroyed by nobody: without it no evidence could be written.
"""

from uuid import UUID

TABLE = "encryption_casekey"
REFUSED = "a case key that is gone never comes back"
REGISTER = UUID(int=0)  # in place of a case: the key for fingerprints of what belongs to none
FIRST = 1  # the generation that seals first; the key of the fingerprints stands below it
# Its names are looked for in these schemas, whatever the session says, as in audit.append_only.
REFUSE_RETURN = f"""
CREATE OR REPLACE FUNCTION public.portal_refuse_return() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    owns boolean;
    may_change text[] := ARRAY['wrapped', 'destroyed_at'];
BEGIN
    SELECT pg_has_role(relowner, 'MEMBER') INTO owns
        FROM pg_catalog.pg_class WHERE oid = TG_RELID;
    IF TG_OP = 'UPDATE' AND TG_NAME = '{TABLE}_taken' THEN
        IF NEW.case_id = '{REGISTER}' AND NEW.destroyed_at IS NOT NULL THEN
            RAISE EXCEPTION 'the key of the register is destroyed by nobody'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF owns OR (OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL
                    AND NEW.wrapped IS NULL
                    AND to_jsonb(OLD) - may_change = to_jsonb(NEW) - may_change) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a live key is destroyed, and changed in no other way'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT owns AND (NEW.wrapped IS NULL OR NEW.destroyed_at IS NOT NULL
                         OR NEW.replaced_at IS NOT NULL OR NEW.generation > {FIRST}) THEN
            RAISE EXCEPTION 'pages make the first keys of a case, and live ones'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.destroyed_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM public.{TABLE}
                       WHERE case_id = NEW.case_id AND destroyed_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $body$;
"""
