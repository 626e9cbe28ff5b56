"""Nobody comes in uninvited, and an invitation lets in one person, once (ISA-4.3-SECURITY)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.utils import timezone

from agencies.addresses import NotAnAddress, inside
from agencies.grants import held
from agencies.invitations import actions as invitations
from agencies.invitations.selectors import by_token
from agencies.invitations.tokens import LASTS, digest_of
from agencies.models import HeldRole, Invitation, Membership, User
from agencies.permissions import Role
from agencies.roles import roles_of, roles_waiting
from outbox.models import Message
from outbox.tasks import writer_of
from tests.agencies import people_walks as walks
from tests.cast import gather_cast
from tests.patience import PATIENCE
from workflow.bootstrap import save_unattended
from workflow.transitions import TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-4.3-SECURITY")]

OAK = ["oak-school.example", "xn--mnchen-3ya.example"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Rita@Oak-School.Example", "rita@oak-school.example"),
        ("  rita.o'neil+1@oak-school.example ", "rita.o'neil+1@oak-school.example"),
        ("anna@München.example", "anna@xn--mnchen-3ya.example"),
        ("anna@xn--mnchen-3ya.example", "anna@xn--mnchen-3ya.example"),
        ("rita@ＯＡＫ-school.example", "rita@oak-school.example"),
    ],
)
def test_an_address_in_a_domain_of_the_agency_is_kept_in_one_form(typed, kept):
    assert inside(typed, OAK) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("rita@elsewhere.example", "must end in @oak-school.example"),
        ("rita@pupils.oak-school.example", "must end in"),
        ("rita@notoak-school.example", "must end in"),
        ("rita@oak-school.example.evil.example", "must end in"),
        ("rita@oak-schоol.example", "letter of another alphabet"),
        ("rita@öak-school.example", "accent"),
        ("ríta@oak-school.example", "accent"),
        ("rіta@oak-school.example", "accent or a letter of another alphabet"),
        ("rita@evil.example@oak-school.example", "in the form"),
        ("rita", "in the form"),
        ("@oak-school.example", "in the form"),
        ("rita @oak-school.example", "in the form"),
        ("rita\r\nbcc: x@oak-school.example", "in the form"),
        ("x" * 250 + "@oak-school.example", "in the form"),
    ],
)
def test_any_other_is_refused_in_words(typed, says):
    with pytest.raises(NotAnAddress, match=says):
        inside(typed, OAK)


def test_an_agency_without_a_domain_invites_nobody(cast):
    with pytest.raises(NotAnAddress, match="No e-mail domain is listed"):
        inside("rita@oak-school.example", [])


@pytest.mark.clause("ISA-7.1")
def test_somebody_invited_is_there_and_may_do_nothing(cast):
    invitation = walks.invited(cast)
    membership = invitation.membership
    assert membership.status == Membership.Status.INVITED
    assert not membership.user.is_active
    assert not membership.user.has_usable_password()
    assert [each.role for each in membership.roles.all()] == [Role.REQUESTER]
    role = HeldRole.history.get(membership=membership)
    assert (role.history_user, role.history_agency) == (
        cast.users["trust_manager"],
        cast.agencies["trust"],
    )


@pytest.mark.parametrize("who", ["trust_spoc", "trust_manager", "administrator"])
def test_who_may_invite(cast, who):
    assert walks.invited(cast, by=getattr(cast, who)).status == Invitation.Status.SENT


@pytest.mark.parametrize("who", ["trust_nurse", "trust_adviser", "school_spoc", "officer"])
def test_nobody_else_may(cast, who):
    with pytest.raises(PermissionDenied):
        walks.invited(cast, by=getattr(cast, who))
    assert not User.objects.filter(email=walks.NEW).exists()


@pytest.mark.parametrize(
    ("agency", "role", "who", "permission"),
    [
        ("trust", Role.PARTNER, "administrator", False),
        ("trust", Role.IFD_OFFICER, "administrator", False),
        ("trust", Role.ADMINISTRATOR, "administrator", False),
        ("trust", Role.ADVISER, "trust_spoc", True),
        ("front_door", Role.IFD_OFFICER, "administrator", True),
        ("police", Role.PARTNER, "administrator", True),
        ("police", Role.PARTNER, "police_spoc", False),
        ("police", Role.MANAGER, "police_spoc", True),
        ("office", Role.ADMINISTRATOR, "administrator", True),
    ],
)
def test_each_role_is_given_where_it_belongs_and_by_whom_it_may_be(
    cast, agency, role, who, permission
):
    where = walks.with_domain(cast.agencies[agency], "agency.example")
    ask = {"by": getattr(cast, who), "idempotency_key": uuid4(), "address": "a@agency.example"}
    if permission:
        made = invitations.invite(where, roles=[role], **ask)
        # At once, or once a second person has confirmed it (second_person/test_proposals.py).
        assert [*roles_of(made.membership), *roles_waiting(made.membership)] == [role]
        return
    with pytest.raises(PermissionDenied):
        invitations.invite(where, roles=[role], **ask)


def test_the_email_goes_to_that_address_alone_and_its_link_is_nowhere_in_the_database(cast):
    invitation = walks.invited(cast)
    message = Message.objects.get(topic="invitation.sent")
    assert message.about == str(invitation.pk)
    notification = writer_of(message.topic)(message.about)
    token = walks.link_of(invitation)
    assert list(notification.to.values()) == [walks.NEW]
    assert f"/invitations/{token}/" in notification.text
    for word in ("newcomer", "trust.example", "Anytown Health Trust", "Max"):
        assert word not in notification.text
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f"SELECT count(*) FROM {connection.ops.quote_name(table)} t WHERE t::text LIKE %s",  # noqa: S608
                [f"%{token}%"],
            )
            assert cursor.fetchone() == (0,), table


def test_a_token_is_long_and_random_and_only_its_digest_is_kept(cast):
    first, second = walks.invited(cast), walks.invited(cast, "second@trust.example")
    tokens = {walks.link_of(first), walks.link_of(second)}
    assert len(tokens) == 2
    for invitation in (first, second):
        token = walks.link_of(invitation)
        assert len(token) == 43
        assert Invitation.objects.get(pk=invitation.pk).digest == digest_of(token)


def test_sending_anew_replaces_the_link(cast):
    invitation = walks.invited(cast)
    old = walks.link_of(invitation)
    invitations.send_anew(invitation, by=cast.trust_spoc, expected_version=None)
    new = walks.link_of(invitation)
    assert old != new
    assert by_token(old).invitation is None
    assert by_token(new).invitation == invitation
    assert Message.objects.filter(topic="invitation.sent").count() == 2


def test_sending_anew_twice_from_one_page_is_done_once(cast):
    invitation = walks.invited(cast)
    expected_version = invitation.version
    invitations.send_anew(invitation, by=cast.trust_spoc, expected_version=expected_version)
    with pytest.raises(TransitionRefused):
        invitations.send_anew(invitation, by=cast.trust_spoc, expected_version=expected_version)
    assert Message.objects.filter(topic="invitation.sent").count() == 2


def test_a_doubled_invitation_is_one(cast):
    agency = walks.with_domain(cast.agencies["trust"], "trust.example")
    ask = {"by": cast.trust_manager, "idempotency_key": uuid4(), "roles": [Role.REQUESTER]}
    first = invitations.invite(agency, address="One@trust.example", **ask)
    again = invitations.invite(agency, address="one@TRUST.example", **ask)
    assert first == again
    with pytest.raises(TransitionRefused, match="sent before"):
        invitations.invite(agency, address="two@trust.example", **ask)
    assert (
        Invitation.objects.count() == Message.objects.filter(topic="invitation.sent").count() == 1
    )


def test_somebody_invited_or_there_already_is_not_invited_again(cast):
    walks.invited(cast)
    with pytest.raises(TransitionRefused, match="invited already"):
        walks.invited(cast)
    nurse = cast.users["trust_nurse"]
    with pytest.raises(TransitionRefused, match="belongs to the agency already"):
        walks.invited(cast, nurse.email.upper())


@pytest.mark.clause("ISA-7.1")
def test_accepting_makes_an_account_that_opens_nothing_yet(cast):
    membership = walks.accepted(cast)
    user = User.objects.get(email=walks.NEW)
    assert membership.status == Membership.Status.ACCEPTED
    assert (str(user), user.job_title, user.is_active) == ("Nell Newcomer", "Health visitor", True)
    assert user.check_password(walks.PASSWORD)
    assert user.history.first().history_user == user


def expire(invitation):
    row = Invitation.objects.get(pk=invitation.pk)
    row.ends_at = timezone.now()
    save_unattended(row)
    return row


def test_it_holds_for_72_hours_and_not_longer(cast):
    invitation = walks.invited(cast)
    assert timedelta(hours=72) == LASTS
    assert invitation.ends_at - invitation.sent_at == LASTS
    token = walks.link_of(invitation)
    expired = expire(invitation)
    assert "expired" in by_token(token).over
    with pytest.raises(TransitionRefused, match="expired"):
        walks.accept(expired)
    assert not User.objects.get(email=walks.NEW).is_active
    invitations.send_anew(expired, by=cast.trust_spoc, expected_version=None)
    assert not by_token(walks.link_of(expired)).over


def test_nobody_is_written_to_about_what_is_over(cast):
    invitation = walks.invited(cast)
    invitations.take_back_invitation(invitation.membership, by=cast.trust_spoc)
    assert writer_of("invitation.sent")(str(invitation.pk)).to == {}


def test_what_was_withdrawn_lets_nobody_in_and_can_be_sent_again(cast):
    invitation = walks.invited(cast)
    token = walks.link_of(invitation)
    invitations.take_back_invitation(invitation.membership, by=cast.trust_spoc)
    assert "withdrawn" in by_token(token).over
    with pytest.raises(TransitionRefused, match="withdrawn"):
        walks.accept(invitation)
    assert held(invitation.membership.user, cast.agencies["trust"]) == frozenset()
    again = walks.invited(cast)
    assert again.membership == invitation.membership
    assert walks.accept(again).status == Invitation.Status.ACCEPTED


def test_used_twice_it_changes_nothing(cast):
    invitation = walks.invited(cast)
    walks.accept(invitation)
    with pytest.raises(TransitionRefused, match="Sign in to accept"):
        walks.accept(invitation, given_name="Mallory", password="another long phrase")
    user = User.objects.get(email=walks.NEW)
    assert user.first_name == "Nell"
    assert user.check_password(walks.PASSWORD)


def test_somebody_with_an_account_comes_in_to_one_agency_more(cast):
    user = walks.somebody("dana@trust.example", first_name="Dana")
    invitation = walks.invited(cast, "DANA@trust.example")
    assert invitation.membership.user == user
    invitations.accept(invitation, user=user)
    assert Membership.objects.get(user=user).status == Membership.Status.ACCEPTED


def test_a_forwarded_invitation_lets_nobody_in(cast):
    walks.somebody("dana@trust.example", first_name="Dana")
    invitation = walks.invited(cast, "dana@trust.example")
    with pytest.raises(PermissionDenied):
        invitations.accept(invitation, user=cast.users["trust_nurse"])
    assert invitation.membership.status == Membership.Status.INVITED


def test_an_account_is_not_made_over_one_that_is_there(cast):
    user = walks.somebody("dana@trust.example", first_name="Dana")
    invitation = walks.invited(cast, user.email)
    with pytest.raises(TransitionRefused, match="There is an account"):
        walks.accept(invitation, password="another long phrase")
    user.refresh_from_db()
    assert user.check_password(walks.PASSWORD)
    assert Invitation.objects.get().status == Invitation.Status.SENT


def test_a_closed_account_is_not_opened_by_an_invitation(cast):
    walks.somebody("gone@trust.example", first_name="Gone", is_active=False)
    with pytest.raises(TransitionRefused, match="closed"):
        walks.invited(cast, "gone@trust.example")


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_are_one():
    cast = gather_cast()
    invitation = walks.invited(cast)
    at_once = Barrier(2)

    def click(name):
        try:
            mine = Invitation.objects.select_related("membership__user").get(pk=invitation.pk)
            at_once.wait(timeout=PATIENCE)
            walks.accept(mine, given_name=name, password=f"the phrase of {name}")
        except TransitionRefused:
            return ""
        finally:
            connections.close_all()
        return name

    with ThreadPoolExecutor(2) as pool:
        winners = [name for name in pool.map(click, ["Nell", "Nora"]) if name]
    user = User.objects.get(email=walks.NEW)
    assert winners == [user.first_name]
    assert user.check_password(f"the phrase of {winners[0]}")


@pytest.mark.django_db(transaction=True)
def test_two_agencies_that_invite_one_newcomer_at_once_make_one_person():
    cast = gather_cast()
    agencies = [
        walks.with_domain(cast.agencies[each], "both.example") for each in ("trust", "school")
    ]
    keepers = [cast.trust_spoc, cast.school_spoc]
    at_once = Barrier(2)

    def ask(number):
        try:
            at_once.wait(timeout=PATIENCE)
            invitations.invite(
                agencies[number],
                by=keepers[number],
                idempotency_key=uuid4(),
                address="new@both.example",
                roles=[Role.REQUESTER],
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, [0, 1]))
    assert User.objects.get(email="new@both.example").memberships.count() == 2
