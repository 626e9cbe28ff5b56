"""The parts of a request, one page each: what they ask, refuse, and keep."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from stdnum.gb import upn as pupil_number

from encryption.files import path_of
from requests_app.asking import actions as asking
from requests_app.files import actions as attaching
from requests_app.models import InformationRequest
from tests import walks
from tests.damage import with_another_byte

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
CHILD = {"given_name": "Zed", "family_name": "Example", "born": "born"}
BORN = {"date_of_birth_day": "27", "date_of_birth_month": "3", "date_of_birth_year": "2016"}


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


def fresh(case):
    return InformationRequest.objects.get(pk=case.pk)


def test_a_child_is_added_once_changed_and_removed(client, draft):
    body = CHILD | BORN | {"idempotency_key": str(uuid4()), "nhs_number": "999 000 0018"}
    for _ in range(2):
        assert client.post(to("person_add", draft, "child"), body).status_code == 302
    child = draft.subjects.get()
    assert (child.name, child.nhs_number, child.date_of_birth.year) == (
        "Zed Example",
        "9990000018",
        2016,
    )
    assert "Zed Example" in client.get(to("child", draft)).content.decode()
    page = client.get(to("person_change", draft, child.pk)).content.decode()
    assert 'value="2016"' in page
    assert 'value="born"' in page
    client.post(to("person_change", draft, child.pk), CHILD | {"given_name": "Zoe"})
    assert draft.subjects.get().given_name == "Zoe"
    assert "Zoe" in client.get(to("person_remove", draft, child.pk)).content.decode()
    assert draft.subjects.get().status == "current"
    client.post(to("person_remove", draft, child.pk))
    assert draft.subjects.get().status == "removed"
    assert client.get(to("child", draft)).url == to("person_add", draft, "child")


def test_an_unborn_child_has_an_expected_date_and_no_date_of_birth(client, draft):
    due = {"due_date_day": "1", "due_date_month": "2", "due_date_year": "2027"}
    body = {
        "born": "unborn",
        "family_name": "Example",
        **BORN,
        **due,
        "idempotency_key": str(uuid4()),
    }
    body["leave_out"] = "date_of_birth"
    assert client.post(to("person_add", draft, "child"), body).status_code == 302
    child = draft.subjects.get()
    assert child.is_unborn
    assert child.date_of_birth is None
    assert child.due_date.year == 2027


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"given_name": "", "family_name": ""}, "Enter the child&#x27;s first name or last name"),
        ({"born": ""}, "Select whether the child has been born"),
        ({"date_of_birth_year": "2999"}, "The date of birth must be today or in the past"),
        ({"date_of_birth_month": "13"}, "The date of birth must be a real date"),
    ],
)
def test_what_is_wrong_about_a_child_is_said(client, draft, change, said):
    answer = client.post(to("person_add", draft, "child"), CHILD | BORN | change)
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#39;", "&#x27;")
    assert not draft.subjects.exists()


def test_all_that_is_wrong_about_a_child_is_said_at_once(client, draft):
    wrong = {"date_of_birth_month": "3", "date_of_birth_year": "16", "upn": "x" * 21}
    answer = client.post(to("person_add", draft, "child"), wrong)
    assert answer.status_code == 422
    listed = answer.content.decode().split("govuk-error-summary__list")[1].split("</ul>")[0]
    for said in (
        "first name or last name, unless the child is unborn",
        "Select whether the child has been born",
        "The date of birth must include a day",
        "The year of the date of birth must have 4 numbers",
        "Unique pupil number (UPN) must be 20 characters or less",
    ):
        assert said in listed
    assert listed.count("<li>") == 5


@pytest.mark.parametrize(
    ("number", "warned"), [("9990000019", True), ("12", True), ("999 000 0018", False)]
)
def test_a_wrong_check_digit_warns_and_stops_nothing(client, draft, number, warned):
    body = CHILD | {"nhs_number": number, "upn": "B801200005001", "idempotency_key": str(uuid4())}
    page = client.post(to("person_add", draft, "child"), body, follow=True).content.decode()
    assert draft.subjects.exists()
    assert ("NHS number does not look right" in page) is warned
    assert "UPN) does not look right" not in page


@pytest.mark.parametrize(
    ("upn", "warned"),
    [
        ("A801200005001", True),
        ("B80120000500", True),
        ("X801200005Ü01", True),
        ("T80120000500A", False),
    ],
)
def test_an_odd_pupil_number_warns(client, draft, upn, warned):
    if not warned:
        upn = pupil_number.calc_check_digit(upn[1:]) + upn[1:]
    body = CHILD | {"upn": upn, "idempotency_key": str(uuid4())}
    page = client.post(to("person_add", draft, "child"), body, follow=True).content.decode()
    assert draft.subjects.exists()
    assert ("UPN) does not look right" in page) is warned


def test_other_people_say_what_they_are_to_the_child(client, draft):
    for role, name in (("connected", "Mo"), ("risk", "Rex")):
        there = to("person_add", draft, role)
        assert client.post(there, {"given_name": name}).status_code == 422
        body = {"given_name": name, "relationship": "Uncle", "idempotency_key": str(uuid4())}
        assert client.post(there, body).url == to("others", draft)
    page = client.get(to("others", draft)).content.decode()
    assert "Mo" in page
    assert "Rex" in page
    assert "People who may pose a risk" in page


@pytest.mark.clause("P-NECESSARY", part=True)
def test_each_fact_needed_says_why(client, draft):
    assert client.get(to("needs", draft)).url == to("need_add", draft)
    lacking = client.post(to("need_add", draft), {"fact": "Seen at hospital?"})
    assert lacking.status_code == 422
    assert "Enter why you need to know it" in lacking.content.decode()
    body = {"fact": "Seen at hospital?", "why": "A bruise", "idempotency_key": str(uuid4())}
    for _ in range(2):
        client.post(to("need_add", draft), body)
    need = draft.needs.get()
    client.post(to("need_change", draft, need.pk), {"fact": "Seen?", "why": "A bruise"})
    assert "Seen?" in client.get(to("needs", draft)).content.decode()
    assert client.post(to("need_remove", draft, need.pk)).url == to("case", draft)
    assert draft.needs.get().status == "removed"


@pytest.mark.clause("P-TIMELY", part=True)
def test_each_rating_says_what_it_means_here(client, draft, cast):
    page = client.get(to("rating", draft)).content.decode()
    assert "within 4 hours, day and night" in page
    assert "within 24 working hours" in page
    assert "call 999" in page
    assert client.post(to("rating", draft), {"rating": "red"}).status_code == 422
    client.post(to("rating", draft), {"rating": "red", "reason": "Tonight"})
    assert fresh(draft).rating == "red"


CONSENTS = {
    "given": {
        "asked_of": "His mother", "covers": "Health", "how": "spoken",
        "on_day": "1", "on_month": "10", "on_year": "2024",
    },
    "refused": {
        "asked_of": "His mother", "explanation": "Risk",
        "on_day": "1", "on_month": "10", "on_year": "2024",
    },
    "withdrawn": {
        "asked_of": "His mother", "covers": "Health", "explanation": "Risk",
        "on_day": "1", "on_month": "10", "on_year": "2024",
    },
    "not_sought": {"why_not": "delay", "explanation": "Tonight"},
    "not_able": {"asked_of": "The child", "explanation": "A baby"},
}  # fmt: skip


@pytest.mark.clause("C-CONSENT", part=True)
@pytest.mark.parametrize("answer", CONSENTS)
def test_consent_is_a_record_with_all_that_its_answer_asks_for(client, draft, answer):
    there = client.post(to("consent", draft), {"answer": answer}).url
    assert there == to("consent_details", draft, answer)
    assert client.post(there, {}).status_code == 422
    for missing in CONSENTS[answer]:
        lacking = {k: v for k, v in CONSENTS[answer].items() if k != missing}
        assert client.post(there, lacking).status_code == 422, missing
    assert client.post(there, CONSENTS[answer]).status_code == 302
    assert fresh(draft).consent.answer == answer
    assert client.post(there, CONSENTS[answer]).status_code == 302


@pytest.mark.clause("C-CONSENT", "P-TIMELY", part=True)
def test_in_an_emergency_not_seeking_consent_is_suggested(client, draft, cast):
    assert "checked" not in client.get(to("consent", draft)).content.decode()
    asking.describe(draft, by=cast.requester, part="rating", rating="red", reason="Tonight")
    assert "This is suggested" in client.get(to("consent", draft)).content.decode()
    page = client.get(to("consent_details", draft, "not_sought")).content.decode()
    assert 'value="delay"' in page
    assert "checked" in page
    assert not hasattr(fresh(draft), "consent")


def test_parents_not_told_needs_a_reason(client, draft):
    assert client.post(to("parents", draft), {"told": "no"}).status_code == 422
    client.post(to("parents", draft), {"told": "no", "reason": "Risk"})
    assert (fresh(draft).parents_told, fresh(draft).parents_reason) == ("no", "Risk")
    client.post(to("parents", draft), {"told": "yes", "reason": "Left over"})
    assert (fresh(draft).parents_told, fresh(draft).parents_reason) == ("yes", "")


def files(*pairs):
    return [SimpleUploadedFile(name, content) for name, content in pairs]


@pytest.mark.clause("P-SECURE", part=True)
def test_files_are_added_downloaded_and_removed(client, signed_in, draft, cast):
    body = {
        "idempotency_key": str(uuid4()),
        "uploads": files(("a note.txt", b"one"), ("b.png", PNG)),
    }
    assert client.post(to("files", draft), body).status_code == 302
    again = {
        "idempotency_key": body["idempotency_key"],
        "uploads": files(("a note.txt", b"one"), ("c.txt", b"two")),
    }
    client.post(to("files", draft), again)
    kept = {file.name: file for file in draft.attachments.all()}
    assert set(kept) == {"a note.txt", "b.png", "c.txt"}
    there = to("file", draft, kept["a note.txt"].pk)
    answer = client.get(there)
    assert b"".join(answer.streaming_content) == b"one"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a note.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for who in ("classmate", "officer", "school_spoc", "trust_spoc"):
        assert signed_in(who).get(there).status_code == 404
    assert (
        "a note.txt" in client.get(to("file_remove", draft, kept["a note.txt"].pk)).content.decode()
    )
    client.post(to("file_remove", draft, kept["a note.txt"].pk))
    assert client.get(there).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", b"MZ", "must be one of these kinds"),
        ("a.pdf", PNG, "is not what its name says"),
        ("a.txt", b"", "is empty"),
        ("a.txt", b"x" * (10 * 1024 * 1024 + 1), "must be smaller than 10 MB"),
    ],
)
def test_files_that_may_not_be_attached(client, draft, name, content, said):
    answer = client.post(to("files", draft), {"uploads": files((name, content))})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert client.post(to("files", draft), {}).status_code == 422
    assert not draft.attachments.exists()


def test_of_a_mixed_choice_it_is_said_that_none_was_added(client, draft):
    mixed = files(("note.txt", b"one"), ("a.exe", b"MZ"), ("b.png", PNG))
    answer = client.post(to("files", draft), {"uploads": mixed})
    assert answer.status_code == 422
    listed = answer.content.decode().split("govuk-error-summary__list")[1].split("</ul>")[0]
    assert "a.exe: The selected file must be one of these kinds" in listed
    assert "None of the files was added. Nothing is wrong with these" in listed
    assert "choose them again without the others: note.txt, b.png</a>" in listed
    assert not draft.attachments.exists()
    none_right = client.post(to("files", draft), {"uploads": files(("a.exe", b"MZ"), ("b", b""))})
    assert "None of the files was added.</a>" in none_right.content.decode()
    alone = client.post(to("files", draft), {"uploads": files(("a.exe", b"MZ"))})
    assert "None of the files" not in alone.content.decode()


@pytest.mark.clause("ISA-6.3")
def test_the_front_door_downloads_what_came_with_a_request(signed_in, cast):
    case = walks.a_draft(cast)
    (file,) = files(("a.txt", b"one"))
    row = attaching.attach_file(case, by=cast.requester, idempotency_key=uuid4(), upload=file)
    asking.send_request(fresh(case), by=cast.requester)
    officer = signed_in("officer")
    assert to("file", case, row.pk) in officer.get(to("triage_case", case)).content.decode()
    answer = officer.get(to("file", case, row.pk))
    assert b"".join(answer.streaming_content) == b"one"
    assert "Downloaded a file" in officer.get(to("access_log", case)).content.decode()
    assert signed_in("trust_spoc").get(to("file", case, row.pk)).status_code == 404


def test_a_file_that_does_not_open_gives_a_page_and_not_half_a_file(client, draft, cast):
    (file,) = files(("a.txt", b"one"))
    row = attaching.attach_file(draft, by=cast.requester, idempotency_key=uuid4(), upload=file)
    path_of(row.pk).write_bytes(with_another_byte(path_of(row.pk).read_bytes(), -1))
    answer = client.get(to("file", draft, row.pk))
    assert answer.status_code == 503
    assert "cannot be opened" in answer.content.decode()
