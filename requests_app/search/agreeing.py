"""What of a person agrees with what was typed, by opened values in memory."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from encryption.addresses import address_in
from encryption.names import forms, is_same_name, latin, parts, words
from encryption.tokens import nhs_digits, upn_characters
from requests_app.matching.scoring import NUMBER, Known, births
from requests_app.search.terms import Terms

HOME, NEIGHBOUR = 40, 15
SAME, OTHER_FORM, SOUND = 20, 15, 8  # what each typed word counts
WORDS = {
    SAME: _("name"),
    OTHER_FORM: _("another form of the name"),
    SOUND: _("name sounds alike"),
}


@dataclass(frozen=True)
class Agreement:
    """How close somebody is, as a number to order by, and in words."""

    score: int
    reasons: list[Any]


def agreement(terms: Terms, person: Known) -> Agreement:
    """Compare what was typed with one person."""
    found: list[tuple[int, Any]] = []
    if terms.nhs_number and nhs_digits(terms.nhs_number) == nhs_digits(person.nhs_number):
        found.append((NUMBER, _("NHS number")))
    if terms.upn and upn_characters(terms.upn) == upn_characters(person.upn):
        found.append((NUMBER, _("unique pupil number (UPN)")))
    called = parts(f"{person.given_name} {person.family_name} {person.other_names}")
    called.append("".join(words(person.family_name)))
    how = [most for word in terms.words if (most := max(_likeness(word, own) for own in called))]
    if how:
        alike = WORDS[min(how)]
        found.append((sum(how), alike if len(how) == len(terms.words) else _("part of the name")))
    if by_birth := births(terms.born_on, person.date_of_birth):
        found.append(by_birth)
    if terms.address.is_sure:
        found += _by_address(terms, person)
    return Agreement(sum(score for score, _words in found), [words for _score, words in found])


def _by_address(terms: Terms, person: Known) -> list[tuple[int, Any]]:
    own = address_in(person.address)
    if terms.address.homes & own.homes:
        return [(HOME, _("address"))]
    if terms.address.postcode and terms.address.postcode == own.postcode:
        return [(NEIGHBOUR, _("postcode"))]
    return [(NEIGHBOUR, _("building"))] if terms.address.places & own.places else []


def _likeness(typed: str, own: str) -> int:
    if latin(typed) == latin(own):
        return SAME
    if is_same_name(typed, own):
        return OTHER_FORM
    return SOUND if forms(typed) & forms(own) else 0
