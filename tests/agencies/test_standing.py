"""What a person may do for an agency follows from membership, checks, guidance and review."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.acting import agencies_of, permissions_at
from agencies.bootstrap.unattended import join
from agencies.eligibility import Missing
from agencies.models import Acknowledgement, Guidance, Membership, Vetting
from agencies.permissions import ABOUT_CASES, ROLES, Permission, Role
from tests.agencies.people_walks import standing
from workflow.bootstrap import create_unattended, save_unattended

pytestmark = pytest.mark.django_db

Status = Membership.Status


@pytest.fixture
def manager(cast):
    return cast.users["trust_manager"]


@pytest.fixture
def trust(cast):
    return cast.agencies["trust"]


def membership_of(user, agency):
    return Membership.objects.get(user=user, agency=agency)


def put_into(user, agency, **values):
    row = membership_of(user, agency)
    for name, value in values.items():
        setattr(row, name, value)
    save_unattended(row)


def check_ends(user, agency, day, **values):
    row = membership_of(user, agency).checks.get()
    row.made_on, row.expires = day - timedelta(days=9), day
    for name, value in values.items():
        setattr(row, name, value)
    save_unattended(row)


@pytest.mark.clause("ISA-7.1")
@pytest.mark.parametrize("status", [each for each in Status if each != Status.ACTIVE])
def test_only_an_active_member_may_do_anything(manager, trust, status):
    put_into(manager, trust, status=status)
    assert permissions_at(manager, trust) == frozenset()


def test_an_active_member_may_do_all_that_the_roles_carry(manager, trust):
    assert permissions_at(manager, trust) == ROLES[Role.MANAGER]


@pytest.mark.clause("ISA-7.1")
def test_a_check_holds_through_its_last_day_and_not_a_day_longer(manager, trust):
    today = timezone.localdate()
    check_ends(manager, trust, today)
    assert standing(manager, trust).opens_cases
    check_ends(manager, trust, today - timedelta(days=1))
    assert standing(manager, trust).missing == (Missing.CHECK,)
    assert permissions_at(manager, trust) == {Permission.MANAGE_PEOPLE, Permission.SIGN}


def test_neither_a_withdrawn_check_counts_nor_one_that_is_yet_to_be_made(manager, trust):
    today = timezone.localdate()
    later = today + timedelta(days=30)
    check_ends(manager, trust, later, status=Vetting.Status.WITHDRAWN)
    assert standing(manager, trust).missing == (Missing.CHECK,)
    recorded = Vetting.Status.RECORDED
    check_ends(manager, trust, later, status=recorded, made_on=today + timedelta(days=1))
    assert standing(manager, trust).missing == (Missing.CHECK,)


def test_a_check_at_one_agency_says_nothing_at_another(cast, manager, trust):
    school = cast.agencies["school"]
    join(manager, Role.REQUESTER, school)
    check_ends(manager, school, timezone.localdate() - timedelta(days=1))
    assert not standing(manager, school).opens_cases
    assert standing(manager, trust).opens_cases


@pytest.mark.clause("ISA-7.6")
def test_guidance_is_acknowledged_once_and_again_when_it_changes(manager, trust):
    first = create_unattended(Guidance, title="First", text="Text", status=Guidance.Status.IN_FORCE)
    assert standing(manager, trust).missing == (Missing.GUIDANCE,)
    assert not permissions_at(manager, trust) & ABOUT_CASES
    create_unattended(Acknowledgement, user=manager, guidance=first)
    assert standing(manager, trust).opens_cases
    first.status = Guidance.Status.SUPERSEDED
    save_unattended(first)
    create_unattended(Guidance, title="Second", text="Text", status=Guidance.Status.IN_FORCE)
    assert standing(manager, trust).missing == (Missing.GUIDANCE,)


def test_access_that_was_not_confirmed_lapses(manager, trust):
    today = timezone.localdate()
    put_into(manager, trust, confirmed_until=today)
    assert standing(manager, trust).opens_cases
    put_into(manager, trust, confirmed_until=today - timedelta(days=1))
    assert standing(manager, trust).missing == (Missing.REVIEW,)


def test_a_closed_account_stands_nowhere(manager, trust):
    manager.is_active = False
    manager.save()
    assert permissions_at(manager, trust) == frozenset()


def test_everything_that_is_missing_is_said(manager, trust):
    today = timezone.localdate()
    create_unattended(Guidance, title="First", text="Text", status=Guidance.Status.IN_FORCE)
    check_ends(manager, trust, today - timedelta(days=1))
    put_into(manager, trust, confirmed_until=today - timedelta(days=1))
    assert standing(manager, trust).missing == (Missing.CHECK, Missing.GUIDANCE, Missing.REVIEW)


@pytest.mark.parametrize(
    ("status", "comes_in"),
    [
        (Status.INVITED, False),
        (Status.ACCEPTED, True),
        (Status.ACTIVE, True),
        (Status.SUSPENDED, True),
        (Status.LEFT, False),
    ],
)
def test_who_comes_in_for_an_agency(manager, trust, status, comes_in):
    put_into(manager, trust, status=status)
    assert (trust in agencies_of(manager)) is comes_in


@pytest.mark.clause("ISA-7.1")
def test_it_acts_on_the_very_next_request(signed_in, manager, trust):
    client, checks = signed_in("trust_manager"), reverse("requests:checks")
    assert client.get(checks).status_code == 200
    check_ends(manager, trust, timezone.localdate() - timedelta(days=1))
    refused = client.get(checks)
    assert refused.status_code == 403
    assert str(Missing.CHECK.label) in refused.content.decode()
    check_ends(manager, trust, timezone.localdate())
    assert client.get(checks).status_code == 200
    put_into(manager, trust, status=Status.SUSPENDED)
    assert str(Missing.SUSPENDED.label) in client.get(checks).content.decode()
