"""What the ledger says of plain columns is under keys, so that nobody tries it out (M4)."""

import json
from itertools import product

import pytest
from django.db import connections

from agencies.holding import grant
from agencies.models import HeldRole
from agencies.permissions import Role
from audit.ledger.live import traced_models, verify_live
from audit.models import Leaf
from encryption.casekeys import FOR_FINGERPRINTS, REGISTER
from encryption.fingerprints import UNDER_CASE, UNDER_REGISTER, plain_digest, row_fingerprint
from encryption.keystore import CaseKey
from encryption.models import raw_values
from requests_app.models import Consent, InformationRequest
from retention.models import DisposalStatement
from tests import walks
from tests.audit.owner import as_owner
from tests.retention import walks as retention_walks
from workflow.founding import done_by_itself
from workflow.reencrypting import reencrypt

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("P-RECORD", part=True),
]


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
        assert (said["row"][:2], len(said["row"])) == (whose, 66)
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
    digest = plain_digest(type(need), raw_values(need))
    under_case = row_fingerprint(digest, case.pk)
    assert rows_said("requests_app.need")[str(need.pk)] == under_case
    retention_walks.destroyed(cast, case)
    assert not CaseKey.objects.filter(case_id=case.pk, wrapped__isnull=False).exists()
    assert row_fingerprint(digest, case.pk)[:2] == UNDER_REGISTER
    assert verify_live().wrong == []
    as_owner("UPDATE requests_app_informationrequest SET status = 'accepted'")
    assert any("requests_app.informationrequest" in line for line in verify_live().wrong)


def test_what_is_written_after_disposal_is_held_in_full(cast):
    case = retention_walks.closed(cast)
    retention_walks.destroyed(cast, case)
    asked = DisposalStatement.objects.filter(case=case).first()
    done_by_itself("reminded", asked, asked.status)
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
    said = row_fingerprint(plain_digest(type(need), raw_values(need)), case.pk)
    assert said[:2] == UNDER_REGISTER
    assert not CaseKey.objects.filter(case_id=case.pk).exists()
