"""What pages, worker, clock and disposals may do in each table: written by hand, and nothing else.

A table that is not named to a process it cannot even read (docs/adr/0103). Pages have what people
do there: nobody changes a row that is only ever added, or takes away what is ended by a step.
Worker and clock write e-mails, which name nobody, and sweep up; they open no record and let nobody
in (docs/adr/0081). So they read what an e-mail needs, and write promises, reminders and the log of
backups. What carries disposals out writes the lines and lists of disposals (docs/adr/0099).
"""

from typing import Final

SELECT: Final = "SELECT"
ADD: Final = "SELECT, INSERT"
Rights = dict[str, tuple[str, ...]]


def history_of(table: str) -> str:
    """Where the history of a table is."""
    app, _, name = table.rpartition("_")
    return f"{app}_historical{name}"


# Of each its steps make rows, and change them; each has a history.
OF_STEPS: Final = (
    "agencies_agency",
    "agencies_closure",
    "agencies_contact",
    "agencies_guidance",
    "agencies_invitation",
    "agencies_membership",
    "agencies_organisationalcheck",
    "agencies_proposal",
    "agreement_agreementedition",
    "agreement_partneragreement",
    "agreement_suspension",
    "decisions_advicerequest",
    "decisions_answer",
    "decisions_decision",
    "decisions_point",
    "decisions_scrutiny",
    "decisions_weighed",
    "requests_app_attachment",
    "requests_app_clarification",
    "requests_app_consent",
    "requests_app_enquiry",
    "requests_app_informationrequest",
    "requests_app_item",
    "requests_app_matchverdict",
    "requests_app_need",
    "requests_app_opening",
    "requests_app_pause",
    "requests_app_recipient",
    "requests_app_shiftnote",
    "requests_app_subject",
    "requests_app_triagecheck",
    "retention_disposal",
    "retention_disposallist",
    "retention_hold",
    "retention_purposeserved",
    "retention_schedule",
    "signin_factorreset",
)
# Said once: a row is made, and stands.
SAID_ONCE: Final = (
    "agencies_acknowledgement",
    "agreement_signature",
    "agreement_yearlyreview",
    "requests_app_openingnote",
    "requests_app_question",
    "requests_app_receipt",
    "requests_app_release",
    "requests_app_releasedanswer",
    "requests_app_releaseditem",
)
OTHERS_WITH_A_HISTORY: Final[Rights] = {
    "agencies_heldrole": (ADD, "DELETE"),
    "agencies_partnership": (SELECT, "UPDATE"),
    # Nobody gets another address, and nobody more than any person has.
    "agencies_user": (
        ADD,
        "UPDATE (password, last_login, first_name, last_name, job_title, is_active)",
    ),
    "retention_disposalstatement": (SELECT, "UPDATE"),  # asked for by what disposes
}
WITH_A_HISTORY: Final[Rights] = {
    **dict.fromkeys(OF_STEPS, (ADD, "UPDATE")),
    **dict.fromkeys(SAID_ONCE, (ADD,)),
    **OTHERS_WITH_A_HISTORY,
}
# Not here: what the libraries bring and no page uses, what the worker alone notes, and
# audit_knownfinding, by which whoever could add to it would hide a finding (docs/adr/0101).
OF_PAGES: Final[Rights] = {
    **WITH_A_HISTORY,
    **{history_of(table): (ADD,) for table in WITH_A_HISTORY},
    "requests_app_matchtoken": (ADD, "DELETE"),  # it holds digests, and no record
    "requests_app_deskchoice": (ADD, "UPDATE"),  # what somebody chose last of their desk
    "audit_accessentry": (ADD,),
    "audit_event": (ADD,),
    "audit_leaf": (SELECT, "INSERT (kind, entry, body)"),
    "outbox_message": (ADD,),  # pages promise, the worker keeps
    # What lets in.
    "agencies_agencyuserobjectpermission": (ADD, "DELETE"),
    "mfa_authenticator": (ADD, "UPDATE", "DELETE"),
    "signed_in_count": (ADD, "UPDATE (value, until)", "DELETE"),
    "signed_in_session": (
        ADD,
        "UPDATE (session_data, expire_date, person, began, seen, ends)",
        "DELETE",
    ),
    "signed_in_unsenttext": (ADD, "UPDATE (sealed, kept_at, sent_at)"),
    "signin_usedcode": (ADD,),
    "socialaccount_socialaccount": (ADD, "UPDATE (last_login)", "DELETE"),
    "socialaccount_socialtoken": ("SELECT (account_id)", "DELETE"),  # with a link, and never made
    # What is only looked at: of the libraries, of the sequencer, of the worker.
    **dict.fromkeys(
        (
            "account_emailaddress",
            "auth_permission",
            "django_content_type",
            "django_site",
            "django_migrations",
            "audit_setaside",
            "audit_signatory",
            "audit_signedcheckpoint",
            "audit_tile",
            "backups_backup",
            "backups_drill",
            "outbox_lastrun",
            "requests_app_inboxplace",  # the triggers of requests write it
        ),
        (SELECT,),
    ),
}
# Who is told of what, and as whom; links of new passwords are made of what of a person changes.
FOR_EMAILS: Final = (
    "agencies_acknowledgement",
    "agencies_agency",
    "agencies_closure",
    "agencies_contact",
    "agencies_guidance",
    "agencies_heldrole",
    "agencies_invitation",
    "agencies_membership",
    "agencies_organisationalcheck",
    "agencies_partnership",
    "agencies_proposal",
    "agencies_user",
    "agreement_agreementedition",
    "agreement_partneragreement",
    "agreement_signature",
    "agreement_suspension",
    "agreement_yearlyreview",
    "retention_disposallist",
    "signin_factorreset",
    "audit_setaside",
    "audit_signedcheckpoint",
)
# Of a case what names its parties and its state; what it says of a child is sealed to the worker.
OF_CASES: Final = (
    "decisions_advicerequest",
    "decisions_decision",
    "decisions_scrutiny",
    "requests_app_enquiry",
    "requests_app_informationrequest",
    "requests_app_item",
    "requests_app_opening",
    "requests_app_pause",
    "requests_app_receipt",
    "requests_app_recipient",
    "requests_app_release",
    "requests_app_shiftnote",
    "retention_disposal",
    "retention_disposalstatement",
)
WORKER: Final[Rights] = {
    **dict.fromkeys((*FOR_EMAILS, *OF_CASES), (SELECT,)),
    "django_migrations": (SELECT,),
    # What it promises and keeps.
    "outbox_lastletter": (ADD, "UPDATE (at)"),
    "outbox_lastrun": (ADD, "UPDATE (at)"),
    "outbox_message": (ADD, "UPDATE (tries, next_try_at, done_at)"),
    "agencies_reminder": (ADD,),
    "agreement_reviewreminder": (ADD,),
    "requests_app_timereminder": (ADD,),
    "retention_statementreminder": (ADD,),
    # What it notes at night, and pages show.
    "backups_backup": (ADD,),
    "backups_drill": (ADD,),
    # What it sweeps up, by its time alone.
    "signed_in_count": ("SELECT (until)", "DELETE"),
    "signed_in_session": ("SELECT (expire_date)", "DELETE"),
    "signed_in_unsenttext": ("SELECT (kept_at)", "DELETE"),
    "signin_usedcode": ("SELECT", "DELETE"),
}

