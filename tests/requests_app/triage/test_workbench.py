"""The page of a request: its sections, the one act that is due, and no act that is refused."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from agencies.models import Contact
from agencies.register import actions as register
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.triage import actions as triage
from tests import walks
from tests.requests_app.test_headings import green, main_of
from tests.requests_app.triage.stages import STAGES

pytestmark = pytest.mark.django_db

ACTS = re.compile(r'<(?:a|form)\b[^>]*?(?:href|action)="([^"#?]+)"[^>]*>', re.DOTALL)


def page_of(client, case):
    return client.get(reverse("requests:triage_case", args=[case.pk]))


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def bar_of(answer) -> str:
    """What the identity bar says."""
    page = main_of(answer)
    return words(page[page.index("data-identity") : page.index("portal-workbench__columns")])


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.clause("ISA-3.8", part=True)
def test_the_green_button_is_the_act_that_is_due(cast, officer, stage):
    answer = page_of(officer, STAGES[stage].made(cast))
    assert green(answer) == [STAGES[stage].due] * bool(STAGES[stage].due)
    assert STAGES[stage].waits in bar_of(answer)
    assert bool(answer.context["waits"]) is STAGES[stage].waits.startswith("Waiting for") or (
        STAGES[stage].due
    )


@pytest.mark.parametrize("stage", STAGES)
def test_no_act_is_offered_that_is_refused(cast, signed_in, stage):
    """Each page that the request's own acts lead to opens, and each button is let through."""
    case = STAGES[stage].made(cast)
    officer = signed_in("officer")
    context = page_of(officer, case).context
    acts = [*context["more"], *filter(None, [context["due"]])]
    assert len({act.href for act in acts}) == len(acts)
    for act in acts:
        answer = officer.post(act.href) if act.is_sent else officer.get(act.href)
        assert answer.status_code == (302 if act.is_sent else 200), act


def test_whoever_has_it_stands_in_the_bar_with_what_can_be_done_about_it(cast, signed_in):
    case, officer = walks.accepted(cast), signed_in("officer")
    claim, hand_over, give_back = (
        reverse(f"requests:{name}", args=[case.pk]) for name in ("claim", "hand_over", "give_back")
    )
    free = page_of(officer, case)
    assert "Nobody has it." in bar_of(free)
    assert claim in main_of(free)
    officer.post(claim)
    mine, theirs = page_of(officer, case), page_of(signed_in("officer2"), case)
    assert "Hand it over" in bar_of(mine)
    assert {claim, give_back} & set(ACTS.findall(main_of(mine))) == {give_back}
    assert "Take it over, or hand it over" in bar_of(theirs)
    assert {claim, hand_over, give_back} & set(ACTS.findall(main_of(theirs))) == {hand_over}


@pytest.mark.parametrize("stage", STAGES)
def test_the_side_leads_to_each_section_that_is_there_with_its_count(cast, officer, stage):
    page = main_of(page_of(officer, STAGES[stage].made(cast)))
    side = page[page.index("<nav") : page.index("</nav>")]
    led_to = re.findall(r'href="#([\w-]+)"', side)
    ids = re.findall(r'<h2[^>]*\bid="([\w-]+)"', page)
    sections = [each for each in ids if f'<section aria-labelledby="{each}">' in page]
    assert led_to == sections
    assert len(ids) == len(set(ids))


def test_the_counts_are_those_of_what_is_there(cast, officer):
    context = page_of(officer, STAGES["answered"].made(cast)).context
    counts = {section.code: section.count for section in context["sections"]}
    assert counts == {
        "overview": None,
        "people": 2,
        "consent": None,
        "triage": "5 of 5",
        "checks": 2,
        "answers": 1,
        "released": 0,
        "files": 0,
        "questions": 0,
        "what-happened": None,
    }


def test_pages_of_their_own_stand_apart_from_the_jumps(cast, officer):
    page = main_of(page_of(officer, walks.accepted(cast)))
    jumps, pages = re.findall(r"<nav.*?</nav>", page, re.DOTALL)
    assert not ACTS.findall(jumps)
    assert 'href="#' not in pages
    assert len(ACTS.findall(pages)) == 5


