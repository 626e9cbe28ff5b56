"""One person of the story in a browser of their own, and what all of them share."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.patience import PATIENCE
from tests.story import tale

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    name: str
    email: str
    pass_phrase: str
    agency: str


@dataclass
class Stage:
    """Where the story is told: an address, the people there, and the e-mails they get."""

    url: str
    people: dict[str, Person]
    emails: Callable[[], list[EmailMessage]]
    new_context: Callable[..., BrowserContext]
    axe: Callable[[Page], None] | None
    seen: set[str] = field(default_factory=set)
    pictures: int = 0

    def email(self, who: str, about: str, subject: str, *, times: int = 1) -> None:
        """Wait until an e-mail about this has come to them, or so many."""
        to, deadline = self.people[who].email, time.monotonic() + PATIENCE
        while sum(_is(email, to, about, subject) for email in self.emails()) < times:
            assert time.monotonic() < deadline, (to, about, subject, len(self.emails()))
            time.sleep(0.1)

    def keep(self, page: Page, how: str) -> None:
        """A picture to look at, if somebody wants to: PICTURES=/tmp/look."""
        if folder := os.environ.get("PICTURES"):
            self.pictures += 1
            kind = re.sub(r"\W+", "-", UUID.sub("", urlsplit(page.url).path)).strip("-")
            path = Path(folder) / f"{self.pictures:03}-{kind}-{how}.png"
            page.screenshot(path=path, full_page=True)


def words_of(email: EmailMessage) -> str:
    """What an e-mail says: its subject and its text."""
    body = email.get_body(("plain",))
    return f"{email['Subject']}\n{body.get_content() if body else ''}"


def _is(email: EmailMessage, to: str, about: str, subject: str) -> bool:
    return email["To"] == to and email["Subject"] == subject and about in words_of(email)


class Desk:
    """A browser in which one person works; each page that it comes to is looked at."""

    def __init__(self, stage: Stage, who: str, **how: Any) -> None:
        self.stage, self.person = stage, stage.people[who]
        self.context = stage.new_context(viewport=DESKTOP, **how)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE * 1_000)
        self.said: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("requestfailed", self._failed)

    def _heard(self, message: Any) -> None:
        # The browser itself reports each answer of 422, which is how a form comes back.
        if message.type in {"error", "warning"} and "422" not in message.text:
            self.said.append(message.text)

    def _failed(self, request: Any) -> None:
        # A download is for the browser a page that it did not go to.
        if "ERR_ABORTED" not in request.failure:
            self.said.append(f"{request.url}: {request.failure}")

    def sign_in(self) -> "Desk":
        """By e-mail and pass phrase, as everybody does."""
        self.page.goto(f"{self.stage.url}/")
        self.look()
        self.write("E-mail address", self.person.email)
        self.page.get_by_label("Password", exact=True).fill(self.person.pass_phrase)
        self.press("Sign in")
        expect(self.page.locator(".portal-acting__who")).to_have_text(
            f"{self.person.name}, acting for {self.person.agency}"
        )
        return self

    @property
    def main(self) -> Locator:
        """What the page says, without what is around it."""
        return self.page.get_by_role("main")

    def reads(self, *texts: str) -> None:
        """All of this is on the page."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def lacks(self, *texts: str) -> None:
        """None of this is anywhere on the page."""
        for text in texts:
            assert text not in self.page.content(), text

    def group(self, legend: str) -> Locator:
        """The fieldset that begins with this question."""
        return self.page.get_by_role("group", name=re.compile(f"^{re.escape(legend)}"))

    def write(self, label: str, text: str, inside: Locator | None = None) -> None:
        """Type into the field whose label begins like this."""
        label_is = re.compile(rf"^\s*{re.escape(label)}")
        (inside or self.page).get_by_label(label_is).and_(self.page.get_by_role("textbox")).locator(
            "visible=true"
        ).fill(text)

    def write_date(self, legend: str, day: int, month: int, year: int) -> None:
        """The three parts of a date."""
        for part, number in (("Day", day), ("Month", month), ("Year", year)):
            self.group(legend).get_by_label(part).fill(str(number))

    def choose(self, legend: str, option: str) -> None:
        """One of several answers to a question."""
        self.group(legend).get_by_role("radio", name=option, exact=True).first.check()

    def tick(self, option: str, *, off: bool = False) -> None:
        """A box, on or off."""
        self.page.get_by_role("checkbox", name=option, exact=True).set_checked(not off)

    def press(self, name: str) -> None:
        """A button that leads to another page, or a link that looks like one."""
        self._go(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        """A link."""
        self._go(self.page.get_by_role("link", name=name, exact=True).first)

    def goto(self, path: str) -> None:
        """An address."""
        self.page.goto(f"{self.stage.url}{path}")
        self.look()

    def _go(self, there: Locator) -> None:
        with self.page.expect_navigation():
            there.click()
        self.look()

    def status(self, url: str) -> int:
        """What somebody gets who types this address while signed in like this."""
        return self.context.request.get(url, max_redirects=0).status

    def look(self) -> None:
        """Nothing secret in title or address; accessible; no wider than a phone."""
        page = self.page
        for secret in tale.SECRETS:
            assert secret not in page.title() + unquote(page.url), page.url
        self.stage.keep(page, "desktop")
        if self.stage.axe is None:
            return
        self.stage.axe(page)
        page.set_viewport_size(PHONE)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} pixels too wide for a phone"
        kind = UUID.sub("", urlsplit(page.url).path)
        if kind not in self.stage.seen:
            self.stage.seen.add(kind)
            self.stage.keep(page, "phone")
            self.stage.axe(page)
        page.set_viewport_size(DESKTOP)
