"""What a job takes of somebody: pages, clicks and fields, as ``docs/effort.md`` tells them.

Fields and buttons are found by their names and addresses, so that no wording changes what is done.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from playwright.sync_api import Locator

from tests.story.desk import Desk, Stage

PAGE = Path(__file__).parents[2] / "docs" / "effort.md"
HEAD = """# What a job takes

Pages, clicks and fields of each job by the shortest way, without an error; the start page after
sign-in counts as the first. A page is whatever the browser shows anew; a click follows a link or
presses a button; a field is typed, chosen or ticked, and a date counts three.

Written by `EFFORT=write make test ARGS=tests/story/test_effort.py`. The test fails when a job takes
anything else than this page says: what rises needs a reason.

| who | job | pages | clicks | fields |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Effort:
    """What one job took."""

    pages: int
    clicks: int
    fields: int


class Hand(Desk):
    """Somebody who does a job by the shortest way, while it is counted."""

    def __init__(self, stage: Stage, who: str, **how: Any) -> None:
        super().__init__(stage, who, **how)
        self.pages = self.clicks = self.fields = 0
        self.sign_in()
        self.page.on("framenavigated", self._came)

    @property
    def effort(self) -> Effort:
        """So far."""
        return Effort(self.pages, self.clicks, self.fields)

    def _came(self, frame: Any) -> None:
        self.pages += frame == self.page.main_frame

    def begin(self) -> None:
        """From the start page."""
        self.goto(reverse("home"))

    def to(self, view: str, *args: Any) -> None:
        """The first link there that leads to this view; without ``args`` whichever it is of."""
        links = self.page.locator("#main-content a[href], nav a[href], header a[href]")
        hrefs = links.evaluate_all("every => every.map(a => a.getAttribute('href'))")
        for number, href in enumerate(hrefs):
            if _leads(urlsplit(href).path, view, args):
                self._click(links.nth(number))
                return
        raise AssertionError(f"No link to {view} on {self.page.url}: {hrefs}")

    def submit(self, to: str = "", *args: Any, unnamed: bool = False) -> None:
        """The first button of the page, or of its form that goes to this view.

        ``unnamed`` passes over those that ask something else of a form than to send it.
        """
        form = f'form[action="{reverse(to, args=args)}"]' if to else "form"
        which = ":not([name])" if unnamed else ""
        buttons = self.main.locator(f"{form} button:not([type=button]){which}")
        self._click(buttons.first)

    def send(self, **button: Any) -> None:
        """The button that sends this, by its name and value."""
        ((name, value),) = button.items()
        self._click(self.main.locator(f'button[name="{name}"][value="{value}"]'))

    def fill(self, **fields: Any) -> None:
        """Each field by its name: typed, chosen or ticked as it is made; ``True`` ticks it."""
        for name, value in fields.items():
            for each in value if isinstance(value, list) else [value]:
                self._fill(name, each)

    def day(self, name: str, *parts: int) -> None:
        """The three parts of a date."""
        for part, number in zip(("day", "month", "year"), parts, strict=True):
            self._fill(f"{name}_{part}", number)

    def pick(self, name: str, label: str) -> None:
        """One of a list, by what it says."""
        self.fields += 1
        self.main.locator(f'[name="{name}"]').select_option(label)

    def here(self, place: int) -> str:
        """A part of this page's address, such as the id of what it shows."""
        return urlsplit(self.page.url).path.strip("/").split("/")[place]

    def _fill(self, name: str, value: Any) -> None:
        self.fields += 1
        own = self.main.locator(f'[name="{name}"]')
        kind = own.first.evaluate("each => each.type")
        if kind in {"radio", "checkbox"}:
            chosen = (
                own if value is True else self.main.locator(f'[name="{name}"][value="{value}"]')
            )
            chosen.first.check()
        elif kind == "select-one":
            own.select_option(str(value))
        else:
            own.first.fill(str(value))

    def _click(self, there: Locator) -> None:
        self.clicks += 1
        self._go(there)


def _leads(path: str, view: str, args: tuple[Any, ...]) -> bool:
    from django.urls import Resolver404, resolve

    if args:
        return path == reverse(view, args=args)
    try:
        return resolve(path).view_name == view
    except Resolver404:
        return False


def told() -> dict[tuple[str, str], Effort]:
    """What the page says of each job."""
    rows = PAGE.read_text().removeprefix(HEAD).splitlines() if PAGE.exists() else []
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {(who, job): Effort(*map(int, numbers)) for who, job, *numbers in cells}


def tell(who: str, job: str, effort: Effort) -> None:
    """Write it where somebody asks for that; fails where the page says anything else."""
    known = told()
    if os.environ.get("EFFORT") == "write":
        known[who, job] = effort
        lines = (
            f"| {who} | {job} | {each.pages} | {each.clicks} | {each.fields} |\n"
            for (who, job), each in known.items()
        )
        PAGE.write_text(HEAD + "".join(lines))
    assert known.get((who, job)) == effort, "EFFORT=write writes it; what rises needs a reason"
