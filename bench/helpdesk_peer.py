"""django-helpdesk as its manual sets it up, beside the portal: run by an environment of its own.

``python helpdesk_peer.py postgres://... TICKETS`` makes its tables and tickets, says "ready", and
then for each line on its input, such as ``create 5``, does that so often and says what it took.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.test.utils import CaptureQueriesContext, setup_test_environment
from django.urls import include, path

TICKS: Final = os.sysconf("SC_CLK_TCK")
MODELS: Final = ("Queue", "Ticket", "FollowUp")
TABLES: Final = "helpdesk_ticket, helpdesk_followup"
urlpatterns: list[Any] = []


def main() -> None:
    """Set up, fill, and answer until nothing more is asked."""
    link, tickets = urlsplit(sys.argv[1]), int(sys.argv[2])
    _configure(link)
    django.setup()
    setup_test_environment()  # mails are kept in memory
    call_command("migrate", verbosity=0)
    urlpatterns.append(path("", include("helpdesk.urls", namespace="helpdesk")))
    acts = _acts(tickets)
    print("ready", flush=True)
    for line in sys.stdin:
        name, times = line.split()
        print(json.dumps(_measured(acts[name], int(times))), flush=True)


def _configure(link: Any) -> None:
    contrib = ("admin", "auth", "contenttypes", "sessions", "messages", "sites", "humanize")
    middleware = (
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    )
    processors = (
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    )
    settings.configure(
        SECRET_KEY="of the bench",  # noqa: S106 - opens nothing
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            *(f"django.contrib.{each}" for each in contrib),
            "rest_framework",
            "helpdesk.apps.HelpdeskConfig",
        ],
        MIDDLEWARE=list(middleware),
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": list(processors)},
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": link.path.strip("/"),
                "USER": link.username,
                "HOST": link.hostname,
                "PORT": link.port,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        SITE_ID=1,
        STATIC_URL="/static/",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        LOGIN_URL="helpdesk:login",
        LOGGING_CONFIG=None,
    )


def _acts(tickets: int) -> dict[str, Any]:
    """What is measured: a member of staff creates a ticket, and answers one."""
    from django.apps import apps
    from django.test import Client
    from django.urls import reverse

    get: Any = apps.get_model
    staff = get("auth.User").objects.create_superuser("staff")
    client = Client()
    client.force_login(staff)
    first = _filled(tickets)
    ticket = {"queue": "1", "title": "A bruise nobody explains", "priority": "3"}
    said = ticket | {"body": "Seen today", "submitter_email": "rita@school.example"}
    answer = ticket | {"comment": "Attended on 3 October", "new_status": "1", "public": "1"}

    def post(where: str, fields: dict[str, str]) -> None:
        got = client.post(where, fields)
        if got.status_code != 302:  # noqa: PLR2004
            raise SystemExit(f"{where} answers {got.status_code}")

    return {
        "create": lambda: post(reverse("helpdesk:submit"), said),
        "answer": lambda: post(reverse("helpdesk:update", args=[first]), answer),
    }


def _filled(tickets: int) -> int:
    """Tickets with two answers each, by SQL; the number of one of them."""
    from django.apps import apps
    from django.db import connection

    get: Any = apps.get_model
    queues, kinds, answers = (get("helpdesk", name) for name in MODELS)
    queue = queues.objects.create(title="Front door", slug="front", allow_public_submission=False)
    ticket = kinds.objects.create(
        queue=queue, title="A bruise", description="Seen", submitter_email="rita@school.example"
    )
    for _each in range(2):
        answers.objects.create(ticket=ticket, title="Seen")
    with connection.cursor() as cursor:
        for table, of in (("helpdesk_ticket", ""), ("helpdesk_followup", "ticket_id")):
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
            )
            columns = [name for (name,) in cursor.fetchall() if name != "id"]
            said = [f"t.{name} + n" if name == of else f"t.{name}" for name in columns]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(said)}"  # noqa: S608
                f" FROM {table} t, generate_series(1, %s) n",
                [tickets - 1],
            )
        cursor.execute(f"ANALYZE {TABLES}")
    return int(ticket.pk)


def _measured(act: Any, times: int) -> dict[str, float]:
    """Seconds of processor of this process and its backend, and statements, of one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    with CaptureQueriesContext(connection) as asked:
        act()
        statements = len(asked.captured_queries)
    begun = time.process_time() + _spent(backend)
    for _each in range(times):
        act()
    taken = time.process_time() + _spent(backend) - begun
    return {"seconds": taken / times, "statements": statements}


def _spent(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
