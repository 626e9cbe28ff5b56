"""What an attacker, an accident or a broken provider sends back: refused, with a page."""

from urllib.parse import urlencode

import pytest
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from authentication.sso import links as sso_links
from authentication.sso import views as sso_views
from authentication.sso.tokens import uid_of
from tests.authentication.sso.sso_visitor import CALLBACK, HERE, LINK, LOGIN, YOURS, Visitor, asked
from tests.plugins.people import sign_in
from tests.plugins.provider import CLIENT, OTHER_CLIENT, OTHER_TENANT, SECRET, SLUG, TENANT, offer
from workflow.rate_limits import Limit

pytestmark = pytest.mark.django_db

NOT_PROVEN = "does not show who you are"
NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def visitor(cast, provider) -> Visitor:
    """Rita, who linked her account and signed out."""
    provider.person("rita")
    sso_links.link(cast.users["requester"], SLUG, uid_of(TENANT, "oid-of-rita"))
    return Visitor(provider)


def refused(visitor: Visitor, answer) -> None:
    assert answer.status_code == 403
    assert NOT_PROVEN in answer.content.decode()
    assert visitor.who is None


def test_a_state_that_we_did_not_give_is_refused(visitor):
    back = visitor.sign_in_there("rita", visitor.begin())
    for state in ("x" * 16, "", asked(back)["state"].swapcase()):
        query = urlencode({"code": asked(back)["code"], "state": state})
        refused(visitor, visitor.come_back(f"{HERE}{CALLBACK}?{query}"))
    refused(visitor, visitor.come_back(f"{HERE}{CALLBACK}?code={asked(back)['code']}"))
    assert visitor.come_back(back).status_code == 302  # the right one still works


def test_the_state_of_another_browser_is_refused(visitor, provider):
    """Nobody is signed in as somebody else by following a link."""
    back = visitor.sign_in_there("rita", visitor.begin())
    victim = Visitor(provider)
    refused(victim, victim.come_back(back))
    victim.begin()
    refused(victim, victim.come_back(back))


def test_an_answer_counts_once(visitor):
    back = visitor.sign_in_there("rita", visitor.begin())
    assert visitor.come_back(back).status_code == 302
    visitor.sign_out()
    refused(visitor, visitor.come_back(back))


def test_a_code_counts_once(visitor):
    first = visitor.sign_in_there("rita", visitor.begin())
    assert visitor.come_back(first).status_code == 302
    visitor.sign_out()
    state = asked(visitor.begin())["state"]
    query = urlencode({"code": asked(first)["code"], "state": state})
    refused(visitor, visitor.come_back(f"{HERE}{CALLBACK}?{query}"))


def test_a_code_of_another_sign_in_of_ours_is_refused(visitor, provider):
    """Somebody slips in a code of their own: the proof key of this sign-in does not fit."""
    provider.person("mallory")
    mallory = Visitor(provider)
    code = asked(mallory.sign_in_there("mallory", mallory.begin()))["code"]
    state = asked(visitor.begin())["state"]
    refused(
        visitor, visitor.come_back(f"{HERE}{CALLBACK}?{urlencode({'code': code, 'state': state})}")
    )


def test_a_code_of_another_client_is_refused(visitor, provider):
    provider.client(OTHER_CLIENT, HERE + CALLBACK)
    ask = visitor.begin()
    back = visitor.sign_in_there("rita", ask.replace(CLIENT, OTHER_CLIENT))
    refused(visitor, visitor.come_back(back))


def test_a_state_is_too_old_after_ten_minutes(visitor, monkeypatch):
    back = visitor.sign_in_there("rita", visitor.begin())
    later = statekit.time.time() + 601
    monkeypatch.setattr(statekit.time, "time", lambda: later)
    refused(visitor, visitor.come_back(back))


@pytest.mark.clause("ISA-4.3-SECURITY")
@pytest.mark.parametrize(
    "bent",
    [
        {"forge": True},
        {"age": 120},
        {"say": {"tid": OTHER_TENANT}},
        {"say": {"tid": None}},
        {"say": {"oid": ""}},
        {"say": {"oid": ["oid-of-rita"]}},
        {"say": {"nonce": "another"}},
        {"say": {"nonce": None}},
        {"say": {"iss": "https://elsewhere.example"}},
        {"say": {"aud": OTHER_CLIENT}},
        {"say": {"aud": [CLIENT, OTHER_CLIENT]}},
        {"say": {"azp": OTHER_CLIENT}},
        {"say": {"exp": None}},
    ],
    ids=str,
)
def test_a_token_that_is_not_right_is_refused(visitor, provider, bent):
    provider.bend(**bent)
    refused(visitor, visitor.go("rita"))
    provider.bend()
    assert visitor.go("rita").status_code == 302


def test_a_wrong_token_links_nobody(visitor, provider, cast):
    SocialAccount.objects.all().delete()
    sign_in(visitor.client, cast.users["requester"])
    provider.bend(forge=True)
    answer = visitor.link("rita")
    assert answer.status_code == 403
    assert "Go back to your work account" in answer.content.decode()
    assert not SocialAccount.objects.exists()


def test_what_the_provider_says_against_it_is_not_shown(visitor):
    state = asked(visitor.begin())["state"]
    said = {"error": "server_error", "error_description": "<b>Call 0900</b>", "state": state}
    answer = visitor.come_back(f"{HERE}{CALLBACK}?{urlencode(said)}")
    refused(visitor, answer)
    assert "0900" not in answer.content.decode()


