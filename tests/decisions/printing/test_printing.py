"""How a printed record is made: in memory, within bounds, and without fetching anything."""

import base64
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest

from audit.ledger.sequencing import sequence
from audit.ledger.signing import create_signing_key
from audit.models import AccessEntry
from audit.selectors import latest_checkpoint
from decisions.flow import actions as deciding
from decisions.printing import pdf, typesetting
from decisions.recording import actions as recording
from tests import walks
from tests.decisions.printing.printed import YES, Printed, at, printed
from tests.patience import PATIENCE

NASTY = (
    '<img src="http://127.0.0.1:9/x.png"><link rel=attachment href="file:///etc/passwd">'
    "</td></table><style>*{display:none}</style><script>1</script> {{ case }} &amp; &#60;"
)
EVERYWHERE = (
    "Curly “quotes” and ’s, Ŵyn, Ŷstrad, Łódź, żółć, Nguyễn, ½ of 10 €, "
    "\u0645\u062d\u0645\u062f, \u05e2\u05d1"
)


def a_page(inside):
    return f'<html lang="en-GB"><head><title>T</title></head><body><h1>A</h1>{inside}</body></html>'


@pytest.mark.django_db
@pytest.mark.clause("P-RECORD", part=True)
def test_what_people_typed_is_text_and_nothing_else_and_nothing_is_lost(cast, signed_in):
    agency_check = walks.taken(cast)
    by = cast.trust_spoc
    (item,) = walks.listed(agency_check, by, f"{EVERYWHERE} \U0001f600")
    decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    walks.fill(decision, item, by=by)
    for step, reasons in (("purpose", NASTY), ("consent", "x" * 3_000), ("identifiable", "漢 ✅")):
        choice = dict(walks.SHARE)[step]
        deciding.answer_step(decision, by=by, step=step, choice=choice, reasons=reasons)
    recording.record_decision(decision, by=by)
    record = printed(signed_in("trust_spoc"), "check", agency_check)
    assert "".join(NASTY.split()) in "".join(record.text.split())
    assert record.text.count("x") >= 3_000, "a very long word goes on, over pages too"
    for words in EVERYWHERE.split(", "):
        assert words in record.text, words
    for letter, name in (("漢", "[U+6F22]"), ("✅", "[white heavy check mark]")):
        assert letter in record.text or name in record.text, "by its name where no font has it"
    assert "/EmbeddedFiles" not in str(record.root), "nothing is attached"


