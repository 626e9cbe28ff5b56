"""The pages of people: invited, checked, reviewed; and what is missing before a case opens."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.acting import actor_for
from agencies.bootstrap.unattended import join
from agencies.grants import held, revoke
from agencies.guidance.actions import acknowledge
from agencies.invitations import actions as invitations
from agencies.models import Agency, HeldRole, Invitation, Membership, Proposal, User
from agencies.people import actions as people
from agencies.permissions import Role
from agencies.vetting import actions as checks
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.models import InformationRequest
from tests import walks as cases
from tests.agencies import people_walks as walks
from tests.plugins.people import sign_in
from workflow.bootstrap import save_unattended

pytestmark = pytest.mark.django_db

ANSWERS = {
    "given_name": "Nell",
    "family_name": "Newcomer",
    "job_title": "Health visitor",
    "password": walks.PASSWORD,
    "password_again": walks.PASSWORD,
}


def at(name, *args):
    return reverse(f"agencies:{name}", args=args)


def link(invitation):
    return at("invitation", walks.link_of(invitation))


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def trust(cast):
    return walks.with_domain(cast.agencies["trust"], "trust.example")


@pytest.fixture
def nurse(cast):
    return walks.member(cast)


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_link_that_is_only_followed_changes_nothing(cast):
    invitation = walks.invited(cast)
    visitor, there = Client(), link(invitation)
    for _ in range(3):
        page = visitor.get(there)
        assert page.status_code == 200
        assert "Accept and create my account" in words(page)
        assert walks.NEW not in words(page)
    assert Invitation.objects.get().status == Invitation.Status.SENT
    assert not User.objects.get(email=walks.NEW).is_active


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_somebody_new_accepts_by_a_form_once_and_signs_in(cast):
    invitation = walks.invited(cast)
    visitor, there = Client(), link(invitation)
    assert visitor.post(there).status_code == 422
    short = visitor.post(there, ANSWERS | {"password": "short", "password_again": "short"})
    assert "too short" in words(short)
    other = visitor.post(there, ANSWERS | {"password_again": "something else"})
    assert "not the same" in words(other)
    assert walks.PASSWORD not in words(other)
    assert visitor.post(there, ANSWERS).url == reverse("account_login")
    assert visitor.login(email=walks.NEW, password=walks.PASSWORD)
    again = Client().get(there)
    assert again.status_code == 410
    assert "accepted already" in words(again)
    assert Client().post(there, ANSWERS | {"given_name": "Mallory"}).status_code == 410


def test_an_unknown_link_says_so():
    page = Client().get(at("invitation", "x" * 43))
    assert page.status_code == 404
    assert "This link is not recognised" in words(page)


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_forwarded_invitation_is_refused_in_words(cast, signed_in):
    invitation = walks.invited(cast)
    client = signed_in("trust_adviser")
    for page in (client.get(link(invitation)), client.post(link(invitation), ANSWERS)):
        assert page.status_code == 403
        assert "sent to somebody else" in words(page)
        assert walks.NEW not in words(page)
    assert Invitation.objects.get().status == Invitation.Status.SENT


def test_somebody_with_an_account_signs_in_and_accepts_for_one_agency_more(cast):
    user = walks.somebody("dana@trust.example", first_name="Dana", last_name="D")
    join(user, Role.REQUESTER, cast.agencies["school"])
    invitation = walks.invited(cast, user.email)
    visitor, there = Client(), link(invitation)
    asked = visitor.get(there)
    assert f"{reverse('account_login')}?next={there}" in words(asked)
    assert visitor.post(there, ANSWERS).status_code == 200  # still the page that asks
    assert Invitation.objects.get().status == Invitation.Status.SENT
    visitor.force_login(user)
    assert "Accept" in words(visitor.get(there))
    assert visitor.post(there).url == reverse("home")
    assert user.memberships.get(agency=invitation.membership.agency).status == "accepted"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "Enter a work e-mail address"),
        ("new@elsewhere.example", "must end in @trust.example"),
        ("néw@trust.example", "accent"),
        ("TRUST.NURSE@Trust.example", "belongs to the agency already"),
    ],
)
def test_inviting_says_what_is_wrong(trust, signed_in, address, says):
    posted = {"address": address, "roles": ["requester"]}
    page = signed_in("trust_spoc").post(at("invite", trust.pk), posted)
    assert page.status_code == 422
    assert says in words(page)


def test_inviting_sends_one_email_however_often_it_is_sent(trust, signed_in):
    client, idempotency_key = signed_in("trust_manager"), str(uuid4())
    posted = {
        "address": "New@Trust.example",
        "roles": ["requester", "spoc"],
        "idempotency_key": idempotency_key,
    }
    for _ in range(2):
        assert client.post(at("invite", trust.pk), posted).url == at("people_of", trust.pk)
    invitation = Invitation.objects.get()
    assert {each.role for each in invitation.membership.roles.all()} == {"requester", "spoc"}
    assert "Invited" in words(client.get(at("people"), {"state": "invited"}))


def test_a_role_that_is_not_theirs_to_give_is_no_choice(trust, signed_in):
    posted = {"address": "new@trust.example", "roles": ["partner"]}
    page = signed_in("trust_manager").post(at("invite", trust.pk), posted)
    assert page.status_code == 422
    assert not Invitation.objects.exists()


def test_whoever_lost_the_role_in_mid_form_invites_nobody(cast, trust, signed_in):
    client = signed_in("trust_manager")
    assert client.get(at("invite", trust.pk)).status_code == 200
    revoke(cast.users["trust_manager"], Role.MANAGER, trust)
    join(cast.users["trust_manager"], Role.REQUESTER, trust)
    posted = {"address": "new@trust.example", "roles": ["requester"]}
    assert client.post(at("invite", trust.pk), posted).status_code == 404
    assert not User.objects.filter(email="new@trust.example").exists()


def parts(name, day):
    """A day as a form has it."""
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


@pytest.mark.clause("ISA-7.1")
def test_recording_a_check(cast, signed_in):
    membership, client = walks.accepted(cast), signed_in("trust_spoc")
    there, today = at("check_add", membership.pk), timezone.localdate()
    later = today + timedelta(days=400)
    right = {
        "kind": "dbs_enhanced",
        "made_by": "Human resources",
        **parts("made_on", today),
        **parts("expires", later),
    }
    for wrong, says in (
        (parts("made_on", today + timedelta(days=1)), "must be today or in the past"),
        (parts("expires", today - timedelta(days=1)), "must be today or in the future"),
        (parts("expires", today + timedelta(days=366 * 10)), "10 years at most"),
    ):
        page = client.post(there, right | wrong)
        assert (page.status_code, says in words(page)) == (422, True)
    assert client.post(there, right).url == at("member", membership.pk)
    page = words(client.get(at("member", membership.pk)))
    assert "Enhanced disclosure and barring check" in page
    assert "Began, because a check was recorded" in page


def check_ends(membership, day):
    row = membership.checks.get()
    row.made_on, row.expires = day - timedelta(days=9), day
    save_unattended(row)


@pytest.mark.clause("ISA-7.1")
def test_a_check_that_runs_out_between_two_clicks_loses_nothing_typed(cast, signed_in):
    case, client = cases.a_draft(cast), signed_in("requester")
    there = reverse("requests:purpose", args=[case.pk])
    assert client.get(there).status_code == 200
    check_ends(walks.member(cast, "requester"), timezone.localdate() - timedelta(days=1))
    page = client.post(there, {"purposes": ["needs"], "reason": "Words that took an hour"})
    assert page.status_code == 403
    assert "You cannot open cases yet" in words(page)
    assert "Words that took an hour" in words(page)
    assert "No staff check that is in date" in words(page)
    assert "Sian Schoolspoc" in words(page)  # who can mend it
    assert InformationRequest.objects.get(pk=case.pk).purpose_reason == "A bruise nobody explains"


@pytest.mark.clause("ISA-7.6")
def test_the_start_page_says_what_is_missing_and_leads_there(cast, signed_in):
    current, client = walks.in_force(cast), signed_in("requester")
    home = words(client.get(reverse("home")))
    assert "You cannot open cases yet" in home
    assert f'href="{at("guidance")}"' in home
    assert client.get(reverse("requests:mine")).status_code == 403
    page = client.get(at("guidance"))
    assert "Ask first." in words(page)
    there = at("guidance_acknowledge", current.pk)
    assert client.get(there).status_code == 302
    assert client.post(there).status_code == 422
    assert client.get(reverse("requests:mine")).status_code == 403
    assert client.post(there, {"read": "on"}).url == reverse("home")
    assert client.get(reverse("requests:mine")).status_code == 200
    walks.in_force(cast)
    assert client.get(reverse("requests:mine")).status_code == 403
    assert "You have not acknowledged" in words(client.get(at("me")))


def test_whoever_opens_no_case_anyway_is_not_told_so(cast, signed_in):
    walks.in_force(cast)
    assert "You cannot open cases yet" not in words(signed_in("administrator").get("/"))


@pytest.mark.clause("ISA-5.1")
def test_the_access_review_picks_nothing_beforehand(cast, trust, nurse, signed_in):
    client, there = signed_in("trust_manager"), at("access_review", trust.pk)
    page = words(client.get(there))
    assert "checked" not in page
    assert "This is you. Somebody else has to confirm your access." in page
    assert client.post(there).status_code == 422
    assert client.post(there, {f"member-{nurse.pk}": "confirm"}).url == at("people_of", trust.pk)
    nurse.refresh_from_db()
    assert nurse.confirmed_until > timezone.localdate()
    own = walks.member(cast, "trust_manager")
    assert client.post(there, {f"member-{own.pk}": "confirm"}).status_code == 422
    assert Membership.objects.get(pk=own.pk).confirmed_until is None


@pytest.mark.clause("ISA-4.3-SPOC")
def test_the_only_single_point_of_contact_cannot_be_let_go(cast, signed_in):
    spoc, client = walks.member(cast, "trust_spoc"), signed_in("trust_manager")
    assert "only active single point of contact" in words(client.get(at("member", spoc.pk)))
    page = client.post(at("member_leave", spoc.pk), {"sure": "on"})
    assert page.status_code == 409
    assert "Give the role to somebody else first" in words(page)


def test_a_suspended_person_reads_so_on_every_page_of_theirs(cast, nurse, signed_in):
    people.suspend(nurse, by=cast.trust_spoc, reason="absent")
    home = words(signed_in("trust_nurse").get("/"))
    assert "Your access for this agency is suspended" in home
    assert "Tess Trustspoc" in home


def test_ones_own_page_shows_roles_and_checks(cast, signed_in):
    page = words(signed_in("trust_nurse").get(at("me")))
    for said in ("Requester", "Safer recruitment checks", "trust.nurse@trust.example"):
        assert said in page


def test_the_page_of_one_person_reads_their_history(cast, nurse, signed_in):
    people.change_roles(nurse, by=cast.trust_spoc, roles=[Role.ADVISER], expected_version=None)
    checks.withdraw_check(nurse.checks.get(), by=cast.trust_spoc)
    page = words(signed_in("administrator").get(at("member", nurse.pk)))
    for said in ("Role given: Information governance lead", "Role taken away: Requester"):
        assert said in page
    assert "Check withdrawn" in page
    assert "Tess Trustspoc, Anytown Health Trust" in page


@pytest.mark.parametrize("name", ["people_of", "access_review"])
def test_lists_ask_as_often_for_eleven_as_for_one(cast, trust, signed_in, flat, name):
    client, number = signed_in("administrator"), iter(range(100))

    def another():
        email = f"member{next(number)}@trust.example"
        join(walks.somebody(email, first_name="M"), Role.REQUESTER, trust)

    flat(lambda: client.get(at(name, trust.pk)), add=another)


@pytest.mark.clause("ISA-7.2", part=True)
def test_an_administrator_reads_no_case(cast, signed_in):
    case, client = cases.released(cast), signed_in("administrator")
    acknowledge(walks.in_force(cast), by=cast.administrator)
    for name in ("case", "triage_case", "access_log", "matches", "review"):
        assert client.get(reverse(f"requests:{name}", args=[case.pk])).status_code == 404
    for name in ("requests:mine", "requests:inbox", "requests:checks", "decisions:scrutinies"):
        assert client.get(reverse(name)).status_code == 404


def first(address, **options):
    said = StringIO()
    call_command("first_administrator", address, stdout=said, **options)
    return said.getvalue().split()[-1]


def walked_in(link):
    """Whoever followed the link and made an account."""
    path = "/" + link.split("/", 3)[3]
    assert Client().post(path, ANSWERS).status_code == 302
    return Invitation.objects.latest("sent_at").membership.user


def test_an_installation_begins_with_its_first_administrator():
    with pytest.raises(CommandError, match="found_partnership FOLDER` first"):
        first("adam@office.example")
    call_command("found_partnership", "wirral", stdout=StringIO())
    there = first("Adam@office.example")
    assert Agency.objects.get(keeps_register=True).domains == ["office.example"]
    assert first("adam@office.example") != there  # sent anew; the link before is dead
    path = "/" + first("adam@office.example").split("/", 3)[3]
    visitor = Client()
    assert visitor.post(path, ANSWERS).status_code == 302
    user = User.objects.get(email="adam@office.example")
    office = Agency.objects.get(keeps_register=True)
    assert user.memberships.get(agency=office).status == Membership.Status.ACTIVE
    assert HeldRole.objects.get().role == Role.ADMINISTRATOR
    visitor.force_login(user)
    assert visitor.get(at("people_agencies")).status_code == 200
    with pytest.raises(CommandError, match="belongs to the office already"):
        first("adam@office.example")


def test_the_second_administrator_waits_for_the_first_and_there_is_no_third():
    call_command("found_partnership", "wirral", stdout=StringIO())
    adam = walked_in(first("adam@office.example"))
    before = first("eve@office.example")
    link = first("eve@office.example")
    assert link != before  # asked for again: one more e-mail, and no second proposal
    eve = walked_in(link)
    office = Agency.objects.get(keeps_register=True)
    assert not held(eve, office)
    by = actor_for(adam, office)
    walks.check_on(Membership.objects.get(user=eve), by)
    [proposal] = Proposal.objects.all()
    assert proposal.proposed_by is None
    told = list(Message.objects.filter(topic="proposal.made", to=""))
    assert [writer_of(m.topic)(m.about).to for m in told] == [{str(adam.pk): adam.email}]
    client = Client()
    sign_in(client, adam)
    page = client.get(at("proposals"))
    assert "Proposed by whoever runs the portal" in page.content.decode()
    sent = {f"proposal-{proposal.pk}": "confirm"}
    assert client.post(at("proposals"), sent).status_code == 302
    assert held(eve, office) == held(adam, office) != frozenset()
    with pytest.raises(CommandError, match="There are two administrators already"):
        first("third@office.example")


def test_the_office_takes_only_its_own_domain(cast):
    HeldRole.objects.filter(role=Role.ADMINISTRATOR).delete()
    walks.with_domain(cast.agencies["office"], "office.example")
    with pytest.raises(CommandError, match=r"must end in @office\.example"):
        first("adam@elsewhere.example")


def test_a_second_person_confirms_on_one_page_and_one_cannot_confirm_ones_own(cast, signed_in):
    front_door = walks.with_domain(cast.agencies["front_door"], "desk.example")
    admin = signed_in("administrator")
    asked = {"address": "new@desk.example", "roles": ["ifd_officer"], "idempotency_key": uuid4()}
    said = admin.post(at("invite", front_door.pk), asked, follow=True).content.decode()
    assert "A second person has to confirm: Front door officer." in said
    [proposal] = Proposal.objects.all()
    field = f"proposal-{proposal.pk}"
    own = admin.get(at("proposals")).content.decode()
    assert "You proposed this, so somebody else has to confirm it." in own
    assert "Nobody else can confirm this yet" in own
    refused = admin.post(at("proposals"), {field: "confirm"})
    assert refused.status_code == 422
    # Who is invited finds out that it waits, and reaches nothing.
    walks.accept(proposal.membership.invitations.get())
    invited = Client()
    sign_in(invited, proposal.membership.user)
    waits = invited.get(reverse("home"))
    assert waits.status_code == 403
    assert "waiting for a second person to confirm it" in waits.content.decode()

    second = Client()
    sign_in(second, walks.a_second_administrator(cast).user)
    assert "Roles and domains to confirm" in second.get(reverse("home")).content.decode()
    page = second.get(at("proposals")).content.decode()
    assert "Nell Newcomer, new@desk.example" in page
    assert "checked" not in page
    empty = second.post(at("proposals"), {})
    assert empty.status_code == 422
    for _twice in range(2):
        done = second.post(at("proposals"), {field: "confirm"}, follow=True)
        assert "1 change was decided." in done.content.decode()
    assert "refused by a second person" not in done.content.decode()
    late = second.post(at("proposals"), {field: "refuse"})
    assert late.status_code == 409
    assert HeldRole.objects.filter(membership=proposal.membership, role="ifd_officer").exists()


def test_a_page_about_proposals_asks_no_more_for_more_of_them(
    cast, signed_in, django_assert_num_queries
):
    front_door = walks.with_domain(cast.agencies["front_door"], "desk.example")

    def asked_in(number):
        invitations.invite(
            front_door,
            by=cast.administrator,
            idempotency_key=uuid4(),
            address=f"n{number}@desk.example",
            roles=[Role.IFD_OFFICER],
        )

    client = signed_in("administrator")
    asked_in(0)
    with CaptureQueriesContext(connection) as few:
        client.get(at("proposals"))
    for number in range(1, 6):
        asked_in(number)
    with django_assert_num_queries(len(few)):
        client.get(at("proposals"))
