"""More about a person: who reads it, in which words, and who does not."""

from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from requests_app.asking import actions as asking
from requests_app.choices import DETAILS
from requests_app.identities import named_in
from requests_app.models import AgencyCheck, InformationRequest, Subject
from requests_app.people import actions as people
from tests import walks
from tests.decisions.filling import text
from tests.decisions.printing.printed import printed
from tests.requests_app.agency_checks.test_putting_checks import filled
from tests.requests_app.people.test_particulars import ADULT, MORE, MOTHER, READ, one_line
from workflow.rls_session import rls_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    """A request that passed triage, with more about its child and about her mother."""
    case = walks.a_draft(cast, **MORE)
    people.add_subject(
        case, by=cast.requester, idempotency_key=uuid4(), role="connected", details=MOTHER | ADULT
    )
    return walks.accepted(cast, case)


def rows(page):
    """Every row of question and answer on a page."""
    return {str(row["key"]): row["value"] for group in page for row in group.rows}


@pytest.mark.clause("ISA-10", part=True)
def test_the_front_door_reads_it_at_triage_and_on_the_print(case, signed_in):
    officer = signed_in("officer")
    page = officer.get(reverse("requests:triage_case", args=[case.pk]))
    read = one_line(page)
    record = printed(officer, "request", case).text
    for key, value in (READ | {"Parental responsibility": "Yes"}).items():
        for where in (read, record):
            assert key in where
            assert value in where
    assert "roma" not in rows(page.context["said"]["people"]).values()


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def address(case):
    return reverse("requests:put_check", args=[case.pk])


@pytest.mark.clause("ISA-10", part=True)
def test_where_an_interpreter_is_needed_it_is_ticked_at_first_and_nothing_else_is(officer, address):
    form = officer.get(address).context["form"]
    assert form["person_1"].initial == ["name", "date_of_birth", "first_language", "interpreter"]
    assert form["person_2"].initial == []
    offered = dict(form.fields["person_1"].choices)
    assert {"sex", "ethnicity", "school", "gp_practice", "disability"} <= offered.keys()
    assert "education" not in offered


@pytest.mark.clause("P-NECESSARY", "ISA-10", part=True)
@pytest.mark.parametrize("ticked", [[], ["school", "interpreter"], ["ethnicity"]])
def test_only_what_is_ticked_reaches_the_agency(ticked, case, cast, officer, address, signed_in):
    codes = ["name", *ticked]
    assert officer.post(address, filled(cast, person_1=codes)).status_code == 302
    check = AgencyCheck.objects.get()
    agency = signed_in("trust_spoc")
    page = one_line(agency.get(reverse("requests:check", args=[check.pk])))
    record = printed(agency, "check", check).text
    told = {str(DETAILS[code]) for code in ticked}
    for where in (page, record):
        for key, value in READ.items():
            assert (key in where) is (key in told), key
            if value not in ("Yes", "No"):
                assert (value in where) is (key in told), value
        assert "Parental responsibility" not in where
    # Of the others the database shows it not even the row.
    with rls_session(cast.trust_spoc):
        assert [person.role for person in Subject.objects.all()] == ["child"]
    # And of the check's versions the agency reads the kinds of detail, not what they say.
    past = one_line(agency.get(reverse("requests:check_history", args=[check.pk])))
    assert all(key in past for key in told)
    assert "Brookside" not in past


@pytest.mark.clause("P-NECESSARY", part=True)
@pytest.mark.parametrize(
    ("concern", "found"),
    [
        ("She came late to Brookside Invented Primary.", "School, nursery or college"),
        ("The makebelieve surgery wrote", ""),
        ("Makebelieve Surgery wrote", "GP practice"),
        ("A female child who speaks Polish", ""),
    ],
)
def test_a_school_names_a_child_and_a_sex_does_not(concern, found, cast, officer, address):
    page = officer.post(address, filled(cast, concern=concern))
    assert page.status_code == (422 if found else 302)
    if found:
        assert (
            f"The concern gives a detail of Zed Example (Child or young person): {found}"
            in one_line(page)
        )
        ticked = ["name", "school", "gp_practice"]
        again = officer.post(address, filled(cast, concern=concern, person_1=ticked))
        assert again.status_code == 302


def test_a_school_that_is_ticked_for_a_brother_may_be_said(cast, officer):
    case = walks.a_draft(cast, school="Brookside Invented Primary")
    sister = {"given_name": "Una", "school": "Brookside Invented Primary"}
    people.add_subject(
        case, by=cast.requester, idempotency_key=uuid4(), role="child", details=sister
    )
    address = reverse("requests:put_check", args=[walks.accepted(cast, case).pk])
    concern = "Both are at Brookside Invented Primary"
    for ticked, answer in ((["name"], 422), (["name", "school"], 302)):
        both = {"person_1": ticked, "person_2": ["name"]}
        assert officer.post(address, filled(cast, concern=concern, **both)).status_code == answer