@pytest.mark.clause("P-SECURE", part=True)
def test_nothing_is_fetched_whatever_a_page_asks_for(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("Secret-of-a-file")
    style = tmp_path / "style.css"
    style.write_text("p::after { content: 'Styled-by-a-file' }")
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        there = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        inside = "".join(
            f'<img src="{place}"><object data="{place}"></object><embed src="{place}">'
            f'<link rel="attachment" href="{place}"><link rel="stylesheet" href="{style.as_uri()}">'
            f'<a rel="attachment" href="{place}">a</a><svg><image href="{place}"/></svg>'
            f"<style>@import url('{place}'); p {{ background: url('{place}') }}</style>"
            for place in (there, secret.as_uri())
        )
        made = pdf.pdf_of(a_page(f"{inside}<p>Still here</p>"))
        with suppress(TimeoutError):
            asked.append(server.accept())
    record = Printed(made.content)
    assert not asked
    font = f"<style>@font-face {{ font-family: F; src: url('{secret.as_uri()}') }}</style>"
    assert not pdf.pdf_of(a_page(font)).content, "it may not even keep a font in a file"
    assert "Still here" in record.text
    assert "by-a-file" not in record.text
    assert b"Secret-of-a-file" not in record.raw
    assert "/EmbeddedFiles" not in str(record.root)


@pytest.mark.clause("P-SECURE", part=True)
def test_nothing_of_it_lies_on_a_disk():
    canary, begun = f"canary-{uuid4()}", time.time() - 2
    assert pdf.pdf_of(a_page(f"<p>{canary}</p>")).content
    for folder in (Path(tempfile.gettempdir()), Path.home() / ".cache"):
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime > begun:
                assert canary.encode() not in path.read_bytes(), path


def test_the_program_can_write_no_file(tmp_path):
    there = tmp_path / "left behind"
    program = (
        "import runpy, sys\n"
        f"confine = runpy.run_path({typesetting.__file__!r})['confine']\n"
        "confine()\n"
        "import os\n"
        f"os.write(os.open({str(there)!r}, os.O_WRONLY | os.O_CREAT), b'words')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode
    assert b"File too large" in done.stderr
    assert there.read_bytes() == b""


def test_the_program_gets_no_setting_of_ours(monkeypatch, tmp_path):
    told = tmp_path / "program.py"
    told.write_text("import os, sys; sys.stdout.write('%PDF' + ' '.join(os.environ))")
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
    monkeypatch.setattr(pdf, "PROGRAM", told)
    assert set(pdf.pdf_of("x").content.decode()[4:].split()) <= {
        *pdf.NEEDED,
        "LC_CTYPE",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "most"), [("MOST_ROWS", 0), ("MOST_CHARACTERS", 100), ("SECONDS", 0.01)]
)
def test_too_much_is_refused_in_words_and_nothing_is_noted(
    cast, signed_in, monkeypatch, name, most
):
    case = walks.released(cast)
    client, there = signed_in("officer"), at("request", case)
    assert client.get(there).status_code == 200
    place = "decisions.printing.selectors" if name == "MOST_ROWS" else "decisions.printing.pdf"
    monkeypatch.setattr(f"{place}.{name}", most)
    answer = client.post(there, YES)
    assert answer.status_code == 422
    assert "too long for one file" in answer.content.decode()
    assert not AccessEntry.objects.filter(kind="printed").exists()
    if name == "MOST_ROWS":
        page = client.get(there).content.decode()
        assert "too long for one file" in page
        assert "Make the file" not in page


def test_a_page_that_takes_too_much_memory_is_refused(monkeypatch, tmp_path):
    greedy = tmp_path / "program.py"
    words = Path(typesetting.__file__).read_text(encoding="utf-8")
    greedy.write_text(words.replace("MEMORY: Final = 1_500 *", "MEMORY: Final = 150 *"))
    monkeypatch.setattr(pdf, "PROGRAM", greedy)
    made = pdf.pdf_of(a_page("<p>words</p>" * 20_000))
    assert (made.content, made.status) in {(b"", 422), (b"", 503)}


@pytest.mark.django_db
def test_one_at_a_time_and_the_next_is_told(cast, signed_in, monkeypatch):
    agency_check = walks.taken(cast)
    monkeypatch.setattr(pdf, "PATIENCE", 0.05)
    client, there = signed_in("trust_spoc"), at("check", agency_check)
    with pdf.AT_ONCE:
        answer = client.post(there, YES)
    assert answer.status_code == 503
    assert "Another record is being printed" in answer.content.decode()
    assert client.post(there, YES).status_code == 200


def test_prints_of_the_same_moment_are_made_one_after_the_other(monkeypatch):
    monkeypatch.setattr(pdf, "PATIENCE", PATIENCE)
    made = []
    threads = [Thread(target=lambda: made.append(pdf.pdf_of(a_page("<p>x</p>")))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.wrong for each in made] == ["", "", ""]


DIES_ONCE = """
import os, pathlib, signal
been = pathlib.Path({been!r})
if not been.exists():
    been.touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_program_that_is_killed_is_started_once_more(monkeypatch, tmp_path, caplog):
    program = tmp_path / "program.py"
    words = Path(typesetting.__file__).read_text(encoding="utf-8")
    program.write_text(DIES_ONCE.format(been=str(tmp_path / "been")) + words)
    monkeypatch.setattr(pdf, "PROGRAM", program)
    assert "x" in Printed(pdf.pdf_of(a_page("<p>x</p>")).content).text
    assert [each.getMessage() for each in caplog.records] == [
        "The program that makes files ended: killed by SIGKILL"
    ]


def test_an_error_is_logged_by_its_kind_and_place_and_never_its_words(
    monkeypatch, tmp_path, caplog
):
    program = tmp_path / "program.py"
    words = Path(typesetting.__file__).read_text(encoding="utf-8")
    program.write_text(words.replace("weasyprint = libraries()", "raise ValueError(html)", 1))
    monkeypatch.setattr(pdf, "PROGRAM", program)
    made = pdf.pdf_of(a_page("<p>canary</p>"))
    assert (made.content, made.status) == (b"", 503)
    assert "could not be made" in made.wrong
    told = [each.getMessage() for each in caplog.records]
    assert len(told) == pdf.STARTS
    assert all(f"exit code 5 ValueError at {program}:" in each for each in told)
    assert "canary" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "without",
    [
        "sys.modules['weasyprint'] = None\n",
        "import cffi\n"
        "def no(self, *names, **more): raise OSError(f'cannot load library {names}')\n"
        "cffi.FFI.dlopen = no\n",
    ],
)
def test_where_pango_is_missing_the_page_says_so(cast, signed_in, monkeypatch, tmp_path, without):
    agency_check = walks.taken(cast)
    bare = tmp_path / "program.py"
    words = Path(typesetting.__file__).read_text(encoding="utf-8")
    bare.write_text(f"import sys\n{without}{words}")
    monkeypatch.setattr(pdf, "PROGRAM", bare)
    pdf.FOUND.clear()
    client, there = signed_in("trust_spoc"), at("check", agency_check)
    page = client.get(there)
    assert page.status_code == 200
    assert "libpango-1.0-0" in page.content.decode()
    assert "Make the file" not in page.content.decode()
    answer = client.post(there, YES)
    assert answer.status_code == 503
    assert "libpango-1.0-0" in answer.content.decode()
    assert not AccessEntry.objects.filter(kind="printed").exists()
    monkeypatch.undo()
    assert "Make the file" in client.get(there).content.decode(), "found without a restart"


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("P-RECORD", "ISA-3.3", part=True)
def test_it_says_on_which_checkpoint_it_stands(cast, signed_in, tmp_path):
    agency_check = walks.shared(cast).agency_check
    client = signed_in("trust_spoc")
    before = printed(client, "check", agency_check)
    assert "How this record can be checked" in before.text
    assert "Not yet signed" in before.text
    signer = create_signing_key(tmp_path / "key", "tests.invalid/ledger")
    sequence(signer)
    signed = latest_checkpoint()
    record = printed(client, "check", agency_check)
    for words in (
        f"Entries in the ledger {signed.size:,}",
        f"Root (base64) {base64.b64encode(signed.root).decode()}",
        "Name of the verifier key tests.invalid/ledger",
        "docs/verifying.md",
    ):
        assert words in record.text, words
    assert "Not yet signed" not in record.text
