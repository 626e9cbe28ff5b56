"""What each column of ``reach.csv`` means here: which policy, which address, which verb."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agencies import policies as keeping
from agencies.permissions import Permission
from agencies.register import policies as register
from agreement import policies as agreeing
from decisions import policies as deciding
from requests_app import policies as asking

# The people of the table, as the tests' cast knows them.
PEOPLE = {
    "requester who asked": "requester",
    "colleague of the requester": "classmate",
    "SPoC of the requester's agency": "school_spoc",
    "front door officer": "officer",
    "SPoC of the agency asked": "trust_spoc",
    "responsible manager of the agency asked": "trust_manager",
    "colleague the check was handed to": "trust_nurse",
    "information governance lead of the agency asked": "trust_adviser",
    "SPoC of another agency asked": "housing_spoc",
    "SPoC of a statutory partner asked": "police_spoc",
    "safeguarding partner whose agency decided": "police_partner",
    "safeguarding partner of another agency": "board_partner",
    "information governance lead of the front door": "desk_lead",
    "administrator": "administrator",
}
SEES_REQUEST = (Permission.SEND_REQUEST, Permission.TRIAGE, Permission.OVERSEE)
SEES_CHECK = (Permission.TRIAGE, Permission.ANSWER, Permission.OVERSEE)
ANSWERS = (Permission.ANSWER, Permission.OVERSEE)


@dataclass(frozen=True)
class Act:
    """One act: the addresses any of which lets it be done, and the row and permissions behind it.

    ``ways`` are pairs of an address and what it takes. A page of many rows has no ``row``.
    """

    verb: str
    ways: tuple[tuple[str, str], ...]
    policy: Any = None
    permissions: tuple[Permission, ...] = ()
    row: str = ""


def read(name: str, where: str, policy: Any, *permissions: Permission, row: str = "") -> Act:
    return Act("get", ((name, where),), policy, permissions, row or where.rsplit(maxsplit=1)[-1])


def post(name: str, where: str, policy: Any, *permissions: Permission, row: str = "") -> Act:
    return Act("post", ((name, where),), policy, permissions, row or where.split(maxsplit=1)[0])


def page(name: str, where: str = "") -> Act:
    return Act("get", ((name, where),))


def button(name: str, where: str = "") -> Act:
    return Act("post", ((name, where),))


REQUESTS, CHECKS, ITEMS = asking.REQUESTS, asking.AGENCY_CHECKS, asking.ITEMS
DECISIONS, MINE, FRONT_DOOR = deciding.DECISIONS, Permission.SEND_REQUEST, Permission.TRIAGE
AGENCIES, OFFICE, KEEP = register.AGENCIES, Permission.ADMINISTER, Permission.MANAGE_PEOPLE

ACTS: Mapping[str, Act] = {
    "draft request: read": read("requests:review", "case.draft", REQUESTS, *SEES_REQUEST),
    "draft request: change": post("requests:purpose", "case.draft", REQUESTS, MINE),
    "draft request: send": post("requests:send", "case.draft", REQUESTS, MINE),
    "draft request: discard": post("requests:discard", "case.draft", REQUESTS, MINE),
    "draft request: add a file": post("requests:files", "case.draft", REQUESTS, MINE),
    "sent request: read": Act(
        "get",
        (("requests:case", "case.sent"), ("requests:triage_case", "case.sent")),
        REQUESTS,
        SEES_REQUEST,
        "case.sent",
    ),
    "sent request: read its file": read(
        "requests:file", "case.sent file.sent", asking.ATTACHMENTS, *SEES_REQUEST
    ),
    "sent request: answer the checks of triage": post(
        "requests:triage_checks", "case.sent", REQUESTS, FRONT_DOOR
    ),
    "sent request: return with questions": post(
        "requests:triage_return", "case.sent", REQUESTS, FRONT_DOOR
    ),
    "sent request: decline": post("requests:triage_decline", "case.sent", REQUESTS, FRONT_DOOR),
    "checked request: accept": post("requests:triage_accept", "case.checked", REQUESTS, FRONT_DOOR),
    "returned request: answer a question": post(
        "requests:question",
        "case.returned question.returned",
        asking.CLARIFICATIONS,
        MINE,
        row="question.returned",
    ),
    "returned request: take back": post(
        "requests:triage_take_back", "case.returned", REQUESTS, FRONT_DOOR
    ),
    "declined request: read": Act(
        "get",
        (("requests:case", "case.declined"), ("requests:triage_case", "case.declined")),
        REQUESTS,
        SEES_REQUEST,
        "case.declined",
    ),
    "accepted request: change the rating": post(
        "requests:triage_rate", "case.accepted", REQUESTS, FRONT_DOOR
    ),
    "accepted request: claim": button("requests:claim", "case.accepted"),
    "accepted request: look for possible matches": read(
        "requests:matches", "case.accepted", REQUESTS, FRONT_DOOR
    ),
    "accepted request: put an agency check": post(
        "requests:put_check", "case.accepted", REQUESTS, FRONT_DOOR
    ),
    "accepted request: release": post("requests:release", "case.accepted", REQUESTS, FRONT_DOOR),
    "released request: see who has looked": read(
        "requests:access_log", "case.released", REQUESTS, FRONT_DOOR
    ),
    "released information: read": read(
        "requests:released", "release.released", asking.RELEASES, MINE
    ),
    "released information: acknowledge": post(
        "requests:acknowledge", "release.released", asking.RELEASES, MINE
    ),
    "waiting agency check: read": Act(
        "get",
        (("requests:check", "check.put"), ("requests:check_for_desk", "check.put")),
        CHECKS,
        SEES_CHECK,
        "check.put",
    ),
    "waiting agency check: take": post(
        "requests:take_check", "check.put", CHECKS, Permission.ANSWER
    ),
    "handed agency check: read": Act(
        "get",
        (("requests:check", "check.nursed"), ("requests:check_for_desk", "check.nursed")),
        CHECKS,
        SEES_CHECK,
        "check.nursed",
    ),
    "handed agency check: hand on": post(
        "requests:hand_check", "check.nursed", CHECKS, Permission.ANSWER
    ),
    "handed agency check: answer not known": post(
        "requests:not_known", "check.nursed", CHECKS, Permission.ANSWER
    ),
    "handed agency check: list information held": post(
        "requests:add_item", "check.nursed", CHECKS, Permission.ANSWER
    ),
    "held information: change": post(
        "requests:change_item", "check.held item.held", ITEMS, Permission.ANSWER, row="item.held"
    ),
    "offered information: read": Act(
        "get",
        (("requests:check", "check.offered"), ("requests:check_for_desk", "check.offered")),
        ITEMS,
        SEES_CHECK,
        "item.offered",
    ),
    "offered information: accept": post(
        "requests:accept_item",
        "check.offered item.offered",
        asking.OFFERED,
        FRONT_DOOR,
        row="item.offered",
    ),
    "offered information: refuse": post(
        "requests:refuse_item",
        "check.offered item.offered",
        asking.OFFERED,
        FRONT_DOOR,
        row="item.offered",
    ),
    "open decision: read": read("decisions:decision", "decision.nursed", DECISIONS, *ANSWERS),
    "open decision: answer a question": post(
        "decisions:step", "decision.nursed =purpose", DECISIONS, Permission.ANSWER
    ),
    "open decision: seek advice": post(
        "decisions:seek_advice", "decision.nursed =purpose", DECISIONS, Permission.ANSWER
    ),
    "ready decision: record": post(
        "decisions:record", "decision.ready", DECISIONS, Permission.ANSWER
    ),
    "question to an adviser: read and answer": post(
        "decisions:advice", "advice.waiting", deciding.ADVICE, Permission.ADVISE
    ),
    "refusal of another agency: decide anew": post(
        "decisions:anew", "decision.refused", DECISIONS, Permission.ANSWER
    ),
    "refusal of a statutory partner: scrutinise": post(
        "decisions:scrutiny", "scrutiny.police", deciding.SCRUTINIES, Permission.SCRUTINISE
    ),
    "refusal of another agency: scrutinise": post(
        "decisions:scrutiny", "scrutiny.refused", deciding.SCRUTINIES, Permission.SCRUTINISE
    ),
    "answered agency check: see who has looked": read(
        "requests:check_access_log", "check.shared", CHECKS, *ANSWERS
    ),
    "inbox of the front door: see": page("requests:inbox"),
    "agency checks of one's agency: see": page("requests:checks"),
    "requests of one's agency: see": page("requests:oversight"),
    "one's own requests: see": page("requests:mine"),
    "questions to advisers: see": page("decisions:advice_list"),
    "decisions to scrutinise: see": page("decisions:scrutinies"),
    # The register (A-REGISTER, ISA-4.3-SPOC).
    "register of agencies: see": page("agencies:register"),
    "agency on the register: change": post(
        "agencies:agency_change", "agency.housing", AGENCIES, OFFICE
    ),
    "agency on the register: say who holds a post": post(
        "agencies:agency_post", "agency.housing =spoc", AGENCIES, OFFICE
    ),
    "agency on the register: merge into another entry": post(
        "agencies:agency_merge", "agency.housing", AGENCIES, OFFICE
    ),
    "agency on the register: leave": post(
        "agencies:agency_leave", "agency.housing", AGENCIES, OFFICE
    ),
    "register as a file: have one checked": page("agencies:register_files"),
    "register as a file: take out": button("agencies:register_export"),
    "names and partners of the partnership: change": button("agencies:partnership"),
    "whom to call at another agency: look up": read(
        "agencies:call", "agency.housing", register.WHO_TO_CALL, MINE
    ),
    # People (ISA-7.1).
    "people of the agency asked: see": read(
        "agencies:people_of", "agency.trust", keeping.WITH_PEOPLE, KEEP
    ),
    "people of the agency asked: invite": post(
        "agencies:invite", "agency.trust", keeping.WITH_PEOPLE, KEEP
    ),
    "people of the agency asked: confirm their access": post(
        "agencies:access_review", "agency.trust", keeping.WITH_PEOPLE, KEEP
    ),
    "somebody of the agency asked: record a check": post(
        "agencies:check_add", "member.nurse", keeping.MEMBERSHIPS, KEEP
    ),
    "somebody of the agency asked: change the roles": post(
        "agencies:member_roles", "member.nurse", keeping.MEMBERSHIPS, KEEP
    ),
    "somebody of the agency asked: suspend": post(
        "agencies:member_suspend", "member.nurse", keeping.MEMBERSHIPS, KEEP
    ),
    # The agreement (ISA-2.1, ISA-5.2, ISA-5.3, ISA-9.2).
    "edition in force: read": page("agreement:edition", "edition.in_force"),
    "edition being drafted: change": post(
        "agreement:change", "edition.draft", agreeing.EDITIONS, OFFICE
    ),
    "proposed edition: withdraw": post(
        "agreement:withdraw", "edition.proposed", agreeing.EDITIONS, OFFICE
    ),
    "proposed edition: agree": post(
        "agreement:agree", "edition.proposed", agreeing.EDITIONS, Permission.AGREE
    ),
    "yearly review: record": button("agreement:review"),
    "agreement: sign for the agency asked": Act(
        "post", (("agreement:sign", ""),), agreeing.TAKING_PART, (Permission.SIGN,), "agency.trust"
    ),
    "agency that takes part: suspend": post(
        "agreement:suspend", "agency.trust", agreeing.TAKING_PART, OFFICE
    ),
    # Opening a case without a part in it (ISA-7.2).
    "sent request: open without a part in it": Act(
        "get",
        (("requests:open_case", ""),),
        asking.OPENABLE,
        (Permission.BREAK_GLASS,),
        "case.sent",
    ),
    "case opened by a partner: read": read(
        "decisions:opened", "opening.running", asking.OPENINGS, Permission.BREAK_GLASS
    ),
    "case opened by a partner: close": post(
        "requests:close_opening", "opening.running", asking.OPENINGS, Permission.BREAK_GLASS
    ),
    "openings worth a look: see": page("requests:openings_oversight"),
    "opening by a partner: note what was found": post(
        "requests:review_opening", "opening.running", asking.OPENINGS, Permission.REVIEW_OPENINGS
    ),
    # Oversight and the disclosure log (ISA-5.1, ISA-4.3-RECORD).
    "oversight of one's agency: see": page("decisions:oversight"),
    "disclosure log of one's agency: see": page("decisions:disclosures"),
    "disclosure log of one's agency: take out": button("decisions:export_disclosures"),
}
