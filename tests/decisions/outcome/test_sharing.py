"""All that sharing asks for on one page, and the way to it without a list of tasks between."""

from uuid import uuid4

import pytest
from django.urls import reverse

from decisions.flow import actions as deciding
from decisions.flow.readiness import state_of
from decisions.models import Decision
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, Item
from tests import walks
from tests.decisions.filling import BASIS, CONTENT, NOT_TOLD, answer_to_share, at, say, text

pytestmark = pytest.mark.django_db

ALL_OF_IT = (
    {f"basis-{name}": value for name, value in BASIS.items()}
    | {f"content-{name}": value for name, value in CONTENT.items()}
    | {"points-confirmed": "all"}
    | {f"told-{name}": value for name, value in NOT_TOLD.items()}
)


@pytest.fixture
def client(signed_in):
    return signed_in("trust_spoc")


@pytest.fixture
def agency_check(cast):
    return walks.taken(cast)


@pytest.fixture
def decision(cast, agency_check):
    walks.listed(agency_check, cast.trust_spoc, "Attendance in October", special=True)
    return deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())


def filled(decision, **other):
    return ALL_OF_IT | {"state": state_of(Decision.objects.get(pk=decision.pk))} | other


def written(decision):
    """What the decision and its piece of information say."""
    decision = Decision.objects.get(pk=decision.pk)
    item = decision.weighed.get().item
    points = {f"{each.kind} {each.code}": each.is_met for each in decision.points.all()}
    return decision.lawful_basis, decision.told_reason, item.content, points


@pytest.mark.clause("H-HOW", "CAL")
@pytest.mark.clause("G-RULES", part=True)
def test_one_page_asks_for_all_of_it_and_leads_to_the_record(decision, client):
    answer_to_share(client, decision)
    shown = client.get(at("sharing", decision))
    basis = next(part.form for part in shown.context["form"].parts if part.code == "basis")
    assert "ground" not in basis.fields, "why it is shared without consent is not asked twice"
    assert "Gaining consent would place a child at risk" in text(shown)
    answer = client.post(at("sharing", decision), filled(decision))
    assert answer.status_code == 302
    assert answer.url == at("record", decision)
    basis, told, content, points = written(decision)
    assert (basis, told, content) == ("public_task", "Risk of harm", "Attended with a bruise")
    edition = decision.edition
    assert len(points) == len(edition.how) + len(edition.caldicott)
    assert all(points.values())
    record = text(client.get(at("record", decision)))
    assert "Safety and well-being considered: Hers, and that of her brother" in record


def test_every_error_is_told_at_once_and_nothing_is_written(decision, client):
    answer_to_share(client, decision)
    before = written(decision)
    wrong = {"basis-lawful_basis": "", "content-source": "", "told-told": ""}
    answer = client.post(at("sharing", decision), filled(decision, **wrong))
    assert answer.status_code == 422
    page = text(answer)
    for link in ("id_basis-lawful_basis_0", "id_content-source", "id_told-told_0"):
        assert f'href="#{link}"' in page
        assert f'id="{link}"' in page
    assert "Attended with a bruise" in page
    assert written(decision) == before


@pytest.mark.clause("H-HOW")
def test_a_point_that_does_not_hold_is_explained_and_the_others_are_confirmed(decision, client):
    answer_to_share(client, decision)
    for more in (
        {"points-confirmed": "not_all"},
        {"points-confirmed": "not_all", "points-why_how_open": "  "},
        {"points-confirmed": "all", "points-why_how_open": "Once she is safe"},
        {"points-confirmed": ""},
    ):
        answer = client.post(at("sharing", decision), filled(decision, **more))
        assert answer.status_code == 422, more
        assert 'href="#id_points-confirmed_0"' in text(answer)
    explained = {"points-confirmed": "not_all", "points-why_how_open": "Once she is safe"}
    assert client.post(at("sharing", decision), filled(decision, **explained)).status_code == 302
    *_others, points = written(decision)
    assert [name for name, is_met in points.items() if not is_met] == ["how open"]
    assert decision.points.get(code="open").explanation == "Once she is safe"
    assert "Once she is safe" in text(client.get(at("sharing", decision)))


def test_it_is_sent_twice_and_done_once(decision, client):
    answer_to_share(client, decision)
    data, weighed = filled(decision), decision.history.filter(history_change_reason="weigh")
    before = weighed.count()
    for _ in range(2):
        assert client.post(at("sharing", decision), data).status_code == 302
    assert weighed.count() == before + 1
    assert decision.weighed.get().item.history.filter(history_change_reason="change").count() == 1


def test_what_a_colleague_wrote_meanwhile_is_not_written_over(decision, client, signed_in):
    answer_to_share(client, decision)
    data = filled(decision)
    assert client.post(at("sharing", decision), data).status_code == 302
    before = written(decision)
    theirs = data | {"told-reason": "They are abroad at the moment"}
    late = signed_in("trust_manager").post(at("sharing", decision), theirs)
    assert late.status_code == 409
    assert "They are abroad at the moment" in text(late)
    made_up = signed_in("trust_manager").post(at("sharing", decision), theirs | {"state": "none"})
    assert made_up.status_code == 409
    assert written(decision) == before


def test_answers_that_do_not_lead_to_sharing_lead_elsewhere(decision, client):
    assert client.get(at("sharing", decision)).url == at("decision", decision)
    assert client.post(at("sharing", decision), filled(decision)).status_code == 409
    answer = say(client, decision, "purpose", "no")
    assert answer.url == at("why_not", decision)
    assert client.get(at("sharing", decision)).url == at("decision", decision)
    assert client.post(at("sharing", decision), filled(decision)).status_code == 409
    assert decision.weighed.get().item.content == ""


