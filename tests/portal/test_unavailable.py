"""A database, the keystore or the disk gone: 503, when to try again, nothing typed lost (bug 9)."""

import errno
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections
from django.test import Client
from django.urls import reverse

from portal import slots, unavailable
from portal.slots import SlotMiddleware, Slots
from requests_app.asking import actions as asking
from tests import walks
from tests.cast import PASSWORD
from tests.full_disk import no_file_past
from tests.plugins.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = "Her aunt telephoned & said <so>"


def lost(alias, monkeypatch):
    """From now on every connection to this database is refused by the system itself."""
    connections[alias].close()
    monkeypatch.setitem(connections[alias].settings_dict, "PORT", "9")


def is_said(answer, *, sent):
    page = answer.content.decode()
    assert answer.status_code == 503, page
    assert int(answer.headers["Retry-After"]) > 0
    assert "The service cannot be used at the moment" in page
    assert "Wait a minute and try again" in page
    assert "call 999" in page
    assert ("may not have been saved" in page) is sent
    return page


@pytest.fixture
def client(cast):
    return sign_in(Client(raise_request_exception=False), cast.users["officer"])


@pytest.fixture
def case(cast):
    return walks.sent(cast)


def test_without_the_database_each_page_says_so(client, case, monkeypatch):
    lost("default", monkeypatch)
    visitor = Client(raise_request_exception=False)
    for who in (client, visitor):
        is_said(who.get("/accounts/login/"), sent=False)
    for path in ("/", "/inbox/", reverse("requests:triage_case", args=[case.pk])):
        is_said(client.get(path), sent=False)
    assert visitor.get("/healthz").status_code == 200


def test_without_the_database_what_was_typed_is_there_to_copy(client, case, monkeypatch):
    lost("default", monkeypatch)
    address = reverse("requests:triage_case", args=[case.pk])
    typed = {
        "note": TYPED,
        "password1": PASSWORD,
        "oldpassword": PASSWORD,
        "idempotency_key": str(uuid4()),
    }
    page = is_said(client.post(address, typed, headers={"Origin": "http://testserver"}), sent=True)
    assert "Her aunt telephoned &amp; said &lt;so&gt;" in page
    assert PASSWORD not in page
    assert "OFFICIAL-SENSITIVE" in page


def test_another_site_cannot_have_its_words_shown(client, case, monkeypatch):
    lost("default", monkeypatch)
    address = reverse("requests:triage_case", args=[case.pk])
    answer = client.post(address, {"note": TYPED}, headers={"Origin": "https://evil.example"})
    assert "Her aunt" not in is_said(answer, sent=True)


def test_nobody_signs_in_meanwhile_and_it_is_said(cast, monkeypatch):
    lost("default", monkeypatch)
    visitor = Client(raise_request_exception=False)
    words = {"login": cast.users["officer"].email, "password": PASSWORD}
    page = is_said(visitor.post("/accounts/login/", words), sent=True)
    assert PASSWORD not in page
    assert cast.users["officer"].email not in page


def test_without_the_keystore_a_record_is_not_opened(client, case, monkeypatch):
    address = reverse("requests:triage_case", args=[case.pk])
    assert client.get(address).status_code == 200
    lost("keystore", monkeypatch)
    is_said(client.get(address), sent=False)


def test_afterwards_all_is_well(client, case):
    address = reverse("requests:triage_case", args=[case.pk])
    with pytest.MonkeyPatch.context() as meanwhile:
        lost("default", meanwhile)
        is_said(client.get(address), sent=False)
    connections["default"].close()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("number", sorted(unavailable.OF_THE_DISK))
def test_a_fault_of_the_disk_is_one_of_these(number):
    assert unavailable.is_passing(OSError(number, "said by the system"))


def test_no_mistake_of_ours_is_called_a_fault_of_the_disk():
    assert not unavailable.is_passing(FileNotFoundError(errno.ENOENT, "no such file"))
    assert not unavailable.is_passing(ValueError("disk"))
    with connections["default"].cursor() as cursor:
        for statement in ("SELECT nothing", "SELECT 1 / 0", "SELECT * FROM nowhere"):
            with pytest.raises(DatabaseError) as caught:
                cursor.execute(statement)
            assert not unavailable.is_passing(caught.value)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'deadlock_detected'", "40P01"),
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'disk_full'", "53100"),
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'too_many_connections'", "53300"),
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'lock_not_available'", "55P03"),
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'query_canceled'", "57014"),
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'admin_shutdown'", "57P01"),
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'io_error'", "58030"),
        ("RAISE EXCEPTION 'x' USING ERRCODE = 'read_only_sql_transaction'", "25006"),
    ],
)
def test_what_postgresql_says_when_it_cannot(statement, code):
    with connections["default"].cursor() as cursor, pytest.raises(DatabaseError) as caught:
        cursor.execute(f"DO $$ BEGIN {statement}; END $$")
    assert caught.value.__cause__.pgcode == code
    assert unavailable.is_passing(caught.value)


def test_where_there_are_slots_for_few_the_next_is_told_to_wait(client, tmp_path, monkeypatch):
    monkeypatch.setattr(SlotMiddleware, "slots", Slots(tmp_path, 1, threads=2))
    monkeypatch.setattr(slots, "PATIENCE", 0.0)
    assert client.get("/accounts/login/").status_code in (200, 302)
    somebody = Slots(tmp_path, 1, threads=2)
    somebody.take()
    answer = client.post("/", {"note": TYPED})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Too many people are using the service" in page
    assert re.search("Her aunt telephoned", page)
    assert client.get("/healthz").status_code == 200
    somebody.give_back()
    assert client.get("/accounts/login/").status_code in (200, 302)


def test_a_disk_without_room_is_said_where_a_file_is_attached(cast):
    """The system itself refuses to write more, as it does at a quota."""
    draft = asking.start_request(
        by=cast.requester, idempotency_key=uuid4(), desk=cast.agencies["front_door"]
    )
    client = sign_in(Client(raise_request_exception=False), cast.users["requester"])
    address = reverse("requests:files", args=[draft.pk])

    def sent():
        file = SimpleUploadedFile("a.txt", b"a line of text\n" * 100_000)
        return client.post(address, {"idempotency_key": str(uuid4()), "uploads": [file]})

    with no_file_past(1_000_000):
        answer = sent()
    page = is_said(answer, sent=True)
    assert "Choose them again" in page
    assert not draft.attachments.exists()
    assert sent().status_code == 302
    assert draft.attachments.count() == 1
