"""What the demonstration tells of its invented people lies nowhere in clear under ``var/``."""

import json
import time
from datetime import date

import pytest

from tests.house.canaries import Flock, Search
from tests.patience import PATIENCE
from tests.portal.embedded import Portal, manage

pytestmark = pytest.mark.embedded

TOLD = """
import json
from django.apps import apps
from agencies.models import User
from encryption.fields import sealed_fields
said = [
    [field.label, str(value)]
    for model in apps.get_models() for field in sealed_fields(model)
    for row in model._base_manager.all() if (value := getattr(row, field.attname))
]
names = [name for user in User.objects.all() for name in (user.first_name, user.last_name)]
print(json.dumps([said, names]))
"""
WAITING = """
from outbox.models import Message
print(Message.objects.filter(done_at=None).count())
"""
LEAK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE scratch (words text)")
    cursor.execute("INSERT INTO scratch VALUES (%s)", [{text!r}])
"""
SHORTEST = 5  # letters: shorter names stand in other words by chance
NOT_LOOKED_FOR = {"subject.relationship", "item.as_at"} | {  # "uncle", and a day of last month
    # Codes of choices, such as "female" and "setting".
    *("subject.sex", "subject.ethnicity", "subject.education", "subject.interpreter"),
    *("subject.disability", "subject.parental_responsibility"),
}
A_STATE_TOO = {"Acknowledged"}  # an invented surname that is also the code of a state


@pytest.fixture(scope="module")
def portal(var):
    running = Portal(var)
    try:
        running.wait_for("Ctrl-C stops it.")
        yield running
    finally:
        running.stop()


def invented(portal) -> Flock:
    """Everything that is sealed in the demonstration, as what must not be found."""
    flock = Flock()
    said, staff = json.loads(manage(portal, TOLD))
    for label, value in said:
        if label == "subject.date_of_birth":
            flock.dates.add(date.fromisoformat(value))
        elif label == "subject.nhs_number":
            flock.numbers.add(value)
        elif len(value) >= SHORTEST and label not in NOT_LOOKED_FOR:
            flock.words.add(value)
    flock.words -= {*staff, *A_STATE_TOO}
    assert len(flock.words) > 50
    assert len(flock.numbers) > 3
    return flock


def found(portal, search: Search) -> set[tuple[str, str]]:
    """In which files, and how written."""
    files = [path for path in portal.var.rglob("*") if path.is_file()]
    names = "\n".join(map(str, files)).encode()
    contents = [(path.name, path.read_bytes()) for path in files if "static" not in path.parts]
    assert {"portal.sqlite3", "portal.sqlite3-wal", "keystore.sqlite3"} <= dict(contents).keys()
    assert any(name.endswith(".eml") for name, _ in contents)
    contents += [("names of files", names), ("what it said", portal.said().encode())]
    return {(name, writing) for name, content in contents for _, writing in search.found(content)}


@pytest.mark.clause("P-SECURE", part=True)
def test_nothing_of_the_demonstration_lies_in_clear_and_a_leak_would_be_found(portal):
    deadline = time.monotonic() + PATIENCE
    while manage(portal, WAITING) != "0":
        assert time.monotonic() < deadline
        time.sleep(1)
    flock = invented(portal)
    search = Search(flock)
    assert not found(portal, search)
    manage(portal, LEAK.format(text=max(flock.words, key=len)))
    files = {name for name, _ in found(portal, search)}
    assert files & {"portal.sqlite3", "portal.sqlite3-wal"}
