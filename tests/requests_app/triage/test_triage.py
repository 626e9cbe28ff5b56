"""The front door's inbox, and triage: each check answered, then accepted, returned or declined."""

from datetime import timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AccessEntry, Event
from requests_app.choices import Check
from requests_app.models import Clarification, InformationRequest, Pause
from requests_app.triage import actions as triage
from tests import walks

pytestmark = pytest.mark.django_db
INBOX = "/inbox/"
NOBODYS = ["requester", "school_spoc", "trust_spoc", "police_partner", "administrator"]
PAGES = ["triage_case", "triage_checks", "triage_return", "triage_decline", "triage_rate"]
ALL_YES = {f"check_{check.value}": "yes" for check in Check}


def at(name, case):
    return reverse(f"requests:{name}", args=[case.pk])


def text(response):
    return response.content.decode()


def again(case):
    return InformationRequest.objects.get(pk=case.pk)


@pytest.fixture
def case(cast):
    return walks.sent(cast)


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.mark.parametrize("name", NOBODYS)
def test_nobody_else_finds_the_inbox_or_a_request(name, case, signed_in):
    client = signed_in(name)
    assert client.get(INBOX).status_code == 404
    for page in PAGES:
        assert client.get(at(page, case)).status_code == 404
        assert client.post(at(page, case), {"reasons": "No"}).status_code in (404, 405)
    assert again(case).status == "sent"


def test_a_draft_is_not_there_for_the_front_door(cast, officer):
    assert officer.get(at("triage_case", walks.a_draft(cast))).status_code == 404


def test_the_inbox_shows_what_is_to_be_done_and_no_name(case, officer):
    page = text(officer.get(INBOX))
    assert case.reference in page
    for shown in ("Z.E.", "Anytown Oak School", "Amber", " left", "Claim"):
        assert shown in page
    assert "Zed" not in page
    assert "Example" not in page.replace(".example", "")


def test_every_heap_has_what_belongs_into_it(cast, officer):
    cases = {
        "triage": walks.sent(cast),
        "answers": walks.shared(cast).case,
        "release": walks.refused(cast).case,
        "put": walks.accepted(cast),
        "agencies": walks.an_agency_check(cast).case,
        "requester": triage.return_request(
            walks.sent(cast), by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
        ),
        "released": walks.released(cast),
    }
    for group, case in cases.items():
        page = text(officer.get(INBOX, {"group": group}))
        found = {other for other, row in cases.items() if row.reference in page}
        assert found == {group}
        is_to_do = group in ("triage", "answers", "release", "put")
        assert (case.reference in text(officer.get(INBOX, {"group": "todo"}))) is is_to_do


def test_the_most_urgent_comes_first_then_the_least_time_left(cast, officer):
    first, second, third = (walks.sent(cast) for _ in range(3))
    triage.change_rating(third, by=cast.officer, rating="red", reason="A new injury")
    page = text(officer.get(INBOX))
    places = [page.index(row.reference) for row in (third, first, second)]
    assert places == sorted(places)


def test_the_inbox_comes_in_pages(cast, officer):
    cases = [walks.sent(cast).reference for _ in range(5)]
    with patch("workflow.paging.page_from.__defaults__", ("", 2)):
        listed, address = [], INBOX
        for _ in range(3):
            page = text(officer.get(address))
            listed += [reference for reference in cases if reference in page]
            if 'rel="next"' in page:
                query = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
                address = INBOX + query.replace("&amp;", "&")
    assert listed == cases


@pytest.mark.parametrize(
    "after", ["x", "1~2~3~4~5", "0~0~2026-01-01~x~x", f"9~0~x~x~{UUID(int=9)}", "\x00"]
)
def test_a_page_that_is_none_begins_at_the_top(after, case, officer):
    assert case.reference in text(officer.get(INBOX, {"after": after, "group": "\x00"}))


def test_the_inbox_is_flat(cast, officer, flat):
    flat(lambda: officer.get(INBOX), add=lambda: walks.an_agency_check(cast))


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_late_request_says_so(case, signed_in):
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=30)):
        assert "Late by" in text(signed_in("officer").get(INBOX))


