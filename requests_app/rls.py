# ruff: noqa: S608 - a language of names that are all ours
"""The reach of ``policies.py`` once more, for PostgreSQL to keep (docs/adr/0058, 0059).

Wider than the policies only where a page or a transition needs a row that its person's policies do
not list; each such way says so. ``decisions.rls`` adds its own ways to some of these rows.
"""

from django.conf import settings

from requests_app.models import (
    AgencyCheck,
    Attachment,
    Clarification,
    Consent,
    DeskChoice,
    InboxPlace,
    InformationRequest,
    Item,
    MatchToken,
    MatchVerdict,
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
    ShiftNote,
    Subject,
    TimeReminder,
    TriageCheck,
)
from workflow.rls import RlsFunction, Way, Ways, among

PERSON = "(SELECT wall_person())"
AGENCY = "(SELECT wall_agency())"
CASE, AGENCY_CHECK = "requests_app_informationrequest", "requests_app_enquiry"
ITEM = "requests_app_item"
SENT = "status NOT IN ('draft', 'discarded')"
TODAY = f"(now() AT TIME ZONE '{settings.TIME_ZONE}')::date"
TAKES_PART = f"a.status = 'taking_part' AND (a.lapses_on IS NULL OR a.lapses_on > {TODAY})"


def may(permission: str) -> str:
    """Whether the person of the transaction holds a permission, asked once a statement."""
    return f"(SELECT wall_may('{permission}'))"


MAY_SEND, MAY_TRIAGE, MAY_ANSWER = may("send_request"), may("triage_request"), may("answer_enquiry")
MAY_OVERSEE, CASE_WORK = may("oversee_agency"), "(SELECT wall_works_on_cases())"
MAY_OPEN, MAY_REVIEW_OPENINGS = "(SELECT wall_may_open())", may("watch_openings")
AT_DESK = "(SELECT wall_agency() WHERE wall_at_desk())"

# A function of one row is given agency and person, so that a statement asks for them once. It
# answers for those of the transaction alone, or by asking it anybody could learn of others.
TOLD = "= nullif(current_setting('portal.{}', true), '')::uuid"
TOLD_AGENCY, TOLD_PERSON = TOLD.format("agency"), TOLD.format("person")

# Of an agency's check: that it is the agency's, and this person's to answer or to oversee.
HOLDER = "holder uuid, any_of_them boolean, colleague uuid"
ITS_OWN = f"(any_of_them OR e.taken_by_id = colleague AND colleague {TOLD_PERSON})"
HOLDS = f"holder {TOLD_AGENCY} AND e.holder_id = holder AND {ITS_OWN}"
AS_HOLDER = f"{AGENCY}, {MAY_ANSWER} OR {MAY_OVERSEE}, (SELECT wall_colleague())"


def held(name: str, rows: str) -> RlsFunction:
    """Whether one row, which ``rows`` finds with its check ``e``, hangs on a check of the agency.

    An agency that answers for twenty years has too many to gather them all for each statement.
    """
    body = f"SELECT EXISTS (SELECT 1 FROM {rows} AND {HOLDS})"
    return RlsFunction(f"{name}(row_id uuid, {HOLDER})", body, "boolean")


def is_held(name: str, column: str) -> Way:
    """Rows of which the function ``name`` says that they hang on a check of the agency."""
    return Way(f"{name}({column}, {AS_HOLDER})")


