# ruff: noqa: S608 - a language of names that are all ours
"""The reach of this app's ``policies.py`` once more, and what it adds to the app below."""

from decisions.access_log.query import WALL_SEEN
from decisions.models import AdviceRequest, Answer, Decision, DecisionItem, Point, Scrutiny
from requests_app.models import AgencyCheck, InformationRequest, Item, Pause, Question
from requests_app.rls import (
    AGENCY,
    AGENCY_CHECK,
    CHECKED,
    FRONT_DOOR,
    HOLDER,
    OPENED,
    PERSON,
    TOLD_AGENCY,
    TOLD_PERSON,
    held,
    is_held,
    may,
)
from workflow.rls import RlsFunction, Way, Ways, among

MAY_ADVISE, MAY_SCRUTINISE = may("advise_agency"), may("scrutinise_no_share")
DECISION = "decisions_decision"
OF_DECISION = f"{DECISION} d JOIN {AGENCY_CHECK} e ON e.id = d.enquiry_id"
# A statutory partner, on what neither its agency nor another of this person's has answered.
ANOTHER_ANSWERED = f"""
partner {TOLD_AGENCY} AND person {TOLD_PERSON} AND e.holder_id <> partner
AND e.holder_id <> ALL (ARRAY(
    SELECT agency_id FROM agencies_membership WHERE user_id = person AND status <> 'invited'
))
"""
HAS_SCRUTINY = (
    f"EXISTS (SELECT 1 FROM {DECISION} d JOIN decisions_scrutiny s ON s.decision_id = d.id"
    " WHERE d.enquiry_id = e.id)"
)
AS_PARTNER = f"{AGENCY}, {PERSON}"


def scrutinised(name: str, rows: str) -> RlsFunction:
    """Whether one row, which ``rows`` finds with its check ``e``, is one that a partner reviews."""
    body = f"SELECT EXISTS (SELECT 1 FROM {rows} AND {ANOTHER_ANSWERED})"
    return RlsFunction(f"{name}(row_id uuid, partner uuid, person uuid)", body, "boolean")


def is_scrutinised(name: str, column: str) -> Way:
    """Rows of which the function ``name`` says that a partner reviews them."""
    return Way(f"(SELECT wall_may_scrutinise()) AND {name}({column}, {AS_PARTNER})")


def advised(name: str, rows: str) -> RlsFunction:
    """Whether one row, found with ``d`` and ``e``, is one on which an adviser was asked."""
    asked = "EXISTS (SELECT 1 FROM decisions_advicerequest a WHERE a.decision_id = d.id)"
    own = f"holder {TOLD_AGENCY} AND e.holder_id = holder"
    body = f"SELECT EXISTS (SELECT 1 FROM {rows} AND {own} AND {asked})"
    return RlsFunction(f"{name}(row_id uuid, holder uuid)", body, "boolean")


def is_advised(name: str, column: str) -> Way:
    """Rows of which the function ``name`` says that the agency's adviser was asked on them."""
    return Way(f"{MAY_ADVISE} AND {name}({column}, {AGENCY})")


# All that hangs on an agency's check, as evidence names it, with the function that says so.
HELD_THINGS = {
    "requests_app.enquiry": "wall_holds(thing_id::uuid, holder, any_of_them, colleague)",
    "requests_app.item": "wall_holds_item(thing_id::uuid, holder, any_of_them, colleague)",
    "decisions.decision": "wall_decided(thing_id::uuid, holder, any_of_them, colleague)",
} | {
    f"{app}.{name}": f"(SELECT {asks}({column}, holder, any_of_them, colleague)"
    f" FROM {app}_{name} WHERE id = thing_id::uuid)"
    for app, name, asks, column in (
        ("requests_app", "question", "wall_holds", "enquiry_id"),
        ("requests_app", "pause", "wall_holds", "enquiry_id"),
        ("requests_app", "receipt", "wall_holds_item", "item_id"),
        ("decisions", "advicerequest", "wall_decided", "decision_id"),
        ("decisions", "answer", "wall_decided", "decision_id"),
        ("decisions", "point", "wall_decided", "decision_id"),
        ("decisions", "weighed", "wall_decided", "decision_id"),
        ("decisions", "scrutiny", "wall_decided", "decision_id"),
    )
}

