"""Single sign-on by HTTP against a real provider: who is signed in, who is not, what is kept."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.models import User
from audit.models import Event
from authentication.sso.session import provider_showed_second_factor
from outbox.models import Message
from outbox.tasks import writer_of
from tests.authentication.sso.sso_visitor import (
    CALLBACK,
    LINK,
    LOGIN,
    UNLINK,
    YOURS,
    Visitor,
    asked,
)
from tests.plugins.people import sign_in
from tests.plugins.provider import NAME, OTHER_TENANT, SLUG, TENANT, offer
from tests.plugins.sessions import all_sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(cast):
    return cast.users["requester"]


@pytest.fixture
def visitor(provider, rita) -> Visitor:
    """Rita, signed in with her password, whom the provider knows as rita."""
    provider.person("rita", email="rita@work.example")
    return Visitor(provider, sign_in(Client(), rita))


@pytest.fixture
def linked(visitor) -> Visitor:
    """Rita after she linked her account and signed out."""
    assert visitor.link("rita").status_code == 302
    visitor.sign_out()
    return visitor


def test_a_linked_person_signs_in(linked, rita):
    answer = linked.go("rita")
    assert (answer.status_code, answer.url) == (302, "/")
    assert linked.who == str(rita.pk)
    assert linked.client.get("/").status_code == 200


def test_somebody_nobody_linked_is_told_what_to_do(visitor):
    visitor.sign_out()
    answer = visitor.go("rita")
    text = answer.content.decode()
    assert answer.status_code == 403
    assert visitor.who is None
    assert "to invite you" in text
    assert "with your e-mail address and password" in text
    assert not SocialAccount.objects.exists()
    assert User.objects.filter(email="rita@work.example").count() == 0


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_the_same_address_with_another_object_id_is_nobody(linked, provider, rita):
    provider.person("impostor", email="rita@work.example")
    provider.person("namesake", email=rita.email)
    for name in ("impostor", "namesake"):
        visitor = Visitor(provider)
        assert visitor.go(name).status_code == 403
        assert visitor.who is None


def test_a_changed_address_is_still_the_same_person(linked, provider, rita):
    provider.person("rita", email="rita.married@elsewhere.example")
    assert linked.go("rita").status_code == 302
    assert linked.who == str(rita.pk)


def test_the_same_object_id_of_another_tenant_is_nobody(linked, provider, settings):
    """Even where both tenants are let in."""
    offer(settings, provider.entry(tenants=[TENANT, OTHER_TENANT]))
    provider.person("stranger", oid="oid-of-rita", tid=OTHER_TENANT)
    visitor = Visitor(provider)
    assert visitor.go("stranger").status_code == 403
    assert visitor.who is None


def test_a_tenant_that_is_not_let_in_proves_nothing(linked, provider, settings):
    provider.person("rita", tid=OTHER_TENANT)
    answer = linked.go("rita")
    assert answer.status_code == 403
    assert "does not show who you are" in answer.content.decode()
    assert linked.who is None


@pytest.mark.parametrize("switch", ["before", "on the way"])
def test_a_person_who_is_switched_off_is_refused(linked, rita, switch):
    ask = linked.begin()
    if switch == "before":
        User.objects.filter(pk=rita.pk).update(is_active=False)
    back = linked.sign_in_there("rita", ask)
    User.objects.filter(pk=rita.pk).update(is_active=False)
    answer = linked.come_back(back)
    assert answer.url == reverse("account_inactive")
    assert linked.who is None


def test_nothing_of_the_tokens_or_claims_is_kept(linked, provider):
    provider.person("rita", email="rita@work.example", amr=["mfa"])
    linked.go("rita")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM socialaccount_socialaccount")
        [row] = cursor.fetchall()
        cursor.execute("SELECT * FROM audit_event WHERE move LIKE 'sso%'")
        evidence = cursor.fetchall()
    kept = repr(row) + repr(evidence)
    for secret in ("rita", "work.example", TENANT, "oid-of", "eyJ", "mfa"):
        assert secret not in kept
    assert set(SocialAccount.objects.get().extra_data) == {"mark"}
    assert not SocialToken.objects.exists()
    sessions = list(all_sessions().values())
    for secret in ("rita@work", TENANT, "oid-of", "eyJ", "access_token"):
        assert secret not in repr(sessions)


def test_the_provider_is_asked_for_an_identity_and_no_more(visitor):
    visitor.sign_out()
    said = asked(visitor.begin(LOGIN + "?scope=email,profile&auth_params=prompt%3Dnone"))
    assert set(said["scope"].split()) == {"openid", "profile"}  # by subject: see settings
    assert said["code_challenge_method"] == "S256"
    assert len(said["nonce"]) > 30
    assert len(said["state"]) >= 16
    assert "prompt" not in said


def test_where_they_were_going_is_kept_on_the_way(linked):
    assert linked.go("rita", next="/kept/").url == "/kept/"
    linked.sign_out()
    assert linked.go("rita", next="https://evil.example/").url == "/"


def test_without_providers_there_is_nothing(visitor, settings):
    offer(settings)
    for address in (LOGIN, CALLBACK, YOURS, LINK, UNLINK):
        for ask in (visitor.client.get, visitor.client.post):
            assert ask(address).status_code == 404, address
    assert YOURS not in visitor.client.get("/").content.decode()
    visitor.sign_out()
    assert "/sso/" not in visitor.client.get(reverse("account_login")).content.decode()
    assert visitor.client.get("/sso/other/callback/").status_code == 404


def test_the_button_is_on_the_page_and_the_policy_lets_it_lead_on(visitor, provider, settings):
    visitor.sign_out()
    page = visitor.client.get(reverse("account_login"), {"next": "/kept/"})
    text = page.content.decode()
    assert f"Sign in with {NAME}" in text
    assert f'action="{LOGIN}"' in text
    form = text.partition(f'action="{LOGIN}"')[2].partition("</form>")[0]
    assert 'name="next" value="/kept/"' in form
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {provider.url};" in policy + ";"
    assert visitor.client.get(LOGIN).status_code == 405


def test_no_row_of_the_librarys_table_adds_a_provider(visitor):
    from allauth.socialaccount.models import SocialApp

    app = SocialApp.objects.create(
        provider="openid_connect", provider_id="rogue", name="Rogue", client_id="x"
    )
    app.sites.add(1)
    visitor.sign_out()
    assert "Rogue" not in visitor.client.get(reverse("account_login")).content.decode()
    assert visitor.client.post("/sso/rogue/login/").status_code == 404


def test_it_counts_as_a_second_factor_only_if_the_provider_says_so(
    linked, provider, rita, rf, settings
):
    def shown() -> bool:
        request = rf.get("/")
        request.session = linked.client.session
        return provider_showed_second_factor(request, rita)

    for amr, counts in ((["pwd"], False), (["pwd", "mfa"], True), ("mfa", False), (None, False)):
        provider.person("rita", amr=amr)
        linked.go("rita")
        assert shown() is counts, amr
        linked.sign_out()
    offer(settings, provider.entry(second_factor={}))
    provider.person("rita", amr=["mfa"])
    linked.go("rita")
    assert not shown()


def test_linking_and_unlinking_leave_evidence_and_an_email(linked, rita):
    linked.go("rita")
    linked.client.post(UNLINK)
    moves = Event.objects.filter(move__startswith="sso").order_by("pk")
    assert [(each.move, each.person) for each in moves] == [
        ("sso.link", str(rita.pk)),
        ("sso.unlink", str(rita.pk)),
    ]
    assert json.dumps(moves[0].details) == json.dumps({"provider": SLUG})
    notifications = Message.objects.filter(about=str(rita.pk)).order_by("topic")
    assert [each.topic for each in notifications] == ["signin.linked", "signin.unlinked"]
    for each in notifications:
        notification = writer_of(each.topic)(each.about)
        assert notification.to == {str(rita.pk): rita.email}
        assert "Sign in to see it" in notification.text
        for word in ("Rita", "Requester", NAME, "rita", "Oak School"):
            assert word not in notification.subject + notification.text
    User.objects.filter(pk=rita.pk).update(is_active=False)
    assert not writer_of("signin.linked")(str(rita.pk)).to


def test_everybody_who_is_signed_in_has_the_page(cast, provider, signed_in):
    for name in cast.users:
        assert signed_in(name).get(YOURS).status_code == 200, name
    outsider = User.objects.create_user("nobody@elsewhere.example")
    assert sign_in(Client(), outsider).get(YOURS).status_code == 403
    assert Client().get(YOURS).status_code == 302


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_where_a_second_factor_is_required_the_provider_must_say_that_it_asked(
    linked, provider, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    linked.go("rita")
    assert linked.client.get(YOURS).url == reverse("mfa_index")
    linked.sign_out()
    provider.person("rita", amr=["pwd", "mfa"])
    linked.go("rita")
    assert linked.client.get(YOURS).status_code == 200


@pytest.mark.clause("ISA-4.3-SECURITY")
@pytest.mark.parametrize(("amr", "asked_here"), [(["pwd"], True), (["pwd", "mfa"], False)])
def test_who_has_a_second_factor_here_is_asked_for_it_unless_the_provider_did(
    linked, provider, rita, amr, asked_here
):
    TOTP.activate(rita, generate_totp_secret())
    provider.person("rita", amr=amr)
    answer = linked.go("rita", next=YOURS)
    assert answer.url == (reverse("mfa_authenticate") if asked_here else YOURS)
    assert (linked.who is None) is asked_here


def test_linking_is_for_whoever_used_their_second_factor(provider, rita, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    provider.person("rita")
    visitor = Visitor(provider, sign_in(Client(), rita))
    for address in (LINK, UNLINK):
        assert visitor.client.post(address).url == reverse("mfa_index")
    assert not SocialAccount.objects.exists()