RLS_FUNCTIONS = (
    RlsFunction(
        "wall_mine",
        f"SELECT id FROM {CASE}"
        f" WHERE requested_by_id = {PERSON} AND agency_id = {AGENCY} AND {MAY_SEND}",
    ),
    RlsFunction(
        "wall_oversees(of_case uuid, asking uuid)",
        f"SELECT EXISTS (SELECT 1 FROM {CASE}"
        f" WHERE id = of_case AND agency_id = asking AND asking {TOLD_AGENCY} AND {SENT})",
        "boolean",
    ),
    # The front door reaches all but a few, so the few are what it asks for.
    RlsFunction("wall_at_desk", f"SELECT {AGENCY} IS NOT NULL AND {MAY_TRIAGE}", "boolean"),
    RlsFunction(
        "wall_not_at_desk",
        f"SELECT id FROM {CASE} WHERE desk_id < {AT_DESK}"
        f" UNION ALL SELECT id FROM {CASE} WHERE desk_id > {AT_DESK}"
        f" UNION ALL SELECT id FROM {CASE}"
        f" WHERE desk_id = {AT_DESK} AND status IN ('draft', 'discarded')",
    ),
    # Whoever works on cases answers what was handed to them.
    RlsFunction(
        "wall_colleague", "SELECT CASE WHEN wall_works_on_cases() THEN wall_person() END", "uuid"
    ),
    held("wall_holds", f"{AGENCY_CHECK} e WHERE e.id = row_id"),
    held("wall_was_asked", f"{AGENCY_CHECK} e WHERE e.case_id = row_id"),
    # What it is asked, until the check is withdrawn; what a recorded decision names stays.
    held(
        "wall_is_asked",
        f"requests_app_question q JOIN {AGENCY_CHECK} e ON e.id = q.enquiry_id WHERE q.id = row_id"
        f" AND (e.status <> 'withdrawn' OR EXISTS (SELECT 1 FROM {ITEM} i"
        " WHERE i.question_id = q.id AND i.status IN ('offered', 'withheld')))",
    ),
    held(
        "wall_holds_item",
        f"{ITEM} i JOIN {AGENCY_CHECK} e ON e.id = i.enquiry_id WHERE i.id = row_id",
    ),
    # The packages that hold something the agency gave: its disclosure log says when they went.
    held(
        "wall_was_told",
        f"requests_app_releaseditem r JOIN {ITEM} i ON i.id = r.item_id"
        f" JOIN {AGENCY_CHECK} e ON e.id = i.enquiry_id WHERE r.release_id = row_id",
    ),
    # Those whose details the agency was given to find them by, and nobody else of the case; nobody
    # by a check that was withdrawn.
    held(
        "wall_was_shown",
        f"requests_app_subject s JOIN {AGENCY_CHECK} e ON e.case_id = s.case_id"
        " WHERE s.id = row_id AND e.shown ? row_id::text AND e.status <> 'withdrawn'",
    ),
    # The packages in which this person is a named recipient, and what is in them.
    RlsFunction(
        "wall_released",
        f"SELECT r.release_id FROM requests_app_recipient r JOIN {CASE} c ON c.id = r.case_id"
        f" WHERE r.person_id = {PERSON} AND c.agency_id = {AGENCY} AND {CASE_WORK}",
    ),
    RlsFunction(
        "wall_released_cases",
        "SELECT case_id FROM requests_app_release WHERE id IN (SELECT wall_released())",
    ),
    RlsFunction(
        "wall_released_checks",
        "SELECT enquiry_id FROM requests_app_releasedanswer"
        " WHERE release_id IN (SELECT wall_released())",
    ),
    RlsFunction(
        "wall_released_items",
        "SELECT item_id FROM requests_app_releaseditem"
        " WHERE release_id IN (SELECT wall_released())",
    ),
    # Opening a case without a part in it (ISA-7.2): what is open now, and what is being opened,
    # which is told for the length of the act that does it.
    RlsFunction(
        "wall_may_open",
        f"SELECT {may('open_otherwise')}"
        f" AND (SELECT is_statutory_partner FROM agencies_agency WHERE id = {AGENCY})",
        "boolean",
    ),
    RlsFunction(
        "wall_opened",
        f"SELECT o.case_id FROM requests_app_opening o JOIN {CASE} c ON c.id = o.case_id"
        f" JOIN agencies_agency a ON a.id = o.agency_id AND {TAKES_PART}"
        f" WHERE o.person_id = {PERSON} AND o.agency_id = {AGENCY} AND {MAY_OPEN}"
        f" AND o.status = 'open' AND o.until > clock_timestamp() AND c.{SENT}",
    ),
    RlsFunction(
        "wall_being_opened",
        f"SELECT c.id FROM {CASE} c WHERE {MAY_OPEN} AND c.{SENT}"
        " AND c.id = nullif(current_setting('portal.opening', true), '')::uuid",
        "uuid",
    ),
    RlsFunction(
        "wall_opened_items",
        "SELECT item_id FROM requests_app_releaseditem WHERE case_id IN (SELECT wall_opened())",
    ),
    # The openings that a lead for information governance reviews, at the desk and at the agency.
    RlsFunction(
        "wall_watched",
        f"SELECT o.id FROM requests_app_opening o JOIN {CASE} c ON c.id = o.case_id"
        f" WHERE (c.desk_id = {AGENCY} OR o.agency_id = {AGENCY}) AND {MAY_REVIEW_OPENINGS}",
    ),
    RlsFunction(
        "wall_watched_cases",
        "SELECT case_id FROM requests_app_opening WHERE id IN (SELECT wall_watched())",
    ),
)

MINE = among("case_id", "wall_mine")
OVERSEEN = Way(f"{MAY_OVERSEE} AND wall_oversees(case_id, {AGENCY})", writes=False)
FRONT_DOOR = Way("(SELECT wall_at_desk()) AND case_id NOT IN (SELECT wall_not_at_desk())")
CHECKED = is_held("wall_holds", "enquiry_id")
OPENED = among("case_id", "wall_opened").reading
OF_THE_REQUEST = (MINE, FRONT_DOOR, OPENED, OVERSEEN)
IN_A_PACKAGE = among("release_id", "wall_released").reading

