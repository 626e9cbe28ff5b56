"""A requester fills in a request, one page at a time, and sends it."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.asking import actions as asking
from requests_app.asking import selectors
from requests_app.models import InformationRequest
from requests_app.triage import actions as triage
from tests import walks

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return asking.start_request(
        by=cast.requester, idempotency_key=uuid4(), desk=cast.agencies["front_door"]
    )


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


def to(name, case, *more):
    return reverse(f"requests:{name}", args=[case.pk, *more])


def _encoded(body):
    return urlencode(body, errors="surrogatepass")


def fresh(case):
    return InformationRequest.objects.get(pk=case.pk)


FORM = "application/x-www-form-urlencoded"
PARTS = [
    "case", "review", "discard", "child", "others", "purpose", "needs", "need_add", "rating",
    "consent", "parents", "files", "questions",
]  # fmt: skip


@pytest.mark.clause("ISA-7.2", part=True)
@pytest.mark.parametrize(
    "who", ["classmate", "school_spoc", "officer", "trust_spoc", "police_partner"]
)
def test_nobody_else_reaches_a_draft(signed_in, cast, who):
    case = walks.a_draft(cast)
    outsider = signed_in(who)
    need, person = case.needs.get(), case.subjects.first()
    pages = [to(name, case) for name in PARTS]
    pages += [to("person_add", case, "child"), to("consent_details", case, "given")]
    pages += [to("need_change", case, need.pk), to("need_remove", case, need.pk)]
    pages += [to("person_change", case, person.pk), to("person_remove", case, person.pk)]
    for page in pages:
        assert outsider.get(page).status_code == 404, page
        assert outsider.post(page).status_code in (404, 405), page


def test_every_part_opens_for_its_requester(client, cast):
    case = walks.a_draft(cast)
    for name in PARTS:
        page = client.get(to(name, case))
        assert page.status_code == 200, name
        assert "OFFICIAL-SENSITIVE" in page.content.decode() or name == "discard"
    for answer in ("given", "refused", "withdrawn", "not_sought", "not_able"):
        assert client.get(to("consent_details", case, answer)).status_code == 200
    assert client.get(to("consent_details", case, "maybe")).status_code == 404
    assert client.get(to("person_add", case, "nobody")).status_code == 404


def test_a_request_is_begun_once_however_often_it_is_posted(client, cast):
    idempotency_key = str(uuid4())
    first = client.post(reverse("requests:start"), {"idempotency_key": idempotency_key})
    second = client.post(reverse("requests:start"), {"idempotency_key": idempotency_key})
    assert first.url == second.url == reverse("requests:case", args=[idempotency_key])
    case = InformationRequest.objects.get()
    assert case.desk == cast.agencies["front_door"]
    assert client.get(reverse("requests:start")).status_code == 405


@pytest.mark.clause("ISA-3.6", part=True)
def test_the_front_door_can_ask_too(signed_in, cast):
    there = signed_in("officer").post(reverse("requests:start"), {"idempotency_key": str(uuid4())})
    assert signed_in("officer").get(there.url).status_code == 200
    assert InformationRequest.objects.get().agency == cast.agencies["front_door"]


@pytest.mark.clause("ISA-3.1")
@pytest.mark.clause("ISA-3.5", part=True)
def test_purposes_are_those_of_the_agreement_and_said_in_words(client, draft):
    page = client.get(to("purpose", draft)).content.decode()
    assert page.count('type="checkbox"') == 8
    missing = client.post(to("purpose", draft), {})
    assert missing.status_code == 422
    assert "Select at least one purpose" in missing.content.decode()
    assert 'href="#id_reason"' in missing.content.decode()
    assert (
        client.post(to("purpose", draft), {"purposes": ["fun"], "reason": "x"}).status_code == 422
    )
    said = {"purposes": ["needs", "audits"], "reason": "A bruise"}
    assert client.post(to("purpose", draft), said).status_code == 302
    assert (fresh(draft).purposes, fresh(draft).purpose_reason) == (["audits", "needs"], "A bruise")


@pytest.mark.parametrize("text", ["a \x00 in it", "x" * 1_000_000])
def test_text_that_cannot_be_kept_is_refused_in_words(client, draft, text):
    body = {"purposes": "needs", "reason": text}
    answer = client.post(to("purpose", draft), _encoded(body), content_type=FORM)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_half_a_character_arrives_as_the_sign_for_one_that_is_unknown(client, draft):
    body = _encoded({"purposes": "needs", "reason": "half \ud800 a character"})
    assert client.post(to("purpose", draft), body, content_type=FORM).status_code == 302
    assert "\ufffd" in client.get(to("review", draft)).content.decode()


def test_marks_that_turn_text_round_are_left_out(client, draft):
    client.post(
        to("need_add", draft),
        {"fact": "Seen\u202etxt.exe?", "why": "Bruise", "idempotency_key": ""},
    )
    assert draft.needs.get().fact == "Seentxt.exe?"


def test_a_step_of_another_case_is_not_there(client, draft, cast):
    other = walks.a_draft(cast)
    need, person = other.needs.get(), other.subjects.first()
    for page in (
        to("need_change", draft, need.pk),
        to("need_remove", draft, need.pk),
        to("person_change", draft, person.pk),
        to("person_remove", draft, person.pk),
        to("question", draft, uuid4()),
        to("file_remove", draft, uuid4()),
        to("file", draft, uuid4()),
    ):
        assert client.get(page).status_code == 404


def test_answers_are_checked_then_sent_once(client, cast, draft):
    page = client.get(to("review", draft)).content.decode()
    assert "Still to be completed" in page
    assert "Send the request" not in page
    refused = client.post(to("send", draft))
    assert refused.status_code == 409
    assert "still missing" in refused.content.decode()
    case = walks.a_draft(cast)
    page = client.get(to("review", case)).content.decode()
    for said in ("Zed Example", "999 000 0018", "Seen at hospital?", "Rex Risk", "Amber"):
        assert said in page
    assert f"{to('purpose', case)}?next=review" in page
    saved = client.post(f"{to('parents', case)}?next=review", {"told": "yes"})
    assert saved.url == to("review", case)
    sent = client.post(to("send", case), follow=True).content.decode()
    assert "sent to the Integrated Front Door" in sent
    assert "Waiting for triage" in sent
    assert client.post(to("send", case)).status_code == 302
    assert fresh(case).history.filter(history_change_reason="send").count() == 1


def test_a_sent_request_is_changed_no_more_and_nothing_typed_is_lost(client, cast):
    case = walks.sent(cast)
    for name in ("purpose", "needs", "review", "child", "discard", "files"):
        assert client.get(to(name, case)).url == to("case", case)
    late = client.post(to("purpose", case), {"purposes": "needs", "reason": "A long reason typed"})
    assert late.status_code == 409
    assert "A long reason typed" in late.content.decode()


def test_a_draft_is_discarded_once_confirmed(client, cast):
    case = walks.a_draft(cast)
    assert client.get(to("discard", case)).status_code == 200
    assert fresh(case).status == "draft"
    assert client.post(to("discard", case)).url == reverse("requests:mine")
    page = client.get(to("case", case))
    assert page.status_code == 200
    assert "Zed" not in page.content.decode()
    assert (
        case.reference
        not in client.get(reverse("requests:mine")).content.decode().split("Requests you")[-1]
    )


@pytest.mark.clause("ISA-3.8", part=True)
def test_a_returned_request_is_answered_and_sent_again(client, cast):
    case = walks.sent(cast)
    triage.return_request(
        case, by=cast.officer, idempotency_key=uuid4(), questions=["Which hospital?"]
    )
    assert "Answer the questions" in client.get(reverse("requests:mine")).content.decode()
    tasks = client.get(to("case", case)).content.decode()
    assert "sent this request back with questions" in tasks
    assert client.post(to("send", case)).status_code == 409
    question = case.clarifications.get()
    there = to("question", case, question.pk)
    assert "Which hospital?" in client.get(there).content.decode()
    assert client.post(there, {"answer": ""}).status_code == 422
    client.post(there, {"answer": "The General"})
    assert "The General" in client.get(to("questions", case)).content.decode()
    client.post(to("send", case))
    page = client.get(to("case", case)).content.decode()
    assert "Returned with questions" in page
    assert "The General" in page


@pytest.mark.clause("ISA-3.8", part=True)
def test_the_requester_reads_why_it_was_declined(client, signed_in, cast):
    case = walks.sent(cast)
    triage.decline_request(case, by=cast.officer, reason="Not a purpose of the agreement")
    assert "Not a purpose of the agreement" in client.get(to("case", case)).content.decode()
    overseer = signed_in("school_spoc").get(to("case", case))
    assert "Not a purpose of the agreement" in overseer.content.decode()


@pytest.mark.clause("ISA-5.1")
def test_oversight_shows_the_agency_its_own_and_lets_it_read_only(signed_in, cast):
    case = walks.sent(cast)
    spoc = signed_in("school_spoc")
    page = spoc.get(reverse("requests:oversight")).content.decode()
    assert case.reference in page
    assert "Rita Requester" in page
    assert "Zed" not in page
    assert spoc.get(to("case", case)).status_code == 200
    assert spoc.post(to("purpose", case), {}).status_code == 404
    assert (
        case.reference
        not in signed_in("trust_spoc").get(reverse("requests:oversight")).content.decode()
    )
    assert signed_in("requester").get(reverse("requests:oversight")).status_code == 404
    agency_check = walks.an_agency_check(cast, "trust")
    page = signed_in("trust_spoc").get(reverse("requests:oversight")).content.decode()
    assert agency_check.reference in page
    assert "Nobody yet" in page


@pytest.mark.clause("ISA-7.2", part=True)
def test_the_requester_never_learns_who_was_asked(client, cast):
    case = walks.accepted(cast)
    walks.an_agency_check(cast, "trust", case)
    page = client.get(to("case", case)).content.decode()
    assert "Request accepted" in page
    assert "Anytown Front Door" in page
    assert "Health Trust" not in page


def test_lists_ask_as_often_for_many_as_for_one(client, signed_in, cast, flat):
    def add():
        walks.released(cast)
        walks.a_draft(cast)
        walks.sent(cast)

    def fetch():
        assert client.get(reverse("requests:mine")).status_code == 200

    flat(fetch, add=add, more=3)


def test_oversight_asks_as_often_for_many_as_for_one(signed_in, cast, flat):
    spoc, holder = signed_in("school_spoc"), signed_in("trust_spoc")

    def fetch():
        spoc.get(reverse("requests:oversight"))
        holder.get(reverse("requests:oversight"))

    flat(fetch, add=lambda: walks.an_agency_check(cast))


def test_older_requests_are_on_the_next_page(client, cast, monkeypatch):
    cases = [walks.sent(cast) for _ in range(3)]
    real = selectors.page_from
    monkeypatch.setattr(selectors, "page_from", lambda *a, **k: real(*a, most=2, **k))
    page = client.get(reverse("requests:mine")).content.decode()
    assert cases[2].reference in page
    assert cases[0].reference not in page
    after = page.split('href="?after=')[1].split('"')[0]
    page = client.get(f"{reverse('requests:mine')}?after={after}").content.decode()
    assert cases[0].reference in page
    assert cases[1].reference not in page
    assert client.get(reverse("requests:mine"), {"after": "x~y\x00"}).status_code == 200
