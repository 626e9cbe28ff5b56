"""What each process but web may do in the database: each verb in each table is tried.

The tables here are written by hand from what the processes are for, apart from those that the wall
is built by (review of security, H1).
"""

import json
import time
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from os import urandom
from uuid import uuid4

import pytest
from allauth.account.internal.flows import login
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from psycopg2.errors import InsufficientPrivilege

from agencies.tasks import remind_of_people, send_checkpoint
from agreement.tasks import remind_of_reviews, remind_to_sign
from authentication.tasks import forget_used_codes
from outbox.models import Message
from outbox.tasks import writer_of
from portal.tasks import forget_ended_sessions
from retention.tasks import remind_of_statements
from sessions.models import Session
from tests.house.test_notifications import everything_happens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", "P-SECURE", part=True)]

READS = [
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
    "audit_setaside",
    "audit_signedcheckpoint",
    "decisions_advicerequest",
    "decisions_decision",
    "decisions_scrutiny",
    "django_migrations",
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
    "retention_disposallist",
    "retention_disposalstatement",
    "signin_factorreset",
]
ADDS = [
    "agencies_reminder",
    "agreement_reviewreminder",
    "backups_backup",
    "backups_drill",
    "requests_app_timereminder",
    "retention_statementreminder",
]
RECKONS = [
    "agencies_agency",
    "decisions_decision",
    "decisions_scrutiny",
    "django_migrations",
    "requests_app_attachment",
    "requests_app_enquiry",
    "requests_app_historicalinformationrequest",
    "requests_app_opening",
    "requests_app_release",
    "requests_app_subject",
    "retention_hold",
    "retention_purposeserved",
    "retention_schedule",
]
MAY = {
    "portal_worker": {
        **{table: {"SELECT"} for table in READS},
        **{table: {"SELECT", "INSERT"} for table in ADDS},
        "outbox_lastletter": {"SELECT", "INSERT", "UPDATE"},
        "outbox_lastrun": {"SELECT", "INSERT", "UPDATE"},
        "outbox_message": {"SELECT", "INSERT", "UPDATE"},
        "signed_in_session": {"DELETE"},  # by its end, and not a word of what is in it
        "signed_in_count": {"DELETE"},  # likewise
        "signed_in_unsenttext": {"DELETE"},  # likewise
        "signin_usedcode": {"SELECT", "DELETE"},
    },
    "portal_ledger": {
        "audit_leaf": {"SELECT", "UPDATE"},
        "audit_tile": {"SELECT", "INSERT", "UPDATE"},
        "audit_signatory": {"SELECT", "INSERT"},
        "audit_setaside": {"SELECT", "INSERT"},
        "audit_signedcheckpoint": {"SELECT", "INSERT"},
    },
    "portal_disposals": {
        **{table: {"SELECT"} for table in RECKONS},
        "audit_event": {"SELECT"},  # and adds what is nobody's act, and of a disposal
        "audit_leaf": {"SELECT", "INSERT"},  # which says what its entry says
        "outbox_message": {"SELECT", "INSERT"},
        "requests_app_informationrequest": {"SELECT", "UPDATE"},  # to hold it, and no row is let
        "requests_app_matchtoken": {"SELECT", "DELETE"},
        "retention_disposal": {"SELECT", "UPDATE"},
        "retention_disposallist": {"SELECT", "UPDATE"},
        "retention_disposalstatement": {"SELECT"},  # and adds what asks, and says nothing
        "retention_historicaldisposal": {"SELECT", "INSERT"},
        "retention_historicaldisposallist": {"SELECT", "INSERT"},
        "retention_historicaldisposalstatement": {"SELECT", "INSERT"},
    },
    "portal_backup": {},  # every table, to read
    "portal_drill": {},
}
# The columns that may be changed, where it is not the whole row.
CHANGES = {
    ("portal_worker", "outbox_lastletter"): {"at"},
    ("portal_worker", "outbox_lastrun"): {"at"},
    ("portal_worker", "outbox_message"): {"tries", "next_try_at", "done_at"},
    ("portal_ledger", "audit_leaf"): {"leaf_index"},
    ("portal_ledger", "audit_tile"): {"hashes"},
    ("portal_disposals", "requests_app_informationrequest"): {"id"},
}
VERBS = {
    "SELECT": "SELECT * FROM {0} LIMIT 1",
    "INSERT": "INSERT INTO {0} DEFAULT VALUES",
    "DELETE": "DELETE FROM {0} WHERE {1} IS NULL",
    "TRUNCATE": "TRUNCATE {0}",
}


ABOUT_ONES_ACCOUNT = (
    "signin.codes_made",
    "signin.factor_added",
    "signin.factor_removed",
    "signin.linked",
    "signin.password_reset",
    "signin.unlinked",
    "signin.wrong_passwords",
)


def every_topic():
    return {
        topic for app in settings.OUTBOX_NOTIFICATIONS for topic in import_module(app).NOTIFICATIONS
    }


def is_let(role, statement, alias="default"):
    """Whether the database lets this role do it; what else is wrong with it does not matter."""
    try:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(statement)
            transaction.set_rollback(True, using=alias)
    except DatabaseError as fault:
        return not isinstance(fault.__cause__, InsufficientPrivilege)
    return True


