"""A machine may ask whether the portal lives and works; a stranger learns nothing more."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from portal import readiness, status


@pytest.fixture(autouse=True)
def _asked_anew():
    """What another test found out is of another time."""
    readiness.READINESS.forget()
    yield
    readiness.READINESS.forget()


def test_alive(client):
    assert client.get("/healthz").content == b"alive\n"


@pytest.mark.django_db
def test_ready(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("part", readiness.PARTS)
def test_a_part_that_does_not_answer_is_not_named(client, monkeypatch, part):
    def broken():
        raise RuntimeError("secret detail")

    monkeypatch.setitem(readiness.PARTS, part, broken)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready\n")


@pytest.mark.django_db
def test_a_dead_broker_is_noticed(client, lost_redis):
    """On the status page, and not here: pages are served without it (bug 5)."""
    assert client.get("/readyz").status_code == 200
    assert not lost_redis.waits
    [line] = [line for line in status.lines() if line.name == "Redis"]
    assert line.late
    assert line.said == "It does not answer. E-mails wait until it does."
    assert lost_redis.waited() <= 0.2


@pytest.mark.django_db
def test_a_broker_that_answers_is_no_matter(client):
    [line] = [line for line in status.lines() if line.name == "Redis"]
    assert not line.late


@pytest.mark.django_db
def test_a_missing_key_ring_is_noticed(client, settings, tmp_path):
    settings.KEYRING_FILE = tmp_path / "nothing.json"
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_however_often_it_is_asked_the_parts_are_asked_once(client, monkeypatch):
    asked = []
    for part in readiness.PARTS:
        monkeypatch.setitem(readiness.PARTS, part, lambda part=part: asked.append(part))
    for _ in range(50):
        assert client.get("/readyz").status_code == 200
    assert sorted(asked) == sorted(readiness.PARTS)


@pytest.mark.django_db
def test_a_part_that_says_nothing_is_not_waited_for(client, monkeypatch):
    """A frozen server let whoever asked hang for half a minute, and each of them a thread."""
    may_go_on, asked = Event(), []

    def frozen():
        asked.append(1)
        may_go_on.wait()

    monkeypatch.setitem(readiness.PARTS, "database", frozen)
    monkeypatch.setattr(readiness, "LONGEST", 0.05)
    try:
        answers = [client.get("/readyz") for _ in range(20)]
        assert {(each.status_code, each.content) for each in answers} == {(503, b"not ready\n")}
        assert len(asked) == 1
    finally:
        may_go_on.set()


class TestWhomToTell:
    """/.well-known/security.txt, as RFC 9116 has it."""

    def test_it_names_a_contact_and_stands_for_some_time(self, client):
        answer = client.get("/.well-known/security.txt")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
        assert said["Contact"] == "mailto:security@portal.example"
        assert said["Canonical"].endswith("/.well-known/security.txt")
        until = datetime.strptime(said["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert timedelta(days=30) < until - datetime.now(UTC) < timedelta(days=365)

    @pytest.mark.django_db
    def test_where_nobody_is_named_there_is_no_such_page(self, client, settings):
        settings.SECURITY_CONTACT = ""
        assert client.get("/.well-known/security.txt").status_code == 404
