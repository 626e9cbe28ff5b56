"""Every address of the portal, and what each person gets there: data only.

``Row(where, who, get, post)``: the rows that the address names (see ``tests.house.world``), who
gets the two statuses, by GET and by a POST with nothing in it. Everybody else who is signed in
gets 404; 405 is the same for all of them. Somebody without any agency gets 403 everywhere, and
a visitor is sent to sign in. ``PUBLIC`` and ``ACCOUNT`` say what is otherwise.

Written by hand from the agreement and the roles, apart from the policies the portal works by.
"""

from dataclasses import dataclass

from tests.cast import PEOPLE

# Whoever can be signed in and act for an agency.
ALL = frozenset(PEOPLE) | {"two_hats"}
REQUESTER = frozenset({"requester"})
SCHOOL = REQUESTER | {"school_spoc"}
LEADS = frozenset({"desk_lead", "trust_adviser"})
ASKERS = ALL - LEADS - {"administrator", "police_partner", "board_partner"}
FRONT_DOOR = frozenset({"officer", "officer2"})
TRUST = frozenset({"trust_spoc", "trust_manager"})
NURSED = TRUST | {"trust_nurse"}
SPOCS = TRUST | {"school_spoc", "housing_spoc", "police_spoc"}
ADVISER = frozenset({"trust_adviser"})
PARTNERS = frozenset({"police_partner", "board_partner"})
BOARD = frozenset({"board_partner"})
AGREERS = PARTNERS
MANAGER = frozenset({"trust_manager"})
OFFICE = frozenset({"administrator"})
KEEPERS = TRUST | OFFICE
DISPOSERS = FRONT_DOOR | {"desk_lead"}
OPENER = frozenset({"police_partner"})


@dataclass(frozen=True)
class Row:
    """One address."""

    where: str
    who: frozenset[str]
    get: int
    post: int


def read(where: str, who: frozenset[str]) -> Row:
    """A page to read."""
    return Row(where, who, 200, 405)


def form(where: str, who: frozenset[str], empty: int = 422) -> Row:
    """A page with a form; one that is sent empty comes back with what is wrong."""
    return Row(where, who, 200, empty)


def act(where: str, who: frozenset[str], done: int = 302) -> Row:
    """A button: nothing to see, and nothing to fill in."""
    return Row(where, who, 405, done)


