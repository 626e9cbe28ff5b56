# ruff: noqa: S608 - a language of names that are all ours
"""The reach of ``policies.py`` once more, for PostgreSQL to keep (docs/adr/0058, 0059).

Wider than the policies only where a page or a move needs a row that its person's policies do not
list; each such way says so. ``decisions.wall`` adds its own ways to some of these rows.
"""

from requests_app.models import (
    Attachment,
    Clarification,
    Consent,
    Enquiry,
    InformationRequest,
    Item,
    MatchToken,
    Need,
    Opening,
    OpeningNote,
    Pause,
    Question,
    Receipt,
    Recipient,
    Release,
    ReleasedAnswer,
    ReleasedItem,
    Subject,
    TriageCheck,
)
from workflow.wall import Sight, Way, Ways, among

PERSON = "(SELECT wall_person())"
AGENCY = "(SELECT wall_agency())"
CASE, ENQUIRY = "requests_app_informationrequest", "requests_app_enquiry"
SENT = "status NOT IN ('draft', 'discarded')"


def may(permission: str) -> str:
    """Whether the person of the transaction holds a permission, asked once a statement."""
    return f"(SELECT wall_may('{permission}'))"


MAY_SEND, MAY_TRIAGE, MAY_ANSWER = may("send_request"), may("triage_request"), may("answer_enquiry")
MAY_OVERSEE, CASE_WORK = may("oversee_agency"), "(SELECT wall_works_on_cases())"
MAY_OPEN, MAY_WATCH = "(SELECT wall_may_open())", may("watch_openings")

SIGHTS = (
    Sight(
        "wall_mine",
        f"SELECT id FROM {CASE}"
        f" WHERE requested_by_id = {PERSON} AND agency_id = {AGENCY} AND {MAY_SEND}",
    ),
    Sight(
        "wall_overseen",
        f"SELECT id FROM {CASE} WHERE agency_id = {AGENCY} AND {SENT} AND {MAY_OVERSEE}",
    ),
    # The front door reaches all but a few, so the few are what it asks for.
    Sight("wall_at_desk", f"SELECT {AGENCY} IS NOT NULL AND {MAY_TRIAGE}", "boolean"),
    Sight(
        "wall_not_at_desk",
        f"SELECT id FROM {CASE} WHERE desk_id < {AGENCY}"
        f" UNION ALL SELECT id FROM {CASE} WHERE desk_id > {AGENCY}"
        f" UNION ALL SELECT id FROM {CASE}"
        f" WHERE desk_id = {AGENCY} AND status IN ('draft', 'discarded')",
    ),
    # The agency checks that are the agency's, or this person's, to answer.
    Sight(
        "wall_checks",
        f"SELECT id FROM {ENQUIRY} WHERE holder_id = {AGENCY} AND ({MAY_ANSWER} OR {MAY_OVERSEE})"
        f" UNION SELECT id FROM {ENQUIRY}"
        f" WHERE taken_by_id = {PERSON} AND holder_id = {AGENCY} AND {CASE_WORK}",
    ),
    Sight(
        "wall_checked_items",
        "SELECT i.id FROM requests_app_item i WHERE i.enquiry_id IN (SELECT wall_checks())",
    ),
    Sight(
        "wall_checked_cases",
        f"SELECT case_id FROM {ENQUIRY} WHERE id IN (SELECT wall_checks())",
    ),
    # The packages that hold something the agency gave: its disclosure log says when they went.
    Sight(
        "wall_told",
        "SELECT release_id FROM requests_app_releaseditem"
        " WHERE item_id IN (SELECT wall_checked_items())",
    ),
    # Those whose details the agency was given to find them by, and nobody else of the case.
    Sight(
        "wall_shown",
        f"SELECT shown.person::uuid FROM {ENQUIRY} e,"
        " LATERAL jsonb_object_keys(e.shown) AS shown(person)"
        " WHERE e.id IN (SELECT wall_checks()) AND shown.person ~ '^[0-9a-f-]{36}$'",
    ),
    # The packages in which this person is a named recipient, and what is in them.
    Sight(
        "wall_released",
        f"SELECT r.release_id FROM requests_app_recipient r JOIN {CASE} c ON c.id = r.case_id"
        f" WHERE r.person_id = {PERSON} AND c.agency_id = {AGENCY} AND {CASE_WORK}",
    ),
    Sight(
        "wall_released_cases",
        "SELECT case_id FROM requests_app_release WHERE id IN (SELECT wall_released())",
    ),
    Sight(
        "wall_released_checks",
        "SELECT enquiry_id FROM requests_app_releasedanswer"
        " WHERE release_id IN (SELECT wall_released())",
    ),
    Sight(
        "wall_released_items",
        "SELECT item_id FROM requests_app_releaseditem"
        " WHERE release_id IN (SELECT wall_released())",
    ),
    # Opening a case without a part in it (ISA-7.2): what is open now, and what is being opened,
    # which is told for the length of the act that does it.
    Sight(
        "wall_may_open",
        f"SELECT {may('open_otherwise')}"
        f" AND (SELECT is_statutory_partner FROM agencies_agency WHERE id = {AGENCY})",
        "boolean",
    ),
    Sight(
        "wall_opened",
        f"SELECT o.case_id FROM requests_app_opening o JOIN {CASE} c ON c.id = o.case_id"
        f" WHERE o.person_id = {PERSON} AND o.agency_id = {AGENCY} AND {MAY_OPEN}"
        f" AND o.status = 'open' AND o.until > clock_timestamp() AND c.{SENT}",
    ),
    Sight(
        "wall_being_opened",
        f"SELECT c.id FROM {CASE} c WHERE {MAY_OPEN} AND c.{SENT}"
        " AND c.id = nullif(current_setting('portal.opening', true), '')::uuid",
        "uuid",
    ),
    Sight(
        "wall_opened_items",
        "SELECT item_id FROM requests_app_releaseditem WHERE case_id IN (SELECT wall_opened())",
    ),
    # The openings that a lead for information governance watches, at the desk and at the agency.
    Sight(
        "wall_watched",
        f"SELECT o.id FROM requests_app_opening o JOIN {CASE} c ON c.id = o.case_id"
        f" WHERE (c.desk_id = {AGENCY} OR o.agency_id = {AGENCY}) AND {MAY_WATCH}",
    ),
    Sight(
        "wall_watched_cases",
        "SELECT case_id FROM requests_app_opening WHERE id IN (SELECT wall_watched())",
    ),
    # The cases of which a person may see the row itself, for a part that is not the whole.
    Sight(
        "wall_part_cases",
        "SELECT wall_checked_cases() UNION SELECT wall_released_cases()"
        " UNION SELECT wall_watched_cases()",
    ),
)

