"""Match tokens: find records that may be about the same child without opening any of them.

A token is an HMAC under a key of its own, so it tells nothing without that key. Numbers from a
small range are slow-hashed first, for the day the key is lost too. A name gives those of how it is
typed and those of its Latin spelling, where that is another one: Łukasz meets Lukasz. What would
gather strangers, such as one word of a name, is for a search that somebody types (docs/adr/0121).
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations, product
from typing import Final

from anyascii import anyascii
from django.conf import settings
from django.utils.translation import gettext as _
from stdnum.gb import nhs, upn

from encryption.addresses import Address, Key, address_in
from encryption.names import SHORTEST_PART, forms, heads, parts, sounds_of_word, words
from encryption.provider import key_provider
from encryption.seal import length_prefixed

NHS: Final = "nhs_number"
UPN: Final = "upn"
SURNAME_AND_YEAR: Final = "surname_and_year"
FORENAME_AND_BIRTH: Final = "forename_and_birth"
FULL_NAME: Final = "full_name"
NAME: Final = "name"
BIRTH: Final = "birth"
ADDRESS: Final = "address"
PLACE: Final = "place"
NHS_DIGITS: Final = 10
UPN_CHARACTERS: Final = 13
MOST_WORDS: Final = 6  # of a name, and of what somebody is called besides
Token = tuple[str, bytes]


def match_tokens(
    *,
    given_name: str = "",
    family_name: str = "",
    born_on: date | None = None,
    nhs_number: str = "",
    upn_number: str = "",
) -> list[Token]:
    """The tokens of one person, as (kind, 32 bytes); what is not known gives none."""
    tokens = {*number_tokens(nhs_number, upn_number)}
    if born_on is not None:
        year = str(born_on.year).encode()
        for sound in _sounds(family_name) | _sounds(anyascii(family_name)):
            tokens.add((SURNAME_AND_YEAR, _token(SURNAME_AND_YEAR, sound.encode(), year)))
        day = born_on.isoformat().encode()
        first = [*words(given_name)[:1], *words(anyascii(given_name))[:1]]
        for forename in {*first, *(f"name {head}" for each in first for head in heads(each))}:
            tokens.add((FORENAME_AND_BIRTH, _token(FORENAME_AND_BIRTH, forename.encode(), day)))
    return sorted(tokens)


def number_tokens(nhs_number: str = "", upn_number: str = "") -> Iterator[Token]:
    """Those of the numbers, which take a tenth of a second each."""
    if number := nhs_digits(nhs_number):
        yield NHS, _token(NHS, _slow(NHS, number))
    if number := upn_characters(upn_number):
        yield UPN, _token(UPN, _slow(UPN, number))


def finding_tokens(
    *,
    given_name: str = "",
    family_name: str = "",
    other_names: str = "",
    born_on: date | None = None,
) -> list[Token]:
    """Those by which a person is found by what somebody types, also by a name or a day alone."""
    given, family = parts(given_name)[:MOST_WORDS], parts(family_name)[:MOST_WORDS]
    others = parts(other_names)[:MOST_WORDS]
    whole = ["".join(words(family_name))] if len(words(family_name)) > 1 else []
    called = {*given, *family, *whole, *others}
    tokens = {token for word in called for token in name_tokens(word)}
    pairs = {*product(given[:2], [*family, *whole, *others]), *product(others[:2], family)}
    tokens |= {token for one, other in pairs for token in full_name_tokens([one, other])}
    if born_on is not None:
        tokens.add(birth_token(born_on))
    return sorted(tokens)


def name_tokens(word: str) -> list[Token]:
    """Those of one word of a name, wherever in the name it stands."""
    return [(NAME, _token(NAME, form.encode())) for form in sorted(forms(word))]


def full_name_tokens(called: Iterable[str]) -> list[Token]:
    """Those of any two words of a name, in either order."""
    found = {
        tuple(sorted(pair))
        for one, other in combinations(dict.fromkeys(called), 2)
        for pair in product(forms(one), forms(other))
    }
    return [
        (FULL_NAME, _token(FULL_NAME, one.encode(), other.encode())) for one, other in sorted(found)
    ]


def address_tokens(text: str) -> list[Token]:
    """Those of a home, and of what its neighbours share with it."""
    address = address_in(text)
    return sorted([*home_tokens(address), *place_tokens(address)])


def home_tokens(address: Address) -> list[Token]:
    """Those that only one home has."""
    return [(ADDRESS, _token(ADDRESS, *_encoded(key))) for key in sorted(address.homes)]


def place_tokens(address: Address) -> list[Token]:
    """Those of a postcode and of a building, which are for a search."""
    return [(PLACE, _token(PLACE, *_encoded(key))) for key in sorted(address.places)]


def _encoded(key: Key) -> list[bytes]:
    return [part.encode() for part in key]


def birth_token(day: date) -> Token:
    """That of a day of birth alone."""
    return BIRTH, _token(BIRTH, day.isoformat().encode())


def identifier_warning(kind: str, text: str) -> str | None:
    """Say that a number fails its own check. A warning only: people are known by wrong numbers."""
    if not text.strip():
        return None
    if kind == NHS and not nhs.is_valid(text):
        return _("The NHS number does not look right. Check it; it is kept as it was typed.")
    if kind == UPN and not _is_upn(text):
        return _(
            "The unique pupil number (UPN) does not look right. "
            "Check it; it is kept as it was typed."
        )
    return None


def _is_upn(text: str) -> bool:
    """Form and check letter. Not upn.is_valid: it refuses local authorities made since 2011."""
    number = upn.compact(text)
    try:
        return (
            len(number) == UPN_CHARACTERS
            and number[1:-1].isdecimal()
            and upn.calc_check_digit(number[1:]) == number[0]
        )
    except ValueError:  # a letter that no such number has
        return False


def _token(kind: str, *parts: bytes) -> bytes:
    message = length_prefixed(b"portal match token 1", kind.encode(), *parts)
    return hmac.new(key_provider().token_key(), message, hashlib.sha256).digest()


def _slow(kind: str, number: str) -> bytes:
    # One salt for all, or equal numbers would not meet; it comes from the key, so no table helps.
    salt = _token("salt", kind.encode())
    cost = int(getattr(settings, "TOKEN_SCRYPT_N", 2**14))
    return hashlib.scrypt(
        number.encode(), salt=salt, n=cost, r=8, p=1, maxmem=256 * cost * 8, dklen=32
    )


def nhs_digits(text: str) -> str:
    """The ten digits of an NHS number, or nothing."""
    digits = "".join(str(unicodedata.digit(each)) for each in text if each.isdigit())
    return digits if len(digits) == NHS_DIGITS else ""


def upn_characters(text: str) -> str:
    """The thirteen characters of a unique pupil number, or nothing."""
    kept = "".join(each for each in unicodedata.normalize("NFKC", text).upper() if each.isalnum())
    return kept if len(kept) == UPN_CHARACTERS else ""


def _sounds(surname: str) -> set[str]:
    """How the surname sounds: the whole of it, and each longer part of a double one."""
    each = words(surname)
    longer = {"".join(each), *(part for part in each if len(part) >= SHORTEST_PART)} - {""}
    return {sound for part in longer for sound in sounds_of_word(part)}
