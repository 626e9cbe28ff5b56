"""Whether the front door would notice that it knows somebody: a made set with known errors.

20,000 invented people, of whom 2,000 come a second time, each with one or two of the errors that
people make. The same tokens, order and comparison as on the page, without a database. Beside it
stand exact matching and Soundex, each with the numbers, and Splink, which is told the same.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Final

from bench.options import Options
from bench.splink import by_splink
from encryption.names import ALIKE
from encryption.tokens import NHS, Token, address_tokens, finding_tokens, match_tokens
from requests_app.matching.scoring import Known, likeness
from requests_app.matching.selectors import MOST, NEARNESS, OF_STRANGERS

PEOPLE: Final = 20_000
AGAIN: Final = 2_000
RECALL, PRECISION = 0.95, 0.5
LIKELY: Final = 0.05  # of Splink, where it keeps both
COMMON: Final = """
Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans
Walker White Roberts Green Hall Wood Jackson Clarke Khan Hussain Ahmed Ali Begum Singh Kaur
Kowalski Nowak Popescu Murphy Kelly OBrien Okafor Mensah Ivanov Kovalchuk Nguyen Chen Li Wang
Silva Garcia Campbell Stewart
"""
STARTS: Final = (
    "Bar Car Dan Fal Gar Hal Kel Lan Mar Nor Pen Ral San Tor Wal Bren Crom Thorn Whit Stan"
)
MIDDLES: Final = "ing er en is am ow e"
ENDS: Final = "ton ley ford well man by shaw worth wood field more den gate son ridge combe"
ENDINGS: Final = ("Road", "Street", "Avenue", "Lane", "Close", "Drive")
SOUNDS: Final = "ph/f ck/k c/k ie/y y/i ee/ea oo/u ll/l"
SOUNDEX: Final = {
    letter: str(code)
    for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1)
    for letter in letters
}


@dataclass(frozen=True)
class Made:
    """Somebody who was made up; ``who`` is the same for the same person."""

    who: int
    known: Known


class Maker:
    """Makes people and their errors, the same each time."""

    def __init__(self) -> None:
        self.random = random.Random(121)  # noqa: S311 - not for anything secret
        lines = [line.split() for line in ALIKE.split("\n") if len(line.split()) > 1]
        self.names = list(dict.fromkeys(chain.from_iterable(line[:4] for line in lines)))
        self.forms: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            for name in line:
                self.forms[name] += [each for each in line if each != name]

    def person(self, who: int, before: Made | None = None) -> Made:
        """Somebody, with a surname that is common or rare and an NHS number in half of cases.

        Four of ten are a brother or sister of whoever came ``before``: surname and home are theirs.
        """
        draw = self.random
        rare = "".join(draw.choice(each.split()) for each in (STARTS, MIDDLES, ENDS))
        surname = draw.choice(COMMON.split()) if draw.random() < 0.45 else rare  # noqa: PLR2004
        given = self.names[min(int(draw.expovariate(1 / 60)), len(self.names) - 1)].title()
        born = date(2008, 12, 1) + timedelta(days=draw.randrange(18 * 365))
        number = f"999{draw.randrange(10**7):07}" if draw.random() < 0.5 else ""  # noqa: PLR2004
        home = self.home()
        if before and draw.random() < 0.4:  # noqa: PLR2004
            surname, home = before.known.family_name, before.known.address
        return Made(who, Known(given, surname, "", born, number, "", home))

    def home(self) -> str:
        """Where somebody lives, which a quarter of requests do not say."""
        draw = self.random
        if draw.random() < 0.25:  # noqa: PLR2004
            return ""
        flat = f"Flat {draw.randrange(1, 9)}, " if draw.random() < 0.2 else ""  # noqa: PLR2004
        road = f"{draw.choice(STARTS.split())}{draw.choice(ENDS.split())} {draw.choice(ENDINGS)}"
        code = f"AB{draw.randrange(1, 40)} {draw.randrange(1, 10)}CD"
        return f"{flat}{draw.randrange(1, 200)} {road}, Anytown, {code}"

    def told_again(self, home: str) -> str:
        """The same home as another agency writes it; where they moved, another; or none."""
        chance = self.random.random()
        if chance < 0.4:  # noqa: PLR2004
            return self.home() if chance < 0.2 else ""  # noqa: PLR2004
        short = home.replace(" Road", " Rd").replace(" Street", " St").replace(" Avenue", " Ave")
        return self.random.choice((short, home.upper(), home.rpartition(", ")[0], home))

    def again(self, made: Made) -> tuple[Made, list[str]]:
        """The same person as another agency writes them down, and what it got wrong."""
        draw, before = self.random, replace(made.known, nhs_number="")
        if draw.random() < 0.3:  # noqa: PLR2004
            before = made.known
        known, chosen = before, list[str]()
        while known == before:  # an error that changes nothing is none
            known = before
            chosen = draw.sample(list(ERRORS), k=draw.choice((1, 1, 1, 2)))
            for name in chosen:
                known = ERRORS[name](self, known)
        known = replace(known, address=self.told_again(known.address))
        return replace(made, known=known), chosen

    def typo(self, text: str) -> str:
        """One letter left out, doubled, changed or put before the one that it follows."""
        at = self.random.randrange(1, max(2, len(text) - 1))
        before, here, after = text[:at], text[at : at + 1], text[at + 1 :]
        other = self.random.choice("aeiourstln")
        ways = (before + after, before + here * 2 + after, before + other + after)
        swapped = before + after[:1] + here + after[1:]
        return self.random.choice((*ways, swapped))

    def by_sound(self, text: str) -> str:
        """As it is heard."""
        heard = text.lower()
        for one, _slash, other in [each.partition("/") for each in SOUNDS.split()]:
            if one in heard[1:]:
                return (heard[0] + heard[1:].replace(one, other, 1)).title()
        return self.typo(text)

    def form(self, given: str) -> str:
        """A short form, or another spelling."""
        return self.random.choice(self.forms.get(given.lower()) or [given]).title()


def _turned(known: Known) -> Known:
    born = known.date_of_birth
    if born is None or born.day > 12:  # noqa: PLR2004
        return known
    return replace(known, date_of_birth=born.replace(day=born.month, month=born.day))


def _near(make: Maker, known: Known) -> Known:
    born = known.date_of_birth or date(2010, 1, 1)
    return replace(known, date_of_birth=born.replace(day=make.random.randrange(1, 29)))


ERRORS: Final[dict[str, Callable[[Maker, Known], Known]]] = {
    "surname mistyped": lambda m, k: replace(k, family_name=m.typo(k.family_name)),
    "first name mistyped": lambda m, k: replace(k, given_name=m.typo(k.given_name)),
    "surname as it sounds": lambda m, k: replace(k, family_name=m.by_sound(k.family_name)),
    "another form of the name": lambda m, k: replace(k, given_name=m.form(k.given_name)),
    "names the other way round": lambda _m, k: replace(
        k, given_name=k.family_name, family_name=k.given_name
    ),
    "day and month the other way round": lambda _m, k: _turned(k),
    "another day of the month": _near,
    "another surname": lambda m, k: replace(k, family_name=m.random.choice(COMMON.split())),
    "a double surname": lambda m, k: replace(
        k, family_name=f"{k.family_name}-{m.random.choice(COMMON.split())}"
    ),
    "no date of birth": lambda _m, k: replace(k, date_of_birth=None),
}


def tokens_of(known: Known) -> list[Token]:
    """The tokens that gather candidates, with a number as it is: its slow hash changes nothing."""
    names = {"given_name": known.given_name, "family_name": known.family_name}
    born = known.date_of_birth
    found = match_tokens(**names, born_on=born) + finding_tokens(**names, born_on=born)
    found += address_tokens(known.address)
    numbers = [(NHS, known.nhs_number.encode())] if known.nhs_number else []
    return numbers + [each for each in found if each[0] not in OF_STRANGERS]


Finder = Callable[[Known], set[int]]


def as_the_page(people: list[Made]) -> Finder:
    """Candidates by token, the surest first, compared as on the page."""
    bearers: dict[Token, list[int]] = defaultdict(list)
    for at, made in enumerate(people):
        for token in tokens_of(made.known):
            bearers[token].append(at)

    def find(known: Known) -> set[int]:
        nearest: dict[int, int] = {}
        agreeing: Counter[int] = Counter()
        for token in tokens_of(known):
            for at in bearers.get(token, ()):
                rank = NEARNESS.get(token[0], len(NEARNESS))
                nearest[at] = min(rank, nearest.get(at, rank))
                agreeing[at] += 1
        first = sorted(nearest, key=lambda at: (nearest[at], -agreeing[at]))[:MOST]
        return {people[at].who for at in first if likeness(known, people[at].known).is_shown}

    return find


def by_key(people: list[Made], key: Callable[[Known], object]) -> Finder:
    """Whoever has the same number, or the same key."""
    bearers: dict[object, set[int]] = defaultdict(set)
    for made in people:
        for each in (key(made.known), made.known.nhs_number):
            bearers[each].add(made.who)

    def find(known: Known) -> set[int]:
        by_number = bearers[known.nhs_number] if known.nhs_number else set()
        return bearers.get(key(known), set()) | by_number

    return find


def exactly(known: Known) -> object:
    """The names and the day of birth, letter by letter."""
    return known.given_name.lower(), known.family_name.lower(), known.date_of_birth


def by_soundex(known: Known) -> object:
    """Soundex of both names, and the year of birth."""
    year = known.date_of_birth and known.date_of_birth.year
    return soundex(known.given_name), soundex(known.family_name), year


def soundex(name: str) -> str:
    """The code of 1918: the first letter, and three figures."""
    letters = [each for each in name.lower() if each.isalpha()]
    codes, last = [], SOUNDEX.get(letters[0], "")
    for letter in letters[1:]:
        code = SOUNDEX.get(letter, "")
        if code and code != last:
            codes.append(code)
        if letter not in "hw":
            last = code
    return f"{letters[0]}{''.join(codes):0<3}"[:4]


def measured(
    find: Finder, again: Iterable[tuple[Made, list[str]]]
) -> tuple[float, float, Counter[str]]:
    """Recall, precision of what is shown, and which errors hid somebody."""
    found = shown = asked = 0
    missed: Counter[str] = Counter()
    for made, errors in again:
        who = find(made.known)
        asked, shown, found = asked + 1, shown + len(who), found + (made.who in who)
        if made.who not in who:
            missed[" + ".join(errors)] += 1
    return found / asked, found / max(1, shown), missed


def main(_told: Options) -> bool:
    """Make them, look for them, say how many were noticed."""
    make = Maker()
    people: list[Made] = []
    for who in range(PEOPLE):
        people.append(make.person(who, people[-1] if people else None))
    again = [make.again(made) for made in make.random.sample(people, AGAIN)]
    finders = {
        "as the page": as_the_page(people),
        "Soundex of both names and year": by_key(people, by_soundex),
        "exactly the same": by_key(people, exactly),
        f"Splink, from {LIKELY} on": by_splink(
            [each.known for each in people], [each.known for each, _errors in again], LIKELY
        ),
    }
    print(f"\nWho is noticed of {AGAIN:,} who come again, among {PEOPLE:,}")
    found = {name: measured(find, again) for name, find in finders.items()}
    for name, (recall, precision, _missed) in found.items():
        print(f"  {name:32} recall {recall:.3f}   precision of what is shown {precision:.3f}")
    recall, precision, missed = found["as the page"]
    for errors, count in missed.most_common(8):
        print(f"    not noticed: {count:3} {errors}")
    print(f"  at least {RECALL} and {PRECISION} are held to")
    return recall >= RECALL and precision >= PRECISION
