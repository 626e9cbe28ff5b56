"""What nobody should send, sent to every form: a page that says so, and nothing half written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.db import connection
from django.urls import reverse

from encryption.models import CaseKey
from tests.cast import PEOPLE
from tests.house.urls import ACCOUNT, TABLE
from tests.house.world import ANONYMOUS, World, undone

pytestmark = pytest.mark.django_db

POSTED = {name: row for name, row in TABLE.items() if row.post != 405 and row.who}
FORMS = {name: row for name, row in POSTED.items() if row.post == 422}
URLENCODED = "application/x-www-form-urlencoded"
MIB = 1024 * 1024

# Bytes as they come over the wire, for every field of a form at once. Some of them are the
# right kind of thing for some field; what counts is that no form falls over any of them.
HOSTILE = {
    "NUL": b"a\x00b",
    "half a character": b"a\xed\xa0\x80b",
    "not UTF-8": b"a\xff\xfe\xc3b",
    "long": b"9" * 5000,
    "a number that is too large": b"99999999999999999999",
    "below nothing": b"-1",
    "other digits": "\u0661\u0662".encode(),
    "mark-up": b"<script>alert(1)</script>{{ 7*7 }}{% now %}",
    "a list": b"[1,2]",
}
# Character sets that a browser never names; with some of them bytes become half characters.
CHARSETS = ("utf-7", "raw_unicode_escape", "unicode_escape", "utf-16", "base64", "idna", "nonsense")


# What is posted to an address that is no page of its own.
STAND_ELSEWHERE = {
    "agencies:register_import": ["report"],
    "agencies:guidance_acknowledge": ["read"],
    "keep_unsent": ["slip", "typed"],
    "decisions:export_disclosures": ["kind", "outcome", "purpose", "recipient", "since_day"],
}

# The token, and the agency that the page was filled in for: they have tests of their own.
NOT_OF_THE_FORM = {"csrfmiddlewaretoken", "viewport", "acting_for", "filled_in_by", "agency"}


def written() -> tuple[int, ...]:
    """How many there are of what every change writes one of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM audit_event), count(*) FROM outbox_message")
        return (*cursor.fetchone(), CaseKey.objects.count())


@contextmanager
def all_or_nothing(name: str) -> Iterator[list[Any]]:
    """An answer put into the list is a page; one that says no has written nothing."""
    before, answers = written(), []
    yield answers
    (answer,) = answers
    assert answer.status_code < 500, f"{name}: {answer.status_code}"
    if answer.status_code >= 400:
        assert written() == before, f"{name}: {answer.status_code}, and something was written"


def who_may(name: str) -> str:
    return min(POSTED[name].who & set(PEOPLE))


def there(world: World, name: str) -> str:
    return reverse(name, args=world.args(POSTED[name].where))


def fields_of(world: World, name: str) -> list[str]:
    """The names of all that the form on the page would send."""
    if name in STAND_ELSEWHERE:
        return STAND_ELSEWHERE[name]
    if name not in world.fields:
        page = world.client(who_may(name)).get(there(world, name)).content.decode()
        named = set(re.findall(r'\bname="([^"]+)"', page))
        world.fields[name] = sorted(named - NOT_OF_THE_FORM)
    return world.fields[name]


def body_of(fields: list[str], value: bytes) -> bytes:
    return "&".join(f"{field}={quote_from_bytes(value)}" for field in fields).encode()


def send(world: World, name: str, body: bytes, kind: str = URLENCODED, **headers: str) -> Any:
    """One post, all of it or nothing; undone afterwards."""
    with undone(), all_or_nothing(name) as answers:
        client = world.client(who_may(name))
        # Not ``post``: it would write the bytes in the character set that the kind names.
        address = there(world, name)
        answers.append(client.generic("POST", address, body, content_type=kind, headers=headers))
        return answers[0]


@pytest.mark.parametrize("name", FORMS)
def test_no_form_falls_over_what_is_sent(world: World, name: str):
    fields = fields_of(world, name)
    assert fields, f"{name} has a form without fields"
    for what, value in HOSTILE.items():
        answer = send(world, name, body_of(fields, value))
        assert answer.status_code in {302, 409, 422}, f"{what}: {answer.status_code}"
        assert b"<script>alert" not in answer.content
        assert b"\x00" not in answer.content
    # Each field twice, the second time otherwise; fields that are not there at all.
    twice = urlencode([(f, v) for f in [*fields, "status", "case", "id"] for v in ("yes", "no")])
    assert send(world, name, twice.encode()).status_code in {302, 409, 422}


