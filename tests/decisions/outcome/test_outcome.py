"""What an outcome asks for: basis, information, how, Caldicott, told."""

from uuid import uuid4

import pytest

from decisions.flow import actions as deciding
from requests_app.items import actions as items
from tests import walks
from tests.decisions.filling import CONTENT, NOT_TOLD, answer_to_share, at, confirmed, say, text

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


def test_two_people_filling_in_the_same_part(decision, client, manager):
    answer_to_share(client, decision)
    decision.refresh_from_db()
    expected_version = {"expected_version": str(decision.version)}
    assert client.post(at("told", decision), NOT_TOLD | expected_version).status_code == 302
    assert client.post(at("told", decision), NOT_TOLD | expected_version).status_code == 302
    theirs = {"told": "no", "reason": "They are abroad at the moment"} | expected_version
    late = manager.post(at("told", decision), theirs)
    assert late.status_code == 409
    assert "They are abroad at the moment" in text(late)
    how = confirmed(decision.edition.how) | {"expected_version": "0"}
    assert client.post(at("how", decision), how).status_code == 302
    assert client.post(at("how", decision), how).status_code == 302
    other = how | {"point_fact": "no", "why_fact": "It is all opinion"}
    late = manager.post(at("how", decision), other)
    assert late.status_code == 409
    assert "It is all opinion" in text(late)
    item = decision.weighed.get().item
    page, expected_version = (
        at("content", decision, item.pk),
        {"expected_version": str(item.version)},
    )
    assert client.post(page, CONTENT | expected_version).status_code == 302
    late = manager.post(page, CONTENT | expected_version | {"content": "Attended with two bruises"})
    assert late.status_code == 409
    assert "Attended with two bruises" in text(late)


@pytest.mark.clause("P-ACCURATE", part=True)
@pytest.mark.parametrize(
    ("changes", "link"),
    [
        ({"nature": "opinion"}, "#id_opinion_of"),
        ({"nature": "reported"}, "#id_reported_by"),
        ({"nature": "historical"}, "#id_still_matters"),
        ({"as_at_year": "2015"}, "#id_still_matters"),
        ({"as_at_year": "2999"}, "#id_as_at_0"),
        ({"as_at_day": ""}, "#id_as_at_0"),
        ({"content": ""}, "#id_content"),
        ({"source": ""}, "#id_source"),
        ({"nature": ""}, "#id_nature_0"),
        ({"content": "x" * 1_000_000}, "#id_content"),
    ],
)
def test_an_item_says_all_that_it_must(decision, client, changes, link):
    answer_to_share(client, decision)
    page = at("content", decision, decision.weighed.get().item_id)
    answer = client.post(page, CONTENT | changes)
    assert answer.status_code == 422
    assert f'href="{link}"' in text(answer)


@pytest.mark.clause("P-ACCURATE", part=True)
def test_opinion_says_whose_it_is(decision, client):
    answer_to_share(client, decision)
    item = decision.weighed.get().item
    page = at("content", decision, item.pk)
    client.post(page, CONTENT | {"nature": "opinion", "opinion_of": "Dr Invented"})
    item.refresh_from_db()
    assert (item.nature, item.whose) == ("opinion", "Dr Invented")
    assert "Dr Invented" in text(client.get(page))


def test_what_is_not_to_be_shared_is_never_typed_in(decision, client):
    item = decision.weighed.get().item
    page = at("content", decision, item.pk)
    assert client.get(page).status_code == 302
    say(client, decision, "purpose", "no")
    late = client.post(page, CONTENT)
    assert late.status_code == 409
    assert "Attended with a bruise" in text(late)
    item.refresh_from_db()
    assert item.content == ""


@pytest.mark.clause("DP-SPECIAL", "ISA-4.4")
def test_the_basis_asks_for_what_is_due_and_no_more(cast, decision, client):
    answer_to_share(client, decision)
    page = at("basis", decision)
    assert "Not for public authorities’ own tasks." in client.get(page).content.decode()
    answer = client.post(page, {})
    assert answer.status_code == 422
    for link in ("#id_lawful_basis_0", "#id_condition_0"):
        assert f'href="{link}"' in text(answer)
    assert "id_ground" not in text(answer), "the last answer said it"
    item = decision.weighed.get().item
    items.change_item(item, by=cast.trust_spoc, title="T", question=item.question)
    assert "special category condition" not in text(client.get(page))


@pytest.mark.clause("DP-SPECIAL", part=True)
def test_the_ground_is_asked_where_no_answer_said_it(decision, client):
    for step, choice in (("purpose", "yes"), ("consent", "no"), ("identifiable", "no")):
        say(client, decision, step, choice)
    page = at("basis", decision)
    shown = client.get(page).context["form"]
    assert shown["condition"].value() == ""
    answer = client.post(page, {})
    assert answer.status_code == 422
    for link in ("#id_condition_0", "#id_ground_0", "#id_ground_reason"):
        assert f'href="{link}"' in text(answer)


@pytest.mark.clause("H-HOW", "CAL")
@pytest.mark.parametrize("kind", ["how", "caldicott"])
def test_each_point_is_confirmed_or_explained(decision, client, kind):
    answer_to_share(client, decision)
    page, texts = at(kind, decision), getattr(decision.edition, kind)
    first = next(iter(texts))
    assert client.post(page, {}).status_code == 422
    short = confirmed(texts) | {f"point_{first}": "no"}
    answer = client.post(page, short)
    assert answer.status_code == 422
    assert f'href="#id_why_{first}"' in text(answer)
    assert client.post(page, short | {f"why_{first}": "Not yet"}).status_code == 302
    point = decision.points.get(kind=kind, code=first)
    assert (point.is_met, point.explanation) == (False, "Not yet")


@pytest.mark.clause("H-HOW")
def test_whether_the_family_is_told_needs_a_date_or_a_reason(decision, client):
    answer_to_share(client, decision)
    page = at("told", decision)
    for data, link in (
        ({}, "#id_told_0"),
        ({"told": "yes"}, "#id_on_0"),
        ({"told": "no"}, "#id_reason"),
    ):
        answer = client.post(page, data)
        assert answer.status_code == 422
        assert f'href="{link}"' in text(answer)
    yes = {"told": "yes", "on_day": "1", "on_month": "3", "on_year": "2024", "reason": "left over"}
    assert client.post(page, yes).status_code == 302
    decision.refresh_from_db()
    assert (decision.told_on.isoformat(), decision.told_reason) == ("2024-03-01", "")


def test_an_item_of_another_decision_is_not_there(cast, decision, client):
    other = walks.ready_to_share(cast, case=walks.accepted(cast))
    item = other.weighed.get().item_id
    assert client.get(at("content", decision, item)).status_code == 404
