"""A session that ends in mid-form loses nothing that was typed."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from agencies.bootstrap.unattended import join
from agencies.permissions import Role
from decisions.models import Scrutiny
from portal import form_recovery
from tests import walks
from tests.cast import PASSWORD
from tests.plugins.sessions import all_sessions

pytestmark = pytest.mark.django_db

WHY = "Arrears can be <a sign> of being exploited.\nPlease look again."
FORM = {"said": "reconsider", "why_reconsider": WHY}


@pytest.fixture
def scrutiny(cast):
    return walks.refused(cast).scrutiny


@pytest.fixture
def path(scrutiny):
    return f"/scrutiny/{scrutiny.pk}/"


def sign_in(client, name="police.partner@police.example", **more):
    words = {"login": name, "password": PASSWORD} | more
    return client.post("/accounts/login/", words)


def fields_of(page: str) -> dict[str, str]:
    """What the form that sends again would send."""
    form = page.partition('<form method="post" action="/scrutiny/')[2].partition("</form>")[0]
    pairs = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}


def test_it_is_shown_then_kept_through_signing_in_then_sent(path, scrutiny):
    client = Client()
    answer = client.post(path, FORM, headers={"referer": f"http://testserver{path}"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You have been signed out" in page
    assert "Arrears can be &lt;a sign&gt; of being exploited." in page
    [sign_in_at] = re.findall(r'href="(/accounts/login/[^"]*)"', page)
    assert sign_in_at == "/accounts/login/?next=%2Fkept%2F"
    arrived = sign_in(client, next="/kept/")
    assert arrived["Location"] == "/kept/"
    kept = client.get("/kept/").content.decode()
    assert "Arrears can be &lt;a sign&gt;" in kept
    assert f'action="{path}"' in kept
    sent = {n: v for n, v in fields_of(kept).items() if n != "csrfmiddlewaretoken"}
    assert sent == FORM
    assert client.post(path, sent).status_code == 302
    scrutiny.refresh_from_db()
    assert scrutiny.status == Scrutiny.Status.RECONSIDER
    assert scrutiny.reasons == WHY
    assert "Nothing is kept now" in client.get("/kept/").content.decode()


def test_the_start_page_points_to_it_until_it_is_discarded(path):
    client = Client()
    client.post(path, FORM)
    sign_in(client)
    assert 'href="/kept/"' in client.get("/").content.decode()
    answer = client.post("/kept/", follow=True)
    assert "discarded" in answer.content.decode()
    assert 'href="/kept/"' not in client.get("/").content.decode()
    assert form_recovery.IN_SESSION not in client.session


def test_nothing_can_be_read_in_the_database_or_with_another_key(path):
    client = Client()
    client.post(path, FORM)
    [kept] = all_sessions().values()
    assert "Arrears" not in json.dumps(kept)
    assert client.cookies[form_recovery.COOKIE]["httponly"]
    assert client.cookies[form_recovery.COOKIE]["samesite"] == "Lax"
    assert client.cookies[form_recovery.COOKIE]["max-age"] == 3600
    sign_in(client)
    for other in ("", "not a key", "A" * 43 + "="):
        client.cookies[form_recovery.COOKIE] = other
        assert "Nothing is kept now" in client.get("/kept/").content.decode()


def test_another_browser_gets_nothing(path):
    Client().post(path, FORM)
    other = Client()
    sign_in(other)
    assert "Nothing is kept now" in other.get("/kept/").content.decode()


def test_a_form_that_is_too_long_is_shown_and_not_kept(path):
    client = Client()
    answer = client.post(path, FORM | {"why_reconsider": "long " * 30_000})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "too long to be kept" in page
    assert "long long" in page
    assert form_recovery.COOKIE not in client.cookies
    assert not all_sessions()


def test_an_act_without_words_only_asks_to_sign_in(path):
    answer = Client().post(path, {}, headers={"referer": f"http://testserver{path}"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={path}"


def test_a_secure_site_gets_a_secure_cookie(path, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    client.post(path, FORM, secure=True)
    assert client.cookies[form_recovery.COOKIE]["secure"]


class TestTheToken:
    """A page whose token is too old: signed in again elsewhere in between."""

    @pytest.fixture
    def client(self, cast):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.users["police_partner"])
        return client

    def test_our_own_form_is_shown_with_a_fresh_token_and_can_be_sent(self, client, path, scrutiny):
        old = FORM | {"csrfmiddlewaretoken": "x" * 64}
        answer = client.post(path, old, headers={"origin": "http://testserver"})
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "Arrears can be" in page
        fields = fields_of(page)
        assert fields["csrfmiddlewaretoken"] != "x" * 64
        again = client.post(path, fields, headers={"origin": "http://testserver"})
        assert again.status_code == 302
        scrutiny.refresh_from_db()
        assert scrutiny.reasons == WHY

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
    def test_what_another_site_sends_is_not_kept(self, client, path, scrutiny, origin):
        headers = {"origin": origin} if origin else {}
        answer = client.post(path, FORM, headers=headers)
        assert answer.status_code == 403
        assert "Arrears" not in answer.content.decode()
        assert form_recovery.IN_SESSION not in client.session
        scrutiny.refresh_from_db()
        assert scrutiny.status == "open"

    def test_without_a_session_it_is_kept_for_after_signing_in(self, path):
        client = Client(enforce_csrf_checks=True)
        answer = client.post(path, FORM, headers={"origin": "http://testserver"})
        assert answer.status_code == 403
        assert "Sign in within an hour" in answer.content.decode()

    @pytest.mark.parametrize("where", ["/accounts/login/", "/acting/", "/kept/"])
    def test_pages_where_nobody_types_about_a_case_keep_nothing(self, client, where):
        answer = client.post(
            where,
            {"login": "somebody@police.example", "password": PASSWORD},
            headers={"origin": "http://testserver"},
        )
        assert answer.status_code == 403
        assert PASSWORD not in answer.content.decode()
        assert form_recovery.IN_SESSION not in client.session


def test_it_is_as_in_production_before_the_check_for_a_session():
    order = settings.MIDDLEWARE
    assert (
        order.index("django.middleware.csrf.CsrfViewMiddleware")
        < order.index("portal.form_recovery.ExpiredMiddleware")
        < order.index("django.contrib.auth.middleware.LoginRequiredMiddleware")
    )


def test_somebody_of_another_agency_does_not_get_it_at_the_same_browser(cast, path):
    client = Client()
    client.post(path, FORM | {"acting_for": str(cast.agencies["police"].pk)})
    sign_in(client, "housing.spoc@housing.example")
    kept = client.get("/kept/").content.decode()
    assert "exploited" not in kept
    assert path not in kept


@pytest.mark.parametrize(
    ("next_one", "opens"),
    [("board.partner@board.example", False), ("police.partner@police.example", True)],
)
def test_a_colleague_who_is_next_at_the_same_browser_does_not_get_it(cast, path, next_one, opens):
    """The form says who opened it, also where both act for the same agency (review, Low)."""
    agency = cast.agencies["police"]
    join(cast.users["board_partner"], Role.PARTNER, agency)
    client = Client()
    sign_in(client)
    page = client.get(path).content.decode()
    [by] = set(re.findall(r'name="filled_in_by" value="(\w+)"', page))
    client.post("/accounts/logout/")
    client.post(path, FORM | {"acting_for": str(agency.pk), "filled_in_by": by})
    sign_in(client, next_one)
    kept = client.get("/kept/").content.decode()
    assert ("exploited" in kept) is opens
    assert ('href="/kept/"' in client.get("/").content.decode()) is opens
