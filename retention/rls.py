# ruff: noqa: S608 - a language of names that are all ours
"""The reach of this app's ``policies.py`` once more, for PostgreSQL to keep (docs/adr/0058)."""

from dataclasses import replace

from decisions.models import Scrutiny
from requests_app.rls import (
    AGENCY,
    FRONT_DOOR,
    MAY_OVERSEE,
    MAY_REVIEW_OPENINGS,
    MAY_TRIAGE,
    MINE,
    OVERSEEN,
    is_held,
)
from retention.models import Disposal, DisposalStatement, Hold, PurposeServed
from workflow.rls import RlsFunction, Way, Ways, among

RLS_FUNCTIONS = (
    RlsFunction(
        "wall_disposal_lists",
        f"SELECT id FROM retention_disposallist WHERE desk_id = {AGENCY}"
        f" AND ({MAY_TRIAGE} OR {MAY_REVIEW_OPENINGS})",
    ),
)
# Whoever keeps oversight of an agency, of what is that agency's own.
OWN = Way(f"agency_id = {AGENCY} AND {MAY_OVERSEE}")

WAYS: Ways = {
    PurposeServed: (MINE, FRONT_DOOR.reading, replace(OVERSEEN, writes=True)),
    Hold: (FRONT_DOOR, OWN),
    # That it is gone, for all who might still say its purpose is served, or put it on hold.
    Disposal: (
        FRONT_DOOR,
        among("list_id", "wall_disposal_lists").reading,
        *(
            part.reading.when("status IN ('destroying', 'destroyed')")
            for part in (MINE, OVERSEEN, is_held("wall_was_asked", "case_id"))
        ),
    ),
    DisposalStatement: (FRONT_DOOR.reading, OWN),
    # Of the app below: whether one is open, which stands in the way of a disposal.
    Scrutiny: (FRONT_DOOR.reading.when("status = 'open'"),),
}
