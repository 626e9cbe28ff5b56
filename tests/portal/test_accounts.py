"""Signing in, and what nobody can do without it."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from agencies.models import User
from tests.plugins.promises import keep_promises

PASSWORD = "a long and plain sentence"


@pytest.fixture
def person(db):
    return User.objects.create_user(email="Robin.Invented@school.example", password=PASSWORD)


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_by_address_in_any_case(client, person):
    response = sign_in(client, "ROBIN.invented@school.example")
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_password_says_the_same_as_an_unknown_address(client, person):
    wrong = sign_in(client, person.email, "not the password").content.decode()
    unknown = sign_in(client, "nobody@school.example", "not the password").content.decode()
    cut = re.compile(r'value="[^"]*"')
    assert cut.sub("", wrong) == cut.sub("", unknown)
    assert "_auth_user_id" not in client.session


def test_failed_sign_ins_are_limited(client, person):
    for _ in range(6):
        sign_in(client, person.email, "not the password")
    sign_in(client, person.email)
    assert "_auth_user_id" not in client.session


def test_nobody_makes_an_account_for_themselves(client, db):
    client.post(
        reverse("account_signup"), {"email": "eve@elsewhere.example", "password1": PASSWORD}
    )
    assert not User.objects.exists()


def test_a_lost_password_is_set_anew_by_mail(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    keep_promises()
    [email] = mail.outbox
    assert email.to == [person.email]
    [link] = re.findall(r"http://localhost:8000(\S+)", email.body)
    form = client.get(link, follow=True)
    new = "another long and plain sentence"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert sign_in(client, person.email, new).status_code == 302


def test_a_short_password_is_refused(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    keep_promises()
    [link] = re.findall(r"http://localhost:8000(\S+)", mail.outbox[0].body)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert sign_in(client, person.email, "short").status_code == 200


def test_an_unknown_address_gets_no_email_and_the_same_page(client, person):
    known = client.post(reverse("account_reset_password"), {"email": person.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "no@school.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    keep_promises()
    assert len(mail.outbox) == 1


def test_every_page_wants_a_sign_in_and_no_page_is_kept(client, db):
    response = client.get("/accounts/password/change/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")
    for page in (response, client.get("/accounts/login/"), client.get("/healthz")):
        assert page.headers["Cache-Control"] == "no-store"


def test_the_headers_allow_only_what_is_ours(client, db):
    headers = client.get("/accounts/login/").headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