MINE = among("case_id", "wall_mine")
OVERSEEN = among("case_id", "wall_overseen").reading
DESK = Way("(SELECT wall_at_desk()) AND case_id NOT IN (SELECT wall_not_at_desk())")
CHECKED = among("enquiry_id", "wall_checks")
OPENED = among("case_id", "wall_opened").reading
OF_THE_REQUEST = (MINE, OVERSEEN, DESK, OPENED)
IN_A_PACKAGE = among("release_id", "wall_released").reading

WAYS: Ways = {
    # By its own columns, since a new row is in no function yet; and for whoever has a part in it,
    # since each move locks it first and a page says what it is for.
    InformationRequest: (
        Way(f"requested_by_id = {PERSON} AND agency_id = {AGENCY} AND {MAY_SEND}"),
        Way(f"agency_id = {AGENCY} AND {SENT} AND {MAY_OVERSEE}"),
        Way(f"desk_id = {AGENCY} AND {SENT} AND {MAY_TRIAGE}"),
        among("id", "wall_part_cases"),
        # Found by its reference by whoever may open it, as ``policies.OPENABLE`` has it.
        Way(f"{MAY_OPEN} AND {SENT}"),
    ),
    # A holder reads those it was asked about; a list of packages says whose they are.
    Subject: (
        *OF_THE_REQUEST,
        among("id", "wall_shown").reading,
        among("case_id", "wall_released_cases").reading,
        Way("case_id = (SELECT wall_being_opened())", writes=False),
    ),
    Need: OF_THE_REQUEST,
    Consent: OF_THE_REQUEST,
    # A file that was taken out would outlast the hour for which a case is opened.
    Attachment: (MINE, OVERSEEN, DESK),
    Clarification: OF_THE_REQUEST,
    MatchToken: (MINE, DESK),
    TriageCheck: (DESK,),
    # The agency's own by its columns, which spares the list of all that it was ever asked.
    Enquiry: (
        DESK,
        Way(f"holder_id = {AGENCY} AND ({MAY_ANSWER} OR {MAY_OVERSEE})"),
        Way(f"taken_by_id = {PERSON} AND holder_id = {AGENCY} AND {CASE_WORK}"),
        among("id", "wall_released_checks").reading,
        OPENED,
    ),
    Question: (DESK, CHECKED, OPENED),
    # Whoever keeps oversight of the requests of an agency sees their clocks, not the checks'.
    Pause: (MINE, OVERSEEN.when("enquiry_id IS NULL"), DESK, CHECKED),
    # What is withheld or decided anew is read for its reasons and for whether it still stands;
    # no page outside its agency shows its title (ISA-5.4).
    Item: (
        DESK.when("status IN ('offered', 'withheld') OR decides_anew_id IS NOT NULL"),
        CHECKED,
        among("id", "wall_released_items").reading,
        among("id", "wall_opened_items").reading,
        among("enquiry_id", "wall_released_checks").reading.when(
            "status = 'withheld' OR decides_anew_id IS NOT NULL"
        ),
    ),
    Receipt: (
        DESK,
        among("item_id", "wall_checked_items").reading,
        among("item_id", "wall_released_items").reading,
    ),
    Release: (
        DESK,
        among("id", "wall_released").reading,
        among("id", "wall_told").reading,
        OPENED,
    ),
    ReleasedItem: (
        DESK,
        IN_A_PACKAGE,
        among("item_id", "wall_checked_items").reading,
        OPENED,
    ),
    ReleasedAnswer: (DESK, IN_A_PACKAGE, OPENED),
    # A package names all who got it; each acknowledges for themselves.
    Recipient: (DESK, IN_A_PACKAGE, Way(f"person_id = {PERSON} AND {IN_A_PACKAGE.sql}"), OPENED),
    # Those of whoever opens it count, as whichever agency; a colleague's are for who watches.
    Opening: (
        Way(f"person_id = {PERSON} AND agency_id = {AGENCY} AND {MAY_OPEN}"),
        Way(f"person_id = {PERSON} AND {MAY_OPEN}", writes=False),
        DESK,
        among("id", "wall_watched").reading,
        # "Who has looked" at an agency's check says why somebody without a part in it did.
        among("case_id", "wall_checked_cases").reading,
    ),
    OpeningNote: (among("opening_id", "wall_watched"),),
}