RLS_FUNCTIONS = (
    held("wall_decided", f"{OF_DECISION} WHERE d.id = row_id"),
    RlsFunction(
        "wall_opened_decisions",
        f"SELECT id FROM {DECISION}"
        " WHERE case_id IN (SELECT wall_opened()) AND status = 'recorded'",
    ),
    # What an adviser was asked about, and no more of what their agency decides.
    advised("wall_advised", f"{OF_DECISION} WHERE d.id = row_id"),
    advised("wall_advised_check", f"{OF_DECISION} WHERE e.id = row_id"),
    advised("wall_advised_case", f"{OF_DECISION} WHERE e.case_id = row_id"),
    RlsFunction(
        "wall_may_scrutinise",
        f"SELECT {MAY_SCRUTINISE}"
        f" AND (SELECT is_statutory_partner FROM agencies_agency WHERE id = {AGENCY})",
        "boolean",
    ),
    # Scrutiny opens with each decision not to share, so its rows say what is open to partners.
    scrutinised(
        "wall_scrutinised",
        f"decisions_scrutiny s JOIN {DECISION} d ON d.id = s.decision_id"
        f" JOIN {AGENCY_CHECK} e ON e.id = d.enquiry_id"
        " WHERE s.decision_id = row_id AND d.decided_by_id <> person",
    ),
    scrutinised(
        "wall_scrutinised_check", f"{AGENCY_CHECK} e WHERE e.id = row_id AND {HAS_SCRUTINY}"
    ),
    scrutinised(
        "wall_scrutinised_case", f"{AGENCY_CHECK} e WHERE e.case_id = row_id AND {HAS_SCRUTINY}"
    ),
    # For "who has looked" at an agency's check.
    RlsFunction(
        f"wall_holds_thing(thing text, thing_id text, {HOLDER})",
        "SELECT CASE WHEN thing_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN false "
        + " ".join(f"WHEN thing = '{name}' THEN {asks}" for name, asks in HELD_THINGS.items())
        + " ELSE false END",
        "boolean",
    ),
    WALL_SEEN,
)

DECIDED = is_held("wall_decided", "decision_id")
ADVISED = is_advised("wall_advised", "decision_id")
SCRUTINISED = is_scrutinised("wall_scrutinised", "decision_id")
OF_THE_RECORD = (SCRUTINISED.reading, DECIDED)

WAYS: Ways = {
    # What partners reach comes before what costs as much and is not theirs.
    Decision: (
        FRONT_DOOR.when("status = 'recorded'").reading,
        OPENED.when("status = 'recorded'"),
        is_scrutinised("wall_scrutinised", "id").reading,
        CHECKED,
        is_advised("wall_advised", "id"),
        # When the agency decided again on what was scrutinised.
        is_scrutinised("wall_scrutinised", "supersedes_id").when("status = 'recorded'").reading,
    ),
    Answer: (*OF_THE_RECORD, among("decision_id", "wall_opened_decisions").reading),
    DecisionItem: OF_THE_RECORD,
    Point: OF_THE_RECORD,
    AdviceRequest: (*OF_THE_RECORD, ADVISED),
    Scrutiny: (SCRUTINISED, DECIDED),
    # Of the app below: what an adviser's or a partner's transition touches, and the record shows.
    InformationRequest: (
        is_advised("wall_advised_case", "id"),
        is_scrutinised("wall_scrutinised_case", "id"),
    ),
    AgencyCheck: (
        is_advised("wall_advised_check", "id"),
        is_scrutinised("wall_scrutinised_check", "id"),
    ),
    Pause: (
        is_advised("wall_advised_check", "enquiry_id"),
        is_scrutinised("wall_scrutinised_check", "enquiry_id"),
    ),
    Question: (is_scrutinised("wall_scrutinised_check", "enquiry_id").reading,),
    Item: (
        is_scrutinised("wall_scrutinised_check", "enquiry_id").reading.when("status = 'withheld'"),
    ),
}