def test_a_page_from_before_the_answers_changed_is_refused_and_kept(decision, client, signed_in):
    answer_to_share(client, decision)
    data = filled(decision)
    say(
        signed_in("trust_manager"), decision, "purpose", "no", "Not after all", expected_version="1"
    )
    late = client.post(at("sharing", decision), data)
    assert late.status_code == 409
    page = text(late)
    assert "Attended with a bruise" in page
    for label in ("Where is it from?", "What safety and well-being did you consider?"):
        assert label in page
    assert data["state"] not in page


def test_what_is_not_due_any_more_is_not_left_in_the_record(cast, decision, client):
    answer_to_share(client, decision)
    assert client.post(at("sharing", decision), filled(decision)).status_code == 302
    item = decision.weighed.get().item
    items.change_item(
        item,
        by=cast.trust_spoc,
        title=item.title,
        question=item.question,
        is_special_category=False,
    )
    data = filled(decision)
    del data["basis-condition"]
    assert client.post(at("sharing", decision), data).status_code == 302
    assert Decision.objects.get(pk=decision.pk).condition == ""


def test_nobody_else_reaches_it(decision, signed_in):
    for who in ("requester", "officer", "housing_spoc", "trust_nurse", "police_partner"):
        assert signed_in(who).get(at("sharing", decision)).status_code == 404
        assert signed_in(who).post(at("sharing", decision), filled(decision)).status_code == 404


def test_what_was_written_of_a_share_is_not_told_as_the_reasons_for_not_sharing(decision, client):
    answer_to_share(client, decision)
    client.post(at("why_not", decision), {"because": "It does not help", "safety": "No risk"})
    assert client.post(at("sharing", decision), filled(decision)).status_code == 302
    answer = say(client, decision, "purpose", "no", "Not after all", expected_version="1")
    assert answer.url == at("why_not", decision)
    assert "her brother" not in text(client.get(at("why_not", decision)))


def test_several_pieces_have_a_page_each_before_what_is_asked_of_all(cast, agency_check, client):
    walks.listed(agency_check, cast.trust_spoc, "Attendance in October", "Attendance in May")
    decision = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    *_others, (step, choice) = walks.SHARE
    for name, answer in walks.SHARE[:-1]:
        say(client, decision, name, answer)
    there = say(client, decision, step, choice).url
    for _piece in range(2):
        assert "/information/" in there
        there = client.post(there, CONTENT).url
    assert there == at("sharing", decision)
    data = {name: value for name, value in filled(decision).items() if "content" not in name}
    answer = client.post(there, data | {"basis-condition": ""})
    assert answer.url == at("record", decision)


@pytest.fixture
def listing(agency_check):
    question = str(agency_check.questions.first().pk)
    return {
        "idempotency_key": str(uuid4()),
        "title": "Attendance in October",
        "answers": question,
        "special": "yes",
    }


def test_what_is_listed_last_leads_to_the_first_question(cast, agency_check, client, listing):
    page = reverse("decisions:list_and_begin", args=[agency_check.pk])
    answers = [client.post(page, listing) for _ in range(2)]
    decision = Decision.objects.get()
    assert answers[0].url == at("step", decision, "purpose")
    assert answers[1].status_code == 302
    assert Item.objects.count() == 1
    wrong = client.post(page, listing | {"title": ""})
    assert wrong.status_code == 422
    assert "Save and decide what to share" in text(wrong)


def test_of_several_that_are_listed_some_can_be_decided_apart(cast, agency_check, client, listing):
    walks.listed(agency_check, cast.trust_spoc, "Attendance in May")
    answer = client.post(reverse("decisions:list_and_begin", args=[agency_check.pk]), listing)
    assert answer.url == at("decision", Decision.objects.get())


def test_taking_a_check_leads_to_what_is_listed_where_that_was_pressed(cast, client):
    check = walks.an_agency_check(cast)
    take = reverse("requests:take_check", args=[check.pk])
    assert client.post(take, {"add": "1"}).url == reverse("requests:add_item", args=[check.pk])
    assert AgencyCheck.objects.get().status == AgencyCheck.Status.TAKEN
    assert client.post(take, {"add": "1"}).status_code == 302, "a doubled click"


def test_taking_it_under_a_question_says_which_question_that_answers(cast, client):
    check = walks.an_agency_check(cast)
    take, question = reverse("requests:take_check", args=[check.pk]), check.questions.last()
    page = text(client.get(reverse("requests:check", args=[check.pk])))
    assert f'value="{question.pk}"' in page
    answer = client.post(take, {"add": str(question.pk)})
    form = client.get(answer.url).context["form"]
    assert form["answers"].value() == str(question.pk)
    assert form["special"].value() == "yes", "what a health agency holds"
    for other in ("nonsense", str(uuid4()), "a\x00b", "//elsewhere.example"):
        there = client.post(take, {"add": other}).url
        assert there.startswith(reverse("requests:add_item", args=[check.pk]))
        assert not client.get(there).context["form"]["answers"].value()


def test_an_agency_that_is_not_of_health_says_itself_what_is_special(cast, signed_in):
    check = walks.taken(cast, "housing")
    form = (
        signed_in("housing_spoc").get(reverse("requests:add_item", args=[check.pk])).context["form"]
    )
    assert not form["special"].value()
