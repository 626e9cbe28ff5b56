# ruff: noqa: S608 - names that are all ours
"""The function with which PostgreSQL refuses that a case key which is gone comes back."""

TABLE = "encryption_casekey"
REFUSED = "a case key that is gone never comes back"
# Its names are looked for in these schemas, whatever the session says, as in audit.append_only.
REFUSE_RETURN = f"""
CREATE OR REPLACE FUNCTION public.portal_refuse_return() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT 1 FROM public.{TABLE}
                       WHERE case_id = NEW.case_id AND destroyed_at IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
END $body$;
"""
