"""Who may do what is held against the ledger too: roles, the grants they carry, the partnership."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from agencies.grants import grant, revoke
from agencies.models import HeldRole, Partnership
from agencies.permissions import ROLES, Permission, Role
from audit.ledger.verifying_rows import verify_live
from audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-RECORD", part=True)]

BY_SQL = {
    "a role": "INSERT INTO agencies_heldrole (membership_id, role)"
    " SELECT id, 'spoc' FROM agencies_membership WHERE user_id = '{nurse}'",
    "another role": "UPDATE agencies_heldrole SET role = 'manager' WHERE membership_id ="
    " (SELECT id FROM agencies_membership WHERE user_id = '{nurse}')",
    "no role": "DELETE FROM agencies_heldrole WHERE membership_id ="
    " (SELECT id FROM agencies_membership WHERE user_id = '{nurse}')",
    "a grant": "INSERT INTO agencies_agencyuserobjectpermission"
    " (permission_id, user_id, content_object_id) SELECT p.id, m.user_id, m.agency_id"
    " FROM agencies_membership m, auth_permission p"
    " WHERE m.user_id = '{nurse}' AND p.codename = '{may}'",
    "a grant elsewhere": "UPDATE agencies_agencyuserobjectpermission SET content_object_id ="
    " (SELECT id FROM agencies_agency WHERE is_front_door) WHERE user_id = '{nurse}'",
    "a permission of something else": "UPDATE auth_permission SET content_type_id ="
    " (SELECT min(id) FROM django_content_type) WHERE codename = 'send_request'",
    "a permission of another name": "UPDATE auth_permission SET codename = codename || 'x'"
    " WHERE codename = 'send_request'",
    "slower answers": "UPDATE agencies_partnership SET red_hours = 72",
}


def by_sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount > 0, statement


@pytest.mark.parametrize("what", BY_SQL)
def test_what_was_given_by_sql_is_found(cast, what):
    assert verify_live().wrong == []
    by_sql(BY_SQL[what].format(nurse=cast.users["trust_nurse"].pk, may=Permission.SCRUTINISE.value))
    assert verify_live().wrong


def test_what_was_given_and_taken_by_somebody_holds(cast):
    nurse, trust = cast.users["trust_nurse"], cast.agencies["trust"]
    grant(nurse, Role.MANAGER, trust, by=cast.administrator)
    revoke(nurse, Role.MANAGER, trust, by=cast.administrator)
    partnership = Partnership.objects.get()
    partnership.red_hours = 3
    partnership.save()
    assert verify_live().wrong == []
    told = Event.objects.filter(thing="agencies.heldrole").order_by("-id")[:2]
    assert [(row.move, row.after) for row in told] == [
        ("heldrole.revoke", "gone"),
        ("heldrole.grant", ""),
    ]
    assert {row.person for row in told} == {str(cast.users["administrator"].pk)}


def test_a_role_that_was_taken_does_not_come_back_unseen(cast):
    nurse, trust = cast.users["trust_nurse"], cast.agencies["trust"]
    held = grant(nurse, Role.MANAGER, trust)
    membership, pk = held.membership_id, held.pk
    revoke(nurse, Role.MANAGER, trust)
    by_sql(
        f"INSERT INTO agencies_heldrole VALUES ({pk}, 'manager', '{membership}')"  # noqa: S608
    )
    assert f"agencies.heldrole {pk} was added and is in no ledger." in verify_live().wrong


def test_a_role_does_not_come_back_by_leaves_in_another_order(cast):
    """The leaf that it was taken is signed; the number by which it is found is not."""
    nurse, trust = cast.users["trust_nurse"], cast.agencies["trust"]
    held = grant(nurse, Role.MANAGER, trust)
    membership, pk = held.membership_id, held.pk
    revoke(nurse, Role.MANAGER, trust)
    given, taken = Event.objects.filter(thing="agencies.heldrole", thing_id=pk).order_by("pk")
    by_sql(
        f"INSERT INTO agencies_heldrole VALUES ({pk}, 'manager', '{membership}')"  # noqa: S608
    )
    for entry, anew in ((given.pk, -1), (taken.pk, given.pk), (-1, taken.pk)):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        by_sql(
            f"UPDATE audit_leaf SET entry = {anew} WHERE kind = 'change' AND entry = {entry}"  # noqa: S608
        )
    assert verify_live().wrong


@pytest.mark.parametrize("role", ["", "nobody"])
def test_a_role_that_is_none_is_a_finding(cast, role):
    by_sql(f"UPDATE agencies_heldrole SET role = '{role}'")  # noqa: S608
    assert any("agencies.heldrole" in line for line in verify_live().wrong)


def test_a_role_whose_grant_somebody_took_away_is_found(cast):
    nurse, trust = cast.users["trust_nurse"], cast.agencies["trust"]
    by_sql(f"DELETE FROM agencies_agencyuserobjectpermission WHERE user_id = '{nurse.pk}'")  # noqa: S608
    carried = cast.users["trust_nurse"].memberships.get().roles.get().role
    assert {
        f"Grant {may.value} to person {nurse.pk} at agency {trust.pk} is gone."
        for may in ROLES[Role(carried)]
    } <= set(verify_live().wrong)


def test_roles_from_before_are_put_into_the_ledger(cast):
    """An installation that is older than this has roles and history without a leaf."""
    spoc = cast.users["trust_spoc"].memberships.get()
    by_sql(
        "INSERT INTO agencies_heldrole (membership_id, role)"  # noqa: S608
        f" VALUES ('{spoc.pk}', 'requester')"
    )
    added = HeldRole.objects.get(membership=spoc, role="requester")
    past = HeldRole.history.model
    values = {"id": added.pk, "membership_id": spoc.pk, "role": added.role}
    past(**values, history_date=spoc.since, history_type="+").save()
    assert len(verify_live().wrong) == 2
    module = importlib.import_module("agencies.migrations.0005_roles_in_the_ledger")
    row = past.objects.latest("history_id")
    module._put(apps, HeldRole, row)
    assert verify_live().wrong == []