TABLE = {
    # What a requester works with.
    "requests:mine": read("", ASKERS),
    "requests:oversight": read("", SPOCS),
    "requests:start": act("", ASKERS),
    "requests:case": read("case.sent", SCHOOL),
    "requests:review": read("case.draft", REQUESTER),
    "requests:send": act("case.draft", REQUESTER),
    "requests:discard": form("case.draft", REQUESTER, 302),
    "requests:child": read("case.draft", REQUESTER),
    "requests:others": read("case.draft", REQUESTER),
    "requests:person_add": form("case.draft =connected", REQUESTER),
    "requests:person_change": form("case.draft person.risk_draft", REQUESTER),
    "requests:person_remove": form("case.draft person.risk_draft", REQUESTER, 302),
    "requests:purpose": form("case.draft", REQUESTER),
    "requests:needs": read("case.draft", REQUESTER),
    "requests:need_add": form("case.draft", REQUESTER),
    "requests:need_change": form("case.draft need.draft", REQUESTER),
    "requests:need_remove": form("case.draft need.draft", REQUESTER, 302),
    "requests:rating": form("case.draft", REQUESTER),
    "requests:consent": form("case.draft", REQUESTER),
    "requests:consent_details": form("case.draft =given", REQUESTER),
    "requests:parents": form("case.draft", REQUESTER),
    "requests:files": form("case.draft", REQUESTER),
    "requests:file": read("case.sent file.sent", SCHOOL | FRONT_DOOR),
    "requests:file_remove": form("case.draft file.draft", REQUESTER, 302),
    "requests:questions": read("case.returned", REQUESTER),
    "requests:question": form("case.returned question.returned", REQUESTER),
    "requests:released": read("release.released", REQUESTER),
    "requests:acknowledge": act("release.released", REQUESTER),
    "requests:access_log": read("case.released", FRONT_DOOR),
    "requests:child_access_log": read("case.sent person.child_sent", FRONT_DOOR),
    "requests:check_access_log": read("check.shared", TRUST),
    # Every version, for those whose page the row itself is.
    "requests:request_history": read("case.released", FRONT_DOOR),
    "requests:person_history": read("case.released person.child_released", FRONT_DOOR),
    "requests:check_history": read("check.nursed", NURSED),
    "requests:item_history": read("item.held", TRUST),
    "decisions:history": read("decision.nursed", NURSED),
    # Printed records, for those whose pages they are prints of.
    "decisions:print_request": form("case.released", FRONT_DOOR),
    "decisions:print_released": form("release.released", REQUESTER),
    "decisions:print_check": form("check.nursed", NURSED),
    # The front door.
    "requests:inbox": read("", FRONT_DOOR),
    "requests:triage_case": read("case.accepted", FRONT_DOOR),
    "requests:triage_checks": form("case.sent", FRONT_DOOR),
    "requests:triage_accept": act("case.checked", FRONT_DOOR),
    "requests:triage_return": form("case.sent", FRONT_DOOR),
    "requests:triage_take_back": form("case.returned", FRONT_DOOR, 302),
    "requests:triage_decline": form("case.sent", FRONT_DOOR),
    "requests:triage_rate": form("case.accepted", FRONT_DOOR),
    "requests:claim": act("case.accepted", FRONT_DOOR),
    "requests:hand_over": form("case.accepted", FRONT_DOOR),
    "requests:give_back": act("case.accepted", FRONT_DOOR),
    "requests:desk_news": read("", FRONT_DOOR),
    "requests:hub": read("", FRONT_DOOR),
    "requests:shifts": read("", FRONT_DOOR),
    "requests:shift_hand_over": form("", FRONT_DOOR),
    "requests:shift": read("shift.waiting", FRONT_DOOR),
    "requests:shift_take_over": act("shift.waiting", FRONT_DOOR),
    "requests:shift_take_back": act("shift.waiting", FRONT_DOOR),
    "requests:claim_several": act("", FRONT_DOOR),
    "requests:hand_over_several": act("", FRONT_DOOR),
    "requests:matches": read("case.accepted", FRONT_DOOR),
    "requests:match": form("person.child_accepted person.child_sent", FRONT_DOOR),
    "requests:match_undo": form("person.child_accepted person.child_released", FRONT_DOOR),
    "requests:find": form("", FRONT_DOOR),
    # A search that has ended leads back to the form.
    "requests:found": Row("=00000000-0000-4000-8000-000000000000", FRONT_DOOR, 302, 405),
    "requests:choose_agencies": form("case.accepted", FRONT_DOOR),
    "requests:put_check": form("case.accepted", FRONT_DOOR),
    "requests:release": form("case.accepted", FRONT_DOOR),
    "requests:check_for_desk": read("check.offered", FRONT_DOOR),
    "requests:remind_check": act("check.put", FRONT_DOOR),
    "requests:add_question": form("check.put", FRONT_DOOR),
    "requests:withdraw_check": form("check.put", FRONT_DOOR),
    "requests:accept_item": act("check.offered item.offered", FRONT_DOOR),
    "requests:refuse_item": form("check.offered item.offered", FRONT_DOOR),
    # Agencies that are asked. Whoever a check was handed to has a part in it (ISA-7.2).
    "requests:checks": read("", SPOCS | {"trust_nurse"}),
    "requests:next_check": Row("", SPOCS | {"trust_nurse"}, 302, 405),
    "requests:take_several": act("", SPOCS | {"trust_nurse"}),
    "requests:not_known_several": act("", SPOCS | {"trust_nurse"}),
    "requests:check": read("check.nursed", NURSED),
    "requests:take_check": act("check.put", TRUST),
    "requests:hand_check": form("check.nursed", NURSED),
    "requests:not_known": form("check.nursed", NURSED),
    "requests:add_item": form("check.nursed", NURSED),
    "requests:change_item": form("check.held item.held", TRUST),
    "requests:remove_item": form("check.held item.held", TRUST, 302),
    "decisions:of_check": read("check.nursed", NURSED),
    "decisions:begin": act("check.held", TRUST),
    "decisions:list_and_begin": form("check.nursed", NURSED),
    "decisions:finish": act("check.held", TRUST, 409),
    "decisions:decision": read("decision.nursed", NURSED),
    "decisions:split": form("decision.begun", TRUST),
    "decisions:anew": act("decision.refused", frozenset({"housing_spoc"}), 409),
    "decisions:step": form("decision.nursed =purpose", NURSED),
    "decisions:seek_advice": form("decision.nursed =purpose", NURSED),
    "decisions:note_advice": form("decision.waiting advice.waiting", TRUST),
    "decisions:sharing": form("decision.ready", TRUST),
    "decisions:basis": form("decision.ready", TRUST),
    "decisions:content": form("decision.ready item.ready", TRUST),
    "decisions:how": form("decision.ready", TRUST),
    "decisions:caldicott": form("decision.ready", TRUST),
    "decisions:told": form("decision.ready", TRUST),
    "decisions:why_not": form("decision.ready_not", TRUST),
    # Back to the decision until the ledger has signed it.
    "decisions:receipt": Row("decision.shared", TRUST, 302, 405),
    # Whether it was made before now may be left out: the page is its own "check your answers".
    "decisions:record": form("decision.ready", TRUST, 409),
    "decisions:advice_list": read("", LEADS),
    "decisions:advice": form("advice.waiting", ADVISER),
    # The partners, each for what another agency decided.
    "decisions:scrutinies": read("", PARTNERS),
    "decisions:scrutiny": form("scrutiny.police", BOARD),
    # Lost devices; whoever asked for this one is somebody else.
    "resets:people": read("", SPOCS | {"administrator"}),
    "resets:ask": form("member.nurse", TRUST | {"administrator"}),
    "resets:reset": read("reset.asked", TRUST | {"administrator"}),
    "resets:approve": act("reset.asked", TRUST | {"administrator"}),
    "resets:refuse": act("reset.asked", TRUST | {"administrator"}),
    "resets:withdraw": act("reset.asked", TRUST | {"administrator"}),
    # What waits for a second person; whoever proposed this role is somebody else.
    "agencies:proposals": form("", SPOCS | {"administrator"}),
    # The register, and whom to call, which everybody looks up.
    "agencies:register": read("", OFFICE),
    "status": read("", OFFICE),
    "agencies:agency_add": form("", OFFICE),
    "agencies:agency": read("agency.housing", OFFICE),
    "agencies:agency_change": form("agency.housing", OFFICE),
    "agencies:agency_post": form("agency.housing =spoc", OFFICE),
    "agencies:agency_close": form("agency.housing", OFFICE),
    "agencies:closure_withdraw": act("agency.housing closure.planned", OFFICE),
    "agencies:agency_leave": form("agency.housing", OFFICE),
    "agencies:agency_merge": form("agency.housing", OFFICE),
    "agencies:partnership": form("", OFFICE),
    "agencies:register_files": form("", OFFICE),
    "agencies:register_import": act("", OFFICE, 422),
    "agencies:register_export": act("", OFFICE, 200),
    "agencies:calls": read("", ALL),
    "agencies:call": read("agency.housing", ALL),
    # Single sign-on, which is nowhere without a provider (tests/authentication has one).
    "sso_yours": Row("", frozenset(), 404, 404),
    "sso_link": Row("=work", frozenset(), 404, 404),
    "sso_unlink": Row("=work", frozenset(), 404, 404),
    # One's own sessions. Ending one that is not there, or not one's own, is quietly nothing.
    "your_sessions": read("", ALL),
    "end_session": Row("=00000000-0000-4000-8000-000000000000", ALL, 405, 302),
    "end_other_sessions": act("", ALL),
    # Oversight of one's agency, and its disclosure log.
    "decisions:oversight": read("", SPOCS),
    "decisions:disclosures": read("", SPOCS),
    "decisions:export_disclosures": Row("", SPOCS, 405, 422),
    # Openings without a part in the case, by the partners; and information governance leads.
    "requests:openings": read("", PARTNERS),
    "requests:open_case": form("", PARTNERS),
    "decisions:opened": read("opening.running", OPENER),
    "requests:close_opening": act("opening.running", OPENER),
    "requests:openings_oversight": read("", LEADS),
    "decisions:seen": read("", LEADS),
    "requests:review_opening": form("opening.running", frozenset({"desk_lead"})),
    # The agreement: everybody reads it; the office keeps it, partners agree it, managers sign it.
    "agreement:overview": read("", ALL),
    "agreement:edition": read("edition.in_force", ALL),
    "agreement:compare": read("edition.in_force edition.proposed", ALL),
    "agreement:draft": form("", OFFICE),
    "agreement:change": form("edition.draft", OFFICE),
    "agreement:propose": form("edition.draft", OFFICE),
    "agreement:withdraw": form("edition.proposed", OFFICE),
    "agreement:agree": form("edition.proposed", AGREERS),
    "agreement:review": form("", AGREERS | OFFICE),
    "agreement:sign": form("", MANAGER),
    "agreement:signatures": read("", OFFICE),
    "agreement:agency": read("agency.trust", OFFICE),
    "agreement:suspend": form("agency.trust", OFFICE),
    "agreement:lift": form("agency.trust", OFFICE),
    # People, kept by their agency and by the office; the guidance, read by everybody.
    "agencies:people": read("", SPOCS),
    "agencies:me": read("", ALL),
    "agencies:people_agencies": read("", OFFICE),
    "agencies:people_of": read("agency.trust", KEEPERS),
    "agencies:invite": form("agency.trust", KEEPERS),
    "agencies:access_review": form("agency.trust", KEEPERS),
    "agencies:member": read("member.nurse", KEEPERS),
    "agencies:member_roles": form("member.nurse", KEEPERS),
    "agencies:member_suspend": form("member.nurse", KEEPERS),
    "agencies:member_lift": form("member.nurse", KEEPERS),
    "agencies:member_leave": form("member.nurse", KEEPERS),
    "agencies:check_add": form("member.nurse", KEEPERS),
    "agencies:check_withdraw": form("member.nurse organisational.nurse", KEEPERS),
    "agencies:invitation_take_back": form("member.invited", KEEPERS),
    "agencies:invitation_send_anew": act("member.invited invitation.invited", KEEPERS),
    "agencies:guidance": read("", ALL),
    "agencies:guidance_versions": read("", OFFICE),
    "agencies:guidance_draft": form("", OFFICE),
    "agencies:guidance_version": form("guidance.draft", OFFICE),
    "agencies:guidance_change": form("guidance.draft", OFFICE),
    "agencies:guidance_acknowledge": Row("guidance.earlier", ALL, 302, 422),
    # How long records are kept, what holds them, and their disposal.
    "retention:of_request": read("case.sent", SCHOOL | FRONT_DOOR),
    "retention:serve": act("case.declined", SCHOOL),
    "retention:take_back": act("served.released", SCHOOL),
    "retention:hold_request": form("case.sent", FRONT_DOOR | {"school_spoc"}),
    "retention:of_check": read("check.held", TRUST),
    "retention:hold_check": form("check.held", TRUST),
    "retention:lift": act("hold.desk", FRONT_DOOR),
    "retention:lists": read("", DISPOSERS),
    "retention:due": form("", FRONT_DOOR),
    "retention:list": read("disposals.listed", DISPOSERS),
    "retention:approve": Row("disposals.listed", frozenset({"desk_lead"}), 302, 302),
    "retention:refuse": act("disposals.listed", frozenset({"desk_lead"})),
    "retention:cancel": act("disposals.listed", FRONT_DOOR),
    "retention:certificate": read("disposal.destroyed", DISPOSERS),
    "retention:schedules": read("", OFFICE),
    "retention:agency": form("agency.housing", OFFICE),
    "retention:statements": read("", SPOCS),
    "retention:statement": form("statement.trust", TRUST),
    # Everybody who is signed in.
    "home": read("", ALL),
    "acting": act("", frozenset()),
    "kept": form("", ALL, 302),
    "keep_unsent": act("", ALL, 422),
    "clear_unsent": act("", ALL),
}


