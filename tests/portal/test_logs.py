"""Nothing that a person typed can be read in a log."""

import json
import logging

import pytest
import structlog

from portal import readiness

CANARY = "Zebedee Marmalade"


def fail(child: str) -> None:
    try:
        int(child)
    except ValueError as error:
        raise RuntimeError(f"cannot read {child}") from error


@pytest.mark.parametrize("logger", [structlog.get_logger("ours"), logging.getLogger("theirs")])
def test_a_fault_is_its_type_and_places_without_its_words(lines, logger):
    try:
        fail(CANARY)
    except RuntimeError:
        logger.exception("it_failed")
    line = json.loads(lines.getvalue())
    assert [link["type"] for link in line["fault"]] == ["RuntimeError", "ValueError"]
    assert "fail" in line["fault"][0]["passed"][-1]
    assert CANARY not in lines.getvalue()


def test_bodies_are_dropped_whoever_passes_them(lines):
    structlog.get_logger("ours").warning("odd", body=CANARY, POST={"name": CANARY}, pk="7")
    line = json.loads(lines.getvalue())
    assert line["pk"] == "7"
    assert CANARY not in lines.getvalue()


def test_django_and_celery_lose_what_they_write_after_the_colon(lines):
    logging.getLogger("django.request").error("Internal Server Error: %s", f"/x/?q={CANARY}")
    logging.getLogger("django.security.DisallowedHost").error(
        "Invalid HTTP_HOST header: %r.", CANARY
    )
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s raised: %(exc)s",
        {"name": "outbox.tasks.deliver", "id": "1", "exc": CANARY},
        extra={"data": {"name": "outbox.tasks.deliver", "id": "1", "exc": CANARY}},
    )
    assert len(lines.getvalue().splitlines()) == 3
    assert "outbox.tasks.deliver" in lines.getvalue()
    assert CANARY not in lines.getvalue()


def test_the_log_of_a_request_has_the_pattern_and_no_query(lines, client, db):
    client.get("/healthz", {"q": CANARY})
    client.get(f"/{CANARY}/")
    client.get(f"/accounts/password/reset/key/{CANARY[:7]}-secret/")
    texts = lines.getvalue()
    said = [json.loads(line).get("request") for line in texts.splitlines()]
    assert "GET /healthz" in said
    assert "GET (no page)" in said
    assert any("/accounts/password/reset/key/" in each for each in said if each)
    for word in (*CANARY.split(), "secret/", "-secret"):
        assert word not in texts


def test_a_fault_in_a_page_is_logged_without_its_words(lines, client, db, monkeypatch):
    def broken():
        raise RuntimeError(CANARY)

    monkeypatch.setitem(readiness.PARTS, "database", broken)
    readiness.READINESS.forget()
    assert client.get("/readyz").status_code == 503
    assert "part_not_ready" in lines.getvalue()
    assert CANARY not in lines.getvalue()


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9", "203.0.113.9"),
        ("", "192.0.2.10"),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(client, lines, settings, said, logged):
    """The first one in the header is whatever somebody likes to write there (bug 6)."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client.get("/healthz", headers={"x-forwarded-for": said}, REMOTE_ADDR="192.0.2.10")
    [line] = [json.loads(each) for each in lines.getvalue().splitlines()]
    assert line["event"] == "request_finished"
    assert line["ip"] == logged
