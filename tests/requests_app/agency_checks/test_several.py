"""Several agency checks at once: taken, answered as not known, and on to the next one."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from audit.models import AccessEntry
from decisions.advice import actions as advising
from requests_app.agency_checks import actions
from requests_app.choices import AgencyCheckOutcome
from requests_app.models import AgencyCheck
from tests import walks

pytestmark = pytest.mark.django_db

SEARCHED = "Patient records since 2015, by name and date of birth"


def again(check):
    return AgencyCheck.objects.get(pk=check.pk)


def text(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def ids(*checks):
    return [str(check.pk) for check in checks]


@pytest.fixture
def three(cast):
    return [walks.an_agency_check(cast, "trust") for _ in range(3)]


@pytest.fixture
def spoc(signed_in):
    return signed_in("trust_spoc")


NOT_KNOWN, TAKE = "requests:not_known_several", "requests:take_several"


@pytest.mark.clause("ISA-3.6", part=True)
def test_one_search_answers_several_each_with_its_own_record(cast, spoc, three):
    page = text(spoc.post(reverse(NOT_KNOWN), {"chosen": ids(*three)}))
    for check in three:
        assert f"Nobody in {check.reference} is known to us" in page
    posted = {"chosen": ids(*three), "sure": ids(*three[:2]), "searched": SEARCHED}
    answer = spoc.post(reverse(NOT_KNOWN), posted, follow=True)
    assert "your answers to 2 checks have been sent" in text(answer)
    for check in three[:2]:
        row = again(check)
        assert (row.outcome, row.searched) == (AgencyCheckOutcome.NOT_KNOWN, SEARCHED)
        assert row.taken_by == cast.users["trust_spoc"]
        assert row.history.filter(history_change_reason="not_known").count() == 1
    assert again(three[2]).status == AgencyCheck.Status.SENT


def test_the_page_shows_whom_to_look_for_and_that_is_a_reading_of_each(spoc, three):
    before = AccessEntry.objects.count()
    page = text(spoc.post(reverse(NOT_KNOWN), {"chosen": ids(*three)}))
    assert page.count("Zed Example") == 3
    assert AccessEntry.objects.count() == before + 3


def test_the_list_itself_reads_nobody_and_names_nobody(spoc, three):
    before = AccessEntry.objects.count()
    assert "Zed Example" not in text(spoc.get(reverse("requests:checks")))
    assert AccessEntry.objects.count() == before


def test_posted_twice_it_answers_once(spoc, three):
    posted = {"chosen": ids(three[0]), "sure": ids(three[0]), "searched": SEARCHED}
    spoc.post(reverse(NOT_KNOWN), posted)
    second = spoc.post(reverse(NOT_KNOWN), posted, follow=True)
    assert "1 check was left out: it has been answered" in text(second)
    assert again(three[0]).history.filter(history_change_reason="not_known").count() == 1


def test_what_a_colleague_has_taken_meanwhile_is_left_to_them(cast, spoc, three):
    actions.take_agency_check(again(three[0]), by=cast.trust_manager)
    posted = {"chosen": ids(*three), "sure": ids(*three), "searched": SEARCHED}
    answer = spoc.post(reverse(NOT_KNOWN), posted, follow=True)
    said = text(answer)
    assert f"{three[0].reference}: {cast.users['trust_manager']} has it." in said
    assert "your answers to 2 checks have been sent" in said
    assert again(three[0]).status == AgencyCheck.Status.TAKEN


def test_what_holds_something_already_is_said_and_the_others_are_answered(cast, spoc, three):
    check = actions.take_agency_check(again(three[0]), by=cast.trust_spoc)
    walks.listed(check, cast.trust_spoc, "A letter")
    posted = {"chosen": ids(*three), "sure": ids(*three), "searched": SEARCHED}
    answer = spoc.post(reverse(NOT_KNOWN), posted, follow=True)
    assert f"{check.reference}: Something is listed as held." in text(answer)
    assert [again(each).status for each in three] == ["taken", "answered", "answered"]


def test_nothing_is_answered_without_saying_what_was_searched(spoc, three):
    answer = spoc.post(reverse(NOT_KNOWN), {"chosen": ids(*three), "searched": " "})
    assert answer.status_code == 422
    assert "Enter what you searched" in text(answer)
    assert {again(each).status for each in three} == {"sent"}


def test_nothing_chosen_nonsense_and_checks_of_others_do_nothing(cast, spoc):
    other = walks.an_agency_check(cast, "housing")
    for chosen in ([], ["nonsense"], [str(uuid4()), str(other.pk)]):
        posted = {"chosen": chosen, "sure": chosen, "searched": SEARCHED}
        answer = spoc.post(reverse(NOT_KNOWN), posted, follow=True)
        assert answer.redirect_chain == [(reverse("requests:checks"), 302)]
        assert other.reference not in text(answer)
    assert again(other).status == AgencyCheck.Status.SENT


def test_several_are_taken_at_once(cast, spoc, three):
    actions.take_agency_check(again(three[0]), by=cast.trust_manager)
    answer = spoc.post(reverse(TAKE), {"chosen": ids(*three)}, follow=True)
    assert "You took 2 checks." in text(answer)
    assert [again(each).taken_by for each in three] == [
        *(cast.users["trust_manager"], cast.users["trust_spoc"], cast.users["trust_spoc"])
    ]


@pytest.mark.parametrize("who", ["requester", "officer", "police_partner", "administrator"])
def test_it_is_not_there_for_whoever_answers_nothing(signed_in, three, who):
    client = signed_in(who)
    for name in (NOT_KNOWN, TAKE):
        answer = client.post(reverse(name), {"chosen": ids(*three), "searched": SEARCHED})
        assert answer.status_code == 404
    assert client.get(reverse("requests:next_check")).status_code == 404
    assert {again(each).status for each in three} == {"sent"}


def test_after_one_comes_the_next_and_after_the_last_the_list(cast, spoc, three):
    actions.take_agency_check(again(three[0]), by=cast.trust_manager)
    waiting = {reverse("requests:check", args=[check.pk]): check for check in three[1:]}
    while waiting:
        check = waiting.pop(spoc.get(reverse("requests:next_check")).url)
        actions.answer_not_known(again(check), by=cast.trust_spoc, searched=SEARCHED)
        page = spoc.get(reverse("requests:check", args=[check.pk]))
        assert "Go to the next check" in text(page)
    answer = spoc.get(reverse("requests:next_check"), follow=True)
    assert answer.redirect_chain == [(reverse("requests:checks"), 302)]
    assert "No other check is waiting for you." in text(answer)


def chips(spoc, query=""):
    page = spoc.get(reverse("requests:checks") + query).content.decode()
    found = re.findall(r'class="portal-chip"[^>]*>([^<]+)<strong>(\d+)</strong>', page)
    return {title.strip(): int(count) for title, count in found}


def test_the_chips_count_what_their_lists_hold(cast, spoc, three):
    actions.take_agency_check(again(three[0]), by=cast.trust_spoc)
    actions.take_agency_check(again(three[1]), by=cast.trust_manager)
    assert chips(spoc) == {
        "All": 3,
        "With you": 1,
        "Waiting to be taken": 1,
        "Late": 0,
        "Red": 0,
        "Amber": 3,
        "Green": 0,
    }
    for query, shown in (("mine", [0]), ("untaken", [2]), ("amber", [0, 1, 2]), ("red", [])):
        page = text(spoc.get(f"{reverse('requests:checks')}?show={query}"))
        there = [number for number, check in enumerate(three) if check.reference in page]
        assert there == shown, query
        assert ("No check fits this choice." in page) is (not shown)


def test_it_is_sorted_by_column_and_what_it_is_narrowed_to_stays(cast, spoc, three):
    first, second, third = three
    written = "UPDATE requests_app_enquiry SET due_at = %s, rating = %s WHERE id = %s"
    with connection.cursor() as cursor:
        for check, due, rating in (
            (first, 3, "amber"),
            (second, 1, "amber"),
            (third, 2, "red"),
        ):
            cursor.execute(written, [check.due_at + timedelta(days=due), rating, check.pk])
    for sort, order in (
        ("", [third, second, first]),
        ("due", [second, third, first]),
        ("came", [first, second, third]),
        ("desk", [third, second, first]),
        ("nonsense", [third, second, first]),
        ("%00", [third, second, first]),
    ):
        page = spoc.get(f"{reverse('requests:checks')}?show=untaken&sort={sort}")
        assert page.context["inbox"].untaken == order, sort
    page = spoc.get(f"{reverse('requests:checks')}?show=untaken&sort=due")
    sorts = page.context["sorts"]
    assert sorts["due"] == {"href": "?show=untaken&sort=due", "order": "ascending"}
    assert sorts["came"] == {"href": "?show=untaken&sort=came", "order": ""}
    assert "?show=mine&sort=due" in {chip.address for chip in page.context["chips"]}


def test_a_choice_that_is_none_shows_all(spoc, three):
    page = text(spoc.get(f"{reverse('requests:checks')}?show=%00nonsense"))
    assert "No check fits" not in page
    page = text(spoc.get(f"{reverse('requests:checks')}?show=nonsense"))
    assert all(check.reference in page for check in three)


def test_nobody_says_not_known_of_a_check_without_ticking_it(spoc, three):
    """A tick that was there before somebody looked would be a false answer."""
    page = spoc.post(reverse(NOT_KNOWN), {"chosen": ids(*three)}).content.decode()
    assert not re.search(r'name="sure"[^>]*checked', page)
    answer = spoc.post(reverse(NOT_KNOWN), {"chosen": ids(*three), "searched": SEARCHED})
    assert answer.status_code == 422
    assert "Tick each check in which nobody is known to your agency" in text(answer)
    assert SEARCHED in text(answer)
    assert {again(each).status for each in three} == {"sent"}


def test_ticks_stay_where_the_form_comes_back(spoc, three):
    posted = {"chosen": ids(*three), "sure": ids(three[1]), "searched": ""}
    page = spoc.post(reverse(NOT_KNOWN), posted).content.decode()
    ticked = re.findall(r'name="sure"\s+value="([^"]+)"\s+checked', page)
    assert ticked == ids(three[1])


def test_more_than_can_be_done_at_once_are_said(cast, spoc, three, monkeypatch):
    monkeypatch.setattr("requests_app.agency_checks.several.MOST", 2)
    answer = spoc.post(reverse(TAKE), {"chosen": ids(*three)}, follow=True)
    assert "You took 2 checks." in text(answer)
    assert "Only 2 are done at once: 1 were left out." in text(answer)


def test_a_check_that_waits_for_advice_is_not_the_next(cast, spoc):
    decision = walks.ready_to_share(cast)
    asked = {"step": "purpose", "question": "May we?", "idempotency_key": uuid4()}
    advising.seek_advice(decision, by=cast.trust_spoc, **asked)
    answer = spoc.get(reverse("requests:next_check"))
    assert answer.url == reverse("requests:checks")
