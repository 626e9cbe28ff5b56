"""The walk through the golden-rules flow: questions, going back, deciding apart (F-FLOW)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from decisions.flow import actions as deciding
from decisions.models import Decision
from requests_app.items import actions as items
from tests import walks
from tests.decisions.filling import answer_to_share, at, say, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in):
    return signed_in("trust_spoc")


@pytest.fixture
def manager(signed_in):
    return signed_in("trust_manager")


@pytest.fixture
def agency_check(cast):
    return walks.taken(cast)


@pytest.fixture
def decision(cast, agency_check):
    walks.listed(agency_check, cast.trust_spoc, "Attendance in October", special=True)
    return deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())


@pytest.mark.clause("F-FLOW")
def test_deciding_begins_once_over_all_that_is_listed(cast, agency_check, client):
    walks.listed(agency_check, cast.trust_spoc, "Attendance", "Letter")
    begin, idempotency_key = reverse("decisions:begin", args=[agency_check.pk]), str(uuid4())
    assert client.get(begin).status_code == 405
    page = text(client.post(begin, {"idempotency_key": idempotency_key}, follow=True))
    assert "Is there a clear and legitimate purpose for sharing information?" in page
    assert "Attendance" in page
    assert "Letter" in page
    for again in (idempotency_key, str(uuid4())):
        answer = client.post(begin, {"idempotency_key": again})
        assert answer.url == at("decision", Decision.objects.get())
    walks.listed(agency_check, cast.trust_spoc, "Another letter")
    assert "Not yet decided" in text(
        client.get(reverse("decisions:of_check", args=[agency_check.pk]))
    )


@pytest.mark.clause("F-FLOW")
def test_a_moot_question_is_not_asked_and_cannot_be_answered(decision, client):
    assert client.get(at("step", decision, "consent")).status_code == 302
    late = say(client, decision, "lawful_reason", "yes", "A reason that I typed")
    assert late.status_code == 409
    assert "A reason that I typed" in text(late)
    assert client.get(at("step", decision, "nowhere")).status_code == 404
    assert say(client, decision, "nowhere", "yes").status_code == 404
    say(client, decision, "purpose", "no")
    assert client.get(at("step", decision, "consent")).status_code == 302
    assert say(client, decision, "consent", "yes").status_code == 409


@pytest.mark.clause("F-FLOW")
def test_going_back_keeps_what_still_applies(decision, client):
    answer_to_share(client, decision)
    assert "Weighed it" in text(client.get(at("step", decision, "purpose")))
    answer = say(client, decision, "consent", "yes", "They agreed", expected_version="1")
    assert answer.url == at("sharing", decision)
    page = text(client.get(at("decision", decision)))
    assert "Outcome: Share" in page
    assert "lawful reason" not in page
    assert "without consent" not in text(client.get(at("basis", decision)))
    answer = say(client, decision, "consent", "no", "They did not", expected_version="2")
    assert "lawful reason" in text(client.get(at("decision", decision)))


@pytest.mark.clause("M-MYTHS")
@pytest.mark.clause("G-RULES", part=True)
def test_rules_principles_and_myths_stand_where_they_bear(decision, client):
    page = text(client.get(at("step", decision, "purpose")))
    assert "Before you answer “No”" in page
    assert "What one agency collected cannot be passed to another." in page
    assert "Keep a record of your decision" not in page
    assert "Make sure that what you share is necessary" in page
    assert "Relevant: only what serves the purpose" in page
    assert "I am unsure: seek advice" in page
    say(client, decision, "purpose", "yes")
    assert "Consent is always needed." in text(client.get(at("step", decision, "consent")))


@pytest.mark.clause("F-FLOW")
@pytest.mark.parametrize(
    ("data", "link"),
    [
        ({"choice": "yes", "reasons": ""}, "#id_reasons"),
        ({"reasons": "Because"}, "#id_choice_0"),
        ({"choice": "perhaps", "reasons": "Because"}, "#id_choice_0"),
        ({"choice": "yes", "reasons": "x" * 1_000_000}, "#id_reasons"),
        ({"choice": "yes", "reasons": "a\x00b"}, "#id_reasons"),
    ],
)
def test_an_answer_without_reasons_is_no_answer(decision, client, data, link):
    answer = client.post(at("step", decision, "purpose"), data)
    assert answer.status_code == 422
    assert f'href="{link}"' in text(answer)
    assert not decision.answers.exists()


def test_the_second_of_two_people_sees_what_happened_and_keeps_the_text(decision, client, manager):
    mine = {"reasons": "It is for the child", "expected_version": "0"}
    assert say(client, decision, "purpose", "yes", **mine).status_code == 302
    assert say(client, decision, "purpose", "yes", **mine).status_code == 302
    late = say(manager, decision, "purpose", "no", "I think it is not", expected_version="0")
    assert late.status_code == 409
    assert "I think it is not" in text(late)
    assert decision.answers.get().choice == "yes"


@pytest.mark.parametrize("expected_version", ["", "x", "99999999999999999999", "1\x00"])
def test_a_page_that_was_tampered_with_is_no_fault(decision, client, expected_version):
    assert say(
        client, decision, "purpose", "yes", expected_version=expected_version
    ).status_code in (302, 409)


def test_items_that_differ_are_split_off_with_the_answers_so_far(cast, agency_check, client):
    walks.listed(agency_check, cast.trust_spoc, "Attendance", "Letter")
    decision = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    say(client, decision, "purpose", "yes", "It helps")
    page = at("split", decision)
    first, second = [w.item_id for w in decision.weighed.all()]
    assert client.post(page, {}).status_code == 422
    all_of_them = client.post(page, {"items": [str(first), str(second)]})
    assert all_of_them.status_code == 422
    assert "Leave at least one" in text(all_of_them)
    sent = {"items": [str(first)], "idempotency_key": str(uuid4())}
    apart = client.post(page, sent)
    assert apart.status_code == 302
    assert "It helps" in text(client.get(apart.url))
    assert Decision.objects.count() == 2
    assert client.get(page).status_code == 302
    both = text(client.get(reverse("decisions:of_check", args=[agency_check.pk])))
    assert both.count("Being made") == 2


@pytest.mark.clause("ISA-7.2", part=True)
@pytest.mark.parametrize(
    "who", ["housing_spoc", "trust_nurse", "trust_adviser", "requester", "officer", "board_partner"]
)
def test_nobody_else_reaches_a_decision(decision, signed_in, who):
    client, item = signed_in(who), decision.weighed.get().item_id
    pages = [at(name, decision) for name in ("decision", "split", "basis", "how", "record")]
    pages += [at("step", decision, "purpose"), at("seek_advice", decision, "purpose")]
    pages += [at("content", decision, item)]
    for page in pages:
        assert client.get(page).status_code == 404
    for page in [*pages[1:], at("anew", decision)]:
        assert client.post(page, {}).status_code == 404
    assert (
        client.post(reverse("decisions:begin", args=[decision.agency_check_id])).status_code == 404
    )


def test_the_pages_of_a_decision_are_flat(cast, agency_check, client, flat):
    walks.listed(agency_check, cast.trust_spoc, "First")
    decision = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    walks.fill(decision, decision.weighed.get().item, by=cast.trust_spoc)

    def add():
        (item,) = walks.listed(agency_check, cast.trust_spoc, "Another")
        deciding._weigh(decision, [item], by=cast.trust_spoc)
        items.fill_item(
            item, by=cast.trust_spoc, nature="fact", content="c", source="s", as_at=walks.TODAY
        )

    for name in ("decision", "record"):
        flat(lambda name=name: client.get(at(name, decision)), add=add, more=3)


def test_the_decisions_of_a_check_are_flat(cast, agency_check, client, flat):
    page = reverse("decisions:of_check", args=[agency_check.pk])

    def add():
        walks.listed(agency_check, cast.trust_spoc, "Another")
        deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())

    flat(lambda: client.get(page), add=add, more=3)
