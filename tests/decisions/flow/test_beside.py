"""Beside every question of a decision stands why it is asked, and what the check says (harm 3)."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape

from agreement.choices import Purpose
from decisions.flow import actions as deciding
from requests_app.agency_checks import actions as agency_checks
from requests_app.models import AgencyCheck
from tests import walks
from tests.decisions.filling import BASIS, at, say, text
from tests.decisions.printing.printed import printed
from tests.requests_app.agency_checks.test_putting_checks import filled
from tests.statements import texts

pytestmark = pytest.mark.django_db

CONCERN = "A bruise nobody explains"
CONSENT = "Not sought: Seeking it would put a child or somebody else at risk"
PARENTS = "No: It could put the child at risk"
TOLD = (CONCERN, CONSENT, PARENTS)
# What the request holds and a check never carries: explanations, who asked, and whom else.
NEVER = ("Uncle", "Rex", "Oak School", "Rita", "Invented Street", "Seen today")


def one_line(response):
    return " ".join(text(response).split())


@pytest.fixture
def case(cast):
    return walks.accepted(cast)


@pytest.fixture
def address(case):
    return reverse("requests:put_check", args=[case.pk])


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def as_it_stands(page):
    """What the form sends if nothing of what it begins with is changed."""
    form = page.context["form"]
    return {"concern": form["concern"].value(), "positions": form["positions"].value()}


@pytest.fixture
def check(cast, officer, address):
    """A check that was put with the words that its form begins with."""
    sent = officer.post(address, filled(cast, **as_it_stands(officer.get(address))))
    assert sent.status_code == 302
    return AgencyCheck.objects.get()


@pytest.fixture
def decision(cast, check):
    by = cast.trust_spoc
    agency_checks.take_agency_check(check, by=by)
    walks.listed(check, by, "Attendance in October", special=True)
    return deciding.begin_decision(AgencyCheck.objects.get(), by=by, idempotency_key=uuid4())


@pytest.mark.clause("P-NECESSARY", part=True)
def test_the_front_door_reads_before_it_asks_what_the_agency_will_read(officer, address):
    page = one_line(officer.get(address))
    for words in TOLD:
        assert words in page
    assert "The agency reads exactly what stands here" in page


@pytest.mark.clause("C-CONSENT", "P-NECESSARY", part=True)
def test_beside_every_question_stands_what_the_front_door_let_the_agency_read(
    cast, decision, signed_in
):
    client, pages = signed_in("trust_spoc"), {}
    due = date_format(timezone.localtime(decision.agency_check.due_at), "j F")
    for step, choice in walks.SHARE:
        pages[step] = one_line(client.get(at("step", decision, step)))
        say(client, decision, step, choice)
    for name in ("sharing", "basis", "how", "caldicott", "told"):
        pages[name] = one_line(client.get(at(name, decision)))
    item, check = decision.weighed.get().item_id, decision.agency_check_id
    for name, *keys in (("add_item", check), ("change_item", check, item)):
        pages[name] = one_line(client.get(reverse(f"requests:{name}", args=keys)))
    pages["content"] = one_line(client.get(at("content", decision, item)))
    client.post(
        at("step", decision, "purpose"), {"choice": "no", "reasons": "No", "expected_version": "1"}
    )
    pages["why_not"] = one_line(client.get(at("why_not", decision)))
    for name, page in pages.items():
        purpose = escape(str(Purpose("needs").label))
        for words in (*TOLD, purpose, "Who will read what you share", "Amber", due):
            assert page.count(words) >= 2, (name, words)  # above on a phone, beside elsewhere
        for words in NEVER:
            assert words not in page, (name, words)


def test_a_form_that_comes_back_has_it_beside_it_too(decision, signed_in):
    client = signed_in("trust_spoc")
    wrong = client.post(at("step", decision, "purpose"), {"choice": "yes", "reasons": ""})
    assert wrong.status_code == 422
    assert CONCERN in text(wrong)
    walk = {"choice": "yes", "reasons": "Weighed it"}
    client.post(at("step", decision, "purpose"), walk)
    client.post(at("step", decision, "consent"), walk)
    wrong = client.post(at("basis", decision), BASIS | {"lawful_basis": ""})
    assert wrong.status_code == 422
    assert CONCERN in text(wrong)


@pytest.mark.clause("P-NECESSARY", part=True)
def test_what_the_front_door_cut_or_left_out_reaches_nobody(cast, officer, address, signed_in):
    form = filled(cast, concern="A bruise", positions=["parents_position"])
    assert officer.post(address, form).status_code == 302
    check = AgencyCheck.objects.get()
    assert (check.concern, check.consent_position) == ("A bruise", "")
    client = signed_in("trust_spoc")
    pages = [one_line(client.get(reverse("requests:check", args=[check.pk])))]
    agency_checks.take_agency_check(check, by=cast.trust_spoc)
    walks.listed(check, cast.trust_spoc, "Attendance")
    decision = deciding.begin_decision(
        AgencyCheck.objects.get(), by=cast.trust_spoc, idempotency_key=uuid4()
    )
    pages += [
        one_line(client.get(at("step", decision, "purpose"))),
        one_line(client.get(reverse("requests:check_history", args=[check.pk]))),
        printed(client, "check", check).text,
    ]
    for page in pages:
        assert "A bruise" in page
        assert PARENTS in page
        assert "nobody explains" not in page
        assert "Not sought" not in page
    assert "Not given with this check. Ask Anytown Front Door if you need it." in pages[1]


def test_nothing_at_all_can_be_told(cast, officer, address, signed_in):
    assert officer.post(address, filled(cast, concern="")).status_code == 302
    decision = begun(cast, AgencyCheck.objects.get())
    page = one_line(signed_in("trust_spoc").get(at("step", decision, "purpose")))
    assert "Anytown Front Door says no more than its questions do." in page
    assert "Ask Anytown Front Door before you speak to the family." in page


def begun(cast, check):
    agency_checks.take_agency_check(check, by=cast.trust_spoc)
    walks.listed(check, cast.trust_spoc, "Attendance")
    return deciding.begin_decision(
        AgencyCheck.objects.get(), by=cast.trust_spoc, idempotency_key=uuid4()
    )


@pytest.mark.clause("P-NECESSARY", part=True)
@pytest.mark.parametrize(
    ("concern", "found"),
    [
        ("He says that Rex frightens him", "Rex Risk (Person who may pose a risk): Name"),
        ("Seen at 1 Invented Street, Anytown", "Zed Example (Child or young person): Address"),
        ("NHS number 999 000 0018", "Zed Example (Child or young person): NHS number"),
    ],
)
def test_words_that_give_a_detail_which_is_not_ticked_are_refused(
    concern, found, cast, officer, address
):
    page = officer.post(address, filled(cast, concern=concern))
    assert page.status_code == 422
    assert (
        f"The concern gives a detail of {found}. Tick it for that person, or take it out"
        in one_line(page)
    )
    assert concern in text(page)
    assert not AgencyCheck.objects.exists()


def test_once_it_is_ticked_or_known_by_another_it_may_be_said(cast, officer, address):
    told = "Zed says that Rex frightens him"
    assert officer.post(address, filled(cast, concern=told)).status_code == 422
    form = filled(cast, concern=told, person_2=["name"])
    assert officer.post(address, form).status_code == 302
    assert AgencyCheck.objects.get().concern == told


def test_the_front_door_reads_afterwards_what_it_told(officer, check):
    page = one_line(officer.get(reverse("requests:check_for_desk", args=[check.pk])))
    record = printed(officer, "request", check.case).text
    for read in (page, record):
        assert "What the agency was told" in read
        for words in TOLD:
            assert words in read


def test_an_agency_that_was_not_told_reads_nothing_of_it(cast, officer, address, check, signed_in):
    other = filled(cast, agency=str(cast.agencies["housing"].pk), concern="Noise at night")
    assert officer.post(address, other).status_code == 302
    theirs = AgencyCheck.objects.get(holder=cast.agencies["housing"])
    client = signed_in("housing_spoc")
    page = one_line(client.get(reverse("requests:check", args=[theirs.pk])))
    assert "Noise at night" in page
    for words in TOLD:
        assert words not in page
    assert client.get(reverse("requests:check", args=[check.pk])).status_code == 404


def test_what_is_told_lies_sealed_in_the_check_and_its_history(decision):
    with connection.cursor() as cursor:
        for table in ("requests_app_enquiry", "requests_app_historicalenquiry"):
            cursor.execute(f"SELECT row_to_json(e)::text FROM {table} e")  # noqa: S608
            rows = [row for (row,) in cursor.fetchall()]
            assert rows
            for words in ("bruise", "Not sought", "could put the child"):
                assert not [row for row in rows if words in row]
    put, *_later = AgencyCheck.history.filter(history_change_reason="put")
    assert put.concern == CONCERN


def test_the_check_beside_a_question_costs_two_statements(decision, signed_in):
    client = signed_in("trust_spoc")
    there = at("step", decision, "purpose")
    client.get(there)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(there).status_code == 200
    said = texts(asked)
    assert len([sql for sql in said if 'FROM "requests_app_pause"' in sql]) == 1
    assert not [sql for sql in said if 'FROM "requests_app_consent"' in sql]
    # The child's name above the question (docs/adr/0089), and nobody else's.
    assert len([sql for sql in said if 'FROM "requests_app_subject"' in sql]) == 1
