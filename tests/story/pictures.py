"""The six pictures of the README and of the help, and what the pages in them say.

A picture is kept while its page says the same; a page that says something else fails its test until
the picture is made anew: ``SHOTS=write make test ARGS=tests/story/test_pictures.py``.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.urls import reverse
from playwright.sync_api import Page

from decisions.flow import actions as deciding
from requests_app.triage import owning
from tests import walks
from tests.cast import Cast

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "static" / "portal" / "pictures"
SAID = Path(__file__).parent / "pictures.json"
WIDTH, HEIGHT = 1280, 900

# What is another each time: references, numbers, and the words for a day and a while, short ones
# too: an axis writes "30 Nov" and the day after "1 Dec".
REFERENCE = re.compile(r"\b[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
TIMES = re.compile(
    r"\b(\d[\d,.:]*(am|pm)?|today|tomorrow|yesterday|midday|midnight"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|mon|tue|wed|thu|fri|sat|sun"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|(hour|minute|day)s?|and|at|by|on)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it; ``made`` walks to what is on it and gives its address."""

    name: str
    who: str
    made: Callable[[Cast], str]

    @property
    def path(self) -> Path:
        """Where it lies: README and help show the same file."""
        return FOLDER / f"{self.name}.png"


def _asking(cast: Cast) -> str:
    return reverse("requests:case", args=[walks.a_draft(cast).pk])


def _desk(cast: Cast) -> str:
    for given, family in (("Abel", "Sample"), ("Bo", "Madeup"), ("Cleo", "Instance")):
        child = {"given_name": given, "family_name": family, "nhs_number": ""}
        case = walks.sent(cast, walks.a_draft(cast, **child))
        owning.claim_request(case, by=cast.officer)
    walks.an_agency_check(cast, "trust")
    walks.shared(cast, "trust")
    return reverse("requests:inbox")


def _request(cast: Cast) -> str:
    case = walks.accepted(cast)
    owning.claim_request(case, by=cast.officer)
    walks.an_agency_check(cast, "trust", case)
    walks.an_agency_check(cast, "police", case)
    return reverse("requests:triage_case", args=[case.pk])


def _question(cast: Cast) -> str:
    check = walks.taken(cast)
    walks.listed(check, cast.trust_spoc, "Attendance in October")
    decision = deciding.begin_decision(check, by=cast.trust_spoc, idempotency_key=uuid4())
    return reverse("decisions:step", args=[decision.pk, next(iter(decision.edition.steps))])


def _released(cast: Cast) -> str:
    return reverse("requests:released", args=[walks.released(cast).releases.get().pk])


def _scrutiny(cast: Cast) -> str:
    return reverse("decisions:scrutiny", args=[walks.refused(cast).scrutiny.pk])


PICTURES = [
    Picture("asking", "requester", _asking),
    Picture("desk", "officer", _desk),
    Picture("request", "officer", _request),
    Picture("question", "trust_spoc", _question),
    Picture("released", "requester", _released),
    Picture("scrutiny", "police_partner", _scrutiny),
]


def words_of(page: Page) -> str:
    """What a page says, but for what is another each time it is made."""
    text = REFERENCE.sub("#", page.locator("#main-content").inner_text())
    return " ".join(re.sub(r"(#\s*)+", "# ", TIMES.sub("#", text)).split())


def told() -> dict[str, str]:
    """Of each picture a digest of what its page said when it was made."""
    said: dict[str, str] = json.loads(SAID.read_text()) if SAID.exists() else {}
    return said


def tell(picture: Picture, page: Page) -> None:
    """Hold the page against its picture; make it, where somebody asks for that."""
    words: Any = words_of(page)
    digest = sha256(words.encode()).hexdigest()[:16]
    if os.environ.get("SHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=picture.path)
        SAID.write_text(
            json.dumps(told() | {picture.name: digest}, indent=1, sort_keys=True) + "\n"
        )
    assert picture.path.exists(), f"there is no picture {picture.path.relative_to(ROOT)}"
    assert told().get(picture.name) == digest, (
        f"The page of the picture {picture.name!r} says something else now. Make it anew by "
        f"SHOTS=write make test ARGS=tests/story/test_pictures.py, and look at it. Now: {words}"
    )
