"""What a person reads who adds a file, over whole pages; and that nothing harmful is kept."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings as now
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from agencies.register_files.import_export import MOST_BYTES
from portal import status
from requests_app.asking import actions as asking
from requests_app.files import actions as attaching
from requests_app.models import Attachment
from tests import walks
from tests.agencies.register_files.test_register_files import COPIES, NEW, as_csv, sheet
from tests.cast import PEOPLE
from tests.house.urls import ASKERS
from tests.patience import PATIENCE
from tests.scanning.clamd import CLEAN, HARMFUL, PATTERN, SIGNATURE, a_document, until
from workflow import scanning
from workflow.scanning import AT_ONCE

pytestmark = pytest.mark.django_db
FOUND = "something harmful was found in it"
JUST_NOW = "files cannot be checked for harm just now. Try again in a few minutes"


def files(*pairs):
    return [SimpleUploadedFile(name, content) for name, content in pairs]


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def draft(cast):
    return walks.a_draft(cast)


@pytest.fixture
def there(draft):
    return reverse("requests:files", args=[draft.pk])


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


def sealed():
    return {path for path in Path(now.FILES_DIR).rglob("*") if path.is_file()}


@pytest.mark.clause("P-SECURE", part=True)
@pytest.mark.parametrize("content", [HARMFUL, a_document(HARMFUL)], ids=["text", "document"])
def test_a_harmful_file_is_refused_and_nothing_is_kept_of_any(
    scanned, client, draft, there, cast, lines, content
):
    kind = "txt" if content == HARMFUL else "docx"
    [kept] = files(("kept before.txt", b"one"))
    attaching.attach_file(draft, by=cast.requester, idempotency_key=uuid4(), upload=kept)
    before, idempotency_key = sealed(), str(uuid4())
    chosen = files(("clean.txt", CLEAN), (f"Zebedee Marmalade.{kind}", content))
    answer = client.post(there, {"idempotency_key": idempotency_key, "uploads": chosen})
    page = words(answer)
    assert answer.status_code == 422
    assert f"Zebedee Marmalade.{kind}: This file was refused and not kept: {FOUND}" in page
    assert "Tell whoever looks after your computers" in page
    assert "clean.txt:" not in page, "the other one is not to blame"
    assert "kept before.txt" in page
    assert f'value="{idempotency_key}"' in page, "sent again it is the same form"
    assert sealed() == before
    assert [each.name for each in draft.attachments.all()] == ["kept before.txt"]
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    [line] = [line for line in logged if line["event"] == "file_refused"]
    assert line["signature"] == f"{SIGNATURE}.UNOFFICIAL"
    assert line["person"] == str(cast.users["requester"].pk)
    assert "Zebedee" not in lines.getvalue()
    again = {"idempotency_key": idempotency_key, "uploads": files(("clean.txt", CLEAN))}
    assert client.post(there, again).status_code == 302
    assert draft.attachments.count() == 2


def test_one_file_alone_is_named_too(scanned, client, there):
    page = words(client.post(there, {"uploads": files(("letter.txt", HARMFUL))}))
    assert f"letter.txt: This file was refused and not kept: {FOUND}" in page


def test_a_clean_document_is_taken_and_comes_back_as_it_was(scanned, client, draft, there):
    content = a_document(CLEAN)
    sent = {"idempotency_key": str(uuid4()), "uploads": files(("a.docx", content))}
    assert client.post(there, sent).status_code == 302
    row = draft.attachments.get()
    got = client.get(reverse("requests:file", args=[draft.pk, row.pk]))
    assert b"".join(got.streaming_content) == content


@pytest.mark.parametrize("how", ["killed", "frozen", "nonsense"])
def test_while_nobody_can_look_nothing_is_taken_and_nothing_is_lost(
    settings, request, client, draft, there, monkeypatch, how
):
    if how == "nonsense":
        request.getfixturevalue("liar")(lambda _command, wire: wire.sendall(b"?\0"))
    else:
        own = request.getfixturevalue("own_clamd")
        settings.FILE_SCANNER = own.address
        own.dies() if how == "killed" else own.freezes()
        monkeypatch.setattr(scanning, "ANSWERS_IN", float(PATIENCE) if how == "killed" else 0.05)
    before, idempotency_key = sealed(), str(uuid4())
    answer = client.post(
        there, {"idempotency_key": idempotency_key, "uploads": files(("note.txt", CLEAN))}
    )
    assert answer.status_code == 422
    assert f"note.txt: This file was not kept: {JUST_NOW}" in words(answer)
    assert "in a few minutes, and choose it again." in words(answer)
    assert f'value="{idempotency_key}"' in words(answer)
    assert sealed() == before
    assert not draft.attachments.exists()
    assert client.get("/readyz").status_code == 200, "pages are served all the same"
    child = draft.subjects.get(role="child")
    assert child.name in words(client.get(reverse("requests:review", args=[draft.pk])))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_harmful_file_for_the_register_is_not_even_read(scanned, signed_in, monkeypatch, kind):
    row = NEW | {"name": f"Anytown {PATTERN.decode()}"}
    content = as_csv(row) if kind == "csv" else sheet(list(row), list(row.values()))
    monkeypatch.setattr(
        "agencies.register_files.forms.read_table", lambda _bytes: pytest.fail("it was read")
    )
    administrator = signed_in("administrator")
    answer = administrator.post(COPIES, {"file": SimpleUploadedFile(f"a.{kind}", content)})
    assert answer.status_code == 422
    assert f"a.{kind}: This file was refused and not kept: {FOUND}" in words(answer)


def test_nothing_is_looked_through_for_somebody_who_is_signed_out(client, there, settings, liar):
    asked = liar(lambda _command, wire: wire.sendall(b"PONG\0"))
    client.logout()
    client.post(there, {"uploads": files(("note.txt", CLEAN))})
    assert not asked


MIB = 1024 * 1024
NOT_WANTED = {
    "to a page without files": ("/status/", "uploads", [CLEAN] * 50, 405),
    "under another name": (None, "file", [CLEAN], 422),
    "more than the form takes": (None, "uploads", [CLEAN] * 11, 422),
    "larger than the form takes": (None, "uploads", [b"x" * (MIB + 1)], 422),
    "of another kind": (None, "uploads", [b"\x00\x01"], 422),
    "too large for the register": (COPIES, "file", [b"x" * (MOST_BYTES + 1)], 422),
}


@pytest.mark.parametrize("what", NOT_WANTED)
def test_what_no_form_would_take_is_not_given_to_the_scanner(
    signed_in, client, there, settings, liar, what
):
    settings.ATTACHMENT_MAX_BYTES = max(MIB, MOST_BYTES) if "register" in what else MIB
    page, field, contents, status = NOT_WANTED[what]
    asked = liar(lambda _command, wire: wire.sendall(b"PONG\0"))
    chosen = files(*((f"{number}.txt", content) for number, content in enumerate(contents)))
    somebody = signed_in("administrator") if page else client
    assert somebody.post(page or there, {field: chosen}).status_code == status
    assert not asked


def test_ten_files_of_one_form_are_looked_through_once_each(client, there, liar):
    asked = liar(lambda c, wire: wire.sendall(b"PONG\0" if c == b"zPING" else b"stream: OK\0"))
    chosen = files(*((f"{number}\u202e.txt", CLEAN) for number in range(10)))
    assert (
        client.post(there, {"idempotency_key": str(uuid4()), "uploads": chosen}).status_code == 302
    )
    assert asked == [b"zPING"] + [b"zINSTREAM"] * 10


class TestStatus:
    """What an administrator reads."""

    def line(self):
        found = [line for line in status.lines() if line.name == "Scanner of files"]
        return found[0] if found else None

    def test_one_that_answers_is_no_matter(self, scanned):
        assert (self.line().said, self.line().late) == ("It answers.", False)

    def test_one_that_is_gone_needs_a_look(self, settings, own_clamd, signed_in):
        settings.FILE_SCANNER = own_clamd.address
        own_clamd.dies()
        assert self.line().late
        page = words(signed_in("administrator").get("/status/"))
        assert "It does not answer. Files that people add are refused until it does." in page

    def test_signatures_that_are_old_need_a_look(self, liar):
        liar(lambda _c, wire: wire.sendall(b"ClamAV 1.4.6/27820/Mon Nov  3 09:26:00 2025\0"))
        assert self.line().late
        assert "was made on 3 November 2025" in self.line().said

    def test_where_nothing_is_scanned_one_line_says_so(self, cast, signed_in):
        assert self.line() is None
        page = words(signed_in("administrator").get("/status/"))
        assert "Files that people add are not scanned for what is harmful" in page

    def test_where_files_are_scanned_it_does_not(self, scanned, signed_in):
        page = words(signed_in("administrator").get("/status/"))
        assert "are not scanned" not in page
        assert "Scanner of files" in page


class NoRedirect(HTTPRedirectHandler):
    """Show a redirection instead of following it."""

    def redirect_request(self, *_args):
        return None


def sent_over_http(address, cookie, idempotency_key, content):
    """Status and page of one form with one file, as a browser sends it."""
    token = "b" * 32
    fields = {
        "idempotency_key": idempotency_key,
        "csrfmiddlewaretoken": token,
        "uploads": files(("note.txt", content)),
    }
    body = encode_multipart(BOUNDARY, fields)
    head = {
        "Content-Type": MULTIPART_CONTENT,
        "Cookie": f"{cookie}; {now.CSRF_COOKIE_NAME}={token}",
    }
    request = Request(address, body, head)
    try:
        with build_opener(NoRedirect).open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as answer:
        return answer.code, answer.read().decode()


def own_page(cast, signed_in, who):
    """The page of files of a draft of theirs, and the cookie with which they are signed in."""
    desk = cast.agencies["front_door"]
    draft = asking.start_request(by=getattr(cast, who), idempotency_key=uuid4(), desk=desk)
    session = signed_in(who).cookies[now.SESSION_COOKIE_NAME].value
    return reverse("requests:files", args=[draft.pk]), f"{now.SESSION_COOKIE_NAME}={session}"


def test_ten_at_once_before_one_that_stands_still_hold_up_nobody_else(
    live_server, cast, signed_in, settings, own_clamd, monkeypatch
):
    """Over HTTP: some wait, with no transaction open meanwhile; the others are answered at once."""
    settings.FILE_SCANNER = own_clamd.address
    monkeypatch.setattr(scanning, "A_TURN", 0.01)
    pages = [own_page(cast, signed_in, who) for who in sorted(ASKERS & set(PEOPLE))]
    assert len(pages) == 10
    own_clamd.freezes()
    try:
        with ThreadPoolExecutor(10) as pool:
            coming = [
                pool.submit(sent_over_http, live_server.url + there, cookie, uuid4(), CLEAN)
                for there, cookie in pages
            ]
            until(lambda: sum(each.done() for each in coming) == 10 - AT_ONCE)
            refused = [each.result() for each in coming if each.done()]
            assert {code for code, _page in refused} == {422}
            assert all(JUST_NOW in re.sub(r"\s+", " ", page) for _code, page in refused)
            there, cookie = pages[0]
            request = Request(live_server.url + there, headers={"Cookie": cookie})
            with build_opener().open(request, timeout=PATIENCE) as answer:
                assert answer.status == 200
            assert transactions() == 0
            own_clamd.wakes()
            assert sorted(each.result()[0] for each in coming) == [302] * AT_ONCE + [422] * 6
    finally:
        own_clamd.wakes()
    assert Attachment.objects.count() == AT_ONCE


def transactions():
    """How many sessions of the portal are within a transaction, and do nothing."""
    own = connection.settings_dict
    place = {"host": own["HOST"], "port": own["PORT"], "user": own["USER"], "dbname": own["NAME"]}
    link = psycopg2.connect(**place)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        [(count,)] = cursor.fetchall()
    link.close()
    return count
