"""Signing in, and the pages about one's own account, in a real browser."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from agencies.models import User
from tests.look.test_browser import WIDTHS, check

pytestmark = pytest.mark.urls("tests.look.sampler")
PASSWORD = "a long and plain sentence"
PAGES = {
    "password": "/accounts/password/change/",
    "sign-out": "/accounts/logout/",
}


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_ones_own_account(live_server, page, axe, width):
    User.objects.create_user(email="robin.invented@school.example", password=PASSWORD)
    said = []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/password/change/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()
    check(page, axe, f"sign-in-errors-{width}")
    assert page.locator(".govuk-error-summary a").all_inner_texts() == [
        "Enter your e-mail address",
        "Enter your password",
    ]
    page.get_by_label("E-mail address").fill("robin.invented@school.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/password/change/")
    assert page.locator(".govuk-notification-banner").count() == 0
    for name, path in PAGES.items():
        page.goto(f"{live_server.url}{path}")
        check(page, axe, f"{name}-{width}")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Sign out").click()
    check(page, axe, f"signed-out-{width}")
    assert "You have signed out" in page.get_by_role("alert", name="Done").inner_text()
    assert said == []


@pytest.mark.parametrize("path", ["email/", "2fa/", "confirm-email/", "login/code/confirm/"])
def test_pages_that_would_go_round_the_register_are_not_there(client, db, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_wrong_password_is_said_in_words(client, db):
    page = client.post("/accounts/login/", {"login": "a@b.example", "password": "x"})
    assert "There is a problem" in page.content.decode()
    page = client.post("/accounts/login/", {"login": "nonsense", "password": "x"})
    assert "Enter an e-mail address in the form name@agency.example" in page.content.decode()


def test_files_get_names_that_browsers_may_keep(tmp_path):
    stores = {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    with override_settings(STORAGES=stores, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
        name = staticfiles_storage.url("portal/portal.css").removeprefix("/static/")
    assert name != "portal/portal.css"
    assert (tmp_path / name).exists()
    assert (tmp_path / "vendor" / "govuk-frontend.min.js").exists()  # as init.js imports it
