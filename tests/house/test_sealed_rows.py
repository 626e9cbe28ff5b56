"""Sealed values of the real tables, moved and damaged by hand: refused, and never garbage."""

import shutil
from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from encryption.casekeys import destroy_case_key
from encryption.errors import KeyDestroyed, KeyMissing, KeyringFault, SealBroken
from encryption.fields import sealed_fields
from encryption.files import path_of
from encryption.models import CaseKey
from requests_app.files import actions as files
from requests_app.models import Need, Subject
from requests_app.people import actions as people
from requests_app.triage import actions as triage
from tests import walks
from tests.damage import with_another_byte
from tests.house.tampering import DAMAGE, put, stored

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-SECURE", part=True)]

SECRETS = ("Zebulon", "Quarrington", "Rexford", "Yarrow")  # every name in these rows


@pytest.fixture
def case(cast):
    """A draft with two people, one of them in a second version."""
    case = walks.a_draft(cast, given_name="Zebulon", family_name="Quarrington")
    risk = case.subjects.get(role="risk")
    people.change_subject(risk, by=cast.requester, details={"given_name": "Rexford"})
    return case


@pytest.fixture
def child(case):
    return case.subjects.get(role="child")


@pytest.fixture
def risk(case):
    return case.subjects.get(role="risk")


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


def page_of(person):
    return reverse("requests:person_change", args=[person.case_id, person.pk])


def refused(person, client, column="given_name"):
    """Neither the code nor a page gives anything; nothing can be written over it either."""
    with pytest.raises((SealBroken, KeyMissing)) as fault:
        getattr(Subject.objects.get(pk=person.pk), column)
    before = Subject.objects.filter(pk=person.pk).values_list("version", flat=True).get()
    answers = [
        client.get(page_of(person)),
        client.get(reverse("requests:review", args=[person.case_id])),
    ]
    words = {"born": "born", "given_name": "Other", "relationship": "Uncle"}
    answers.append(client.post(page_of(person), words))
    for answer in answers:
        assert answer.status_code == 503
        page = answer.content.decode()
        assert "This record cannot be opened at the moment" in page
        assert not any(name in page + str(fault.value) for name in SECRETS)
    assert Subject.objects.filter(pk=person.pk).values_list("version", flat=True).get() == before


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_value_is_refused(child, client, damage):
    put(child, given_name=DAMAGE[damage](stored(child, "given_name")))
    refused(child, client)


def test_two_rows_exchanged(child, risk, client):
    first, second = stored(child, "given_name"), stored(risk, "given_name")
    put(child, given_name=second)
    put(risk, given_name=first)
    refused(child, client)
    refused(risk, client)


def test_two_columns_exchanged(child, client):
    first, second = stored(child, "given_name"), stored(child, "family_name")
    put(child, given_name=second, family_name=first)
    refused(child, client)
    refused(child, client, "family_name")


def test_two_cases_exchanged(cast, child, client):
    other = walks.a_draft(cast, given_name="Yarrow").subjects.get(role="child")
    first, second = stored(child, "given_name"), stored(other, "given_name")
    put(child, given_name=second)
    put(other, given_name=first)
    refused(child, client)
    refused(other, client)


def test_a_row_moved_to_another_case(cast, child, client):
    """Nor does the row as a whole open there, whose reader may not read this one."""
    other = walks.a_draft(cast)
    put(child, case_id=other.pk)
    with pytest.raises(SealBroken):
        assert Subject.objects.get(pk=child.pk).given_name


@pytest.mark.clause("P-ACCURATE", part=True)
def test_an_earlier_value_put_back_from_history(risk, client):
    earlier = risk.history.order_by("version").first()
    assert earlier.given_name == "Rex"
    put(risk, given_name=stored(earlier, "given_name"))
    refused(risk, client)


def test_an_earlier_version_is_only_as_good_as_its_number(risk):
    """Put back whole, with its version, it opens: evidence and history say that it is not so."""
    earlier = risk.history.order_by("version").first()
    put(risk, given_name=stored(earlier, "given_name"), version=earlier.version)
    with pytest.raises(SealBroken):
        assert Subject.objects.get(pk=risk.pk).relationship


def test_a_history_row_that_was_changed(risk):
    row = risk.history.order_by("version").last()
    put(row, version=row.version + 1)
    with pytest.raises(SealBroken):
        assert risk.history.get(pk=row.pk).given_name


def test_the_keys_of_two_cases_exchanged(cast, child, client):
    """A wrapped key is bound to its case too."""
    other = walks.a_draft(cast)
    first, second = (
        CaseKey.objects.get(case_id=each, generation=1) for each in (child.case_id, other.pk)
    )
    CaseKey.objects.filter(pk=first.pk).update(wrapped=second.wrapped)
    with pytest.raises(KeyringFault):
        assert Subject.objects.get(pk=child.pk).given_name
    answer = client.get(page_of(child))
    assert answer.status_code == 503
    assert not any(name in answer.content.decode() for name in SECRETS)


