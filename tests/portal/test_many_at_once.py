"""Too many people at once get their page or are told to wait, and afterwards all is well.

The real gunicorn with the settings of production, on a PostgreSQL that gives it few connections.
"""

import json
import os
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.patience import PATIENCE
from tests.portal.running import a_web_server, script, set_up, until

HOST = "portal.partnership.example"
FEW = 5
CROWDS = (8, 32, 100)
PAGES = ("/", "/status/", "/register/", "/people/me/")
SIGNED_IN = """
import json
import time
import django
django.setup()
from allauth.account.internal.flows import login
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client
from agencies.bootstrap.files import SHIPPED, found_partnership
from agencies.bootstrap.administrators import invite_first_administrator
from agencies.models import Membership, User
from encryption.unit_of_work import key_cache
from workflow.bootstrap import save_unattended
with key_cache():
    found_partnership(SHIPPED / "wirral")
    invite_first_administrator("ada@office.example", "Office")
    user = User.objects.get()
    user.is_active = True
    user.save()
    membership = Membership.objects.get()
    membership.status = Membership.Status.ACTIVE
    save_unattended(membership)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
client = Client()
client.force_login(user)
session, now = client.session, time.time()
session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
    {"method": "password", "at": now, "email": user.email},
    {"method": "mfa", "at": now, "type": "totp"},
]
session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
session.save()
print(json.dumps({settings.SESSION_COOKIE_NAME: session.session_key}))
"""


@pytest.fixture(scope="module")
def cookie(env, owner):
    """Somebody who is signed in, with a second factor."""
    set_up(owner)
    [(name, value)] = json.loads(script(owner, SIGNED_IN)).items()
    return f"{name}={value}"


def asked(server, cookie, path):
    """Status and Retry-After of one page."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Cookie": cookie}
    request = urllib.request.Request(server.address + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            answer.read()
            return answer.status, None
    except urllib.error.HTTPError as answer:
        page = answer.read().decode()
        if answer.status == 503:
            assert "try again" in page, page
        return answer.status, answer.headers["Retry-After"]


@contextmanager
def counted(server, owner):
    """The most connections that the web server's processes had at once to both databases."""
    port = urlsplit(owner["DATABASE_URL"]).port
    most, stop = Counter(), threading.Event()

    def look():
        while not stop.is_set():
            most["at once"] = max(most["at once"], connected(server.process.pid, port))
            stop.wait(0.01)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        stop.set()
        looking.join()


def connected(group, port):
    """How many sockets of this process group lead to the port: what the system itself says.

    The server would also name those that have gone and are being cleared away.
    """
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    there = {
        row[9]
        for row in map(str.split, table)
        if int(row[2].partition(":")[2], 16) == port and row[3] in ("01", "02")
    }
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            if not folder.name.isdigit() or os.getpgid(int(folder.name)) != group:
                continue
            links = [os.readlink(each) for each in (folder / "fd").iterdir()]
        except OSError:  # it ended, or closed this one, meanwhile
            continue
        found |= {link[8:-1] for link in links if link.startswith("socket:[")}
    return len(there & found)


def crowd(server, cookie, people):
    """Each of so many people asks for a page, all at once."""
    asks = [(server, cookie, PAGES[number % len(PAGES)]) for number in range(people)]
    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(lambda words: asked(*words), asks))


def are_pages_or_busy(answers, log):
    """No fault, and whoever is told to wait is told how long."""
    assert {status for status, _wait in answers} <= {200, 503}, log.read_text()[-4000:]
    assert all(wait for status, wait in answers if status == 503)
    assert any(status == 200 for status, _wait in answers)


def is_well(server, cookie):
    """Each page comes, at the latest when the last of the crowd has gone."""
    until(lambda: asked(server, cookie, "/")[0] == 200, server.log)
    assert [asked(server, cookie, path)[0] for path in PAGES] == [200] * len(PAGES)


def test_connections_are_bounded_whatever_the_settings(env, owner, cookie):
    """32 threads and room for 4: pages wait for one another, or say that there are too many."""
    few = env | {"DATABASE_CONNECTIONS": "4", "HOME": "/nowhere"}
    with (
        a_web_server(few, "--workers", "2", "--threads", "16") as server,
        counted(server, owner) as most,
    ):
        for people in CROWDS:
            are_pages_or_busy(crowd(server, cookie, people), server.log)
            is_well(server, cookie)
        # To each of two databases.
        assert 1 <= most["at once"] <= 2 * 4
    assert "Control server" not in server.log.read_text()  # it has no home to write to (bug 7)


def test_a_server_that_gives_few_connections_makes_no_fault(env, owner, cookie):
    """As many as the threads would like, of a PostgreSQL that says no after a few."""
    statement = f"ALTER ROLE portal_app CONNECTION LIMIT {FEW}"
    link = psycopg2.connect(owner["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    link.autocommit = True
    with link.cursor() as cursor:
        try:
            with a_web_server(env, "--workers", "2", "--threads", "8") as server:
                cursor.execute(statement)
                for people in CROWDS:
                    are_pages_or_busy(crowd(server, cookie, people), server.log)
                cursor.execute("ALTER ROLE portal_app CONNECTION LIMIT -1")
                is_well(server, cookie)
                assert {status for status, _ in crowd(server, cookie, 8)} == {200}
        finally:
            cursor.execute("ALTER ROLE portal_app CONNECTION LIMIT -1")
    link.close()
