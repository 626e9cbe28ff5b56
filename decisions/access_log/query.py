# ruff: noqa: S608 - a language of names that are all ours
"""What one person saw between two times, by the agency it belonged to: one query (ISA-7.2).

Whoever reviews openings reads of entries by people of the agency acted for, and of any at
cases of that agency's desk: the same reach as openings have. It gives counts and codes only.
"""

from workflow.rls import RlsFunction

# From each kind of thing that answers a check to the check, whose holder it belongs to.
_CHECK = "requests_app_enquiry e ON e.id ="
_DECISION = f"decisions_decision d ON d.id = {{}} LEFT JOIN {_CHECK} d.enquiry_id"
_ITEM = f"requests_app_item i ON i.id = {{}} LEFT JOIN {_CHECK} i.enquiry_id"
TO_CHECK = {
    "requests_app.enquiry": f"{_CHECK} k.id",
    "requests_app.question": "requests_app_question q ON q.id = k.id"
    f" LEFT JOIN {_CHECK} q.enquiry_id",
    "requests_app.item": _ITEM.format("k.id"),
    "requests_app.receipt": "requests_app_receipt r ON r.id = k.id LEFT JOIN "
    + _ITEM.format("r.item_id"),
    "decisions.decision": _DECISION.format("k.id"),
    "decisions.advicerequest": "decisions_advicerequest a ON a.id = k.id LEFT JOIN "
    + _DECISION.format("a.decision_id"),
    "decisions.scrutiny": "decisions_scrutiny s ON s.id = k.id LEFT JOIN "
    + _DECISION.format("s.decision_id"),
}
HELD = ", ".join(f"'{thing}'" for thing in TO_CHECK)
ASKED = ", ".join(
    f"'requests_app.{part}'"
    for part in ("informationrequest", "subject", "need", "consent", "attachment", "clarification")
)
COUNTED = "count(*) AS times, min(l.at) AS first_at, max(l.at) AS last_at"
ENTRIES = """
FROM audit_accessentry l LEFT JOIN requests_app_informationrequest c ON c.id = l.case_id
WHERE l.person = {person} AND l.at >= {since} AND l.at < {until} AND l.kind <> 'refused'
AND (l.agency = {agency_name} OR c.desk_id = {agency}) AND {may}
"""
OF_HOLDERS = " UNION ALL ".join(
    "SELECT e.holder_id, k.thing, k.kind, k.times, k.first_at, k.last_at"
    f" FROM of_checks k LEFT JOIN {way} WHERE k.thing = '{thing}'"
    for thing, way in TO_CHECK.items()
)

# Parts of a request belong to the agency that asked; what answers a check to its holder; what
# the front door keeps of a case to the front door. The ids are cast only once the kind of thing
# says that they are ids of rows. Looks at the same row are counted before its check is looked
# up: somebody who works here for years looks at few rows many times. Each kind of thing is
# joined to what it needs alone, so that a table into which nobody looked is not read.
SEEN = f"""
WITH of_requests AS (
    SELECT CASE WHEN l.thing IN ({ASKED}) THEN c.agency_id ELSE c.desk_id END AS owner,
    l.thing, l.kind, {COUNTED} {ENTRIES} AND l.thing NOT IN ({HELD}) GROUP BY 1, 2, 3
), of_checks AS MATERIALIZED (
    SELECT l.thing, l.kind, CASE WHEN l.thing IN ({HELD}) THEN {{key}} END AS id, {COUNTED}
    {ENTRIES} AND l.thing IN ({HELD}) GROUP BY 1, 2, 3
), owned AS (SELECT * FROM of_requests UNION ALL {OF_HOLDERS})
SELECT owner, thing, kind, CAST(sum(times) AS bigint), min(first_at), max(last_at)
FROM owned GROUP BY 1, 2, 3
"""

AS_UUID = "l.thing_id::uuid"
AS_HEX = "replace(l.thing_id, '-', '')"  # as SQLite keeps ids

# Behind the wall nobody who reviews openings sees a case: the function answers with counts, and
# with nothing to anybody who does not review them for the agency acted for.
WALL_SEEN = RlsFunction(
    "wall_seen(looker text, since timestamptz, until timestamptz)",
    SEEN.format(
        key=AS_UUID,
        person="looker",
        since="since",
        until="until",
        agency="(SELECT wall_agency())",
        agency_name="(SELECT wall_agency())::text",
        may="(SELECT wall_may('watch_openings'))",
    ),
    "TABLE (owner uuid, thing varchar, kind varchar, looks bigint,"
    " first_at timestamptz, last_at timestamptz)",
    planned_for_its_values=True,  # of one day or of twenty years
)
ASK_THE_WALL = "SELECT * FROM wall_seen(%(person)s, %(since)s, %(until)s)"


def without_a_wall(key: str) -> str:
    """The same query for an installation that has no second wall; ``key`` casts an id."""
    names = ("person", "since", "until", "agency", "agency_name")
    return SEEN.format(key=key, may="1 = 1", **{name: f"%({name})s" for name in names})
