"""Leaks on purpose, one in each kind of place, to prove that the search would find a real one."""

import json
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import INFO
from django.contrib.messages.storage.base import Message as Said
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import DataError, connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from outbox.models import Message
from portal.celery import app
from sessions.store import SessionStore
from tests.house.canaries import Flock
from tests.house.typists import Notebook, Page, a_document
from tests.plugins import routes

# Which leak must be found in which kinds of place.
FOUND_IN = {
    "column": {"database files", "write-ahead log", "dump"},
    "bytes of a column": {"database files", "write-ahead log", "dump"},
    "long column": {"database files", "write-ahead log", "dump"},
    "changed and gone": {"database files", "write-ahead log"},
    "statement that failed": {"database log"},
    "outbox": {"outbox", "dump"},
    "session": {"session"},  # in a dump it is sealed
    "log line": {"web log"},
    "line printed": {"output"},
    "cache": {"Redis", "Redis on disk"},
    "message to nobody": {"Redis", "Redis on disk"},
    "task of nobody": {"worker log"},
    "mail": {"mail"},
    "temporary file": {"temporary files"},
    "packed file": {"temporary files"},
    "unsealed file": {"sealed files"},
    "name of a file": {"file names"},
    "redirect": {"addresses, titles, headers"},
    "link": {"addresses, titles, headers"},
    "title": {"addresses, titles, headers"},
    "message in a cookie": {"addresses, titles, headers"},
}


class Decoys:
    """A flock for each leak."""

    def __init__(self) -> None:
        self.flocks = {leak: Flock() for leak in FOUND_IN}
        self.made: list[Path] = []

    def text(self, leak: str) -> str:
        """A canary that leaks there."""
        return self.flocks[leak].text("leak")

    def plant(self, book: Notebook) -> None:
        """All of them."""
        self.in_the_database()
        self.in_the_background()
        self.in_files()
        self.in_answers(book)
        os.write(2, self.text("line printed").encode())
        logging.getLogger("ours").warning("it is about %s", self.text("log line"))
        EmailMessage("About", self.text("mail"), to=["somebody@school.example"]).send()

    def in_the_database(self) -> None:
        """A table that nobody seals, a statement that fails, tables that hold codes only."""
        gone = self.text("changed and gone")
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE scratch (id int, words text, raw bytea)")
            add = "INSERT INTO scratch VALUES (%s, %s, %s)"
            cursor.execute(add, [1, self.text("column"), None])
            cursor.execute(add, [2, None, self.text("bytes of a column").encode()])
            cursor.execute(add, [3, self.text("long column") * 500, None])
            cursor.execute(add, [4, gone, None])
            cursor.execute("UPDATE scratch SET words = 'corrected' WHERE id = 4")
            with suppress(DataError), transaction.atomic():
                cursor.execute("SELECT %s::int", [self.text("statement that failed")])
        Message.objects.create(topic="leak", about=self.text("outbox")[:60])
        session = SessionStore()
        session["draft"] = self.text("session") * 20
        session.save()

    def in_the_background(self) -> None:
        """A cached value, a message that nobody reads, a task that the worker does not know."""
        cache.set("draft", {"words": self.text("cache")})
        with app.connection_for_write() as link:
            body = json.dumps({"words": self.text("message to nobody")})
            app.amqp.Producer(link).publish(body, routing_key=routes.UNATTENDED)
        app.send_task(f"nobody.{self.flocks['task of nobody'].mark}", queue=routes.ATTENDED)

    def in_files(self) -> None:
        """Files that somebody left behind."""
        in_tmp = Path(tempfile.gettempdir())
        contents = {
            in_tmp / "draft": self.text("temporary file").encode("utf-16"),
            in_tmp / "draft.docx": a_document(self.text("packed file")),
            in_tmp / f"{self.flocks['name of a file'].mark}.txt": b"",
            Path(settings.FILES_DIR) / "draft": self.text("unsealed file").encode("latin-1"),
        }
        for path, content in contents.items():
            path.write_bytes(content)
        self.made = list(contents)

    def in_answers(self, book: Notebook) -> None:
        """Answers that carry a canary to where it may be kept by others."""
        storage = CookieStorage(RequestFactory().get("/"))
        told = HttpResponse()
        storage._store([Said(INFO, self.text("message in a cookie") * 5)], told)
        pages: list[Any] = [
            HttpResponseRedirect(f"/?about={self.text('redirect')}"),
            HttpResponse(f"<title>{self.text('title').replace('<', '')}</title>"),
            HttpResponse(f"<a href='/?about={self.flocks['link'].mark}'>on</a>"),
            told,
        ]
        for page in pages:
            book.note(page, Page("/", page))

    def clear(self) -> None:
        """Take away what no other test would."""
        for path in self.made:
            path.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS scratch")
        with app.connection_for_write() as link:
            link.default_channel.client.delete(routes.UNATTENDED)
