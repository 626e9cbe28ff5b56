"""What one person saw between two times, by the agency it belonged to: one query (ISA-7.2).

Whoever watches is told of looks by people of the agency acted for, and of looks by anybody at
cases of that agency's desk: the same reach as openings have. It gives counts and codes only.
"""

from workflow.wall import Sight

# Parts of a request belong to the agency that asked; what answers a check to its holder; what
# the front door keeps of a case to the front door. The ids are cast only once the kind of thing
# says that they are ids of rows. Looks at the same row are counted before anything is joined:
# somebody who works here for years looks at few rows many times.
SEEN = """
WITH looks AS MATERIALIZED (
    SELECT l.kind, l.thing, l.thing_id, l.case_id, l.agency = {agency_name} AS is_ours,
    count(*) AS times, min(l.at) AS first_at, max(l.at) AS last_at
    FROM audit_accessentry l
    WHERE l.person = {person} AND l.at >= {since} AND l.at < {until} AND l.kind <> 'refused'
    AND {may}
    GROUP BY 1, 2, 3, 4, 5
), placed AS MATERIALIZED (
    SELECT l.kind, l.thing, l.times, l.first_at, l.last_at,
    c.agency_id AS asking, c.desk_id AS desk,
    CASE WHEN l.thing IN ('requests_app.enquiry', 'requests_app.question', 'requests_app.item',
        'requests_app.receipt', 'decisions.decision', 'decisions.advicerequest',
        'decisions.scrutiny') THEN {key} END AS id
    FROM looks l LEFT JOIN requests_app_informationrequest c ON c.id = l.case_id
    WHERE l.is_ours OR c.desk_id = {agency}
)
SELECT CASE WHEN k.id IS NOT NULL THEN e.holder_id
    WHEN k.thing IN ('requests_app.informationrequest', 'requests_app.subject',
        'requests_app.need', 'requests_app.consent', 'requests_app.attachment',
        'requests_app.clarification') THEN k.asking
    ELSE k.desk END AS owner,
k.thing, k.kind, CAST(sum(k.times) AS bigint), min(k.first_at), max(k.last_at)
FROM placed k
LEFT JOIN decisions_advicerequest a ON k.thing = 'decisions.advicerequest' AND a.id = k.id
LEFT JOIN decisions_scrutiny s ON k.thing = 'decisions.scrutiny' AND s.id = k.id
LEFT JOIN decisions_decision d ON d.id = CASE WHEN k.thing = 'decisions.decision' THEN k.id
    ELSE coalesce(a.decision_id, s.decision_id) END
LEFT JOIN requests_app_receipt r ON k.thing = 'requests_app.receipt' AND r.id = k.id
LEFT JOIN requests_app_item i ON i.id = CASE WHEN k.thing = 'requests_app.item' THEN k.id
    ELSE r.item_id END
LEFT JOIN requests_app_question q ON k.thing = 'requests_app.question' AND q.id = k.id
LEFT JOIN requests_app_enquiry e ON e.id = CASE WHEN k.thing = 'requests_app.enquiry' THEN k.id
    ELSE coalesce(d.enquiry_id, i.enquiry_id, q.enquiry_id) END
GROUP BY 1, 2, 3
"""

AS_UUID = "l.thing_id::uuid"
AS_HEX = "replace(l.thing_id, '-', '')"  # as SQLite keeps ids

# Behind the wall nobody who watches sees a case: the function answers with counts, and with
# nothing to anybody who does not watch for the agency acted for.
SIGHT = Sight(
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
)
ASK_THE_WALL = "SELECT * FROM wall_seen(%(person)s, %(since)s, %(until)s)"


def without_a_wall(key: str) -> str:
    """The same query for an installation that has no second wall; ``key`` casts an id."""
    names = ("person", "since", "until", "agency", "agency_name")
    return SEEN.format(key=key, may="1 = 1", **{name: f"%({name})s" for name in names})