def test_what_is_in_view_is_drawn_once(cast, officer):
    case = walks.sent(cast)
    answer = page_of(officer, case)
    for said in (answer.context["clock"]["says"].text, answer.context["who"]):
        assert words(main_of(answer)).count(said) == 1, said


def give_a_number(cast, agency: str, phone: str) -> None:
    """The number of an agency, as the office writes it down."""
    row = cast.agencies[agency]
    register.change_agency(
        row, by=cast.administrator, values={"phone": phone}, expected_version=row.version
    )


def name_a_spoc(cast, agency: str, phone: str) -> None:
    """Who holds the post there."""
    holder = {"name": "Sam Point", "email": f"sam@{agency}.example", "phone": phone}
    register.fill_post(
        cast.agencies[agency],
        by=cast.administrator,
        idempotency_key=uuid4(),
        post=Contact.Post.SPOC,
        holder=holder,
    )


def test_a_requester_who_is_waited_for_can_be_called(cast, officer):
    case = STAGES["returned"].made(cast)
    assert "No telephone number on the register." in bar_of(page_of(officer, case))
    name_a_spoc(cast, "school", "0151 496 0703")
    assert "Rita Requester: 0151 496 0703" in bar_of(page_of(officer, case))
    give_a_number(cast, "school", "0151 496 0700")
    answer = page_of(officer, case)
    assert "Rita Requester: 0151 496 0700" in bar_of(answer)
    assert 'href="tel:01514960700"' in main_of(answer)
    card = main_of(answer).partition('id="requester"')[2].partition("</section>")[0]
    assert "0151 496 0700 Single point of contact: Sam Point, 0151 496 0703" in words(card)


def test_an_agency_that_is_waited_for_can_be_called(cast, officer):
    case = STAGES["asked"].made(cast)
    assert "No telephone number on the register." in bar_of(page_of(officer, case))
    give_a_number(cast, "trust", "0151 496 0704")
    assert "0151 496 0704" in bar_of(page_of(officer, case))
    name_a_spoc(cast, "trust", "0151 496 0701")
    answer = page_of(officer, case)
    assert "Sam Point: 0151 496 0701" in bar_of(answer)
    row = main_of(answer).partition('id="checks"')[2].partition("</section>")[0]
    assert "Sam Point: 0151 496 0701" in words(row)
    register.plan_closure(
        cast.agencies["trust"],
        by=cast.administrator,
        idempotency_key=uuid4(),
        starts=localdate() - timedelta(days=2),
        ends=localdate() + timedelta(days=2),
        answers="The night team",
        answers_phone="0151 496 0702",
    )
    bar = bar_of(page_of(officer, case))
    assert "Closed until the end of" in bar
    assert "The night team: 0151 496 0702" in bar


def entries_of(client, case) -> list[str]:
    return [each["title"] for each in page_of(client, case).context["timeline"]]


def test_a_return_is_one_entry_with_its_questions_inside(cast, officer):
    case = STAGES["returned"].made(cast)
    assert entries_of(officer, case) == ["Request returned with questions", "Request sent"]
    told = page_of(officer, case).context["timeline"][0]["text"]
    assert "2 questions" in told


def test_several_checks_sent_at_once_are_one_entry(cast, officer):
    case = STAGES["asked-two"].made(cast)
    entries = page_of(officer, case).context["timeline"]
    sent = [each for each in entries if each["title"] == "Agency checks sent"]
    assert len(sent) == 1
    for check in AgencyCheck.objects.filter(case=case).select_related("holder"):
        assert f"{check.reference}, {check.holder}" in sent[0]["text"]


def test_two_ratings_stay_two_entries(cast, officer):
    case = walks.sent(cast)
    for rating in ("red", "green"):
        triage.change_rating(
            InformationRequest.objects.get(pk=case.pk), by=cast.officer, rating=rating, reason="New"
        )
    assert entries_of(officer, case).count("Rating changed") == 2


def test_the_page_asks_as_much_for_many_agencies_as_for_one(cast, officer, flat):
    case = STAGES["asked"].made(cast)
    flat(
        lambda: page_of(officer, case),
        add=lambda: walks.an_agency_check(
            cast, "police", InformationRequest.objects.get(pk=case.pk)
        ),
        more=3,
    )