def test_who_changes_their_mind_at_the_provider_is_told_so(visitor, cast):
    state = asked(visitor.begin(next="/kept/"))["state"]
    said = urlencode({"error": "access_denied", "state": state})
    answer = visitor.come_back(f"{HERE}{CALLBACK}?{said}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "was cancelled" in text
    assert "?next=%2Fkept%2F" in text
    sign_in(visitor.client, cast.users["requester"])
    state = asked(visitor.begin(LINK))["state"]
    said = urlencode({"error": "access_denied", "state": state})
    assert visitor.come_back(f"{HERE}{CALLBACK}?{said}").url == YOURS


def test_a_provider_that_is_down_gets_a_page_and_nothing_is_lost(visitor, settings, provider):
    offer(settings, provider.entry(issuer=NOBODY_LISTENS))
    answer = visitor.client.post(LOGIN, {"next": "/kept/"})
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "its text is kept for an hour, for this browser" in text
    assert f"{reverse('account_login')}?next=%2Fkept%2F" in text
    assert SocialAccount.objects.count() == 1


def test_a_provider_that_goes_down_on_the_way_gets_the_same_page(visitor, settings, provider):
    back = visitor.sign_in_there("rita", visitor.begin(next="/kept/"))
    offer(settings, provider.entry(issuer=NOBODY_LISTENS))
    answer = visitor.come_back(back)
    assert answer.status_code == 503
    assert "?next=%2Fkept%2F" in answer.content.decode()
    assert visitor.who is None


def test_a_typed_form_is_still_there_after_the_provider_was_down(visitor, settings, provider):
    """Signed out while typing, then the provider is down: the password brings it back."""
    typed = {"reason": "Words that took an hour", "idempotency_key": "x"}
    page = visitor.client.post("/requests/start/", typed)
    assert page.status_code == 403
    offer(settings, provider.entry(issuer=NOBODY_LISTENS))
    assert visitor.client.post(LOGIN, {"next": "/kept/"}).status_code == 503
    offer(settings, provider.entry())
    assert visitor.go("rita", next="/kept/").url == "/kept/"
    assert "Words that took an hour" in visitor.client.get("/kept/").content.decode()


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"issuer": "https://another.example"}, 403),
        ({"authorization_endpoint": "http://listening.example/"}, 403),
        ({"token_endpoint": None}, 403),
        ({"jwks_uri": "ftp://x.example"}, 403),
    ],
    ids=str,
)
def test_what_a_provider_publishes_must_make_sense(visitor, monkeypatch, changed, status):
    from authentication.sso.adapter import StrictAdapter

    right = StrictAdapter.fetched
    monkeypatch.setattr(
        StrictAdapter, "fetched", lambda self, address: {**right(self, address), **changed}
    )
    answer = visitor.client.post(LOGIN)
    assert answer.status_code == status


def test_a_provider_that_publishes_rubbish_is_as_good_as_down(visitor, provider, settings):
    entry = provider.entry(server_url=f"{provider.url}/accounts/login/?x=/.well-known/")
    offer(settings, entry)
    assert visitor.client.post(LOGIN).status_code == 503


def test_a_redirect_of_the_provider_is_not_followed(visitor, provider, settings):
    """Not to an address that nobody checked, with our secret in hand."""
    offer(settings, provider.entry(server_url=f"{provider.url}/tests/.well-known/leads-on"))
    assert visitor.client.post(LOGIN).status_code == 503


def test_a_wrong_client_secret_signs_in_nobody(visitor, provider, settings):
    offer(settings, provider.entry(client_secret="not " + SECRET))
    refused(visitor, visitor.go("rita"))


def test_no_code_token_or_address_is_logged(visitor, provider, capfd, caplog):
    provider.bend(forge=True)
    back = visitor.sign_in_there("rita", visitor.begin())
    refused(visitor, visitor.come_back(back))
    said = asked(back)
    logged = caplog.text + "".join(capfd.readouterr())
    assert "not proven: unknown key" in logged
    for secret in (said["code"], said["state"], SECRET, "oid-of-rita", "rita@"):
        assert secret not in logged


def test_many_sign_ins_begun_from_one_address_are_too_many(visitor, monkeypatch):
    """Each makes the portal ask the provider; one address cannot stop the others."""
    monkeypatch.setattr(sso_views, "BEGUN", Limit("begun", 2, 30))
    for _ in range(2):
        visitor.begin()
    answer = visitor.client.post(LOGIN, {"next": "/kept/"})
    assert answer.status_code == 429
    assert "Wait less than a minute" in answer.content.decode()
    assert "?next=%2Fkept%2F" in answer.content.decode()
    assert visitor.client.post(LOGIN, REMOTE_ADDR="127.0.0.9").status_code == 302


def test_two_tabs_do_not_get_in_each_others_way(visitor):
    asks = [visitor.begin() for _ in range(2)]
    backs = [visitor.sign_in_there("rita", ask) for ask in asks]
    assert visitor.come_back(backs[1]).status_code == 302
    assert visitor.come_back(backs[0]).status_code in (302, 403)


def test_a_signed_in_person_gets_a_new_session_and_not_the_one_from_before(visitor):
    ask = visitor.begin()
    before = visitor.client.session
    visitor.come_back(visitor.sign_in_there("rita", ask))
    assert visitor.client.session.session_key != before.session_key
    assert not before.exists(before.session_key)


def test_the_slug_in_the_callback_must_be_the_one_that_was_asked(visitor, provider, settings):
    """A provider cannot answer in the name of another one."""
    back = visitor.sign_in_there("rita", visitor.begin())
    offer(settings, provider.entry(), provider.entry(id="another-work"))
    answer = visitor.client.get(back.removeprefix(HERE).replace(SLUG, "another-work"))
    refused(visitor, answer)
