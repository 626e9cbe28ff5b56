"""A Monday morning at the front door: what came over the weekend, so that a desk is full."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import count
from uuid import uuid4

from agencies.kinds import AgencyKind as Kind
from demo.children import HOUSE, MIND, SEEN, Asked, invented_nhs_number
from demo.story import Story
from requests_app.triage import actions as triage
from requests_app.triage import owning

FIRST_SERIAL = 130  # of numbers and house numbers: of nobody else in the story
CONCERNS = (
    ("A mark on the neck that nobody explains.", "red", "He goes home this afternoon.", (SEEN,)),
    ("Came without a coat again, and asked for food.", "amber", "It is freezing.", (HOUSE,)),
    ("Away for nine days, and no answer at the door.", "green", "Seen on Friday.", (HOUSE,)),
    ("Says that the shouting at night does not stop.", "amber", "It grew last week.", (MIND,)),
    ("Was collected by an adult whom nobody knows.", "amber", "It was twice.", (HOUSE, MIND)),
    ("Fell asleep in each lesson since half term.", "green", "There is no sudden change.", (SEEN,)),
    ("Says that she must not tell what happened.", "red", "She is afraid to go home.", (SEEN,)),
)
HOME = {"address": "82 Invented Street, Anytown, AN1 1XX"}
WRITTEN_OTHERWISE = {"address": "82 invented st anytown"}


@dataclass(frozen=True)
class Contact:
    """A child, and how far the request has come: by whom it was claimed, or what was done."""

    given: str
    family: str
    born: date
    state: str = "waits"
    by: str = "requester"
    more: tuple[tuple[str, str], ...] = ()


def _at(address: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(address.items())


CONTACTS = (
    # Brothers and a sister, of whom three people ask, with one address in two spellings.
    Contact("Stan", "Standin", date(2014, 6, 3), "officer", more=_at(HOME)),
    Contact("Sue", "Standin", date(2016, 10, 21), "officer", more=_at(HOME)),
    Contact("Seb", "Standin-Other", date(2020, 1, 8), by="nurse", more=_at(WRITTEN_OTHERWISE)),
    # Known already, as another agency writes them.
    Contact("Matilda", "Testcase", date(2017, 3, 27), by="nurse", more=(("nhs_number", ""),)),
    Contact("Wilfred", "Waymore", date(2013, 9, 2), "officer2", more=(("nhs_number", ""),)),
    Contact("Rubie", "Releasable", date(2016, 12, 1), more=(("nhs_number", ""),)),
    Contact("Checkmade", "Cleo", date(2015, 7, 19), by="nurse", more=(("nhs_number", ""),)),
    Contact("Alma", "Anybody", date(2012, 2, 11), "officer"),
    Contact("Ben", "Blankform", date(2018, 5, 30), "officer2"),
    Contact("Cora", "Counterfeit", date(2011, 9, 14), "officer2"),
    Contact("Dan", "Dummydata", date(2015, 12, 2), "accepted"),
    Contact("Eve", "Ersatz", date(2019, 3, 23), "accepted"),
    Contact("Finn", "Fablemade", date(2010, 7, 7), "accepted"),
    Contact("Gia", "Gapfill", date(2017, 11, 18), "accepted"),
    Contact("Hugo", "Hypothet", date(2013, 1, 25), "returned"),
    Contact("Isla", "Inkspiller", date(2014, 4, 9)),
    Contact("Jon", "Justatest", date(2016, 8, 16)),
    Contact("Kit", "Keyboarder", date(2012, 10, 5)),
    Contact("Lena", "Loremipsum", date(2018, 6, 27)),
    Contact("Max", "Mockup", date(2011, 3, 12)),
    Contact("Nell", "Notreal", date(2015, 9, 1)),
    Contact("Otto", "Onlyatrial", date(2019, 12, 19)),
    Contact("Pia", "Placeholder", date(2013, 5, 4)),
    Contact("Ravi", "Roleplay", date(2017, 7, 31)),
    Contact("Tess", "Templated", date(2010, 11, 22)),
    Contact("Uma", "Untrue", date(2014, 2, 28)),
    Contact("Vic", "Virtually", date(2016, 1, 13)),
    Contact("Will", "Whatif", date(2011, 8, 8)),
    Contact("Xan", "Xunused", date(2019, 10, 2)),
    Contact("Yan", "Yetanother", date(2018, 9, 10)),
)


class Morning(Story):
    """The story, and then a desk that is as full as one is on a Monday."""

    @property
    def parts(self) -> list[Callable[[], None]]:
        """What is told, in order."""
        return [*super().parts, self.weekend]

    def weekend(self) -> None:
        """More requests than two officers can read at once; of some there is more to know."""
        for contact, asked in zip(CONTACTS, _asked(), strict=True):
            self._came(contact, asked)

    def _came(self, contact: Contact, asked: Asked) -> None:
        if contact.state == "accepted":
            case = self._accepted(asked)
            self._check(case, Kind.HOSPITAL_TRUST)
            owning.claim_request(case, by=self.officer)
            return
        case = self._sent(asked, by=self.town.acts(contact.by))
        if contact.state == "returned":
            triage.return_request(
                case,
                by=self.officer,
                idempotency_key=uuid4(),
                questions=["Who collects him, and on which days?"],
            )
        elif contact.state != "waits":
            owning.claim_request(case, by=self.town.acts(contact.state))


def _asked() -> Iterator[Asked]:
    serials = _serials()
    for number, contact in enumerate(CONTACTS):
        reason, rating, urgent, needs = CONCERNS[number % len(CONCERNS)]
        name = contact.given, contact.family, contact.born
        more = dict(contact.more)
        yield Asked(*name, next(serials), reason, rating, urgent, needs, more=more)


def _serials() -> Iterator[int]:
    """Those of which there is an NHS number."""
    for serial in count(FIRST_SERIAL):
        with suppress(ValueError):
            invented_nhs_number(serial)
            yield serial
