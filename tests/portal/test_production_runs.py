"""The production settings, not only loaded but run: PostgreSQL twice, Redis, gunicorn, a worker."""

import subprocess
import sys
import time
import urllib.error
import urllib.request

import psycopg2
import pytest

from tests.patience import PATIENCE
from tests.portal.running import ROOT, a_worker, as_somebody_else, run

HOST = "portal.partnership.example"
AN_EMAIL = (
    'INSERT INTO outbox_message (topic, about, "to", posted_at, next_try_at, tries)'
    " VALUES ('x', 'y', '', now(), now(), 0)"
)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Show a redirection instead of following it."""

    def redirect_request(self, *args):
        return None


def get(address, **headers):
    opener = urllib.request.build_opener(NoRedirect)
    request = urllib.request.Request(address, headers={"Host": HOST, **headers})
    try:
        return opener.open(request, timeout=PATIENCE)
    except urllib.error.HTTPError as answer:
        return answer


def test_it_is_ready_once_all_its_parts_answer(portal):
    deadline = time.monotonic() + 30
    while True:
        try:
            status = get(portal + "/readyz").status
        except OSError:
            status = 0
        if status == 200:
            return
        assert time.monotonic() < deadline, status
        time.sleep(0.2)


def test_what_came_without_tls_is_sent_to_it(portal):
    answer = get(portal + "/accounts/login/")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/accounts/login/"


def test_a_page_behind_the_proxy_is_guarded(portal):
    answer = get(portal + "/accounts/login/", **{"X-Forwarded-Proto": "https"})
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal_csrf=")
    assert "Secure" in cookie


def test_another_host_is_refused(portal):
    page = get(portal + "/accounts/login/", Host="elsewhere.example")
    assert page.status == 400


def test_the_figures_are_read_from_behind_the_wall_by_nobody_in_particular(env, owner, portal):
    """By the pages' own role, with no person in sight; and the token does not go in clear."""
    token = {"Authorization": f"Bearer {env['METRICS_TOKEN']}"}
    assert get(portal + "/metrics", **token).status == 301
    statement(owner, AN_EMAIL)
    try:
        answer = get(portal + "/metrics", **token, **{"X-Forwarded-Proto": "https"})
    finally:
        statement(owner, "DELETE FROM outbox_message")
    lines = answer.read().decode().splitlines()
    parts = [line for line in lines if line.startswith("portal_part_up{")]
    assert len(parts) == 9
    assert not [line for line in parts if not line.endswith(" 1.0")]
    assert "portal_letters_waiting 1.0" in lines
    assert get(portal + "/metrics", **{"X-Forwarded-Proto": "https"}).status == 401


def test_the_deployment_checks_pass_with_the_keys(env, portal):
    run(env, "check", "--deploy", "--database", "keystore", "--fail-level", "WARNING")


def started(env):
    """What the web server's process says when it is started, and with which code it ends."""
    return subprocess.run(
        [sys.executable, "-c", "import portal.wsgi"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.clause("ISA-7.2", part=True)
def test_it_does_not_start_in_front_of_the_second_wall(env, owner, portal):
    said = started(owner)
    assert said.returncode == 3
    assert "portal goes round row-level security: use portal_app" in said.stderr
    worker = as_somebody_else(env, "portal_worker")
    said = started(worker)
    assert said.returncode == 3
    assert "may not read case keys" in said.stderr
    said = started(env | {"DATABASE_URL": worker["DATABASE_URL"]})
    assert said.returncode == 3
    assert "portal_worker sees every case and must serve no page" in said.stderr


def statement(owner, sql):
    """Run one statement as the owner."""
    link = psycopg2.connect(owner["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    with link, link.cursor() as cursor:
        cursor.execute(sql)
    link.close()


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("ALTER TABLE requests_app_item DISABLE ROW LEVEL SECURITY", "no row-level security on"),
        ("DROP POLICY second_wall_read ON decisions_answer", "no row-level security on"),
        ("GRANT TRUNCATE ON agencies_agency TO portal_app", "TRUNCATE on agencies_agency"),
        ("GRANT DELETE ON audit_event TO portal_app", "DELETE on audit_event"),
        ("GRANT INSERT ON auth_group TO portal_app", "INSERT on auth_group"),
        ("GRANT UPDATE (name) ON django_site TO portal_app", "UPDATE on django_site"),
        ("GRANT UPDATE ON agencies_user TO portal_app", "UPDATE on agencies_user"),
        ("ALTER TABLE outbox_message OWNER TO portal_app", "owns tables"),
        ("ALTER ROLE portal_app SET work_mem = '1MB'", "begins with settings of its own"),
        (
            "CREATE OR REPLACE FUNCTION wall_edition() RETURNS text LANGUAGE sql AS $$SELECT 'x'$$",
            "of another edition",
        ),
    ],
)
def test_it_does_not_start_with_a_gap_in_the_second_wall(env, owner, portal, sql, why):
    assert "stands" in run(env, "rls", "check")
    statement(owner, sql)
    try:
        said = started(env)
        assert said.returncode == 3
        assert why in said.stderr
        assert "manage.py rls build" in said.stderr or "use portal_app" in said.stderr
    finally:
        if "OWNER" in sql:
            statement(owner, "ALTER TABLE outbox_message OWNER TO portal")
        run(owner, "rls", "build")
    assert started(env).returncode == 0


def test_disposals_are_carried_out_by_a_role_that_serves_nobody(env, portal):
    own = as_somebody_else(env, "portal_disposals")
    assert "Records destroyed: 0. Taken off their list: 0." in run(own, "disposals", "carry-out")
    said = started(own)
    assert said.returncode == 3
    assert "portal_disposals" in said.stderr


def test_a_worker_starts(env, portal):
    worker = as_somebody_else(env, "portal_worker") | {"PORTAL_KEYS": "none"}
    for name in ("KEYSTORE_DATABASE_URL", "KEYRING_FILE", "DISPOSAL_REGISTER"):
        del worker[name]  # as in docker-compose.yml
    with a_worker(worker):
        pass