@pytest.mark.parametrize("name", FORMS)
def test_a_text_of_a_megabyte_comes_back_with_words(world: World, name: str):
    fields = [field for field in fields_of(world, name) if field != "uploads"]
    answer = send(world, name, body_of(fields[-1:], b"x" * MIB))
    assert answer.status_code == 422
    for field in fields[:2]:
        assert send(world, name, body_of([field], b"x" * MIB)).status_code == 422


@pytest.mark.parametrize("name", FORMS)
def test_marks_that_turn_text_round_are_not_shown_again_as_text_that_is_kept(
    world: World, name: str
):
    fields = fields_of(world, name)
    with undone(), all_or_nothing(name) as answers:
        client = world.client(who_may(name))
        body = body_of(fields, "a\u202egnp.exe\u2066b".encode())
        answers.append(client.post(there(world, name), body, URLENCODED))
        if answers[0].status_code == 302:
            page = client.get(answers[0].headers["Location"]).content.decode()
            assert "\u202e" not in page
            assert "\u2066" not in page


@pytest.mark.parametrize("name", POSTED)
def test_other_kinds_of_content_and_other_methods_are_refused_in_words(world: World, name: str):
    row, address = POSTED[name], there(world, name)
    empty = {row.post, 400, 409}
    for kind, body in (
        ("application/json", b'{"answer": "yes"}'),
        ("text/plain", b"answer=yes"),
        ("", b"answer=yes"),
        ("multipart/form-data", b"answer=yes"),
        ("multipart/form-data; boundary=X", b"--X\r\nContent-Disposition: form-data\r\n\r\na"),
        ("multipart/form-data; boundary=" + "\x7f" * 3, b"--a"),
    ):
        assert send(world, name, body, kind).status_code in empty, kind
    for kind in CHARSETS:
        for start in (URLENCODED, "multipart/form-data; boundary=X"):
            body = b'--X\r\nContent-Disposition: form-data; name="nothing"\r\n\r\n\\ud800\r\n--X--'
            answer = send(world, name, body, f"{start}; charset={kind}")
            assert answer.status_code in empty, (start, kind, answer.status_code)
    for method in ("put", "patch", "delete"):
        with undone():
            got = getattr(world.client(who_may(name)), method)(address)
        assert got.status_code == 405


@pytest.mark.parametrize("name", [*POSTED, "acting"])
def test_a_form_of_somebody_else_is_refused(world: World, name: str):
    who, row = min(TABLE[name].who & set(PEOPLE) or {"officer"}), TABLE[name]
    client = world.client(who, enforce_csrf_checks=True)
    address = reverse(name, args=world.args(row.where))
    for origin in ("https://elsewhere.example", "null", "http://testserver", ""):
        with undone(), all_or_nothing(name) as answers:
            headers = {"origin": origin, "referer": "http://["}
            fields = {"reason": "A text that somebody typed", "idempotency_key": "x"}
            answers.append(client.post(address, fields, headers=headers))
        assert answers[0].status_code == 403


def test_more_than_any_form_has_is_refused(world: World):
    for body in (b"a=1&" * 2000, b"reason=" + b"x" * (6 * MIB)):
        assert send(world, "requests:purpose", body).status_code == 400


ONCE = [
    "requests:start",
    "requests:person_add",
    "requests:need_add",
    "requests:put_check",
    "requests:add_question",
    "requests:add_item",
    "requests:triage_return",
    "requests:release",
    "decisions:begin",
    "decisions:list_and_begin",
    "decisions:seek_advice",
    "decisions:split",
]


