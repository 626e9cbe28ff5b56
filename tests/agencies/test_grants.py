"""Roles are given and taken with who, as which agency and why; and that stays as it is."""

import pytest
from django.db import IntegrityError, connection, transaction

from agencies.acting import actor_for, permissions_at
from agencies.grants import grant, revoke
from agencies.models import Agency, HeldRole, Membership, Partnership, User, Vetting
from agencies.permissions import ROLES, Role
from workflow.stamped import Stamped

pytestmark = pytest.mark.django_db


def told(row):
    return (
        row.history_type,
        row.history_change_reason,
        row.history_user,
        row.history_agency,
        row.role,
    )


@pytest.fixture
def nurse(cast):
    return cast.users["trust_nurse"]


@pytest.fixture
def trust(cast):
    return cast.agencies["trust"]


def test_the_history_says_who_gave_and_took_a_role_as_which_agency_and_why(cast, nurse, trust):
    administrator, office = cast.users["administrator"], cast.agencies["office"]
    held = grant(nurse, Role.ADVISER, trust, by=cast.administrator)
    revoke(nurse, Role.ADVISER, trust, by=cast.administrator)
    taken, given = HeldRole.history.filter(id=held.pk)
    assert told(given) == ("+", "grant", administrator, office, Role.ADVISER)
    assert told(taken) == ("-", "revoke", administrator, office, Role.ADVISER)
    assert taken.membership.user == given.membership.user == nurse
    assert taken.membership.agency == given.membership.agency == trust


def test_what_the_installation_does_by_itself_names_nobody(cast, nurse, trust):
    held = grant(nurse, Role.ADVISER, trust)
    revoke(nurse, Role.ADVISER, trust)
    taken, given = HeldRole.history.filter(id=held.pk)
    assert told(given) == ("+", "grant", None, None, Role.ADVISER)
    assert told(taken) == ("-", "revoke", None, None, Role.ADVISER)


def test_a_role_that_is_there_already_is_not_given_again(cast, nurse, trust):
    first = grant(nurse, Role.ADVISER, trust)
    assert grant(nurse, Role.ADVISER, trust, by=cast.administrator) == first
    assert HeldRole.history.filter(id=first.pk).count() == 1


def test_permissions_mirror_the_roles_that_are_held(cast, nurse, trust):
    before = permissions_at(nurse, trust)
    grant(nurse, Role.MANAGER, trust)
    assert permissions_at(nurse, trust) == before | ROLES[Role.MANAGER]
    revoke(nurse, Role.MANAGER, trust)
    assert permissions_at(nurse, trust) == before == actor_for(nurse, trust).permissions


def test_a_grant_that_is_rolled_back_leaves_neither_role_nor_permission(cast, nurse, trust):
    before = permissions_at(nurse, trust)
    with transaction.atomic():
        grant(nurse, Role.MANAGER, trust)
        transaction.set_rollback(True)
    assert permissions_at(nurse, trust) == before
    assert not HeldRole.history.filter(membership__user=nurse, role=Role.MANAGER).exists()


@pytest.mark.parametrize("model", [Agency, HeldRole, Membership, Vetting, Partnership, User])
def test_what_decides_access_has_a_history_that_the_database_refuses_to_change(cast, model):
    history = model.history.model
    assert issubclass(history, Stamped)
    table = connection.ops.quote_name(history._meta.db_table)
    assert history.objects.exists()
    for statement in ("UPDATE {} SET history_type = '~'", "DELETE FROM {}"):
        with (
            pytest.raises(IntegrityError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))
