"""Every name that stands in ledgers, readings and backups of today: data only, written by hand.

A name is added with a new table, transition or sealed column. None is ever changed or taken away:
a leaf that says ``enquiry.put`` says so for ever, whatever the class is called by then.
"""


def _all_of(names: dict[str, str]) -> frozenset[str]:
    return frozenset(f"{of}.{each}" for of, each_of in names.items() for each in each_of.split())


# Of which kind of row an event, a reading or a leaf is: the label of the app, and the table.
THINGS = _all_of(
    {
        "agencies": (
            "acknowledgement agency agencygroupobjectpermission agencyuserobjectpermission "
            "closure contact guidance heldrole invitation membership organisationalcheck "
            "partnership proposal reminder user"
        ),
        "agreement": (
            "agreementedition partneragreement reviewreminder signature suspension yearlyreview"
        ),
        "audit": "accessentry event knownfinding leaf setaside signatory signedcheckpoint tile",
        "backups": "backup drill",
        "decisions": "advicerequest answer decision point scrutiny weighed",
        "encryption": "casekey",
        "mfa": "authenticator",
        "outbox": "lastletter lastrun message",
        "requests_app": (
            "attachment clarification consent deskchoice enquiry inboxplace informationrequest "
            "item matchtoken matchverdict need "
            "opening openingnote pause question receipt recipient release releasedanswer "
            "releaseditem shiftnote subject timereminder triagecheck"
        ),
        "retention": (
            "disposal disposallist disposalstatement hold purposeserved schedule statementreminder"
        ),
        "signed_in": "count session unsenttext",
        "signin": "factorreset usedcode",
        "socialaccount": "socialaccount socialapp socialtoken",
    }
)
# Those that have a table of history, whose rows are sealed anew under a name of their own.
WITH_HISTORY = _all_of(
    {
        "agencies": (
            "acknowledgement agency closure contact guidance heldrole invitation membership "
            "organisationalcheck partnership proposal user"
        ),
        "agreement": "agreementedition partneragreement signature suspension yearlyreview",
        "decisions": "advicerequest answer decision point scrutiny weighed",
        "requests_app": (
            "attachment clarification consent enquiry informationrequest item need opening "
            "matchverdict "
            "openingnote pause question receipt recipient release releasedanswer releaseditem "
            "shiftnote subject triagecheck"
        ),
        "retention": "disposal disposallist disposalstatement hold purposeserved schedule",
        "signin": "factorreset",
    }
)
# What is done to a row by a person, as the tables of transitions have it.
MOVES = _all_of(
    {
        "acknowledgement": "give",
        "advicerequest": "ask give note",
        "agency": "add_domain change leave lift list merge must_sign_anew sign suspend take_in",
        "agreementedition": (
            "be_reviewed change come_into_force discard draft draft_after_review note_review "
            "propose supersede withdraw"
        ),
        "answer": "give",
        "attachment": "add change remove",
        "clarification": "answer ask",
        "closure": "plan withdraw",
        "consent": "record",
        "contact": "name replace",
        "decision": "begin note_advice record seek_advice take_advice weigh",
        "disposal": "keep list",
        "disposallist": "approve cancel list refuse",
        "disposalstatement": "dispose keep",
        "enquiry": (
            "answer ask_more hand not_known put rate reconsider release remind take withdraw"
        ),
        "factorreset": "approve ask refuse withdraw",
        "guidance": "change come_into_force draft supersede",
        "hold": "lift lift_for_agency place place_for_agency",
        "informationrequest": (
            "accept claim decline describe discard give_back hand_over rate release return send "
            "start take_back"
        ),
        "invitation": "accept send send_anew withdraw",
        "item": "change drop list offer withhold",
        "matchverdict": "link tell_apart undo",
        "membership": (
            "accept activate begin bring change_roles confirm invite lapse leave lift suspend "
            "take_back"
        ),
        "need": "add change remove",
        "opening": "close open",
        "openingnote": "look_at",
        "organisationalcheck": "bring record withdraw",
        "partneragreement": "agree disagree void",
        "pause": (
            "advice_came advice_not_awaited advice_not_needed ask_advice ask_requester "
            "requester_answered requester_not_awaited with_partners"
        ),
        "point": "consider",
        "proposal": "confirm propose refuse withdraw",
        "purposeserved": "say say_for_agency take_back take_back_for_agency",
        "question": "ask",
        "receipt": "accept refuse",
        "recipient": "acknowledge name",
        "release": "make",
        "releasedanswer": "put_in",
        "releaseditem": "put_in",
        "schedule": "change end set",
        "shiftnote": "replace take withdraw write",
        "scrutiny": "accept open reconsider",
        "signature": "sign",
        "subject": "add change remove",
        "suspension": "begin end",
        "triagecheck": "answer",
        "weighed": "part weigh",
        "yearlyreview": "note record",
    }
)
# What nobody's transition does: the installation, a disposal, a second factor, a role.
BESIDE_THE_TABLES = _all_of(
    {
        "": (
            "founded changed removed accept invite change grant revoke kept_at_last begun "
            "destroyed asked done"
        ),
        "factor": "add codes not_ours remove reset",
        "sso": "link unlink not_ours",
        "ledger": "acknowledge",
        "keys": "sealed_anew",
    }
)
# What a sealed value is bound to, and no longer opens without.
LABELS = _all_of(
    {
        "advice": "outcome question",
        "answer": "reasons",
        "attachment": "name",
        "check": "note",
        "clarification": "answer question",
        "consent": "asked_of covers explanation on",
        "decision": "because ground_reason safety told_on told_reason",
        "enquiry": "concern consent_position parents_position reconsider_reason searched "
        "withdrawn_note",
        "hold": "in_words",
        "item": (
            "as_at beyond_reason content safety_considered source still_matters title whose "
            "withheld_because"
        ),
        "need": "fact why",
        "opening": "in_words",
        "opening_note": "note",
        "point": "explanation",
        "question": "fact why",
        "receipt": "reason",
        "release": "note",
        "request": "declined_reason parents_reason purpose_reason rating_reason",
        "scrutiny": "reasons",
        "shift": "note",
        "subject": (
            "address communication date_of_birth disability due_date education ethnicity "
            "family_name first_language given_name gp_practice interpreter nhs_number other_names "
            "parental_responsibility relationship school sex upn"
        ),
    }
)
