"""Finding a child by what a caller says: by tokens, at this desk alone, noted and never kept."""

import re
from datetime import date, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from audit.models import AccessEntry
from encryption.casekeys import destroy_case_key
from requests_app.asking import actions as asking
from requests_app.details import age_of
from requests_app.models import InformationRequest, MatchToken, Subject
from requests_app.people import actions as people
from requests_app.search import forms, kept
from requests_app.search.selectors import SHOWN
from requests_app.triage import actions as triage
from tests import walks
from tests.house.canaries import Flock, Search

pytestmark = pytest.mark.django_db
FIND = reverse("requests:find")


def text(response):
    return response.content.decode()


def sent(cast, **child):
    return asking.send_request(walks.a_draft(cast, **child), by=cast.requester)


def look(client, typed):
    """The page of results, by the way that a browser goes."""
    return client.post(FIND, {"typed": typed}, follow=True)


def move(case, desk):
    """Have a draft at another front door, which no page can do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE requests_app_informationrequest SET desk_id = %s WHERE id = %s",
            [desk.pk, case.pk],
        )


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def case(cast):
    return sent(
        cast,
        given_name="Wilfred",
        family_name="Weigh-More",
        date_of_birth=date(2013, 9, 2),
        nhs_number="999 000 0026",
        upn="B801200005001",
        other_names="also known as Kowalski",
    )


@pytest.mark.parametrize(
    "typed",
    [
        *("Wilfred Weigh-More", "weighmore wilfred", "Weigh-More", "wilfred", "WILF WEIGHMORE"),
        *("Wylfrid Waymore", "2 September 2013", "02/09/13", "Weighmore 2.9.2013", "Wilf 9/2/2013"),
        *("9990000026", "999 000 0026 Wilf", "b801200005001", "Kowalski", "Wilfred Kowalska"),
        "William Weighmore 2/9/2013",
        # Where not all of it agrees, by what does.
        *("Weighmore 3/9/2014", "Quill 2/9/2013", "999 000 0034 Wilfred Weighmore"),
    ],
)
def test_a_child_is_found(officer, case, typed):
    page = text(look(officer, typed))
    assert case.reference in page
    assert "Wilfred Weigh-More" in page
    assert "born 2 September 2013" in page


@pytest.mark.parametrize(
    "typed",
    ["Quill", "Quill Weighmore", "3/9/2014", "999 000 0034", "R-2222-2222"],
)
def test_nobody_is_found_and_the_page_says_where_it_looked(officer, case, typed):
    page = text(look(officer, typed))
    assert "Nobody was found" in page
    assert case.reference not in page


@pytest.mark.parametrize(
    ("typed", "agrees"),
    [
        ("14 Elm Road", "Address"),
        ("14 elm rd., anytown", "Address"),
        ("14 ab12cd", "Address"),
        ("Weighmore 14 Elm Rd", "Address"),
        ("Quill 14 Elm Rd", "Address"),
        ("AB1 2CD", "Postcode"),
        ("3 AB1 2CD", "Postcode"),
        ("Flat 7, 14 Elm Road", "Building"),
    ],
)
def test_a_home_is_found_however_it_is_written(cast, officer, typed, agrees):
    home = sent(cast, given_name="Wilfred", address="14 Elm Road, Anytown, AB1 2CD")
    sent(cast, given_name="Other", address="12 Ash Lane, Anytown, AB9 9CD")
    page = text(look(officer, typed))
    assert home.reference in page
    assert "Wilfred Example" in page
    assert "Other Example" not in page
    assert f"<li>{agrees}</li>" in page


def test_a_home_that_nobody_has_is_not_found(cast, officer):
    sent(cast, address="14 Elm Road, Anytown, AB1 2CD")
    for typed in ("15 Elm Road", "14 Elm Lane", "AB1 3CD"):
        assert "Nobody was found" in text(look(officer, typed)), typed


def test_by_reference_of_the_request_and_of_a_check(cast, officer):
    check = walks.an_agency_check(cast)
    for reference in (check.case.reference, check.reference.lower(), check.reference[2:].lower()):
        page = text(look(officer, reference if "-" in reference[:2] else f"c{reference}"))
        assert check.case.reference in page
        assert "Zed Example" in page


def test_an_adult_is_found_and_the_child_named(cast, officer):
    case = sent(cast)
    page = text(look(officer, "Rex Risk"))
    assert case.reference in page
    assert "in a request about Zed Example" in page


def test_names_in_other_scripts_meet(cast, officer):
    case = sent(cast, given_name="Олександр", family_name="Ковальчук")
    for typed in ("Aleksandr Kovalchuk", "Ковальчук Олександр", "alexander kovalchuk"):
        assert case.reference in text(look(officer, typed))


def test_what_is_over_is_found_until_it_is_destroyed(cast, officer):
    declined = triage.decline_request(sent(cast), by=cast.officer, reason="No purpose")
    draft = walks.a_draft(cast)
    page = text(look(officer, "Zed Example"))
    assert declined.reference in page
    assert "Declined" in page
    assert draft.reference not in page
    destroy_case_key(declined.pk)
    for typed in ("Zed Example", declined.reference, "27/3/2015"):
        page = text(look(officer, typed))
        assert reverse("requests:triage_case", args=[declined.pk]) not in page
        assert "Nobody was found" in page


def test_whoever_was_taken_out_or_renamed_is_found_by_it_no_more(cast, officer):
    case = walks.a_draft(cast)
    child = case.subjects.get(role="child")
    people.change_subject(child, by=cast.requester, details={"family_name": "Quux"})
    people.remove_subject(case.subjects.get(role="risk"), by=cast.requester)
    case = asking.send_request(InformationRequest.objects.get(pk=case.pk), by=cast.requester)
    assert case.reference in text(look(officer, "Quux"))
    for typed in ("Zed Example", "Rex Risk"):
        assert "Nobody was found" in text(look(officer, typed))


def test_the_search_is_noted_by_its_kind_and_each_request_that_is_shown(cast, officer, case):
    sent(cast)
    look(officer, "Weighmore 2/9/13")
    me = str(cast.users["officer"].pk)
    note = AccessEntry.objects.get(kind="searched", person=me)
    assert note.may == "triage_request:name+birth:1"
    assert (note.thing, note.thing_id) == ("agencies.agency", str(cast.agencies["front_door"].pk))
    opened = AccessEntry.objects.filter(kind="opened", person=me)
    assert [each.case_id for each in opened] == [case.pk]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("R-2222-2222", "reference:0"), ("9990000018", "number:0"), ("2/9/1999", "birth:0")],
)
def test_a_search_that_finds_nothing_is_noted_too(officer, cast, typed, kind):
    look(officer, typed)
    assert AccessEntry.objects.get(kind="searched").may == f"triage_request:{kind}"


def test_back_and_reload_ask_again_and_show_what_is_so_now(cast, officer, case):
    there = officer.post(FIND, {"typed": "Weighmore"})
    assert there.status_code == 302
    assert "eigh" not in there.url
    assert case.reference in text(officer.get(there.url))
    other = sent(cast, given_name="Wanda", family_name="Weighmore")
    page = text(officer.get(there.url))
    assert case.reference in page
    assert other.reference in page
    assert 'value="Weighmore"' in page
    assert AccessEntry.objects.filter(kind="searched").count() == 2


def test_a_search_ends_and_is_nobody_elses(cast, officer, case, signed_in, monkeypatch):
    there = officer.post(FIND, {"typed": "Weighmore"}).url
    for client in (signed_in("officer2"), officer):
        if client is officer:
            monkeypatch.setattr(kept.time, "time", lambda real=kept.time.time: real() + 901)
        page = client.get(there, follow=True)
        assert page.redirect_chain == [(FIND, 302)]
        assert "That search has ended" in text(page)
        assert case.reference not in text(page)


@pytest.mark.parametrize("key", ["", "x", "A" * 44, "ÿ", None])
def test_without_the_browsers_key_a_search_has_ended(officer, case, key):
    there = officer.post(FIND, {"typed": "Weighmore"}).url
    if key is None:
        del officer.cookies[kept.COOKIE]
    else:
        officer.cookies[kept.COOKIE] = key
    assert officer.get(there).status_code == 302
    assert officer.post(FIND, {"typed": "Weighmore"}).status_code == 302


def test_the_session_holds_nothing_that_can_be_read(officer):
    officer.post(FIND, {"typed": "Weighmore"})
    cookie = officer.cookies[kept.COOKIE]
    assert (cookie["httponly"], cookie["path"], cookie["max-age"]) == (True, FIND, 900)
    assert "eigh" not in repr(officer.session.items())


def test_only_the_last_few_searches_are_kept(officer):
    first, *_others, last = [officer.post(FIND, {"typed": "Weighmore"}).url for _ in range(6)]
    assert officer.get(first).status_code == 302
    assert officer.get(last).status_code == 200


def test_nobody_else_searches(cast, signed_in, case):
    for name in ("requester", "school_spoc", "trust_spoc", "police_partner", "desk_lead"):
        client = signed_in(name)
        assert client.get(FIND).status_code == 404
        assert client.post(FIND, {"typed": "Weighmore"}).status_code == 404
        assert client.get(reverse("requests:found", args=[uuid4()])).status_code == 404
        assert "Find a child" not in text(client.get("/"))
    assert not AccessEntry.objects.filter(kind="searched").exists()


def test_requests_of_another_front_door_are_neither_found_nor_counted(cast, officer, case):
    for _ in range(3):
        draft = walks.a_draft(cast, given_name="Wilfred", family_name="Weighmore")
        move(draft, cast.agencies["housing"])
        draft = InformationRequest.objects.get(pk=draft.pk)
        elsewhere = asking.send_request(draft, by=cast.requester)
        page = text(look(officer, "Wilfred Weighmore"))
        assert elsewhere.reference not in page
        assert page.count("portal-reference") == 1
    assert AccessEntry.objects.filter(kind="searched").first().may.endswith(":1")
    assert not AccessEntry.objects.filter(case_id=elsewhere.pk, person=cast.users["officer"].pk)


def test_a_get_takes_no_words_and_a_post_needs_the_token(cast, officer, case, client):
    assert "Weighmore" not in text(officer.get(FIND, {"typed": "Weighmore"}))
    assert officer.post(reverse("requests:found", args=[uuid4()])).status_code == 405
    officer.handler.enforce_csrf_checks = True
    assert officer.post(FIND, {"typed": "Weighmore"}).status_code == 403
    assert not AccessEntry.objects.filter(kind="searched").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter a name, a date of birth"),
        ("x", "at least 2 letters"),
        ("y" * 10_000, "must be 100 characters or less"),
        ("%%%", "signs such as"),
        ("a\x00b", "cannot be kept"),
        ("\ud800", "Type a name"),
        ("\x01\x02\x7f", "Enter a name"),
        ("31/02/2016", "must be a real date"),
        ("' OR 1=1 --", "Check the number"),
    ],
)
def test_bad_input_gets_a_clear_answer(officer, typed, said):
    body = f"typed={quote(typed, errors='surrogatepass')}"
    page = officer.post(FIND, body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 422
    assert said in text(page)


def test_sql_and_marks_that_turn_text_are_only_words(officer, case):
    for typed in ("Weighmore'; DROP TABLE x; --", "\u202eWeighmore", "Weigh\u00admore"):
        assert look(officer, typed).status_code == 200
    assert Subject.objects.filter(case=case).exists()


def test_sixty_searches_in_ten_minutes_are_enough(officer, case, monkeypatch):
    monkeypatch.setattr(forms, "SEARCHES", forms.Limit("searches in this test", 2, 600))
    for _ in range(2):
        assert case.reference in text(look(officer, "Weighmore"))
    page = look(officer, "Weighmore")
    assert page.status_code == 422
    assert "You have searched 2 times in 10 minutes" in text(page)
    assert case.reference not in text(page)


def test_more_than_the_page_holds_is_said(cast, officer, monkeypatch):
    for _ in range(3):
        sent(cast)
    monkeypatch.setattr("requests_app.search.selectors.SHOWN", 2)
    page = text(look(officer, "Example"))
    assert page.count("portal-reference") == 2
    assert f"More than {SHOWN} requests were found" in page
    assert "add a date of birth" in page


def test_the_closest_come_first(cast, officer):
    near = sent(cast, given_name="Jon", family_name="Smyth", nhs_number="")
    exact = sent(cast, given_name="John", family_name="Smith", nhs_number="")
    page = text(look(officer, "John Smith"))
    assert page.index(exact.reference) < page.index(near.reference)
    assert "Another form of the name" in page or "Name sounds alike" in page


def test_as_many_statements_for_eleven_as_for_one(cast, officer, flat):
    flat(lambda: look(officer, "Example"), add=lambda: sent(cast))


def test_what_is_typed_stands_nowhere(cast, officer, case, caplog):
    flock = Flock()
    flock.words.add(mark := flock.mark.partition("canary-")[2])
    name = f"{mark} Weighmore"
    there = officer.post(FIND, {"typed": name})
    assert mark in text(officer.get(there.url))
    search = Search(flock)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label != "encryption":
            rows = list(model._base_manager.values_list())
            assert not search.found(repr(rows).encode()), model
    assert not search.found(there.url.encode())
    assert not search.found(caplog.text.encode())
    assert search.found(text(officer.get(there.url)).encode())


def test_a_title_and_an_address_say_nothing(officer, case):
    page = look(officer, "Weighmore")
    title = text(page).partition("<title>")[2].partition("</title>")[0]
    assert "eigh" not in title
    assert page.headers["Cache-Control"] == "no-store"
    assert all("eigh" not in url for url, _status in page.redirect_chain)


def test_tokens_of_a_name_and_a_day_are_digests(case):
    kinds = set(MatchToken.objects.filter(case=case).values_list("kind", flat=True))
    assert {"name", "full_name", "birth"} < kinds
    for each in MatchToken.objects.filter(case=case):
        assert len(bytes(each.token)) == 32


def test_the_box_on_another_page_posts_the_same(cast, officer, case, rf):
    asked = rf.get("/")
    box = render_to_string("requests_app/triage/search.html", {}, asked)
    assert f'action="{FIND}"' in box
    assert 'method="post"' in box
    assert "csrfmiddlewaretoken" in box
    (name,) = re.findall(r'<input class="[^"]*"[^>]*name="([a-z]+)"', box)
    page = officer.post(FIND, {name: "Weighmore"}, follow=True)
    assert case.reference in text(page)


def test_a_lead_reads_how_often_somebody_searched(cast, officer, signed_in, case):
    look(officer, "Weighmore")
    today = timezone.localdate()
    asked = {"email": cast.users["officer"].email}
    for name in ("since", "until"):
        asked |= {
            f"{name}_day": today.day,
            f"{name}_month": today.month,
            f"{name}_year": today.year,
        }
    page = text(signed_in("desk_lead").get(reverse("decisions:seen"), asked))
    assert "Search for a person" in page
    assert "eigh" not in page


def test_ages():
    today = timezone.localdate()
    assert age_of(None) == ""
    assert age_of(today - timedelta(days=30)) == "under 1"
    assert age_of(today.replace(year=today.year - 9)) == "9"
    assert age_of(today.replace(year=today.year - 9) + timedelta(days=1)) == "8"