@pytest.mark.parametrize("name", ONCE)
def test_an_identifier_that_is_taken_makes_nothing(world: World, name: str):
    """The token of a form is the new row's id: somebody else's id must not become theirs."""
    given = {
        "relationship": "Aunt",
        "fact": "Seen?",
        "why": "To know",
        "agency": world.cast.agencies["housing"].pk,
        "person_1": "name",
        "needs": "0",
        "title": "A letter",
        "answers": world.row("check.nursed").questions.first().pk,
        "special": "no",
        "question_1": "Which day?",
        "question": "May it be shared?",
        "items": world.row("item.begun").pk,
    }
    turn = ONCE.index(name) % 5  # each id in every fifth form
    for pk in sorted(world.every_id())[turn::5]:
        body = urlencode(given | {"idempotency_key": pk}).encode()
        before = {pk: type_of(world, pk)}
        with undone(), all_or_nothing(name) as answers:
            client = world.client(who_may(name))
            answers.append(client.post(there(world, name), body, URLENCODED))
        assert answers[0].status_code in {302, 403, 409, 422}, (name, answers[0].status_code)
        assert {pk: type_of(world, pk)} == before


def type_of(world: World, pk: Any) -> list[tuple[str, str]]:
    """What has this id."""
    kept = world.rows.items()
    return [(kind, key) for kind, rows in kept for key, row in rows.items() if row.pk == pk]


QUERIES = (
    "?after=%00",
    "?after=2026-01-01~00000000-0000-0000-0000-000000000000",
    "?after=0001-01-01T00:00:00%2B23:59~00000000-0000-0000-0000-000000000000",
    "?after=" + "9" * 40,
    "?after=9999-12-31T23:59:59%2B00:00~" + "f" * 32,
    "?group=%ED%A0%80&after=~~",
    "?next=//elsewhere.example",
    "?next=javascript:alert(1)",
    "?" + "a&" * 500,
)


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.get == 200])
def test_no_page_falls_over_its_query(world: World, name: str):
    row = TABLE[name]
    address = reverse(name, args=world.args(row.where))
    client = world.client(min(row.who & set(PEOPLE)))
    for query in QUERIES:
        assert client.get(address + query).status_code in {200, 302}, query


def test_no_address_falls_over_what_stands_in_it(world: World):
    case = world.row("case.draft").pk
    for path in (
        f"/requests/{case}/people/add/%00/",
        f"/requests/{case}/people/add/%ED%A0%80/",
        f"/requests/{case}/consent/%E2%80%AEgiven/",
        "/requests/not-an-id/",
        "/%FF%FE/",
        "/accounts/password/reset/key/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-%00/",
        "/accounts/password/reset/key/" + "z" * 500 + "-set-password/",
        "/accounts/password/reset/key/0-a/",
    ):
        got = world.client("requester").get(path)
        assert got.status_code in {200, 302, 400, 404}, path


COOKIES = (
    "a" * 12 + "\\000",
    "a" * 12 + "\x7f",
    '"' + "b" * 40 + '\\000"',
    "\ud83d" * 9,
    "x" * 4000,
)


@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("which", ["sessionid", "csrftoken", "messages", "portal_kept", "language"])
def test_no_page_falls_over_a_cookie(world: World, which: str, cookie: str):
    client = world.client("requester" if which != "sessionid" else ANONYMOUS)
    kept = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    client.cookies.clear()
    raw = f"{kept}; {which}={cookie}".encode("utf-8", "surrogatepass").decode("latin-1")
    for address in ("/", "/kept/", "/accounts/login/"):
        got = client.get(address, HTTP_COOKIE=raw)
        assert got.status_code in {200, 302, 400, 403}, address


@pytest.mark.parametrize("name", [n for n, row in ACCOUNT.items() if row.post[0] == 200])
def test_signing_in_falls_over_nothing(world: World, name: str):
    address = reverse(name, args=world.args(ACCOUNT[name].where))
    fields = ["login", "email", "password", "password1", "password2", "oldpassword", "next"]
    bodies = [(URLENCODED, body_of(fields, value)) for value in HOSTILE.values()]
    person = b"requester@school.example"
    for charset in CHARSETS:
        for value in (b"\\ud800", b"requester\\ud800@school.example"):
            kind = f"multipart/form-data; boundary=X; charset={charset}"
            parts = [
                b'--X\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
                % (field.encode(), person if field == "login" and value[:1] == b"\\" else value)
                for field in fields
            ]
            bodies.append((kind, b"".join(parts) + b"--X--\r\n"))
    for kind, body in bodies:
        with undone():
            got = world.client(ANONYMOUS).generic("POST", address, body, content_type=kind)
        assert got.status_code in {200, 302, 400, 403, 429}, (kind, got.status_code)
