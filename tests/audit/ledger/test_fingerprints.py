"""What the ledger says of plain columns is under keys, so that nobody tries it out (M4)."""

import json
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from agencies.grants import grant
from agencies.models import HeldRole
from agencies.permissions import Role
from audit.ledger.leaves import note_change
from audit.ledger.verifying_rows import traced_models, verify_live
from audit.models import Event, Leaf
from encryption.casekeys import FOR_FINGERPRINTS, REGISTER, create_case_key, destroy_case_key
from encryption.fingerprints import (
    UNDER_CASE,
    UNDER_REGISTER,
    plain,
    plain_digest,
    row_fingerprint,
)
from encryption.keystore import CaseKey
from encryption.models import raw_values, sealed_digest
from requests_app.models import Consent, InformationRequest
from retention.models import DisposalStatement
from tests import walks
from tests.audit.owner import as_owner
from tests.audit.walks import signed
from tests.retention import walks as retention_walks
from workflow.bootstrap import save_unattended_as
from workflow.rekey import reencrypt

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("P-RECORD", part=True),
]


@pytest.fixture(autouse=True)
def register(tmp_path, settings):
    """A register of disposals of its own for each test."""
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"
    settings.DISPOSAL_REGISTER.touch()  # one that is not there would be missed


def rows_said(thing):
    """The fingerprints that leaves of one table hold."""
    bodies = Leaf.objects.filter(kind="change").order_by("entry").values_list("body", flat=True)
    return {
        said["thing_id"]: said["row"] for said in map(json.loads, bodies) if said["thing"] == thing
    }


def tried_out(model, said, **columns):
    """Which rows of an export somebody recovers who tries every value of some columns."""
    found = set()
    for row in model._base_manager.all():
        for values in product(*columns.values()):
            tried = raw_values(row) | dict(zip(columns, values, strict=True))
            digest = plain_digest(model, tried)
            if any(digest in each for each in said.values()):
                found.add(row.pk)
    return found


def test_roles_are_not_recovered_from_an_export_by_trying(cast):
    grant(cast.users["trust_nurse"], Role.MANAGER, cast.agencies["trust"])
    said = rows_said("agencies.heldrole")
    assert len(said) >= HeldRole.objects.count() > 10
    assert tried_out(HeldRole, said, role=[role.value for role in Role]) == set()


def test_answers_about_consent_are_not_recovered_from_an_export_by_trying(cast):
    walks.sent(cast)
    said = rows_said("requests_app.consent")
    assert said
    plain = [each for each in Consent._meta.concrete_fields if each.choices]
    assert plain
    columns = {each.attname: [value for value, _words in each.choices] for each in plain}
    assert tried_out(Consent, said, **columns) == set()


def test_every_leaf_is_under_the_key_of_its_case_or_of_the_register(cast):
    walks.released(cast, walks.a_draft(cast))
    for said in map(json.loads, Leaf.objects.filter(kind="change").values_list("body", flat=True)):
        whose = UNDER_CASE if said["case"] else UNDER_REGISTER
        assert (said["row"][:2], len(said["row"])) == (whose, 130 if said["case"] else 66)
    keys = CaseKey.objects.filter(generation=FOR_FINGERPRINTS)
    assert {*keys.values_list("case_id", flat=True)} == {
        REGISTER,
        *InformationRequest.objects.values_list("pk", flat=True),
    }


def as_before(*, thing=""):
    """Let leaves say what they said before there were keys for it."""
    for model in traced_models():
        if thing and model._meta.label_lower != thing:
            continue
        for past in model.history.model._base_manager.all():
            columns = [each.attname for each in model._meta.concrete_fields]
            values = {name: past.__dict__[name] for name in columns}
            number = str(past.history_id)
            as_owner(
                "UPDATE audit_leaf SET body = regexp_replace(body, %s, %s)"
                " WHERE kind = 'change' AND (body::jsonb ->> 'thing') = %s"
                " AND (body::jsonb -> 'history' ->> 0) = %s",
                '"row":"[0-9a-f]*"',
                f'"row":"{plain_digest(model, values)}"',
                model._meta.label_lower,
                number,
            )


def test_a_ledger_from_before_is_still_held(cast):
    case = walks.sent(cast)
    as_before()
    said = rows_said("requests_app.need")
    assert {len(each) for each in said.values()} == {64}
    assert verify_live().wrong == []
    walks.released(cast, case)
    reencrypt(case.pk)
    assert verify_live().wrong == []
    as_owner("UPDATE requests_app_historicalneed SET added_at = added_at + interval '1 day'")
    assert verify_live().count == len(said)


def test_sealing_anew_hides_no_change_of_plain_columns(cast):
    case = walks.sent(cast)
    as_before(thing="requests_app.need")
    as_owner("UPDATE requests_app_need SET added_at = added_at + interval '1 day'")
    reencrypt(case.pk)
    assert any("sealed anew when it was not" in line for line in verify_live().wrong)


def test_after_disposal_nobody_tells_what_a_row_held_but_its_state_is_held(cast):
    case = retention_walks.closed(cast)
    need = case.needs.first()
    row = plain(type(need), raw_values(need))
    under_case = row_fingerprint(row, case.pk)
    assert rows_said("requests_app.need")[str(need.pk)] == under_case
    retention_walks.destroyed(cast, case)
    assert not CaseKey.objects.filter(case_id=case.pk, wrapped__isnull=False).exists()
    assert row_fingerprint(row, case.pk)[:2] == UNDER_REGISTER
    assert verify_live().wrong == []
    as_owner("UPDATE requests_app_informationrequest SET status = 'accepted'")
    assert any("requests_app.informationrequest" in line for line in verify_live().wrong)


