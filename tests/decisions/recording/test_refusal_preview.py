"""Whoever refuses reads first, word for word, what the requester will read (harm 2, ISA-5.4)."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.urls import reverse

from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from requests_app.items import actions as items
from requests_app.models import InformationRequest, Item
from requests_app.release import actions as releasing
from tests import walks
from tests.decisions.filling import at, text
from tests.decisions.printing.printed import printed

pytestmark = pytest.mark.django_db

BECAUSE = "Mother is <b>open</b> to adult services & has asked us to wait.\n\nWe weighed “both”."
SAFETY = "No risk seen since 3 August.\nHer own safety, and the child's."
READERS = "The requester, the front door and the safeguarding partners read this"


class Cards(HTMLParser):
    """Each summary card of a page that says "Not shared": its tags and words as they stand."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.depth, self.cards = 0, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        is_card = tag == "div" and ("class", "govuk-summary-card") in attrs
        if is_card and not self.depth:
            self.cards.append([])
        self.depth += tag == "div" and bool(self.depth or is_card)
        self._keep(self.get_starttag_text())

    def handle_endtag(self, tag):
        self._keep(f"</{tag}>")
        self.depth -= tag == "div" and bool(self.depth)

    def handle_data(self, data):
        self._keep(" ".join(data.split()))

    def handle_entityref(self, name):
        self._keep(f"&{name};")

    def handle_charref(self, name):
        self._keep(f"&#{name};")

    def _keep(self, piece):
        if self.depth:
            self.cards[-1].append(piece)

    @classmethod
    def of(cls, page: str) -> list[list[str]]:
        return [card for card in cls(page).cards if "Not shared" in card]


@pytest.fixture
def refusal(cast):
    """All that an agency holds is refused, and ready to be recorded."""
    decision = walks.ready_to_refuse(cast)
    deciding.say_why_not(decision, by=cast.housing_spoc, because=BECAUSE, safety=SAFETY)
    return decision


def released_to(cast, case, *agency_checks):
    return releasing.release_information(
        InformationRequest.objects.get(pk=case.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=list(agency_checks),
        recipients=[cast.users["requester"]],
    )


def read_by_the_requester(signed_in, release):
    return text(signed_in("requester").get(reverse("requests:released", args=[release.pk])))


def record(client, decision):
    """Record it from the page that shows it, and give back that page."""
    page = client.get(at("record", decision))
    expected_version = page.context["form"]["expected_version"].value()
    assert (
        client.post(at("record", decision), {"expected_version": expected_version}).status_code
        == 302
    )
    return text(page)


@pytest.mark.clause("ISA-5.4", part=True)
def test_the_requester_reads_word_for_word_what_was_shown_before(cast, signed_in, refusal):
    client = signed_in("housing_spoc")
    page = record(client, refusal)
    assert "What the requester will read" in page
    [shown] = Cards.of(page)
    refusal.agency_check.refresh_from_db()
    release = released_to(cast, refusal.case, refusal.agency_check)
    [read] = Cards.of(read_by_the_requester(signed_in, release))
    assert read == shown
    assert {"&lt;", "&amp;", "<br>"} <= set(read), "what was typed with marks is in it"
    on_paper = printed(signed_in("requester"), "released", release).text
    for words in (BECAUSE, SAFETY):
        assert " ".join(words.split()) in on_paper


@pytest.mark.clause("ISA-5.4", part=True)
@pytest.mark.parametrize("is_taken_in", [True, False])
def test_so_it_is_of_a_part_whatever_the_front_door_takes_in(cast, signed_in, is_taken_in):
    """What is shown must hold whatever becomes of the rest of the answer."""
    client, by = signed_in("trust_spoc"), cast.trust_spoc
    agency_check = walks.taken(cast)
    attended, therapy = walks.listed(
        agency_check, by, "Attendance", "Notes of therapy", special=True
    )
    whole = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    apart = deciding.split_off(whole, by=by, idempotency_key=uuid4(), items=[therapy])
    walks.refuse(apart, by=by)
    deciding.say_why_not(apart, by=by, because=BECAUSE, safety=SAFETY)
    [shown] = Cards.of(record(client, apart))
    walks.fill(whole, attended, by=by)
    recording.record_decision(whole, by=by)
    offered = Item.objects.get(pk=attended.pk)
    if is_taken_in:
        items.accept_item(offered, by=cast.officer)
    else:
        items.refuse_item(offered, by=cast.officer, reason="About another child")
    agency_check.refresh_from_db()
    page = read_by_the_requester(signed_in, released_to(cast, agency_check.case, agency_check))
    assert Cards.of(page) == [shown]
    assert "Notes of therapy" not in page


def test_what_stays_inside_is_named_and_does(cast, signed_in, refusal):
    page = record(signed_in("housing_spoc"), refusal)
    inside = page.split("What neither the requester nor the front door will read")[1]
    assert "The title: Rent account" in " ".join(inside.split())
    assert "Your answers to the questions, and your reasons for them" in inside
    refusal.agency_check.refresh_from_db()
    release = released_to(cast, refusal.case, refusal.agency_check)
    desk = reverse("requests:check_for_desk", args=[refusal.agency_check_id])
    for read in (
        read_by_the_requester(signed_in, release),
        printed(signed_in("requester"), "released", release).text,
        text(signed_in("officer").get(desk)),
        printed(signed_in("officer"), "request", refusal.case).text,
    ):
        assert "No risk seen since" in read
        assert "Rent account" not in read
        assert "Not relevant" not in read
    partner = text(signed_in("police_partner").get(at("scrutiny", refusal)))
    assert "Rent account" in partner
    assert "Not relevant" in partner


def test_nothing_is_shown_of_a_decision_to_share(cast, signed_in):
    decision = walks.ready_to_share(cast)
    page = text(signed_in("trust_spoc").get(at("record", decision)))
    assert "Attended on 3 October" in page
    assert "What the requester will read" not in page


def test_each_field_that_reaches_the_requester_says_so(signed_in, refusal):
    page = " ".join(text(signed_in("housing_spoc").get(at("why_not", refusal))).split())
    assert page.count(READERS) == 2
    for name in ("because", "safety"):
        hint = page.split(f'id="id_{name}_helptext"')[1].split("</div>")[0]
        assert READERS in hint


def test_a_question_says_that_its_reasons_stay(signed_in, refusal):
    page = " ".join(text(signed_in("housing_spoc").get(at("step", refusal, "purpose"))).split())
    assert "the front door and the requester cannot" in page
