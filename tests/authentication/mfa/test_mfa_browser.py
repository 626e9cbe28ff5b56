"""Passkeys and codes in a real browser, with an authenticator that its debugger pretends."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.test import override_settings
from playwright.sync_api import Page, expect

from authentication.passwords.notifications import link_for
from tests.authentication.factor_steps import code_at, with_app, with_codes
from tests.cast import PASSWORD, Cast, gather_cast
from tests.look.test_browser import WIDTHS, check

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT = "/accounts/second-factor/"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return gather_cast()


@pytest.fixture
def at(live_server: Any) -> Iterator[str]:
    """The server by a name for which browsers allow passkeys."""
    with override_settings(SECOND_FACTOR_REQUIRED=True):
        yield live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def said(page: Page) -> list[str]:
    """What the browser complained of, such as something that the content policy refused."""
    found: list[str] = []
    page.on("console", lambda m: found.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda fault: found.append(str(fault)))
    return found


@pytest.fixture
def key(page: Page) -> Callable[[bool], Any]:
    """Plug in a pretended passkey; its owner proves who they are, or does not."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def verified(is_owner: bool) -> None:
        debugger.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": made["authenticatorId"], "isUserVerified": is_owner},
        )

    return verified


def sign_in(page: Page, at: str, user: Any) -> None:
    page.goto(f"{at}/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def by_email(page: Page, at: str, user: Any) -> None:
    """Choose a password by the link of an e-mail, and sign in with it."""
    user.refresh_from_db()
    page.goto(at + urlsplit(link_for(user)).path)
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Save the new password").click()
    sign_in(page, at, user)


def sign_out(page: Page, at: str) -> None:
    page.goto(f"{at}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_a_passkey_is_added_and_signs_in_by_itself(
    page: Page, at: str, cast: Cast, key: Any, axe: Any, said: list[str]
) -> None:
    user = cast.users["requester"]
    sign_in(page, at, user)
    page.wait_for_url(f"**{AT}")
    check(page, axe, "factors-letter")
    with page.expect_navigation():
        page.get_by_role("button", name="Ask for the e-mail").click()
    expect(page.locator("h1")).to_contain_text("Reset your password")
    by_email(page, at, user)
    page.wait_for_url(f"**{AT}")
    check(page, axe, "factors-first")
    with page.expect_navigation():
        page.get_by_role("button", name="Add a passkey").click()
    check(page, axe, "factors-passkey-add")
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    check(page, axe, "factors-codes")
    page.get_by_role("button", name="I have written them down").click()
    expect(page.locator("h1")).to_be_visible()
    for path, name in (("", "yours"), ("passkeys/", "passkeys")):
        page.goto(f"{at}{AT}{path}")
        expect(page.get_by_role("main")).to_contain_text("Work laptop")
        check(page, axe, f"factors-{name}")
    with page.expect_navigation():
        page.get_by_role("link", name="Rename").click()
    check(page, axe, "factors-rename")
    page.get_by_label("Name of the passkey").fill("Laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("main")).to_contain_text("only second sign-in method")
    check(page, axe, "factors-remove-last")

    sign_out(page, at)
    page.goto(f"{at}/accounts/login/?next=/accounts/second-factor/passkeys/")
    check(page, axe, "factors-sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/passkeys/")
    expect(page.get_by_role("main")).to_contain_text("Laptop")

    sign_out(page, at)
    sign_in(page, at, user)
    page.wait_for_url(f"**{AT}code/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{at}/")
    page.goto(f"{at}{AT}passkeys/prove/?next=/accessibility/")
    check(page, axe, "factors-prove-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/accessibility/")
    assert said == []
    assert Authenticator.objects.get(type="webauthn").last_used_at


def test_somebody_else_at_the_device_does_not_get_in(
    page: Page, at: str, cast: Cast, key: Any
) -> None:
    by_email(page, at, cast.users["requester"])
    page.goto(f"{at}{AT}passkeys/add/")
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    sign_out(page, at)
    key(False)
    page.goto(f"{at}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used")).to_be_visible()
    assert "/accounts/login/" in page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_an_app_is_set_up_and_its_codes_sign_in(
    page: Page, at: str, cast: Cast, axe: Any, said: list[str], width: str
) -> None:
    user = cast.users["requester"]
    page.set_viewport_size({"width": WIDTHS[width], "height": 900})
    sign_in(page, at, user)
    page.wait_for_url(f"**{AT}")
    check(page, axe, f"factors-letter-{width}")
    by_email(page, at, user)
    with page.expect_navigation():
        page.get_by_role("button", name="Set up an authenticator app").click()
    check(page, axe, f"factors-app-{width}")
    assert page.get_by_role("img", name="Picture for the app to scan").is_visible()
    secret = page.locator(".portal-key").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill("12 34")
    with page.expect_navigation():
        page.get_by_role("button", name="Set up").click()
    check(page, axe, f"factors-app-wrong-{width}")
    code = code_at(0, secret)
    page.get_by_label("Code that the app shows").fill(code)
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url("**/recovery-codes/")
    recovery = page.locator(".portal-codes li").first.inner_text()
    page.goto(f"{at}{AT}")
    check(page, axe, f"factors-yours-app-{width}")
    for link in ("Make new recovery codes", "Remove the authenticator app"):
        page.goto(f"{at}{AT}")
        with page.expect_navigation():
            page.get_by_role("link", name=link).click()
        check(page, axe, f"factors-{link.split()[0].lower()}-{width}")

    sign_out(page, at)
    sign_in(page, at, user)
    check(page, axe, f"factors-code-{width}")
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("used already")
    check(page, axe, f"factors-code-used-{width}")
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{at}/")
    assert said == []


def test_without_javascript_the_app_works_and_passkeys_say_why_not(
    browser: Any, at: str, cast: Cast, axe: Any
) -> None:
    user = cast.users["requester"]
    with_app(user)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{at}/accounts/login/")
    expect(page.get_by_role("main")).to_contain_text("Passkeys need JavaScript")
    assert not page.get_by_role("button", name="Use a passkey").is_visible()
    sign_in(page, at, user)
    page.get_by_label("Code", exact=True).fill(code_at())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{at}/")
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_lost_devices(page: Page, at: str, cast: Cast, axe: Any, width: str) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 900})
    nurse = cast.users["trust_nurse"]
    with_app(nurse)
    codes = {}
    for who in ("trust_spoc", "trust_manager"):
        with_app(cast.users[who])
        codes[who] = with_codes(cast.users[who])

    def enter(who: str) -> None:
        sign_in(page, at, cast.users[who])
        page.get_by_label("Code", exact=True).fill(codes[who].pop())
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{at}/")
        page.goto(f"{at}/people/resets/")

    enter("trust_spoc")
    check(page, axe, f"resets-none-{width}")
    page.get_by_role("link", name="Ask for a reset for Nora Nurse").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Ask for the reset").click()
    check(page, axe, f"resets-ask-{width}")
    page.get_by_label("I met them in person").check()
    page.get_by_role("button", name="Ask for the reset").click()
    page.wait_for_url("**/people/resets/")
    check(page, axe, f"resets-waiting-{width}")
    with page.expect_navigation():
        page.get_by_role("link", name="Nora Nurse").first.click()
    check(page, axe, f"resets-own-{width}")
    sign_out(page, at)
    enter("trust_manager")
    with page.expect_navigation():
        page.get_by_role("link", name="Nora Nurse").first.click()
    check(page, axe, f"resets-other-{width}")
    page.get_by_role("button", name="Approve the reset").click()
    page.wait_for_url("**/people/resets/")
    check(page, axe, f"resets-over-{width}")
    assert not Authenticator.objects.filter(user=nurse).exists()