def filled_rows():
    """One row of every table with a sealed value, for each of its sealed columns."""
    for model in apps.get_models():
        if model._meta.app_label in ("requests_app", "decisions"):
            for field in sealed_fields(model):
                rows = model._base_manager.exclude(**{f"{field.attname}__isnull": True})
                if row := rows.order_by("pk").first():
                    yield model, field, row


def test_every_sealed_column_of_every_table_notices_a_bit(cast):
    """Recorded and released rows too: a trigger does not stop a superuser, the seal does."""
    walks.released(cast)
    returned = walks.sent(cast)
    triage.return_request(
        returned, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
    )
    labels = set()
    for model, field, row in filled_rows():
        token = stored(row, field.column)
        put(row, **{field.column: DAMAGE["a bit of the value"](token)})
        with pytest.raises(SealBroken, match="does not open"):
            getattr(model._base_manager.get(pk=row.pk), field.attname)
        put(row, **{field.column: token})
        getattr(model._base_manager.get(pk=row.pk), field.attname)
        labels.add(field.label)
    assert len(labels) > 40


@pytest.mark.parametrize("who", ["requester", "officer", "trust_spoc"])
def test_one_broken_record_takes_no_list_from_anybody(cast, signed_in, who):
    """The others are shown, and in its place that it cannot be opened."""
    _good, broken = (walks.an_agency_check(cast, case=walks.accepted(cast)) for _ in range(2))
    [child] = broken.case.subjects.filter(role="child")
    put(child, family_name=DAMAGE["a bit of the tag"](stored(child, "family_name")))
    path = {
        "requester": reverse("requests:mine"),
        "officer": f"{reverse('requests:inbox')}?group=agencies",
        "trust_spoc": reverse("requests:checks"),
    }
    answer = signed_in(who).get(path[who])
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("cannot be opened") == 1
    assert "Z.E." in page


class TestWithoutItsKey:
    """A case whose key is gone, by accident or on purpose."""

    def test_a_lost_key_is_said(self, case, child, client):
        CaseKey.objects.filter(case_id=case.pk).delete()
        with pytest.raises(KeyMissing):
            assert Subject.objects.get(pk=child.pk).given_name
        for path in (page_of(child), reverse("requests:review", args=[case.pk])):
            assert client.get(path).status_code == 503
        post = client.post(reverse("requests:need_add", args=[case.pk]), {"fact": "A", "why": "B"})
        assert post.status_code == 503
        assert Need.objects.filter(case=case).count() == 1

    def test_a_destroyed_key_gives_the_page_of_what_is_gone(self, cast, case, child, client):
        upload = SimpleUploadedFile("note.txt", b"Zebulon Quarrington")
        file = files.attach_file(case, by=cast.requester, idempotency_key=uuid4(), upload=upload)
        destroy_case_key(case.pk)
        with pytest.raises(KeyDestroyed):
            assert Subject.objects.get(pk=child.pk).given_name
        paths = [
            page_of(child),
            reverse("requests:review", args=[case.pk]),
            reverse("requests:file", args=[case.pk, file.pk]),
        ]
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 410
            assert "This record has been disposed of" in answer.content.decode()
        purpose = {"purposes": "needs", "reason": "A new text"}
        answer = client.post(reverse("requests:purpose", args=[case.pk]), purpose)
        assert answer.status_code == 410
        assert "disposed of" in client.get(reverse("requests:mine")).content.decode()

    def test_its_history_is_gone_with_it(self, case, risk):
        destroy_case_key(case.pk)
        for row in risk.history.all():
            assert row.history_change_reason
            with pytest.raises(KeyDestroyed):
                assert row.given_name


@pytest.mark.parametrize("damage", ["cut", "changed", "another", "gone"])
def test_a_file_that_was_meddled_with_is_not_served(cast, case, client, damage):
    idempotency_key = [uuid4(), uuid4()]
    for pk, text in zip(idempotency_key, (b"Zebulon", b"Quarrington"), strict=True):
        upload = SimpleUploadedFile("note.txt", text)
        files.attach_file(case, by=cast.requester, idempotency_key=pk, upload=upload)
    path, other = path_of(idempotency_key[0]), path_of(idempotency_key[1])
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "another":
        shutil.copyfile(other, path)
    else:
        path.write_bytes(content[:-1] if damage == "cut" else with_another_byte(content, -20))
    answer = client.get(reverse("requests:file", args=[case.pk, idempotency_key[0]]))
    assert answer.status_code == 503
    assert "This record cannot be opened at the moment" in answer.content.decode()
    path.unlink(missing_ok=True)


def test_a_date_is_no_better(child):
    """A date of birth of another person, or of another day, is not read as one."""
    other = Subject.objects.get(pk=child.pk)
    assert other.date_of_birth == date(2015, 3, 27)
    put(child, date_of_birth=stored(child, "given_name"))
    with pytest.raises(SealBroken):
        assert Subject.objects.get(pk=child.pk).date_of_birth
