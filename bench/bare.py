"""The yardstick: a page of 25 plain rows as Django alone serves it, with none of the portal's."""

from collections.abc import Callable
from typing import Final

from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client, override_settings
from django.urls import path

ROWS: Final = 25
TABLE: Final = "bench_row"
# What ``startproject`` gives.
MIDDLEWARE: Final = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PAGE: Final = Engine().from_string(
    '<!doctype html><html lang="en"><head><title>Rows</title></head><body><h1>Rows</h1><table>'
    '{% for row in rows %}<tr><td><a href="/{{ row.pk }}/">{{ row.reference }}</a></td>'
    "<td>{{ row.name }}</td><td>{{ row.status }}</td><td>{{ row.agency }}</td>"
    '<td>{{ row.made|date:"j F Y, H:i" }}</td><td>{{ row.due|date:"j F Y, H:i" }}</td>'
    "<td>{{ row.notes }}</td></tr>{% endfor %}</table></body></html>"
)


class Row(models.Model):
    """Seven plain columns."""

    reference = models.TextField()
    name = models.TextField()
    status = models.TextField()
    agency = models.TextField()
    made = models.DateTimeField()
    due = models.DateTimeField()
    notes = models.TextField()

    class Meta:
        app_label = "bench"
        db_table = TABLE
        managed = False

    def __str__(self) -> str:
        return self.reference


def rows(_request: HttpRequest) -> HttpResponse:
    """The latest of them."""
    return HttpResponse(PAGE.render(Context({"rows": Row._default_manager.order_by("-pk")[:ROWS]})))


urlpatterns = [path("rows/", rows)]


def bare_page() -> Callable[[], None]:
    """Make the rows; what asks for the page, each time it is called."""
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (reference, name, status, agency, made, due, notes)"  # noqa: S608
            " SELECT 'R-' || n, 'Name ' || n, 'open', 'Agency ' || n, now(), now(), repeat('x', 40)"
            " FROM generate_series(1, 1000) n"
        )
    client = Client()

    def get() -> None:
        with override_settings(ROOT_URLCONF=__name__):
            answer = client.get("/rows/")
        if answer.content.count(b"<tr>") != ROWS:
            raise SystemExit("the bare page has not the rows that it is measured for")

    with override_settings(MIDDLEWARE=MIDDLEWARE):
        get()  # a client keeps the middlewares of its first request
    return get
