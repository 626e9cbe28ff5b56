"""What a web process may do in the database: each verb in each table is tried, with nobody told.

The other processes have theirs in ``test_rights``. Of a case nothing is let to whoever has not said
who asks: a row can be added by a policy alone, and those are tried by the second wall's own tests.
"""

import pytest
from django.db import connection
from django.urls import reverse

from tests.house.test_rights import VERBS, columns, is_let

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", "P-SECURE", part=True)]

# The register, the agreement, the schedules and resets: changed by steps, and never taken away; a
# policy of the portal's own says whose, and history says who.
KEPT = [
    "agencies_agency",
    "agencies_closure",
    "agencies_contact",
    "agencies_guidance",
    "agencies_invitation",
    "agencies_membership",
    "agencies_organisationalcheck",
    "agencies_proposal",
    "agencies_user",
    "agreement_agreementedition",
    "agreement_partneragreement",
    "agreement_suspension",
    "retention_disposallist",
    "retention_schedule",
    "signin_factorreset",
]
# Given and taken away.
GIVEN = ["agencies_agencyuserobjectpermission", "agencies_heldrole"]
# What lets in: sessions, second factors, links, counts of tries.
LETS_IN = [
    "mfa_authenticator",
    "signed_in_count",
    "signed_in_session",
    "socialaccount_socialaccount",
]
# Only added to: what is said once, histories, evidence, used codes, and what is promised.
ADDED = [
    "agencies_acknowledgement",
    "agreement_signature",
    "agreement_yearlyreview",
    "signin_usedcode",
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
    "requests_app_matchverdict",
    "requests_app_need",
    "requests_app_opening",
    "requests_app_pause",
    "requests_app_recipient",
    "requests_app_shiftnote",
    "requests_app_subject",
    "requests_app_triagecheck",
    "retention_disposal",
    "retention_hold",
    "retention_purposeserved",
]
# What needs no more than to be read: a row can be added by a policy alone, or not by a page.
SAID_IN_A_CASE = [
    "requests_app_openingnote",
    "requests_app_question",
    "requests_app_receipt",
    "requests_app_release",
    "requests_app_releasedanswer",
    "requests_app_releaseditem",
]
READ = [
    "account_emailaddress",
    "auth_permission",
    "django_content_type",
    "django_site",
    "audit_setaside",
    "audit_signatory",
    "audit_signedcheckpoint",
    "audit_tile",
    "backups_backup",
    "backups_drill",
    "django_migrations",
    "outbox_lastrun",
    "requests_app_inboxplace",  # triggers of the requests write it
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
    "requests_app_historicalmatchverdict",
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
    "requests_app_historicalshiftnote",
    "requests_app_historicalsubject",
    "requests_app_historicaltriagecheck",
    "retention_historicaldisposal",
    "retention_historicaldisposalstatement",
    "retention_historicalhold",
    "retention_historicalpurposeserved",
]
MAY = {
    **{key: {"SELECT", "INSERT", "UPDATE"} for key in KEPT},
    **{key: {"SELECT", "INSERT", "DELETE"} for key in GIVEN},
    **{key: {"SELECT", "INSERT", "UPDATE", "DELETE"} for key in LETS_IN},
    **{key: {"SELECT", "INSERT"} for key in ADDED},
    **{key: {"SELECT", "UPDATE"} for key in OF_A_CASE},
    **{key: {"SELECT"} for key in [*SAID_IN_A_CASE, *READ]},
    "agencies_partnership": {"SELECT", "UPDATE"},  # the one row that was founded
    "signed_in_unsenttext": {"SELECT", "INSERT", "UPDATE"},  # the worker deletes it
    "requests_app_deskchoice": {"SELECT", "UPDATE"},  # made and changed as one's own
    "requests_app_matchtoken": {"SELECT", "DELETE"},  # written anew with what they are made of
    "retention_disposalstatement": {"SELECT", "UPDATE"},  # asked for by what disposes
    "socialaccount_socialtoken": {"DELETE"},  # would go with a link; nobody keeps one
}
# The columns that may be changed, where it is not the whole row.
CHANGES = {
    "agencies_user": {
        "first_name",
        "is_active",
        "job_title",
        "last_login",
        "last_name",
        "password",
    },
    "signed_in_count": {"until", "value"},
    "signed_in_session": {"began", "ends", "expire_date", "person", "seen", "session_data"},
    "signed_in_unsenttext": {"kept_at", "sealed", "sent_at"},
    "socialaccount_socialaccount": {"last_login"},
}
# A new table is one of these until its rights are written down in portal/rls/rights.py.
OF_NOBODY_HERE = {
    "audit_knownfinding",  # the operator's (docs/adr/0101)
    # What libraries bring, and no page uses: nobody is in a group, or has a right for everything.
    "account_emailconfirmation",
    "agencies_agencygroupobjectpermission",
    "agencies_user_groups",
    "agencies_user_user_permissions",
    "auth_group",
    "auth_group_permissions",
    "guardian_groupobjectpermission",
    "guardian_userobjectpermission",
    "socialaccount_socialapp",
    "socialaccount_socialapp_sites",
    # Noted by the worker, for its e-mails alone.
    "agencies_reminder",
    "agreement_reviewreminder",
    "outbox_lastletter",
    "requests_app_timereminder",
    "retention_statementreminder",
}
WITH_A_CONDITION = {"socialaccount_socialtoken": "account_id"}  # the one column that is read