@pytest.mark.parametrize(
    ("place", "words", "found"),
    [
        ("Oak School", "She is at Oak School now", True),
        ("Oak School", "She is at OAK SCHOOL", True),
        ("Oak School", "She soaked School books", False),
        ("Not known", "It is not known who came", False),
        ("St Ann's Invented Primary", "at st ann's invented  primary", True),
        ("a", "a", False),
        ("  ", "anything", False),
        ("C++ (Nursery)", "at C++ (Nursery)", True),
        ("St Mary\u2019s School", "She is at St Mary's School", True),
        ("St. Mary's", "She is at St Marys", True),
        ("St Marys", "She is at St. Mary\u2019s", True),
        ("St Mary", "Stella Mary-Ann", False),
        ("GP", "Has the GP seen her?", False),
        ("unknown", "Unknown man seen outside", False),
        ("None", "None of the family came", False),
        ("Home", "Home visit refused", False),
        ("N/A", "N/A", False),
        ("...", "...", False),
    ],
)
def test_what_counts_as_the_name_of_a_place(place, words, found):
    assert named_in(words, [{"school": place}]) == ({"school"} if found else set())


@pytest.mark.clause("P-RECORD", part=True)
def test_what_was_taken_away_is_in_the_versions_too(cast, signed_in):
    case = walks.sent(cast, walks.a_draft(cast, **MORE))
    child = case.subjects.get(role="child")
    officer = signed_in("officer")
    asked = {"question_1": "Which school?", "idempotency_key": str(uuid4())}
    officer.post(reverse("requests:triage_return", args=[case.pk]), asked)
    nothing = dict.fromkeys([*MORE, "address"], "")
    people.change_subject(child, by=cast.requester, details=nothing)
    asking.answer_clarification(case.clarifications.get(), by=cast.requester, answer="Not so")
    asking.send_request(InformationRequest.objects.get(pk=case.pk), by=cast.requester)
    page = officer.get(reverse("requests:person_history", args=[case.pk, child.pk]))
    lines = {str(line.key): line for line in page.context["history"].lines}
    for key, value in {**READ, "Address": "1 Invented Street, Anytown"}.items():
        assert (lines[key].old, lines[key].new, lines[key].said) == (value, "", "Removed")


@pytest.mark.clause("P-RECORD", part=True)
def test_a_change_is_in_the_versions_in_words(cast, signed_in):
    case = walks.a_draft(cast, given_name="Zoe")
    child = case.subjects.get(role="child")
    people.change_subject(child, by=cast.requester, details={"given_name": "Zed"})
    case = walks.sent(cast, case)
    officer = signed_in("officer")
    address = reverse("requests:person_history", args=[case.pk, child.pk])
    page = officer.get(address)
    assert [version.number for version in page.context["history"].versions] == [2]
    assert "Zoe" not in text(page)  # what stood in the draft is the requester's own
    back = reverse("requests:triage_return", args=[case.pk])
    asked = {"question_1": "Which school?", "idempotency_key": str(uuid4())}
    assert officer.post(back, asked).status_code == 302
    [question] = case.clarifications.all()
    child.refresh_from_db()
    people.change_subject(child, by=cast.requester, details=MORE)
    asking.answer_clarification(question, by=cast.requester, answer="See there")
    asking.send_request(InformationRequest.objects.get(pk=case.pk), by=cast.requester)
    lines = {str(line.key): line for line in officer.get(address).context["history"].lines}
    for key, value in READ.items():
        assert (lines[key].old, lines[key].new, lines[key].said) == ("", value, "Added")
    assert lines["Last name"].said == ""
    assert address in text(officer.get(reverse("requests:triage_case", args=[case.pk])))
    for who in ("requester", "school_spoc", "trust_spoc", "police_partner", "administrator"):
        assert signed_in(who).get(address).status_code == 404


def test_it_lies_sealed_in_the_row_and_its_history(case):
    with connection.cursor() as cursor:
        for table in ("requests_app_subject", "requests_app_historicalsubject"):
            cursor.execute(f"SELECT row_to_json(e)::text FROM {table} e")  # noqa: S608
            found = [row for (row,) in cursor.fetchall()]
            assert found
            for words in ("female", "roma", "Polish", "Brookside", "setting", "unknown"):
                assert not [row for row in found if words in row]
