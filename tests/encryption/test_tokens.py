"""Match tokens: equal for the same child however typed, and nothing without the key."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb.upn import calc_check_digit

from encryption import tokens as room
from encryption.provider import create_keyring_file, forget_keyring, key_provider
from encryption.tokens import identifier_warning, match_tokens

BORN = date(2015, 2, 28)


def kinds(**known: Any) -> list[str]:
    return sorted(kind for kind, _ in match_tokens(**known))


def meet(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {kind for kind, _ in set(match_tokens(**one)) & set(match_tokens(**other))}


def test_what_is_not_known_gives_no_token() -> None:
    assert match_tokens() == []
    assert kinds(family_name="Sampleperson") == []
    assert kinds(given_name="Zebedee", family_name="Sampleperson") == []
    assert kinds(born_on=BORN) == []
    assert kinds(family_name="Sampleperson", born_on=BORN)[0] == "surname_and_year"
    assert kinds(given_name="Zebedee", born_on=BORN) == ["forename_and_birth"]
    assert kinds(nhs_number="999 000 0018") == ["nhs_number"]
    assert kinds(upn_number="A123456789012") == ["upn"]


@pytest.mark.parametrize("number", ["", " ", "99900", "999 000 00188", "unknown"])
def test_what_is_no_number_gives_no_token(number: str) -> None:
    assert match_tokens(nhs_number=number, upn_number=number) == []


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("nhs_number", "999 000 0018", "999-000-0018"),
        ("nhs_number", "9990000018", "９９９ ０００ ００１８"),
        ("upn_number", "a123456789012", "A 1234 5678 9012"),
        ("family_name", "O'Brien", "obrien"),
        ("family_name", "O\u2019Brien", "O'BRIEN"),
        ("family_name", "Müller", "MULLER"),
        ("family_name", "Smyth", "Smith"),
        ("family_name", "Catherine", "Katherine"),
        ("family_name", "Sample-Testcase", "Testcase"),
        ("family_name", "Sample Testcase", "Sample-Testcase"),
        ("family_name", "Ковальчук", "КОВАЛЬЧУК"),
        ("family_name", "李", "李"),
        ("family_name", "Łukasz", "Lukasz"),
        ("family_name", "Ковальчук", "Kovalchuk"),
        ("family_name", "سلمان", "Slman"),
        ("given_name", "Zoë", "zoe"),
        ("given_name", "Łukasz", "Lukasz"),
        ("given_name", "Сергей", "Sergey"),
        ("given_name", "سلمان", "سلمان"),
        ("given_name", "Zebedee Marmaduke", "ZEBEDEE"),
    ],
)
def test_the_same_however_typed(name: str, one: str, other: str) -> None:
    assert meet({name: one, "born_on": BORN}, {name: other, "born_on": BORN})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"family_name": "Smith"}, {"family_name": "Jones"}),
        ({"family_name": "Smith"}, {"family_name": "Smith", "born_on": date(2014, 2, 28)}),
        ({"given_name": "Zebedee"}, {"given_name": "Zebedee", "born_on": date(2015, 3, 1)}),
        ({"given_name": "Zebedee"}, {"family_name": "Zebedee"}),
        ({"nhs_number": "9990000018"}, {"nhs_number": "9990000026"}),
        ({"nhs_number": "9990000018"}, {"upn_number": "9990000018000"}),
        ({"family_name": "李"}, {"family_name": "王"}),
    ],
)
def test_different_people_do_not_meet(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert meet({"born_on": BORN} | one, {"born_on": BORN} | other) == set()


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_name_is_an_answer(given_name: str, family_name: str) -> None:
    found = match_tokens(given_name=given_name, family_name=family_name, born_on=BORN)
    assert all(len(token) == 32 for _, token in found)
    assert found == match_tokens(given_name=given_name, family_name=family_name, born_on=BORN)


def test_tokens_depend_on_the_key_and_numbers_on_the_slow_hash(
    tmp_path: Any, settings: Any
) -> None:
    known = {"family_name": "Smith", "born_on": BORN, "nhs_number": "9990000018"}
    before = match_tokens(**known)
    settings.TOKEN_SCRYPT_N = 32
    assert {kind for kind, _ in set(before) & set(match_tokens(**known))} == {"surname_and_year"}
    settings.KEYRING_FILE = tmp_path / "ring.json"
    create_keyring_file(settings.KEYRING_FILE)
    assert set(before).isdisjoint(match_tokens(**known))
    forget_keyring()
    assert key_provider()


def test_the_stock_cost_works(settings: Any) -> None:
    """Sixteen megabytes a number, where nothing else is set."""
    del settings.TOKEN_SCRYPT_N
    stock = room._slow("nhs_number", "9990000018")
    assert len(stock) == 32
    settings.TOKEN_SCRYPT_N = 2**14
    assert room._slow("nhs_number", "9990000018") == stock


@pytest.mark.parametrize(
    ("kind", "text", "warned"),
    [
        ("nhs_number", "999 000 0018", False),
        ("nhs_number", "999 000 0019", True),
        ("nhs_number", "999", True),
        ("nhs_number", "words", True),
        ("nhs_number", "", False),
        ("upn", "X80120000182A", True),
        ("upn", "B801200005001", False),
        ("upn", "b801 2000 05001", False),
        ("upn", "A801200005001", True),
        ("upn", "B80120000500O", True),
        ("upn", "B801", True),
        ("upn", " ", False),
        ("upn", f"{calc_check_digit('838200005001')}838200005001", False),  # Dorset, since 2019
        ("other", "anything", False),
    ],
)
def test_a_wrong_number_is_a_warning(kind: str, text: str, warned: bool) -> None:
    warning = identifier_warning(kind, text)
    assert (warning is not None) == warned
    if warning:
        assert "it is kept as it was typed" in warning
        assert text not in warning or not text