def columns():
    """Every table, with its columns, but for those that tests of sealed models make."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)"
            " FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND NOT starts_with(table_name, 'encryption_sample_') GROUP BY 1"
        )
        return dict(cursor.fetchall())


# By which column the worker may delete, where it reads no other.
BY = {
    "signed_in_session": "expire_date",
    "signed_in_count": "until",
    "signed_in_unsenttext": "kept_at",
}


@pytest.mark.parametrize("role", MAY)
def test_each_verb_in_each_table_is_as_written_here(role):
    found, there = {}, columns()
    for table, names in there.items():
        by = BY.get(table, names[0])
        statements = {verb: sql.format(table, by) for verb, sql in VERBS.items()}
        let = {verb for verb, sql in statements.items() if is_let(role, sql)}
        sets = {name: f'UPDATE {table} SET "{name}" = DEFAULT' for name in names}  # noqa: S608
        changed = {name for name, sql in sets.items() if is_let(role, sql)}
        if changed:
            assert changed == CHANGES.get((role, table), set(names)), table
            let.add("UPDATE")
        if let:
            found[table] = let
    reads_all = {table: {"SELECT"} for table in there} if role == "portal_backup" else {}
    assert found == reads_all | MAY[role]
    assert set(MAY[role]) <= set(there)


def test_every_email_is_written_and_every_clock_kept_with_these_rights(cast):
    everything_happens(cast)
    messages = list(Message.objects.filter(part_of=None))
    assert {each.topic for each in messages} | set(ABOUT_ONES_ACCOUNT) == every_topic()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_worker")
        for message in messages:
            assert writer_of(message.topic)(message.about).subject
        for topic in ABOUT_ONES_ACCOUNT:
            assert writer_of(topic)(str(cast.users["officer"].pk)).to
        for task in (
            remind_of_people,
            send_checkpoint,
            remind_of_reviews,
            remind_to_sign,
            remind_of_statements,
            forget_used_codes,
            forget_ended_sessions,
        ):
            task()
        cursor.execute("SET LOCAL ROLE none")


FORGED = [
    "INSERT INTO signed_in_session (session_key) VALUES ('forged')",
    "UPDATE signed_in_session SET person = person",
    "SELECT session_data FROM signed_in_session",
    "INSERT INTO agencies_heldrole (role) VALUES ('ifd_officer')",
    "INSERT INTO agencies_agencyuserobjectpermission (user_id) VALUES (NULL)",
    "UPDATE agencies_membership SET status = 'active'",
    "UPDATE agencies_user SET password = ''",
    "UPDATE agencies_user SET email = 'mine@agency.example'",
    "INSERT INTO mfa_authenticator (type) VALUES ('totp')",
    "SELECT data FROM mfa_authenticator",
    "DELETE FROM mfa_authenticator",
    "UPDATE signin_factorreset SET status = 'approved'",
    "UPDATE agencies_proposal SET status = 'confirmed'",
    "INSERT INTO agencies_organisationalcheck (status) VALUES ('recorded')",
    "INSERT INTO agencies_acknowledgement (user_id) VALUES (NULL)",
    "UPDATE agencies_invitation SET email = 'mine@agency.example'",
    "UPDATE retention_disposallist SET status = 'approved'",
    "INSERT INTO audit_leaf (kind, entry, body) VALUES ('change', 1, '')",
    "INSERT INTO audit_event (move) VALUES ('forged')",
    "INSERT INTO audit_accessentry (kind) VALUES ('page')",
    "UPDATE requests_app_enquiry SET status = status",
]


@pytest.mark.parametrize("statement", FORGED)
@pytest.mark.parametrize("role", ["portal_worker", "portal_ledger"])
def test_nothing_by_which_somebody_gets_in_can_be_forged(role, statement):
    assert not is_let(role, statement)


def test_a_session_made_with_the_secret_key_and_the_database_lets_nobody_in(cast, client):
    """As it was done: everything about it is right, but that it is not sealed by the ring."""
    user, key = cast.users["officer"], "a" * 32
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        login.AUTHENTICATION_METHODS_SESSION_KEY: [
            {"method": "password", "at": time.time(), "email": user.email},
            {"method": "mfa", "at": time.time(), "type": "totp"},
        ],
        login._AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user.pk),
    }
    secret = salted_hmac("signed_in.store 1", key, algorithm="sha256").digest()
    nonce, place = urandom(12), sha256(key.encode()).hexdigest()
    sealed = nonce + AESGCM(secret).encrypt(nonce, json.dumps(data).encode(), place.encode())
    now = timezone.now()
    for text in (b64encode(sealed).decode(), f"ring:{b64encode(sealed).decode()}"):
        Session.objects.all().delete()
        Session.objects.create(
            session_key=place,
            session_data=text,
            expire_date=now + timedelta(hours=1),
            person=user.pk,
            began=now,
            ends=now + timedelta(hours=8),
            number=uuid4(),
        )
        forged = Client()
        forged.cookies[settings.SESSION_COOKIE_NAME] = key
        answer = forged.get(reverse("requests:inbox"))
        assert answer.status_code == 302
        assert "login" in answer.url
