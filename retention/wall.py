# ruff: noqa: S608 - a language of names that are all ours
"""The reach of this room's ``policies.py`` once more, for PostgreSQL to keep (docs/adr/0058)."""

from dataclasses import replace

from decisions.models import Scrutiny
from requests_app.wall import (
    AGENCY,
    DESK,
    MAY_OVERSEE,
    MAY_TRIAGE,
    MAY_WATCH,
    MINE,
    OVERSEEN,
    is_held,
)
from retention.models import Disposal, DisposalStatement, Hold, PurposeServed
from workflow.wall import Sight, Way, Ways, among

SIGHTS = (
    Sight(
        "wall_disposal_lists",
        f"SELECT id FROM retention_disposallist WHERE desk_id = {AGENCY}"
        f" AND ({MAY_TRIAGE} OR {MAY_WATCH})",
    ),
)
# Whoever keeps oversight of an agency, of what is that agency's own.
OWN = Way(f"agency_id = {AGENCY} AND {MAY_OVERSEE}")

WAYS: Ways = {
    PurposeServed: (MINE, DESK.reading, replace(OVERSEEN, writes=True)),
    Hold: (DESK, OWN),
    # That it is gone, for all who might still say its purpose is served, or put it on hold.
    Disposal: (
        DESK,
        among("list_id", "wall_disposal_lists").reading,
        *(
            part.reading.when("status IN ('destroying', 'destroyed')")
            for part in (MINE, OVERSEEN, is_held("wall_was_asked", "case_id"))
        ),
    ),
    DisposalStatement: (DESK.reading, OWN),
    # Of the room below: whether one is open, which stands in the way of a disposal.
    Scrutiny: (DESK.reading.when("status = 'open'"),),
}
