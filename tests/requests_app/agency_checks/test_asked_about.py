"""An answer is about those who were asked about, and says so wherever it is read (harm 1)."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from requests_app.agency_checks import actions as agency_checks
from requests_app.models import InformationRequest
from requests_app.people import actions as people
from requests_app.release import actions as releasing
from tests import walks
from tests.decisions.printing.printed import printed
from tests.statements import texts

pytestmark = pytest.mark.django_db

FALSE = "Nobody in the request is known"
SEARCHED = "All the tenancies since 2015"
ASKED = "Zed Example (Child or young person)"
NOT_ASKED = ("Wanda Weighmore (Child or young person)", "Mona Mother (Connected person)")
NAMES = ("Zed Example", "Wanda", "Weighmore", "Mona", "Rex")


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def check(cast):
    """A request about two children and a mother; of one child only an agency was asked."""
    draft, by = walks.a_draft(cast), cast.requester
    for role, given, family in (
        ("child", "Wanda", "Weighmore"),
        ("connected", "Mona", "Mother"),
    ):
        details = {"given_name": given, "family_name": family}
        people.add_subject(draft, by=by, idempotency_key=uuid4(), role=role, details=details)
    case = walks.accepted(cast, InformationRequest.objects.get(pk=draft.pk))
    child = next(each for each in case.subjects.all() if each.given_name == "Zed")
    agency_check = agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies["housing"],
        shown={str(child.pk): ["name", "date_of_birth"]},
        questions=[("Any arrears?", "To see who lives there")],
    )
    return agency_checks.answer_not_known(agency_check, by=cast.housing_spoc, searched=SEARCHED)


@pytest.fixture
def package(cast, check):
    return releasing.release_information(
        check.case,
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=[check],
        recipients=[cast.users["requester"], cast.users["classmate"]],
    )


def there(package):
    return reverse("requests:released", args=[package.pk])


def test_the_requester_reads_of_whom_an_agency_knows_nothing(signed_in, package):
    page = text(signed_in("requester").get(there(package)))
    assert FALSE not in page
    assert "This agency searched and does not know the people that it was asked about." in page
    assert "It says nothing about anybody else." in page
    asked, not_asked = page.split("Not asked about")
    assert f"{ASKED}. Details given: Name; Date of birth" in asked
    for who in NOT_ASKED:
        assert who not in asked
        assert who in not_asked
    assert SEARCHED in not_asked


def test_their_print_says_the_same(signed_in, package):
    record = printed(signed_in("requester"), "released", package).text
    assert FALSE not in record
    assert f"Asked about {ASKED}. Details given: Name; Date of birth" in record
    assert f"Not asked about {NOT_ASKED[0]}" in record
    assert f"What was searched {SEARCHED}" in record


def test_a_colleague_who_is_named_reads_initials_and_no_name(signed_in, package):
    """Nothing but the request itself names its people, and that is not in their reach."""
    client = signed_in("classmate")
    for page in (text(client.get(there(package))), printed(client, "released", package).text):
        assert "Z.E. (Child or young person). Details given: Name; Date of birth" in page
        assert "W.W. (Child or young person)" in page
        assert "M.M. (Connected person)" in page
        for name in NAMES:
            assert name not in page


def test_an_answer_that_is_not_nil_says_of_whom_it_is_too(cast, signed_in):
    case = walks.released(cast)
    page = text(signed_in("requester").get(there(case.releases.get())))
    assert page.count("Asked about") == page.count("Not asked about") == 2
    assert page.count("Rex Risk (Person who may pose a risk)") == 2
    assert "What was searched" not in page


def test_the_front_door_reads_it_on_each_of_its_pages(signed_in, check):
    officer = signed_in("officer")
    one = text(officer.get(reverse("requests:check_for_desk", args=[check.pk])))
    assert f"{ASKED}. Details given: Name; Date of birth" in one
    assert SEARCHED in one
    briefly = (f"Asked about: {ASKED}", "Not asked about: ", *NOT_ASKED)
    case = text(officer.get(reverse("requests:triage_case", args=[check.case_id])))
    release = text(officer.get(reverse("requests:release", args=[check.case_id])))
    for words in briefly:
        assert words in case
        assert words in release
    record = printed(officer, "request", check.case).text
    assert f"Asked about {ASKED}. Details given: Name; Date of birth" in record
    assert f"What was searched {SEARCHED}" in record


def test_whoever_opened_the_case_reads_it_too(cast, signed_in, check):
    opening = walks.opened(cast, check.case)
    page = text(signed_in("police_partner").get(reverse("decisions:opened", args=[opening.pk])))
    assert f"{ASKED}. Details given: Name; Date of birth" in page
    assert NOT_ASKED[0] in page.split("Not asked about")[1]
    assert SEARCHED in page


def test_the_agency_never_learns_whom_it_was_not_asked_about(signed_in, check):
    client = signed_in("housing_spoc")
    pages = [
        text(client.get(reverse("requests:check", args=[check.pk]))),
        text(client.get(reverse("requests:check_history", args=[check.pk]))),
        printed(client, "check", check).text,
    ]
    for page in pages:
        assert SEARCHED in page
        assert "ot asked about" not in page
        for name in ("Wanda", "Mona", "Rex", "W.W.", "M.M."):
            assert name not in page


def test_the_field_says_who_will_read_what_was_searched(cast, signed_in):
    check = walks.an_agency_check(cast, "housing")
    page = text(signed_in("housing_spoc").get(reverse("requests:not_known", args=[check.pk])))
    assert "The front door and the requester read this, with whom you were asked about." in page


def test_what_was_searched_lies_sealed_and_no_email_says_it(signed_in, package, mailoutbox):
    signed_in("requester").get(there(package))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM requests_app_enquiry e")
        rows = [row for (row,) in cursor.fetchall()]
        cursor.execute("SELECT row_to_json(m)::text FROM outbox_message m")
        rows += [row for (row,) in cursor.fetchall()]
    for words in (*NAMES, "tenancies"):
        assert not [row for row in rows if words in row]
        assert not [mail for mail in mailoutbox if words in mail.subject + mail.body]


@pytest.mark.parametrize("who", ["requester", "classmate"])
def test_all_the_people_come_in_one_statement(who, signed_in, package):
    client = signed_in(who)
    with CaptureQueriesContext(connection) as read:
        assert client.get(there(package)).status_code == 200
    of_people = [sql for sql in texts(read) if 'FROM "requests_app_subject"' in sql]
    assert len(of_people) == 1