@pytest.mark.clause("ISA-3.8", "P-TIMELY", part=True)
def test_the_request_page_says_all_and_explains_its_clock(case, officer):
    page = text(officer.get(at("triage_case", case)))
    for said in (
        "Zed Example",
        "27 March 2015",
        "999 000 0018",
        "Rex Risk",
        "Person who may pose a risk",
        "A bruise nobody explains",
        "Seen at hospital?",
        "Not sought",
        "It could put the child at risk",
        "allows 24 hours in hub hours",
        "OFFICIAL-SENSITIVE",
        "Request sent",
        "by Rita Requester, Anytown Oak School",
    ):
        assert said in page, said
    assert "Zed" not in page.split("</title>")[0]


@pytest.mark.clause("ISA-7.2", part=True)
def test_the_look_at_a_request_is_noted(case, cast, officer):
    officer.get(at("triage_case", case))
    assert AccessEntry.objects.filter(
        case_id=case.pk, person=cast.users["officer"].pk, kind="opened"
    ).exists()


def test_the_request_page_is_flat(cast, officer, flat):
    case = walks.accepted(cast)
    flat(
        lambda: officer.get(at("triage_case", case)),
        add=lambda: walks.shared(cast, case=InformationRequest.objects.get(pk=case.pk)),
        more=2,
    )


@pytest.mark.clause("ISA-3.8", part=True)
def test_a_request_is_accepted_only_once_each_check_is_answered_with_yes(case, officer):
    refused = officer.post(at("triage_accept", case))
    assert refused.status_code == 409
    assert "Answer every check with yes" in text(refused)
    assert "Accept the request" not in text(officer.get(at("triage_case", case)))
    assert officer.post(at("triage_checks", case), ALL_YES).status_code == 302
    assert "Accept the request" in text(officer.get(at("triage_case", case)))
    done = officer.post(at("triage_accept", case), follow=True)
    assert "You accepted the request" in text(done)
    assert again(case).status == "accepted"


