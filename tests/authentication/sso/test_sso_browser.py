"""Single sign-on in a real browser: link, sign out, sign in with it; every page accessible."""

import re

import pytest
from playwright.sync_api import Page, expect

from authentication.sso import links as sso_links
from authentication.sso.tokens import uid_of
from tests.authentication.sso.sso_visitor import CALLBACK, YOURS
from tests.cast import PASSWORD as PORTAL_PASSWORD
from tests.plugins.provider import CLIENT, NAME, PASSWORD, SLUG, TENANT, offer

pytestmark = pytest.mark.browser


@pytest.fixture
def door(page: Page, live_server, cast, provider) -> Page:
    """A browser, and a provider that knows Rita and where to send her back to."""
    provider.person("rita")
    provider.client(CLIENT, live_server.url + CALLBACK)
    page.goto(live_server.url)
    return page


def sign_in_with_password(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PORTAL_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in_there(page: Page, username: str) -> None:
    page.get_by_placeholder("Username").fill(username)
    page.get_by_placeholder("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In").click()


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_link_sign_out_and_sign_in_with_it(door: Page, axe, live_server, cast):
    said: list[str] = []
    door.on("console", lambda message: said.append(message.text))
    axe(door)
    rita = cast.users["requester"]
    sign_in_with_password(door, rita.email)
    door.goto(live_server.url + YOURS)
    expect(door.get_by_role("heading", name="Your work account")).to_be_visible()
    axe(door)
    door.get_by_role("button", name=f"Link {NAME}").click()
    sign_in_there(door, "rita")
    expect(door.get_by_text(f"From now on you can sign in with {NAME}.")).to_be_visible()
    expect(door.get_by_text(re.compile(r"Linked on \d+ \w+ \d{4}"))).to_be_visible()
    axe(door)
    door.get_by_role("button", name="Sign out").click()
    door.goto(live_server.url + YOURS)
    expect(door.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    door.get_by_role("button", name=f"Sign in with {NAME}").click()
    expect(
        door.get_by_role("heading", name="Your work account")
    ).to_be_visible()  # back where she was
    expect(door.get_by_text("Rita Requester")).to_be_visible()
    door.get_by_role("button", name=f"Unlink {NAME}").click()
    expect(door.get_by_text("No longer linked.")).to_be_visible()
    assert "Content Security Policy" not in "".join(said)


def test_the_form_leads_on_only_where_the_policy_lets_it(door: Page, settings, live_server):
    """The content policy's part in it: without the provider's origin the browser stays here."""
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**policy, "form-action": ["'self'"]}}
    door.reload()
    with door.expect_console_message(lambda said: "form-action" in said.text):
        door.get_by_role("button", name=f"Sign in with {NAME}").click()
    assert door.url.startswith(live_server.url)


def test_somebody_who_is_not_linked_reads_what_to_do(door: Page, axe):
    door.get_by_role("button", name=f"Sign in with {NAME}").click()
    sign_in_there(door, "rita")
    expect(door.get_by_role("heading", name="We do not know this account")).to_be_visible()
    axe(door)
    door.get_by_role("link", name="Go back to the sign-in page").click()
    expect(door.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_a_provider_that_is_down(door: Page, axe, settings, provider):
    offer(settings, provider.entry(issuer="http://127.0.0.1:9"))
    door.reload()
    door.get_by_role("button", name=f"Sign in with {NAME}").click()
    expect(door.get_by_role("heading", name=f"We cannot reach {NAME}")).to_be_visible()
    axe(door)


def test_an_answer_that_proves_nothing(door: Page, axe, live_server, provider):
    provider.bend(forge=True)
    door.get_by_role("button", name=f"Sign in with {NAME}").click()
    sign_in_there(door, "rita")
    expect(door.get_by_role("heading", name="That did not work")).to_be_visible()
    axe(door)


def test_an_account_of_somebody_else(door: Page, axe, live_server, cast):
    sso_links.link(cast.users["officer"], SLUG, uid_of(TENANT, "oid-of-rita"))
    sign_in_with_password(door, cast.users["requester"].email)
    door.goto(live_server.url + YOURS)
    door.get_by_role("button", name=f"Link {NAME}").click()
    sign_in_there(door, "rita")
    expect(door.get_by_role("heading", name="linked to somebody else")).to_be_visible()
    axe(door)
    sso_links.unlink(cast.users["officer"], SLUG)
    door.goto(live_server.url + YOURS)
    door.get_by_role("button", name=f"Link {NAME}").click()
    expect(door.get_by_text("From now on")).to_be_visible()


def test_changing_ones_mind(door: Page, axe, live_server, cast):
    door.get_by_role("button", name=f"Sign in with {NAME}").click()
    state = re.findall(r"state%3D(\w+)|state=(\w+)", door.url)[0]
    said = f"?error=access_denied&state={next(filter(None, state))}"
    door.goto(live_server.url + CALLBACK + said)
    expect(door.get_by_role("heading", name="You are not signed in")).to_be_visible()
    axe(door)