def test_each_verb_in_each_table_is_as_written_here():
    found, there = {}, columns()
    for table, names in there.items():
        by = WITH_A_CONDITION.get(table, names[0])
        let = {verb for verb, sql in VERBS.items() if is_let("portal_app", sql.format(table, by))}
        sets = {name: f'UPDATE {table} SET "{name}" = DEFAULT' for name in names}  # noqa: S608
        changed = {name for name, sql in sets.items() if is_let("portal_app", sql)}
        if changed:
            assert changed == CHANGES.get(table, set(names)), table
            let.add("UPDATE")
        found[table] = let
    assert {table for table, let in found.items() if not let} == OF_NOBODY_HERE
    assert {table: let for table, let in found.items() if let} == MAY


# What no page does, so that who speaks to the database as one cannot either.
REFUSED = [
    "UPDATE agencies_user SET is_superuser = true",
    "UPDATE agencies_user SET email = 'mine@agency.example'",
    "UPDATE agencies_user SET id = id",
    "DELETE FROM agencies_user",
    "INSERT INTO agencies_user_groups (group_id) VALUES (1)",
    "INSERT INTO agencies_user_user_permissions (permission_id) VALUES (1)",
    "UPDATE auth_permission SET codename = 'view_everything'",
    "UPDATE agencies_agencyuserobjectpermission SET permission_id = 1",
    "UPDATE agencies_heldrole SET role = 'ifd_officer'",
    "UPDATE signed_in_session SET session_key = 'mine'",
    "UPDATE socialaccount_socialaccount SET user_id = user_id",
    "UPDATE signin_usedcode SET at = now()",
    "DELETE FROM signin_usedcode",
    "DELETE FROM signin_factorreset",
    "DELETE FROM agencies_invitation",
    "UPDATE agreement_signature SET status = status",
    "UPDATE requests_app_receipt SET status = status",
    "INSERT INTO socialaccount_socialapp (provider) VALUES ('mine')",
    "UPDATE django_site SET domain = 'mine.example'",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_no_page_does_is_let_to_nobody_who_speaks_as_one(statement):
    assert not is_let("portal_app", statement)


def test_the_whole_of_each_page_is_served_in_this_role_in_tests_too(cast, client, signed_in):
    """What comes before and after the transaction of whoever acts is not the owner's."""
    roles = []

    def noted(execute, *asked):
        with connection.connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            roles.extend(cursor.fetchone())
        return execute(*asked)

    officer = signed_in("officer")
    with connection.execute_wrapper(noted):
        said = {"login": cast.users["officer"].email, "password": "is not this one"}
        assert client.post(reverse("account_login"), said).status_code == 200
        assert officer.get(reverse("requests:inbox")).status_code == 200
    assert len(roles) > 10
    assert set(roles) == {"portal_app"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() != ("portal_app",)