@pytest.mark.clause("ISA-3.8", part=True)
def test_each_check_must_be_answered_and_a_no_says_why(case, officer):
    answer = officer.post(
        at("triage_checks", case), {"check_purpose": "no", "check_consent": "yes"}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>" in page
    assert "Error:" in page.split("</title>")[0]
    assert 'href="#id_note_on_purpose">Enter a note on what is wrong' in page
    assert 'href="#id_check_parents_0">Select whether parents are informed' in page
    assert again(case).checks.count() == 0


@pytest.mark.clause("ISA-3.8", part=True)
def test_a_no_leads_to_a_return_or_a_decline(case, officer):
    notes = {"check_consent": "no", "note_on_consent": "No reason is given"}
    officer.post(at("triage_checks", case), ALL_YES | notes)
    page = text(officer.get(at("triage_case", case)))
    assert "A check did not pass" in page
    assert "No reason is given" in page
    assert "Accept the request" not in page


def test_a_colleagues_answers_are_not_written_over_unseen(cast, case, officer, signed_in):
    form = officer.get(at("triage_checks", case)).context["form"]
    expected_version = {"expected_version": form["expected_version"].value()}
    noted = ALL_YES | {"note_on_purpose": "I rang the school about it"}
    signed_in("officer2").post(at("triage_checks", case), ALL_YES | expected_version)
    late = officer.post(at("triage_checks", case), noted | expected_version)
    assert late.status_code == 409
    assert "I rang the school about it" in text(late)
    assert officer.post(at("triage_checks", case), ALL_YES | expected_version).status_code == 302


@pytest.mark.clause("ISA-3.8", part=True)
def test_a_request_is_returned_with_questions_and_its_clock_stands(case, officer):
    token = str(uuid4())
    form = {"idempotency_key": token, "question_1": "Which day?", "question_3": "Which arm?"}
    for _ in range(2):  # the second is a doubled click
        done = officer.post(at("triage_return", case), form, follow=True)
        assert "You returned the request" in text(done)
    assert again(case).status == "returned"
    asked = Clarification.objects.filter(case=case)
    assert [row.question for row in asked] == ["Which day?", "Which arm?"]
    assert Pause.objects.get(case=case).reason == "requester"
    waiting = text(officer.get(INBOX, {"group": "requester"}))
    assert "Clock stopped: waiting for the requester" in waiting
    assert "It has been stopped since" in text(done)


def test_a_return_without_a_question_says_so(case, officer):
    answer = officer.post(at("triage_return", case), {"question_2": "  "})
    assert answer.status_code == 422
    assert 'href="#id_question_1">Enter at least one question' in text(answer)


@pytest.mark.clause("ISA-3.8", part=True)
def test_a_request_is_declined_with_reasons(case, officer):
    assert officer.post(at("triage_decline", case), {}).status_code == 422
    officer.post(at("triage_decline", case), {"reasons": "This is not for the front door"})
    assert again(case).declined_reason == "This is not for the front door"
    assert "This is not for the front door" in text(officer.get(at("triage_case", case)))
    assert case.reference not in text(officer.get(INBOX))


def test_the_second_of_two_officers_reads_what_happened_and_keeps_the_text(
    case, officer, signed_in
):
    officer.post(at("triage_decline", case), {"reasons": "No purpose is given"})
    late = signed_in("officer2").post(
        at("triage_return", case), {"question_1": "On which day was the bruise seen?"}
    )
    assert late.status_code == 409
    assert "request declined" in text(late)
    assert "On which day was the bruise seen?" in text(late)
    late = signed_in("officer2").post(
        at("triage_decline", case), {"reasons": "Ask the school instead"}
    )
    assert late.status_code == 409
    assert again(case).declined_reason == "No purpose is given"


@pytest.mark.clause("P-TIMELY", part=True)
def test_another_rating_needs_a_reason_and_keeps_the_start(case, officer):
    before = again(case)
    answer = officer.post(at("triage_rate", case), {"rating": "red"})
    assert answer.status_code == 422
    assert "Enter why you change the rating" in text(answer)
    answer = officer.post(at("triage_rate", case), {"rating": "amber", "reason": "As it was"})
    assert "rated Amber already" in text(answer)
    expected_version = (
        officer.get(at("triage_rate", case)).context["form"]["expected_version"].value()
    )
    form = {"rating": "red", "reason": "A new injury", "expected_version": expected_version}
    for _ in range(2):
        assert officer.post(at("triage_rate", case), form).status_code == 302
    after = again(case)
    assert (after.rating, after.rating_reason) == ("red", "A new injury")
    assert after.sent_at == before.sent_at
    assert after.due_at != before.due_at
    assert Event.objects.filter(move="informationrequest.rate").count() == 1
    assert "day and night" in text(officer.get(at("triage_case", case)))


def test_two_ratings_at_once(case, officer, signed_in):
    expected_version = (
        officer.get(at("triage_rate", case)).context["form"]["expected_version"].value()
    )
    mine = {"rating": "red", "reason": "A new injury", "expected_version": expected_version}
    signed_in("officer2").post(at("triage_rate", case), mine)
    late = officer.post(
        at("triage_rate", case),
        {"rating": "green", "reason": "Seen by a doctor", "expected_version": expected_version},
    )
    assert late.status_code == 409
    assert "Seen by a doctor" in text(late)
    assert again(case).rating == "red"


@pytest.mark.parametrize("page", PAGES[1:4])
def test_a_page_out_of_order_leads_to_the_request(page, cast, officer):
    case = walks.accepted(cast)
    answer = officer.get(at(page, case))
    assert answer.status_code == 302
    assert answer.url == at("triage_case", case)


@pytest.mark.parametrize("bad", ["x" * 1_000_000, "a\x00b", "half \ud800"])
def test_text_that_cannot_be_kept_is_refused_in_words(bad, case, officer):
    from urllib.parse import quote

    body = "reasons=" + quote(bad.encode("utf-8", "surrogatepass"))
    answer = officer.post(
        at("triage_decline", case), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (302, 422)
    assert again(case).status == ("declined" if answer.status_code == 302 else "sent")
    if "\ud800" not in bad:
        assert answer.status_code == 422
        assert "There is a problem" in text(answer)


def test_marks_that_turn_text_round_are_left_out(case, officer):
    officer.post(at("triage_decline", case), {"reasons": "No \u202epurpose"})
    assert again(case).declined_reason == "No purpose"
