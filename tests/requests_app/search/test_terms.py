"""What is understood of what somebody types to find a person."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from requests_app.search.terms import terms_of

BORN = date(2016, 3, 27)


@pytest.mark.parametrize(
    "typed",
    [
        *("27/3/2016", "27.03.2016", "27-03-16", "27 3 16", "27/03/16", "27032016", "270316"),
        *("2016-03-27", "27 March 2016", "27th Mar 2016", "27 of march 2016", "March 27, 2016"),
        *("27Mar16", "dob 27/3/2016", "born on 27 March 2016", "２７／３／２０１６", "٢٧/٣/٢٠١٦"),
        *("27–3–2016", " 27 / 3 / 2016 ", "27 MAR. 2016"),
    ],
)
def test_a_date_in_any_common_writing(typed):
    terms = terms_of(typed)
    assert (terms.born_on, terms.words, terms.kinds) == (BORN, (), "birth")


@pytest.mark.parametrize(
    ("typed", "year"),
    [("1/2/26", 2026), ("1/2/27", 1927), ("1/2/00", 2000), ("1/2/99", 1999), ("1/2/1985", 1985)],
)
def test_two_figures_of_a_year_are_in_the_past(typed, year):
    assert terms_of(typed).born_on == date(year, 2, 1)


def test_the_last_of_two_years_is_the_one_that_has_been():
    assert terms_of("29/11/26").born_on == date(2026, 11, 29)
    assert terms_of("31/12/26").born_on == date(1926, 12, 31)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Zed Example", ("zed", "example")),
        ("EXAMPLE, Zed", ("example", "zed")),
        ("O'Brien", ("obrien",)),
        ("Example-Sample", ("example", "sample")),
        ("Zoë", ("zoe",)),
        ("J Sample", ("sample",)),
        ("李", ("李",)),
        ("Ковальчук", ("ковальчук",)),
        ("van der Berg", ("berg",)),
        ("al", ("al",)),
        ("'; DROP TABLE users; --", ("drop", "table", "users")),
        ("Sample\tZed", ("sample", "zed")),
        ("Zed Zed Zed", ("zed",)),
    ],
)
def test_a_name(typed, words):
    terms = terms_of(typed)
    assert terms.words == words
    assert terms.kinds == "name"


def test_a_name_with_a_date_and_numbers():
    terms = terms_of("Example 27/3/2016 Zed")
    assert (terms.words, terms.born_on) == (("example", "zed"), BORN)
    assert terms.kinds == "name+birth"
    assert terms_of("999 000 0018").nhs_number == "999 000 0018"
    assert terms_of("NHS no: 9990000018").kinds == "number"
    assert terms_of("9990000018 Zed").words == ("zed",)
    assert terms_of("b801 2000 05001").upn == "b801 2000 05001"
    assert terms_of("B80120000500A Zed 27/3/16") == terms_of("Zed 27 Mar 2016 B80120000500A")


@pytest.mark.parametrize("typed", ["R-7KQ4-M2XV", "r7kq4m2xv", " R 7KQ4 M2XV ", "r-7kq4–m2xv"])
def test_a_reference(typed):
    assert terms_of(typed).reference == "R-7KQ4-M2XV"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a", "at least 2 letters"),
        ("A. B.", "at least 2 letters"),
        ("%", "signs such as"),
        ("Exam*", "signs such as"),
        ("E_ample", "signs such as"),
        ("...", "Type a name"),
        ("😀", "Type a name"),
        ("' -- ;", "Type a name"),
        ("12345", "Check the number"),
        ("99900000189", "Check the number"),
        ("999000001", "Check the number"),
        ("1 OR 1=1", "Check the number"),
        ("12 Invented", "an address needs its road"),
        ("31/2/2016", "must be a real date"),
        ("0/1/2016", "must be a real date"),
        ("1/2/1850", "must be a real date"),
        ("1/1/2036", "today or in the past"),
        ("9" * 100, "Check the number"),
    ],
)
def test_what_says_nothing_is_told_what_to_do(typed, said):
    with pytest.raises(ValidationError, match=said):
        terms_of(typed)


@pytest.mark.parametrize(
    ("typed", "words", "kinds"),
    [
        ("12 Invented Street", (), "address"),
        ("Flat 2, 12 Invented St, Anytown", (), "address"),
        ("AB1 2CD", (), "address"),
        ("12 ab12cd", (), "address"),
        ("Zed Example 12 Invented Road", ("zed", "example"), "name+address"),
        ("Example, AB1 2CD", ("example",), "name+address"),
        ("27/3/2016 12 Invented Road", (), "birth+address"),
    ],
)
def test_an_address(typed, words, kinds):
    terms = terms_of(typed)
    assert (terms.words, terms.kinds) == (words, kinds)


def test_a_day_is_looked_for_the_other_way_round_too():
    assert [each.isoformat() for each in terms_of("3/4/2016").days] == ["2016-04-03", "2016-03-04"]
    assert list(terms_of("27/3/2016").days) == [BORN]