@pytest.mark.parametrize(
    "bent",
    [
        "case_id = '{live}'",
        "person_id = '{other}'",
        "person_id = '{other}',"
        " release_id = (SELECT id FROM requests_app_release WHERE case_id = '{live}')",
    ],
)
def test_rows_of_a_case_that_was_disposed_of_become_nobody_elses(cast, bent):
    """A recipient of a destroyed case, moved to a live one, would open its package."""
    case = retention_walks.closed(cast)
    live = walks.released(cast, walks.a_draft(cast))
    retention_walks.destroyed(cast, case)
    assert verify_live().wrong == []
    set_to = bent.format(live=live.pk, other=cast.users["officer"].pk)
    as_owner(
        f"UPDATE requests_app_recipient SET {set_to} WHERE case_id = '{case.pk}'"  # noqa: S608
    )
    assert any("requests_app.recipient" in line for line in verify_live().wrong)


@pytest.mark.parametrize("whose", ["a case", "the register"])
def test_a_key_that_somebody_marked_as_destroyed_hides_nothing(cast, whose):
    """Pages may add to the keystore: a row that says so makes no disposal."""
    case = walks.sent(cast)
    CaseKey.objects.create(
        case_id=case.pk if whose == "a case" else REGISTER,
        generation=9,
        ring_key_id="x",
        wrapped=None,
        destroyed_at=timezone.now(),
    )
    as_owner("UPDATE requests_app_need SET added_at = added_at + interval '1 day'")
    as_owner("UPDATE agencies_heldrole SET role = 'manager' WHERE role = 'spoc'")
    found = verify_live().wrong
    of = "requests_app.need" if whose == "a case" else "agencies.heldrole"
    assert any(of in line and "its key is destroyed" in line for line in found)


def test_a_key_that_does_not_unwrap_is_a_finding_and_stops_nothing(cast):
    case = walks.sent(cast)
    rows = CaseKey.objects.filter(case_id=case.pk, generation=FOR_FINGERPRINTS)
    rows.update(wrapped=b"x" * 60)
    as_owner("UPDATE agencies_heldrole SET role = 'manager' WHERE role = 'spoc'")
    found = verify_live().wrong
    assert any("requests_app.need" in line and "does not unwrap" in line for line in found)
    assert any("agencies.heldrole" in line for line in found)


def test_without_a_ring_it_is_said_in_words(settings):
    settings.PORTAL_KEYS = "signing"
    with pytest.raises(CommandError, match="reads no key ring"):
        call_command("ledger", "verify-live")


def test_no_case_is_the_register(cast, signed_in):
    for act in (create_case_key, destroy_case_key):
        with pytest.raises(ValueError, match="no case"):
            act(REGISTER)
    sent = signed_in("requester").post(
        reverse("requests:start"), {"idempotency_key": str(REGISTER)}
    )
    assert sent.status_code == 302
    assert not InformationRequest.objects.filter(pk=REGISTER).exists()
    assert InformationRequest.objects.count() == 1


def test_what_is_written_after_disposal_is_held_in_full(cast):
    case = retention_walks.closed(cast)
    retention_walks.destroyed(cast, case)
    asked = DisposalStatement.objects.filter(case=case).first()
    save_unattended_as("reminded", asked, asked.status)
    assert rows_said("retention.disposalstatement")[str(asked.pk)][:2] == UNDER_REGISTER
    assert verify_live().wrong == []
    as_owner("UPDATE retention_disposalstatement SET asked_at = asked_at - interval '1 day'")
    assert any("retention.disposalstatement" in line for line in verify_live().wrong)


@pytest.mark.parametrize("whose", ["a case", "the register"])
def test_a_keystore_that_lacks_the_key_is_a_finding(cast, whose):
    case = walks.sent(cast)
    lacking = case.pk if whose == "a case" else REGISTER
    with connections["keystore"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "DELETE FROM encryption_casekey WHERE case_id = %s AND generation = 0", [lacking]
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    assert any("the keystore lacks its key" in line for line in verify_live().wrong)


def test_a_row_of_the_register_that_was_changed_is_found(cast):
    as_owner("UPDATE agencies_heldrole SET role = 'manager' WHERE role = 'spoc'")
    assert any("agencies.heldrole" in line for line in verify_live().wrong)


def test_a_case_that_the_keystore_does_not_know_gets_no_key_by_being_written_down(cast):
    case = walks.sent(cast)
    CaseKey.objects.filter(case_id=case.pk).delete()
    need = case.needs.first()
    said = row_fingerprint(plain(type(need), raw_values(need)), case.pk)
    assert said[:2] == UNDER_REGISTER
    assert not CaseKey.objects.filter(case_id=case.pk).exists()


@pytest.mark.parametrize("placed", [True, False])
def test_a_leaf_that_was_made_up_under_no_key_is_found(cast, placed):
    """Whoever has the tables and no ring changes a row, and says so in the form from before."""
    case = walks.sent(cast)
    signed()
    assert verify_live().wrong == []
    need = case.needs.first()
    as_owner("UPDATE requests_app_need SET status = 'removed', version = version + 1")
    need.refresh_from_db()
    event = Event.objects.create(
        case_id=case.pk,
        thing="requests_app.need",
        thing_id=str(need.pk),
        move="need.remove",
        after=need.status,
        version=need.version,
        digest=sealed_digest(need),
    )
    digest = plain_digest(type(need), raw_values(need))
    note_change(event, need, row=digest, commitment="")
    if placed:
        signed()
    [line] = [each for each in verify_live().wrong if "under no key" in each]
    assert f"Leaf {Leaf.objects.latest('pk').pk} of the ledger" in line
