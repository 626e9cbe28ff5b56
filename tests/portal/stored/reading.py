"""What today's code reads of a stored portal: run in a process of its own, on its databases."""

import json
import re
from datetime import UTC, datetime
from html import unescape

import time_machine
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client

from agencies.models import User
from encryption.errors import KeyDestroyed
from encryption.fields import SealedField, sealed_fields
from encryption.files import open_file
from encryption.unit_of_work import key_cache
from requests_app.models import Attachment
from tests.plugins.people import sign_in

# When it was stored: the checks of its people hold for a year from then.
STORED = datetime(2026, 11, 30, 12, tzinfo=UTC)


def read() -> None:
    """Write what is there now beside what was told when it was stored."""
    told = json.loads((settings.VAR / "told.json").read_text())
    with time_machine.travel(STORED):
        pages = [page(**each) for each in told["pages"]]
    now = {"fields": fields(), "files": files(), "pages": pages}
    (settings.VAR / "now.json").write_text(json.dumps(now))


def fields() -> dict[str, str]:
    """Every sealed value whose key was not destroyed, by its table, row and column."""
    with key_cache():
        return {
            f"{model._meta.db_table} {row.pk} {field.column}": value
            for model in apps.get_models()
            for field in sealed_fields(model)
            for row in model._base_manager.all()
            if (value := opened(row, field))
        }


def opened(row: models.Model, field: SealedField) -> str:
    try:
        return str(getattr(row, field.attname) or "")
    except KeyDestroyed:
        return ""


def files() -> dict[str, str]:
    return {
        str(row.pk): b"".join(open_file(case_id=row.case_id, file_id=row.pk)).decode()
        for row in Attachment.objects.filter(status="kept")
    }


def page(email: str, path: str, words: list[str]) -> dict[str, str | list[str]]:
    """A page as that person gets it: which of these words it shows."""
    answer = sign_in(Client(), User.objects.get(email=email)).get(path)
    assert answer.status_code == 200, path
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
    return {"email": email, "path": path, "words": [word for word in words if word in text]}