WAYS: Ways = {
    # By its own columns, since a new row is in no function yet; and for whoever has a part in it,
    # since each transition locks it first and a page says what it is for.
    InformationRequest: (
        Way(f"requested_by_id = {PERSON} AND agency_id = {AGENCY} AND {MAY_SEND}"),
        Way(f"agency_id = {AGENCY} AND {SENT} AND {MAY_OVERSEE}"),
        Way(f"desk_id = {AGENCY} AND {SENT} AND {MAY_TRIAGE}"),
        among("id", "wall_released_cases"),
        among("id", "wall_watched_cases"),
        # Found by its reference by whoever may open it, as ``policies.OPENABLE`` has it.
        Way(f"{MAY_OPEN} AND {SENT}"),
        is_held("wall_was_asked", "id"),
    ),
    # A holder reads those it was asked about; a list of packages says whose they are.
    Subject: (
        *OF_THE_REQUEST,
        among("case_id", "wall_released_cases").reading,
        Way("case_id = (SELECT wall_being_opened())", writes=False),
        is_held("wall_was_shown", "id").reading,
    ),
    Need: OF_THE_REQUEST,
    Consent: OF_THE_REQUEST,
    # A file that was taken out would outlast the hour for which a case is opened.
    Attachment: (MINE, FRONT_DOOR, OVERSEEN),
    Clarification: OF_THE_REQUEST,
    MatchToken: (MINE, FRONT_DOOR),
    MatchVerdict: (FRONT_DOOR,),
    TriageCheck: (FRONT_DOOR,),
    DeskChoice: (Way(f"person_id = {PERSON} AND desk_id = {AGENCY} AND {MAY_TRIAGE}"),),
    InboxPlace: (Way(f"desk_id = {AGENCY} AND ({MAY_TRIAGE} OR {MAY_OVERSEE})", writes=False),),
    # Whoever keeps oversight of the front door reads that something waits; no page opens the note.
    ShiftNote: (
        Way(f"desk_id = {AGENCY} AND {MAY_TRIAGE}"),
        Way(f"desk_id = {AGENCY} AND {MAY_OVERSEE}", writes=False),
    ),
    # The agency's own by its columns, as indexes have them.
    AgencyCheck: (
        FRONT_DOOR,
        Way(f"holder_id = {AGENCY} AND ({MAY_ANSWER} OR {MAY_OVERSEE})"),
        Way(f"taken_by_id = {PERSON} AND holder_id = {AGENCY} AND {CASE_WORK}"),
        among("id", "wall_released_checks").reading,
        OPENED,
    ),
    Question: (FRONT_DOOR, OPENED, is_held("wall_is_asked", "id")),
    # Whoever keeps oversight of the requests of an agency sees their clocks, not the checks'.
    Pause: (MINE, FRONT_DOOR, OVERSEEN.when("enquiry_id IS NULL"), CHECKED),
    # What is withheld or decided anew is read for its reasons and for whether it still stands;
    # no page outside its agency shows its title (ISA-5.4).
    Item: (
        FRONT_DOOR.when("status IN ('offered', 'withheld') OR decides_anew_id IS NOT NULL"),
        among("id", "wall_released_items").reading,
        among("id", "wall_opened_items").reading,
        among("enquiry_id", "wall_released_checks").reading.when(
            "status = 'withheld' OR decides_anew_id IS NOT NULL"
        ),
        CHECKED,
    ),
    Receipt: (
        FRONT_DOOR,
        among("item_id", "wall_released_items").reading,
        is_held("wall_holds_item", "item_id").reading,
    ),
    Release: (
        FRONT_DOOR,
        among("id", "wall_released").reading,
        OPENED,
        is_held("wall_was_told", "id").reading,
    ),
    ReleasedItem: (
        FRONT_DOOR,
        IN_A_PACKAGE,
        OPENED,
        is_held("wall_holds_item", "item_id").reading,
    ),
    ReleasedAnswer: (FRONT_DOOR, IN_A_PACKAGE, OPENED),
    # A package names all who got it; each acknowledges for themselves.
    Recipient: (
        FRONT_DOOR,
        IN_A_PACKAGE,
        Way(f"person_id = {PERSON} AND {IN_A_PACKAGE.sql}"),
        OPENED,
    ),
    # Those of whoever opens it count, as whichever agency; a colleague's are for who reviews.
    Opening: (
        Way(f"person_id = {PERSON} AND agency_id = {AGENCY} AND {MAY_OPEN}"),
        Way(f"person_id = {PERSON} AND {MAY_OPEN}", writes=False),
        FRONT_DOOR,
        among("id", "wall_watched").reading,
        # "Who has looked" at an agency's check says why somebody without a part in it did.
        is_held("wall_was_asked", "case_id").reading,
    ),
    OpeningNote: (among("opening_id", "wall_watched"),),
    # The worker's own notes, which no page reads.
    TimeReminder: (Way("false", writes=False),),
}
