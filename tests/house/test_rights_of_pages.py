"""What a web process may do in the database: each verb in each table is tried, with nobody told.

The other processes have theirs in ``test_rights``. Of a case nothing is let to whoever has not said
who asks: a row can be added by a policy alone, and those are tried by the second wall's own tests.
"""

import pytest

from tests.house.test_rights import VERBS, columns, is_let

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", "P-SECURE", part=True)]

# The register, the agreement and the schedules, as pages keep them; a policy of the portal's own
# says whose, and history says who.
KEPT = [
    "agencies_acknowledgement",
    "agencies_agency",
    "agencies_agencygroupobjectpermission",
    "agencies_agencyuserobjectpermission",
    "agencies_closure",
    "agencies_contact",
    "agencies_guidance",
    "agencies_heldrole",
    "agencies_invitation",
    "agencies_membership",
    "agencies_organisationalcheck",
    "agencies_partnership",
    "agencies_proposal",
    "agencies_reminder",
    "agencies_user",
    "agencies_user_groups",
    "agencies_user_user_permissions",
    "agreement_agreementedition",
    "agreement_partneragreement",
    "agreement_reviewreminder",
    "agreement_signature",
    "agreement_suspension",
    "agreement_yearlyreview",
    "retention_disposallist",
    "retention_schedule",
    "retention_statementreminder",
    "signin_factorreset",
]
# What the libraries for signing in keep.
OF_LIBRARIES = [
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_site",
    "guardian_groupobjectpermission",
    "guardian_userobjectpermission",
    "mfa_authenticator",
    "signed_in_count",
    "signed_in_session",
    "signin_usedcode",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialapp_sites",
    "socialaccount_socialtoken",
]
# Only added to: histories, evidence, and what is promised.
ADDED = [
    "audit_accessentry",
    "audit_event",
    "audit_leaf",
    "outbox_message",
    "agencies_historicalacknowledgement",
    "agencies_historicalagency",
    "agencies_historicalclosure",
    "agencies_historicalcontact",
    "agencies_historicalguidance",
    "agencies_historicalheldrole",
    "agencies_historicalinvitation",
    "agencies_historicalmembership",
    "agencies_historicalorganisationalcheck",
    "agencies_historicalpartnership",
    "agencies_historicalproposal",
    "agencies_historicaluser",
    "agreement_historicalagreementedition",
    "agreement_historicalpartneragreement",
    "agreement_historicalsignature",
    "agreement_historicalsuspension",
    "agreement_historicalyearlyreview",
    "retention_historicaldisposallist",
    "retention_historicalschedule",
    "signin_historicalfactorreset",
]
# Rows of a case: changed where the wall lets them be seen, and never taken away.
OF_A_CASE = [
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
    "requests_app_need",
    "requests_app_opening",
    "requests_app_openingnote",
    "requests_app_pause",
    "requests_app_question",
    "requests_app_receipt",
    "requests_app_recipient",
    "requests_app_release",
    "requests_app_releasedanswer",
    "requests_app_releaseditem",
    "requests_app_subject",
    "requests_app_triagecheck",
    "retention_disposal",
    "retention_disposalstatement",
    "retention_hold",
    "retention_purposeserved",
]
READ = [
    "audit_setaside",
    "audit_signatory",
    "audit_signedcheckpoint",
    "audit_tile",
    "backups_backup",
    "backups_drill",
    "django_migrations",
    "outbox_lastrun",
    "decisions_historicaladvicerequest",
    "decisions_historicalanswer",
    "decisions_historicaldecision",
    "decisions_historicalpoint",
    "decisions_historicalscrutiny",
    "decisions_historicalweighed",
    "requests_app_historicalattachment",
    "requests_app_historicalclarification",
    "requests_app_historicalconsent",
    "requests_app_historicalenquiry",
    "requests_app_historicalinformationrequest",
    "requests_app_historicalitem",
    "requests_app_historicalneed",
    "requests_app_historicalopening",
    "requests_app_historicalopeningnote",
    "requests_app_historicalpause",
    "requests_app_historicalquestion",
    "requests_app_historicalreceipt",
    "requests_app_historicalrecipient",
    "requests_app_historicalrelease",
    "requests_app_historicalreleasedanswer",
    "requests_app_historicalreleaseditem",
    "requests_app_historicalsubject",
    "requests_app_historicaltriagecheck",
    "retention_historicaldisposal",
    "retention_historicaldisposalstatement",
    "retention_historicalhold",
    "retention_historicalpurposeserved",
]
MAY = {
    **{key: {"SELECT", "INSERT", "UPDATE", "DELETE"} for key in [*KEPT, *OF_LIBRARIES]},
    **{key: {"SELECT", "INSERT"} for key in ADDED},
    **{key: {"SELECT", "UPDATE"} for key in OF_A_CASE},
    **{key: {"SELECT"} for key in READ},
    "requests_app_matchtoken": {"SELECT", "DELETE"},  # written anew with what they are made of
}
OF_NOBODY_HERE = {"audit_knownfinding"}  # the operator's (docs/adr/0101)


def test_each_verb_in_each_table_is_as_written_here():
    found, there = {}, columns()
    for table, names in there.items():
        let = {
            verb for verb, sql in VERBS.items() if is_let("portal_app", sql.format(table, names[0]))
        }
        sets = {name: f'UPDATE {table} SET "{name}" = DEFAULT' for name in names}  # noqa: S608
        changed = {name for name, sql in sets.items() if is_let("portal_app", sql)}
        if changed:
            assert changed == set(names), table
            let.add("UPDATE")
        found[table] = let
    assert {table for table, let in found.items() if not let} == OF_NOBODY_HERE
    assert {table: let for table, let in found.items() if let} == MAY
