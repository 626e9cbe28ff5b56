"""Before information goes out, whoever sends it proves again who they are."""

import json
import re
import time
from html import unescape
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal import form_recovery
from requests_app.items import actions as items
from requests_app.models import Release
from sessions.store import SessionStore
from tests import walks
from tests.authentication.factor_steps import code_at, with_app
from tests.cast import PASSWORD
from tests.plugins.people import sign_in

pytestmark = pytest.mark.django_db

STALE = 60 * 60
WORDS = "Handle this with <care>, she must not hear of it."


@pytest.fixture
def case(cast):
    return walks.accepted(cast)


@pytest.fixture
def path(case):
    return reverse("requests:release", args=[case.pk])


@pytest.fixture
def officer(cast):
    """The officer, who signed in an hour ago."""
    return sign_in(Client(), cast.users["officer"], ago=STALE)


def filled(cast, case):
    decision = walks.shared(cast, case=case)
    for each in decision.weighed.all():
        items.accept_item(each.item, by=cast.officer)
    return {
        "idempotency_key": str(uuid4()),
        "answers": [str(decision.agency_check.pk)],
        "recipients": [str(cast.users["requester"].pk)],
        "note": WORDS,
        "acting_for": str(cast.agencies["front_door"].pk),
    }


def prove(client, to, password=PASSWORD):
    return client.post("/accounts/reauthenticate/", {"password": password, "next": to})


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_page_is_opened_after_the_password_was_entered_again(officer, path):
    answer = officer.get(path)
    asks = f"/accounts/reauthenticate/?next={path}"
    assert (answer.status_code, answer["Location"]) == (302, asks)
    page = officer.get(asks).content.decode()
    assert "Confirm that it is you" in page
    assert f'value="{path}"' in page
    assert prove(officer, path, "not the pass phrase").status_code == 200
    assert officer.get(path).status_code == 302
    answer = prove(officer, path)
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert officer.get(path).status_code == 200


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_posted_form_is_kept_and_goes_out_after_the_proof(cast, case, officer, path):
    form = filled(cast, case)
    answer = officer.post(path, form)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Confirm that it is you" in page
    assert "Handle this with &lt;care&gt;" in page
    assert not Release.objects.exists()
    [proof_at] = re.findall(r'href="(/accounts/reauthenticate/[^"]*)"', page)
    assert proof_at == "/accounts/reauthenticate/?next=%2Fkept%2F"
    assert prove(officer, "/kept/")["Location"] == "/kept/"
    kept = officer.get("/kept/").content.decode()
    part = kept.partition(f'<form method="post" action="{path}"')[2].partition("</form>")[0]
    pairs = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', part)
    sent = {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}
    assert sent == {n: v[0] if isinstance(v, list) else v for n, v in form.items()}
    assert officer.post(path, sent).status_code == 302
    assert Release.objects.count() == 1
    assert "Nothing is kept now" in officer.get("/kept/").content.decode()
    assert officer.post(path, sent).status_code == 302
    assert Release.objects.count() == 1


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_whoever_has_a_second_factor_proves_that_and_no_password_will_do(cast, officer, path):
    with_app(cast.users["officer"])
    there = officer.get(path, follow=True)
    assert there.redirect_chain[-1][0] == (
        f"/accounts/second-factor/prove/?next={quote(path, safe='')}"
    )
    assert "Use your password" not in there.content.decode()
    assert prove(officer, path)["Location"].startswith("/accounts/second-factor/prove/")
    assert officer.get(path).status_code == 302
    answer = officer.post("/accounts/second-factor/prove/", {"code": code_at(), "next": path})
    assert answer["Location"] == path
    assert officer.get(path).status_code == 200


def test_nothing_typed_stands_in_the_session_in_clear(cast, case, officer, path):
    officer.post(path, filled(cast, case))
    session = dict(officer.session.items())
    assert form_recovery.IN_SESSION in session
    assert "account_reauthentication_state" not in session
    assert "care" not in json.dumps(session)


def test_a_proof_that_ages_again_before_it_is_sent_loses_nothing(cast, case, officer, path):
    form = filled(cast, case)
    officer.post(path, form)
    assert officer.post(path, form).status_code == 403
    assert "Handle this with" in officer.get("/kept/").content.decode()
    assert not Release.objects.exists()


def test_the_proof_is_of_the_person_who_is_signed_in(cast, path):
    client = sign_in(Client(), cast.users["officer"])
    session = client.session
    session["account_authentication_methods_user"] = str(cast.users["officer2"].pk)
    session.save()
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(("seconds", "status"), [(-5, 200), (5, 302)])
def test_the_setting_says_how_old_a_proof_may_be(cast, path, seconds, status):
    ago = settings.STEP_UP_MINUTES * 60 + seconds
    assert sign_in(Client(), cast.users["officer"], ago=ago).get(path).status_code == status


def test_a_fresh_sign_in_is_a_proof(cast, path):
    client = Client()
    client.post("/accounts/login/", {"login": cast.users["officer"].email, "password": PASSWORD})
    assert client.get(path).status_code == 200
    [record] = client.session["account_authentication_methods"]
    assert time.time() - record["at"] < 60


def test_whoever_may_not_release_is_asked_too_and_then_learns_nothing(cast, path):
    client = sign_in(Client(), cast.users["requester"], ago=STALE)
    assert client.get(path).status_code == 302
    assert prove(client, path).status_code == 302
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_the_way_back_is_one_of_ours(officer, to):
    assert "elsewhere" not in prove(officer, to)["Location"]


@pytest.mark.browser
def test_in_the_browser_a_note_is_not_lost(live_server, page, axe, cast):
    case = walks.accepted(cast)
    filled(cast, case)
    path = reverse("requests:release", args=[case.pk])
    page.goto(f"{live_server.url}/accounts/login/?next={path}")
    page.get_by_label("E-mail address").fill(cast.users["officer"].email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}{path}")
    for box in page.get_by_role("checkbox").all():
        if box.get_attribute("name") == "answers":
            box.check()
    page.get_by_role("textbox").last.fill(WORDS)
    [key] = [each["value"] for each in page.context.cookies() if each["name"] == "sessionid"]
    session = SessionStore(key)
    session["account_authentication_methods"] = []
    session.save()
    page.get_by_role("button", name="Release").click()
    page.get_by_role("heading", name="Confirm that it is you").wait_for()
    axe(page)
    page.get_by_role("button", name="Confirm and go on").click()
    page.get_by_label("Password", exact=True).wait_for()
    axe(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(f"{live_server.url}/kept/")
    axe(page)
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url(f"{live_server.url}{path}")
    assert Release.objects.count() == 1
