"""The page of consent: each question that follows from the one before, and one text of reasons."""

from uuid import uuid4

import pytest

from decisions.flow import actions as deciding
from decisions.models import Decision
from tests import walks
from tests.decisions.filling import answer_to_share, at, say, text

pytestmark = pytest.mark.django_db

ALL_THREE = {
    "choice": "no",
    "identifiable_choice": "yes",
    "lawful_reason_choice": "yes/at_risk",
    "reasons": "Asking would tell the uncle, and it names her",
}
AS_SENT = {"expected_version": "0", "identifiable_version": "0", "lawful_reason_version": "0"}


@pytest.fixture
def client(signed_in):
    return signed_in("trust_spoc")


@pytest.fixture
def decision(cast, client):
    agency_check = walks.taken(cast)
    walks.listed(agency_check, cast.trust_spoc, "Attendance in October", special=True)
    row = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    say(client, row, "purpose", "yes")
    return row


def answered(decision):
    return {each.step: (each.choice, each.reasons) for each in decision.answers.all()}


@pytest.mark.clause("F-FLOW")
def test_its_questions_are_answered_at_once_each_with_the_reasons(decision, client):
    page = text(client.get(at("step", decision, "consent")))
    asks = [decision.edition.steps[name].ask for name in ("consent", "identifiable")]
    assert page.index(asks[0]) < page.index("If you answered “No”") < page.rindex(asks[1])
    for _twice in range(2):
        answer = client.post(at("step", decision, "consent"), ALL_THREE | AS_SENT)
        assert answer.url == at("sharing", decision)
    reasons = ALL_THREE["reasons"]
    assert answered(decision) == {
        "purpose": ("yes", "Weighed it"),
        "consent": ("no", reasons),
        "identifiable": ("yes", reasons),
        "lawful_reason": ("yes", reasons),
    }
    now = Decision.objects.get(pk=decision.pk)
    assert (now.ground, now.ground_reason) == ("at_risk", reasons)
    assert now.history.filter(history_change_reason="weigh").count() == 1


@pytest.mark.clause("F-FLOW", "DP-SPECIAL", part=True)
def test_what_follows_begins_with_what_was_said_and_confirms_nothing(decision, client):
    client.post(at("step", decision, "consent"), ALL_THREE)
    shown = client.get(at("sharing", decision)).context["form"]
    forms = {part.code: part.form for part in shown.parts}
    assert forms["basis"]["condition"].value() == "safeguarding"
    assert forms["told"]["reason"].value() == ALL_THREE["reasons"]
    assert forms["content"]["source"].value() == f"Records of {decision.agency_check.holder}"
    for code, name in (
        ("basis", "lawful_basis"),
        ("basis", "safety"),
        ("content", "nature"),
        ("content", "content"),
        ("content", "as_at"),
        ("points", "confirmed"),
        ("told", "told"),
    ):
        assert not forms[code][name].value(), name
    assert not decision.points.exists()


@pytest.mark.clause("F-FLOW")
def test_a_question_that_is_left_out_has_a_page_next(decision, client):
    short = {"choice": "no", "reasons": "The uncle would learn of it"}
    assert client.post(at("step", decision, "consent"), short).url == at(
        "step", decision, "identifiable"
    )
    more = {"choice": "yes", "reasons": "It names her"}
    assert client.post(at("step", decision, "identifiable"), more).url == at(
        "step", decision, "lawful_reason"
    )
    assert set(answered(decision)) == {"purpose", "consent", "identifiable"}


@pytest.mark.clause("F-FLOW")
@pytest.mark.parametrize(
    ("other", "link"),
    [
        ({"identifiable_choice": ""}, "#id_identifiable_choice_0"),
        ({"identifiable_choice": "perhaps"}, "#id_identifiable_choice_0"),
        ({"lawful_reason_choice": "yes"}, "#id_lawful_reason_choice_0"),
        ({"lawful_reason_choice": "yes/whim"}, "#id_lawful_reason_choice_0"),
        ({"lawful_reason_choice": "a\x00b"}, "#id_lawful_reason_choice_0"),
        ({"choice": ""}, "#id_choice_0"),
        ({"reasons": ""}, "#id_reasons"),
        ({"reasons": "", "lawful_reason_choice": "no"}, "#id_reasons"),
    ],
)
def test_what_is_wrong_is_told_and_none_of_it_is_written(decision, client, other, link):
    answer = client.post(at("step", decision, "consent"), ALL_THREE | other)
    assert answer.status_code == 422
    assert f'href="{link}"' in text(answer)
    assert f'id="{link[1:]}"' in text(answer)
    assert set(answered(decision)) == {"purpose"}
    assert Decision.objects.get(pk=decision.pk).ground == ""


@pytest.mark.clause("F-FLOW")
def test_what_the_answers_make_moot_is_not_written(decision, client):
    answer = client.post(at("step", decision, "consent"), ALL_THREE | {"choice": "yes"})
    assert answer.url == at("sharing", decision)
    assert set(answered(decision)) == {"purpose", "consent"}
    assert Decision.objects.get(pk=decision.pk).ground == ""


def test_an_answer_that_a_colleague_gave_meanwhile_is_not_written_over(decision, client, signed_in):
    say(client, decision, "consent", "no", "Mine", expected_version="0")
    say(client, decision, "identifiable", "no", "Mine too", expected_version="0")
    before = answered(decision)
    theirs = ALL_THREE | AS_SENT | {"expected_version": "1"}
    late = signed_in("trust_manager").post(at("step", decision, "consent"), theirs)
    assert late.status_code == 409
    assert "Asking would tell the uncle" in text(late)
    assert answered(decision) == before, "all of it or nothing"


def test_changing_an_answer_shows_what_was_said_of_the_others(decision, client):
    answer_to_share(client, decision)
    shown = client.get(at("step", decision, "consent")).context["form"]
    assert shown.chosen() == {
        "consent": "no",
        "identifiable": "yes",
        "lawful_reason": "yes/at_risk",
    }
    assert shown["reasons"].value() == "Weighed it"


@pytest.mark.clause("ISA-5.4", "G-RULES", part=True)
def test_the_reasons_of_a_refusal_are_asked_once_where_it_says_who_reads_them(decision, client):
    no = {"choice": "no", "reasons": "", "expected_version": "1"}
    answer = client.post(at("step", decision, "purpose"), no)
    assert answer.url == at("why_not", decision)
    page = client.get(answer.url)
    assert "The requester, the front door and the safeguarding partners read this." in text(page)
    assert not client.get(at("record", decision)).context, "nothing to record without reasons"
    why = {"because": "It says nothing of harm", "safety": "No risk seen"}
    assert client.post(at("why_not", decision), why).url == at("record", decision)
    given = client.get(at("record", decision)).context["record"].answers
    assert [(each.step, each.reasons) for each in given] == [("purpose", why["because"])]


@pytest.mark.clause("F-FLOW", part=True)
def test_answers_with_reasons_of_their_own_keep_them_when_one_is_changed(decision, client):
    say(client, decision, "consent", "no", "The uncle would learn of it")
    say(client, decision, "identifiable", "yes", "It names her")
    page = client.get(at("step", decision, "consent"))
    assert page.context["form"]["reasons"].value() == "The uncle would learn of it"
    assert len(page.context["form"].steps) == 1
    version = page.context["form"]["expected_version"].value()
    changed = {"choice": "no", "reasons": "He would take her away", "expected_version": version}
    assert client.post(at("step", decision, "consent"), changed).status_code == 302
    assert answered(decision)["consent"] == ("no", "He would take her away")
    assert answered(decision)["identifiable"] == ("yes", "It names her")
