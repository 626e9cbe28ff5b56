"""What clamd says of a file decides whether it is taken; whatever else happens, it is not."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from struct import pack

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from encryption.uploads import largest_file
from tests.patience import PATIENCE
from tests.scanning.clamd import CLEAN, HARMFUL, SIGNATURE, a_clamd, a_document, until
from workflow import scanning
from workflow.scanning import AT_ONCE, Unchecked, Verdict, look_through, problem_found

JUST_NOW = "cannot be checked for harm just now"


def file(content=CLEAN, name="note.txt"):
    return SimpleUploadedFile(name, content)


def verdict_on(content, person="7"):
    upload = file(content)
    look_through([upload], person=person)
    assert upload.read() == content, "it is left as it was"
    return upload.verdict


@pytest.mark.parametrize("by", ["tcp", "unix"])
@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (CLEAN, Verdict.CLEAN),
        (b"", Verdict.CLEAN),
        (a_document(CLEAN), Verdict.CLEAN),
        (HARMFUL, Verdict.HARMFUL),
        (a_document(HARMFUL), Verdict.HARMFUL),
        (b"x" * (largest_file() - len(HARMFUL)) + HARMFUL, Verdict.HARMFUL),
    ],
    ids=["clean", "empty", "document", "harmful", "harmful document", "harm at the end"],
)
def test_what_is_harmful_is_found_in_whatever_it_is_packed(settings, clamd, by, content, verdict):
    settings.FILE_SCANNER = clamd.address if by == "tcp" else f"unix:{clamd.socket}"
    assert HARMFUL not in a_document(HARMFUL)
    assert verdict_on(content) is verdict


def test_what_holds_too_much_to_be_looked_through_is_not_called_clean(settings, tmp_path, lines):
    (tmp_path / "own").mkdir()
    with a_clamd(tmp_path / "own", MaxScanSize="1M") as running:
        settings.FILE_SCANNER = running.address
        upload = file(a_document(CLEAN * 10_000))
        assert "cannot be checked for harm all through" in problem_found(upload)
    assert "Heuristics.Limits.Exceeded" in lines.getvalue()


def test_what_was_found_is_logged_and_nothing_of_the_file(scanned, lines):
    look_through([file(HARMFUL, "Zebedee Marmalade.txt")], person="7")
    line = json.loads(lines.getvalue())
    assert (line["event"], line["signature"], line["person"]) == (
        "file_refused",
        f"{SIGNATURE}.UNOFFICIAL",
        "7",
    )
    assert not [word for word in ("Zebedee", "Plain words") if word in lines.getvalue()]


@pytest.mark.parametrize("by", ["tcp", "unix"])
def test_one_that_takes_less_than_the_portal_does_refuses_the_file_alone(
    settings, tmp_path, lines, by
):
    (tmp_path / "own").mkdir()
    with a_clamd(tmp_path / "own", StreamMaxLength="1M") as own:
        settings.FILE_SCANNER = own.address if by == "tcp" else f"unix:{own.socket}"
        uploads = [file(b"x" * 9 * 1024 * 1024), file(CLEAN), file(HARMFUL)]
        look_through(uploads)
    assert [each.verdict for each in uploads] == [
        Verdict.TOO_LARGE,
        Verdict.CLEAN,
        Verdict.HARMFUL,
    ]
    said = problem_found(uploads[0])
    assert "too large to be checked for harm. Make it smaller, or save it in several parts" in said
    assert "Try again" not in said
    assert '"why": "size limit"' in lines.getvalue()


def test_one_that_is_killed_between_two_files_lets_nothing_through(settings, own_clamd, lines):
    settings.FILE_SCANNER = own_clamd.address
    assert verdict_on(CLEAN) is Verdict.CLEAN
    own_clamd.dies()
    assert verdict_on(CLEAN) is Verdict.UNCHECKED
    assert '"why": "ConnectionRefusedError"' in lines.getvalue()
    assert json.loads(lines.getvalue())["level"] == "error"
    assert JUST_NOW in problem_found(file())


@pytest.mark.parametrize("when", ["before the end", "before it answers"])
def test_one_that_is_killed_while_it_looks_lets_nothing_through(
    settings, own_clamd, monkeypatch, lines, when
):
    """It has said that it is there, and has got the first half of the file or all of it."""
    settings.FILE_SCANNER = own_clamd.address
    stream = scanning._stream

    def died_of_it(wire, content, until):
        own_clamd.freezes()
        if when == "before the end":
            scanning._send(wire, pack("!L", len(content)) + content[:10], until)
            own_clamd.dies()
        stream(wire, content, until)
        own_clamd.dies()

    monkeypatch.setattr(scanning, "_stream", died_of_it)
    assert verdict_on(CLEAN) is Verdict.UNCHECKED
    assert "files_not_scanned" in lines.getvalue()


@pytest.mark.parametrize(
    "place",
    ["unix:/nothing/there", f"unix:/{'x' * 200}", "tcp://127.0.0.1:1", f"tcp://{'x' * 70}:3310"],
)
def test_one_that_is_nowhere_lets_nothing_through(settings, place):
    settings.FILE_SCANNER = place
    assert verdict_on(CLEAN) is Verdict.UNCHECKED


def test_one_that_stands_still_costs_a_moment_once(settings, own_clamd, monkeypatch, lines):
    settings.FILE_SCANNER = own_clamd.address
    own_clamd.freezes()
    monkeypatch.setattr(scanning, "ANSWERS_IN", 0.05)
    uploads = [file() for _ in range(5)]
    look_through(uploads)
    assert {each.verdict for each in uploads} == {Verdict.UNCHECKED}
    monkeypatch.setattr(scanning, "ANSWERS_IN", 3600.0)
    assert verdict_on(CLEAN) is Verdict.UNCHECKED, "nobody asks again for a while, nor waits"
    assert [json.loads(each)["why"] for each in lines.getvalue().splitlines()] == [
        "no answer in time",
        "gone",
    ]
    own_clamd.wakes()
    scanning.SCANNER._until = 0.001  # as if that while were over
    assert verdict_on(CLEAN) is Verdict.CLEAN


def test_ten_at_once_each_get_their_own_answer(scanned):
    contents = [HARMFUL if number % 2 else CLEAN for number in range(10)]
    with ThreadPoolExecutor(10) as pool:
        said = list(pool.map(verdict_on, contents))
    assert said == [Verdict.HARMFUL if number % 2 else Verdict.CLEAN for number in range(10)]


def test_of_ten_before_one_that_stands_still_most_are_refused_at_once(
    settings, own_clamd, monkeypatch
):
    settings.FILE_SCANNER = own_clamd.address
    monkeypatch.setattr(scanning, "A_TURN", 0.01)
    own_clamd.freezes()
    with ThreadPoolExecutor(10) as pool:
        coming = [pool.submit(verdict_on, CLEAN, person=str(number)) for number in range(10)]
        until(lambda: sum(each.done() for each in coming) == 10 - AT_ONCE)
        refused = [each.result() for each in coming if each.done()]
        own_clamd.wakes()
        assert refused == [Verdict.UNCHECKED] * (10 - AT_ONCE)
        said = [each.result() for each in coming]
    assert said.count(Verdict.CLEAN) == AT_ONCE


def test_one_person_has_one_form_at_a_time_looked_through(liar, monkeypatch):
    monkeypatch.setattr(scanning, "A_TURN", 0.01)
    is_slow, go_on = threading.Event(), threading.Event()

    def answer(command, wire):
        if command == b"zINSTREAM" and not is_slow.is_set():
            is_slow.set()
            go_on.wait(PATIENCE)
        answers_with(b"stream: OK\0")(command, wire)

    liar(answer)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(verdict_on, CLEAN)
        try:
            assert is_slow.wait(PATIENCE)
            own, other = verdict_on(CLEAN), verdict_on(CLEAN, person="8")
        finally:
            go_on.set()
        assert (own, other) == (Verdict.UNCHECKED, Verdict.CLEAN)
        assert slow.result() is Verdict.CLEAN
    assert verdict_on(CLEAN) is Verdict.CLEAN, "it is their turn again"


def test_a_form_that_uses_up_its_time_is_no_fault_of_the_scanner(liar, monkeypatch, lines):
    given_up = threading.Event()

    def answer(command, wire):
        if command == b"zINSTREAM" and not given_up.is_set():
            given_up.wait(PATIENCE)
            return
        answers_with(b"stream: OK\0")(command, wire)

    liar(answer)
    with monkeypatch.context() as hasty:
        hasty.setattr(scanning, "LONGEST", 0.2)
        uploads = [file(), file()]
        look_through(uploads, person="7")
    given_up.set()
    assert {each.verdict for each in uploads} == {Verdict.UNCHECKED}
    assert json.loads(lines.getvalue())["why"] == "out of time"
    assert verdict_on(CLEAN, person="8") is Verdict.CLEAN


def test_a_fault_with_one_file_is_that_file_s_alone(liar, lines):
    said = [b"stream: Can't allocate memory ERROR\0", b"stream: OK\0"]
    liar(lambda c, wire: wire.sendall(b"PONG\0" if c == b"zPING" else said.pop(0)))
    uploads = [file(), file()]
    look_through(uploads)
    assert [each.verdict for each in uploads] == [Verdict.UNCHECKED, Verdict.CLEAN]
    assert JUST_NOW in problem_found(uploads[0])
    assert json.loads(lines.getvalue())["why"] == "fault"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (b"stream: OK\0", Verdict.UNCHECKED),
        (b"stream: Invented FOUND\0", Verdict.HARMFUL),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.TOO_LARGE),
    ],
    ids=["clean", "harmful", "too large"],
)
def test_one_that_never_got_the_file_is_not_believed_that_it_is_clean(liar, said, verdict):
    def answer(command, wire):
        if command == b"zPING":
            wire.sendall(b"PONG\0")
        else:
            wire.recv(4)
            wire.sendall(said)

    liar(answer, reads=False)
    assert verdict_on(b"x" * 9_000_000) is verdict


def answers_with(said):
    def answer(command, wire):
        wire.sendall(b"PONG\0" if command == b"zPING" else said)

    return answer


NONSENSE = [
    b"",
    b"\0",
    b"stream: OK",
    b"stream: OK\0stream: Invented FOUND\0",
    b"stream: OK, almost\0",
    b"STREAM: OK\0",
    b"PONG\0",
    b"stream:  FOUND\0",
    b"stream: two words FOUND\0",
    b"stream: " + b"x" * 1_000 + b" FOUND\0",
    b"\xff\xfe\0",
    b"x" * 100_000,
    b"HTTP/1.1 200 OK\r\n\r\n",
]


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_what_is_no_answer_lets_nothing_through(liar, lines, said):
    asked = liar(answers_with(said))
    assert verdict_on(CLEAN) is Verdict.UNCHECKED
    assert asked == [b"zPING", b"zINSTREAM"]
    assert json.loads(lines.getvalue())["level"] == "error"
    assert verdict_on(CLEAN) is Verdict.UNCHECKED
    assert len(asked) == 2, "it is not asked again at once"


def test_a_server_of_another_kind_is_sent_no_file(liar):
    asked = liar(lambda _command, wire: wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n\0"))
    assert verdict_on(CLEAN) is Verdict.UNCHECKED
    assert asked == [b"zPING"]


def test_one_that_speaks_without_end_is_given_up_in_time(liar, monkeypatch):
    monkeypatch.setattr(scanning, "LONGEST", 0.2)
    ended = threading.Event()

    def drips(command, wire):
        if command == b"zPING":
            wire.sendall(b"PONG\0")
            return
        try:
            while not ended.wait(0.01):
                wire.sendall(b"s")
        except OSError:
            ended.set()

    liar(drips)
    began = time.monotonic()
    assert verdict_on(CLEAN) is Verdict.UNCHECKED
    assert time.monotonic() - began > 0.1, "it was waited for"
    assert ended.wait(scanning.ANSWERS_IN), "and hung up on"


def test_where_it_is_declared_that_nothing_is_scanned_nobody_is_asked(settings, liar):
    asked = liar(answers_with(b"stream: Invented FOUND\0"))
    settings.FILE_SCANNER = "none"
    upload = file()
    look_through([upload])
    assert problem_found(upload) is None
    assert not asked


def test_what_the_page_did_not_have_looked_through_the_form_does(scanned):
    assert "something harmful was found in it" in problem_found(file(HARMFUL))
    assert problem_found(file()) is None


@pytest.mark.parametrize(
    ("said", "made"),
    [
        (b"ClamAV 1.4.6\0", None),
        (b"ClamAV 1.4.6/27820/Mon Nov  2 09:26:00 2026\0", "2026-11-02T09:26:00+00:00"),
        (b"ClamAV 1.4.6/27820/some day\0", None),
    ],
)
def test_of_what_day_the_signatures_are(liar, said, made):
    liar(lambda _command, wire: wire.sendall(said))
    day = scanning.signatures_of()
    assert (day.isoformat() if day else None) == made


def test_a_version_that_is_none_is_said(liar):
    liar(lambda _command, wire: wire.sendall(b"Postfix\0"))
    with pytest.raises(Unchecked):
        scanning.signatures_of()
