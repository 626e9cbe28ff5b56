"""A machine may ask whether the portal lives and works; a stranger learns nothing more."""

from datetime import UTC, datetime, timedelta

import pytest

from portal import health


def test_alive(client):
    assert client.get("/healthz").content == b"alive\n"


@pytest.mark.django_db
def test_ready(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("part", health.PARTS)
def test_a_part_that_does_not_answer_is_not_named(client, monkeypatch, part):
    def broken():
        raise RuntimeError("secret detail")

    monkeypatch.setitem(health.PARTS, part, broken)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready\n")


@pytest.mark.django_db
def test_a_dead_broker_is_noticed(client, monkeypatch):
    from portal.celery import app

    def elsewhere():
        from kombu import Connection

        return Connection("redis://127.0.0.1:9/0")

    monkeypatch.setattr(app, "connection_for_write", elsewhere)
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_a_missing_key_ring_is_noticed(client, settings, tmp_path):
    settings.KEYRING_FILE = tmp_path / "nothing.json"
    assert client.get("/readyz").status_code == 503


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