@dataclass(frozen=True)
class Open:
    """An address for which nobody has to be signed in: by GET and POST, visitors then others."""

    where: str
    get: tuple[int, int]
    post: tuple[int, int]


PUBLIC = {
    "healthz": Open("", (200, 200), (405, 405)),
    "readyz": Open("", (200, 200), (405, 405)),
    # Nothing where no token is set (tests/portal/test_metrics.py).
    "metrics": Open("", (404, 404), (405, 405)),
    "help": Open("", (200, 200), (405, 405)),
    "contact": Open("", (200, 200), (405, 405)),
    "privacy": Open("", (200, 200), (405, 405)),
    "accessibility": Open("", (200, 200), (405, 405)),
    "security": Open("", (200, 200), (405, 405)),
    # A link that leads nowhere.
    "agencies:invitation": Open("=nothing", (404, 404), (404, 404)),
    # Zero seconds for a visitor; a page that is left open asks it after the session has ended.
    "session_left": Open("", (200, 200), (405, 405)),
    "stay_signed_in": Open("", (405, 405), (200, 200)),
}
# Only where the demonstration runs; elsewhere the address is not there.
DEMONSTRATION = {"sent_mail": Open("", (200, 200), (405, 405))}

# The pages of the library that signs people in; they are the same for whoever is signed in.
# An empty form comes back with 200 and its errors, as the library has it.
ACCOUNT = {
    "openid_connect_login": Open("=work", (404, 404), (404, 404)),
    "openid_connect_callback": Open("=work", (404, 404), (404, 404)),
    # Second factors, as for somebody who has none.
    "mfa_index": Open("", (302, 200), (302, 405)),
    "mfa_authenticate": Open("", (302, 302), (302, 302)),
    "mfa_reauthenticate": Open("", (302, 302), (302, 302)),
    "mfa_activate_totp": Open("", (302, 200), (302, 200)),
    "mfa_deactivate_totp": Open("", (302, 404), (302, 404)),
    "mfa_view_recovery_codes": Open("", (302, 404), (302, 405)),
    "mfa_generate_recovery_codes": Open("", (302, 200), (302, 200)),
    "mfa_list_webauthn": Open("", (302, 200), (302, 405)),
    "mfa_add_webauthn": Open("", (302, 200), (302, 200)),
    "mfa_login_webauthn": Open("", (302, 302), (302, 302)),
    "mfa_reauthenticate_webauthn": Open("", (302, 302), (302, 302)),
    "mfa_edit_webauthn": Open("=1", (302, 404), (302, 404)),
    "mfa_remove_webauthn": Open("=1", (302, 404), (302, 404)),
    "account_login": Open("", (200, 302), (200, 302)),
    "account_logout": Open("", (302, 200), (302, 302)),
    "account_inactive": Open("", (200, 200), (405, 405)),
    "account_signup": Open("", (200, 302), (200, 302)),
    "account_reauthenticate": Open("", (302, 200), (302, 200)),
    "account_change_password": Open("", (302, 200), (302, 200)),
    "account_reset_password": Open("", (200, 200), (200, 200)),
    "account_reset_password_done": Open("", (200, 200), (405, 405)),
    "account_reset_password_from_key": Open("=1 =set-password", (200, 200), (200, 200)),
    "account_reset_password_from_key_done": Open("", (200, 200), (405, 405)),
}