# Whether something stands in the way of a disposal, and who is to be asked about copies.
IN_THE_WAY: Final = (
    "agencies_agency",
    "decisions_decision",
    "decisions_scrutiny",
    "requests_app_attachment",
    "requests_app_enquiry",
    "requests_app_historicalinformationrequest",
    "requests_app_opening",
    "requests_app_release",
    "requests_app_subject",
    "retention_hold",
    "retention_purposeserved",
    "retention_schedule",
)
DISPOSALS: Final[Rights] = {
    **dict.fromkeys(IN_THE_WAY, (SELECT,)),
    "django_migrations": (SELECT,),
    # The case is held, by a column that no update may set: BOUNDS.
    "requests_app_informationrequest": (SELECT, "UPDATE (id)"),
    "requests_app_matchtoken": (SELECT, "DELETE"),
    # Which steps, and which columns, a trigger says (retention.0003).
    "retention_disposal": (SELECT, "UPDATE"),
    "retention_disposallist": (SELECT, "UPDATE"),
    "retention_disposalstatement": (ADD,),
    "retention_historicaldisposal": (ADD,),
    "retention_historicaldisposallist": (ADD,),
    "retention_historicaldisposalstatement": (ADD,),
    "audit_event": (ADD,),
    "audit_leaf": ("SELECT", "INSERT (kind, entry, body)"),
    "outbox_message": (ADD,),
}
# What a row must be that it adds or changes: nobody's act, and of a case nothing at all.
BOUNDS: Final = {
    "requests_app_informationrequest": "false",
    "retention_disposalstatement": "status = 'asked'",
    "retention_historicaldisposal": "history_user_id IS NULL",
    "retention_historicaldisposallist": "history_user_id IS NULL",
    "retention_historicaldisposalstatement": "history_user_id IS NULL",
    "audit_event": "person = '' AND agency = '' AND thing LIKE 'retention.%'",
}
