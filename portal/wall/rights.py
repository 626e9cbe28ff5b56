"""What worker and clock may do in each table: written by hand, and nothing else (docs/adr/0081).

They write letters, which name nobody, and sweep up; they open no record and let nobody in. So they
read what a letter needs, and write promises, reminders and the log of backups.
"""

from typing import Final

SELECT: Final = "SELECT"
ADD: Final = "SELECT, INSERT"
# Who is told of what, and as whom; links of new passwords are made of what of a person changes.
FOR_LETTERS: Final = (
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
    "requests_app_receipt",
    "requests_app_recipient",
    "requests_app_release",
    "retention_disposal",
    "retention_disposalstatement",
)
WORKER: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys((*FOR_LETTERS, *OF_CASES), (SELECT,)),
    "django_migrations": (SELECT,),
    # What it promises and keeps.
    "outbox_lastrun": (ADD, "UPDATE (at)"),
    "outbox_message": (ADD, "UPDATE (tries, next_try_at, done_at)"),
    "agencies_reminder": (ADD,),
    "agreement_reviewreminder": (ADD,),
    "retention_statementreminder": (ADD,),
    # What it notes at night, and pages show.
    "backups_backup": (ADD,),
    "backups_drill": (ADD,),
    # What it sweeps up, by its time alone.
    "signed_in_count": ("SELECT (until)", "DELETE"),
    "signed_in_session": ("SELECT (expire_date)", "DELETE"),
    "signin_usedcode": ("SELECT", "DELETE"),
}
