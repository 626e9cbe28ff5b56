"""The tests' own tools do what they say: worker, mail server, browser, flat lists, clauses."""

import socket
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.mail import send_mail
from pytest_socket import SocketConnectBlockedError

from agencies.bootstrap.unattended import found_agency
from agencies.models import Agency
from tests.patience import PATIENCE
from tests.plugins import in_flight, routes
from tests.plugins.clauses import read
from tests.scanning.clamd import until

pytest_plugins = ["pytester"]


@pytest.mark.worker
def test_the_worker_works_on_the_tests_databases(worker):
    from outbox.tasks import sweep

    assert "outbox.tasks.sweep" not in worker.logged()
    sweep.delay()
    worker.wait_until_idle()
    assert "outbox.tasks.sweep" in worker.logged()
    assert "fault" not in worker.logged()


@pytest.mark.django_db(transaction=True)
def test_without_the_worker_fixture_nobody_takes_a_task():
    assert routes.route("any.task") == {"queue": routes.UNATTENDED}


def test_emails_arrive_as_they_were_sent(smtp):
    send_mail("Subject", "Text with £ and é", None, ["robin@school.example"])
    [email] = smtp.messages
    assert email["To"] == "robin@school.example"
    assert "£ and é" in email.get_content()


def test_nothing_but_this_machine_can_be_reached():
    with (
        socket.socket() as wire,
        pytest.warns(UserWarning, match="tried to use"),
        pytest.raises(SocketConnectBlockedError),
    ):
        wire.connect(("192.0.2.1", 80))


@pytest.mark.browser
def test_the_browser_and_the_accessibility_rules(page, axe, live_server):
    answer = page.goto(live_server.url + "/healthz")
    assert answer.text() == "alive\n"
    good = "<html lang='en'><title>Page</title><main><h1>Page</h1>{}</main></html>"
    page.set_content(good.format("<label>Name <input></label>"))
    axe(page)
    page.set_content(good.format("<input>"))
    with pytest.raises(AssertionError, match="label"):
        axe(page)


def test_a_list_that_asks_once_for_each_row_is_found(flat):
    def add():
        found_agency(name=f"Agency {Agency.objects.count()}", kind="housing")

    flat(lambda: list(Agency.objects.all()), add=add)
    with pytest.raises(AssertionError, match="for one row"):
        flat(lambda: [Agency.objects.get(pk=each.pk) for each in Agency.objects.all()], add=add)


def test_the_clauses_are_those_of_the_agreement_each_once():
    root = Path(__file__).parents[2]
    rows = (root / "tests" / "clauses.txt").read_text().splitlines()
    clauses = read(root)
    assert len(rows) == len(clauses) == 58
    assert not any("|" in missing for missing in clauses.values())


def test_an_unknown_clause_is_refused(pytester, monkeypatch):
    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", str(root))
    pytester.makepyfile(
        "import pytest\n@pytest.mark.clause('ISA-99')\ndef test_it():\n    pass\n",
    )
    pytester.mkdir("tests").joinpath("clauses.txt").write_text("ISA-1\n")
    plugins = ["-p", "tests.plugins.clauses", "-p", "no:django", "-p", "no:cacheprovider"]
    done = pytester.runpytest_subprocess(*plugins)
    assert "no clause is called ISA-99" in "".join(done.outlines + done.errlines)


@pytest.mark.django_db(transaction=True)
def test_tables_are_emptied_only_when_what_was_asked_is_answered(live_server):
    address = urlsplit(live_server.url)
    waited = Thread(target=in_flight.wait_until_answered, daemon=True)
    with socket.create_connection((address.hostname, address.port)) as browser:
        browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        until(lambda: any(in_flight.OPEN.values()))
        waited.start()
        waited.join(timeout=0.2)
        assert waited.is_alive()
        browser.sendall(b"Connection: close\r\n\r\n")
        assert b"200" in browser.makefile("rb").readline()
        waited.join(timeout=PATIENCE)
    assert not waited.is_alive()
