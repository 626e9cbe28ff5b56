# ruff: noqa: S608 - a language of names that are all ours
"""The reach of this room's ``policies.py`` once more, and what it adds to the room below."""

from decisions.models import AdviceRequest, Answer, Decision, Point, Scrutiny, Weighed
from decisions.seen import SIGHT as SEEN
from requests_app.models import Enquiry, InformationRequest, Item, Pause, Question
from requests_app.wall import AGENCY, CHECKED, DESK, ENQUIRY, OPENED, PERSON, may
from workflow.wall import Sight, Ways, among

MAY_ADVISE, MAY_SCRUTINISE = may("advise_agency"), may("scrutinise_no_share")
# A statutory partner, on what neither its agency nor another of this person's has answered.
ANOTHER_ANSWERED = f"""
{MAY_SCRUTINISE}
AND (SELECT is_statutory_partner FROM agencies_agency WHERE id = {AGENCY})
AND e.holder_id <> {AGENCY}
AND e.holder_id <> ALL (ARRAY(
    SELECT agency_id FROM agencies_membership WHERE user_id = {PERSON} AND status <> 'invited'
))
"""

SIGHTS = (
    Sight(
        "wall_decided",
        "SELECT id FROM decisions_decision WHERE enquiry_id IN (SELECT wall_checks())",
    ),
    Sight(
        "wall_opened_decisions",
        "SELECT id FROM decisions_decision"
        " WHERE case_id IN (SELECT wall_opened()) AND status = 'recorded'",
    ),
    # What an adviser was asked about, and no more of what their agency decides.
    Sight(
        "wall_advised",
        "SELECT a.decision_id FROM decisions_advicerequest a"
        " JOIN decisions_decision d ON d.id = a.decision_id"
        f" JOIN {ENQUIRY} e ON e.id = d.enquiry_id"
        f" WHERE e.holder_id = {AGENCY} AND {MAY_ADVISE}",
    ),
    Sight(
        "wall_advised_checks",
        "SELECT enquiry_id FROM decisions_decision WHERE id IN (SELECT wall_advised())",
    ),
    # Scrutiny opens with each decision not to share, so its rows say what is open to partners.
    Sight(
        "wall_scrutinised",
        "SELECT s.decision_id FROM decisions_scrutiny s"
        " JOIN decisions_decision d ON d.id = s.decision_id"
        f" JOIN {ENQUIRY} e ON e.id = d.enquiry_id"
        f" WHERE {ANOTHER_ANSWERED} AND d.decided_by_id <> {PERSON}",
    ),
    Sight(
        "wall_scrutinised_checks",
        f"SELECT e.id FROM {ENQUIRY} e WHERE {ANOTHER_ANSWERED} AND EXISTS ("
        " SELECT 1 FROM decisions_decision d JOIN decisions_scrutiny s ON s.decision_id = d.id"
        " WHERE d.enquiry_id = e.id)",
    ),
    Sight(
        "wall_asked_cases",
        f"SELECT case_id FROM {ENQUIRY} WHERE id IN (SELECT wall_advised_checks())"
        f" UNION SELECT case_id FROM {ENQUIRY} WHERE id IN (SELECT wall_scrutinised_checks())",
    ),
    # All that hangs on the agency's own checks, as evidence names it: for "who has looked".
    Sight(
        "wall_checked_things",
        " UNION ALL ".join(
            [
                "SELECT wall_checks()::text",
                "SELECT wall_checked_items()::text",
                "SELECT wall_decided()::text",
                "SELECT id::text FROM requests_app_question"
                " WHERE enquiry_id IN (SELECT wall_checks())",
                "SELECT id::text FROM requests_app_pause"
                " WHERE enquiry_id IN (SELECT wall_checks())",
                *[
                    f"SELECT id::text FROM decisions_{name}"
                    " WHERE decision_id IN (SELECT wall_decided())"
                    for name in ("advicerequest", "answer", "point", "weighed", "scrutiny")
                ],
            ]
        ),
        "SETOF text",
    ),
    SEEN,
)

DECIDED = among("decision_id", "wall_decided")
ADVISED = among("decision_id", "wall_advised")
SCRUTINISED = among("decision_id", "wall_scrutinised")
OF_THE_RECORD = (DECIDED, SCRUTINISED.reading)

WAYS: Ways = {
    Decision: (
        CHECKED,
        DESK.when("status = 'recorded'").reading,
        among("id", "wall_advised"),
        among("id", "wall_scrutinised").reading,
        # Whether the agency has decided again on what was scrutinised.
        among("supersedes_id", "wall_scrutinised").reading,
        OPENED.when("status = 'recorded'"),
    ),
    Answer: (*OF_THE_RECORD, among("decision_id", "wall_opened_decisions").reading),
    Weighed: OF_THE_RECORD,
    Point: OF_THE_RECORD,
    AdviceRequest: (*OF_THE_RECORD, ADVISED),
    Scrutiny: (DECIDED, SCRUTINISED),
    # Of the room below: what an adviser's or a partner's move has to touch, and the record shows.
    InformationRequest: (among("id", "wall_asked_cases"),),
    Enquiry: (among("id", "wall_advised_checks"), among("id", "wall_scrutinised_checks")),
    Pause: (
        among("enquiry_id", "wall_advised_checks"),
        among("enquiry_id", "wall_scrutinised_checks"),
    ),
    Question: (among("enquiry_id", "wall_scrutinised_checks").reading,),
    Item: (among("enquiry_id", "wall_scrutinised_checks").reading.when("status = 'withheld'"),),
}
