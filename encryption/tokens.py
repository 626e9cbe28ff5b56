"""Match tokens: find records that may be about the same child without opening any of them.

A token is an HMAC under a key of its own, so it tells nothing without that key. Numbers from a
small range are slow-hashed first, for the day the key is lost too. Names give a token only
together with a birth: a surname alone would gather strangers. A name gives those of how it is
typed and those of its Latin spelling, where that is another one: Łukasz meets Lukasz.
"""

import hashlib
import hmac
import unicodedata
from datetime import date
from typing import Final

from anyascii import anyascii
from django.conf import settings
from django.utils.translation import gettext as _
from metaphone import doublemetaphone
from stdnum.gb import nhs, upn

from encryption.provider import key_provider
from encryption.seal import length_prefixed

NHS: Final = "nhs_number"
UPN: Final = "upn"
SURNAME_AND_YEAR: Final = "surname_and_year"
FORENAME_AND_BIRTH: Final = "forename_and_birth"
NHS_DIGITS: Final = 10
UPN_CHARACTERS: Final = 13
SHORTEST_PART: Final = 4


def match_tokens(
    *,
    given_name: str = "",
    family_name: str = "",
    born_on: date | None = None,
    nhs_number: str = "",
    upn_number: str = "",
) -> list[tuple[str, bytes]]:
    """The tokens of one person, as (kind, 32 bytes); what is not known gives none."""
    tokens = set()
    if number := _nhs_digits(nhs_number):
        tokens.add((NHS, _token(NHS, _slow(NHS, number))))
    if number := _upn_characters(upn_number):
        tokens.add((UPN, _token(UPN, _slow(UPN, number))))
    if born_on is not None:
        year = str(born_on.year).encode()
        for sound in _sounds(family_name) | _sounds(anyascii(family_name)):
            tokens.add((SURNAME_AND_YEAR, _token(SURNAME_AND_YEAR, sound.encode(), year)))
        day = born_on.isoformat().encode()
        for forename in {*_words(given_name)[:1], *_words(anyascii(given_name))[:1]}:
            tokens.add((FORENAME_AND_BIRTH, _token(FORENAME_AND_BIRTH, forename.encode(), day)))
    return sorted(tokens)


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


def _nhs_digits(text: str) -> str:
    digits = "".join(str(unicodedata.digit(each)) for each in text if each.isdigit())
    return digits if len(digits) == NHS_DIGITS else ""


def _upn_characters(text: str) -> str:
    kept = "".join(each for each in unicodedata.normalize("NFKC", text).upper() if each.isalnum())
    return kept if len(kept) == UPN_CHARACTERS else ""


def _words(name: str) -> list[str]:
    """The words of a name without accents, case and punctuation; O'Brien is one word."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(
        each if each.isalpha() else "" if _joins(each) else " "
        for each in unicodedata.normalize("NFKD", plain)
    )
    return kept.split()


def _joins(character: str) -> bool:
    return unicodedata.combining(character) > 0 or character in "'\u2019\u02bc`."


def _sounds(surname: str) -> set[str]:
    """How the surname sounds: the whole of it, and each longer part of a double one."""
    words = _words(surname)
    parts = {"".join(words), *(each for each in words if len(each) >= SHORTEST_PART)} - {""}
    sounds: set[str] = set()
    for part in parts:
        codes = {code for code in doublemetaphone(part) if code}
        # Metaphone knows Latin letters only: a name in another script stands for itself.
        sounds |= {f"sound {code}" for code in codes} or {f"letters {part}"}
    return sounds
