"""What people type is nowhere in clear: not in any byte of any place in which it could lie."""

import json
import time
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import get_resolver

from encryption.fields import sealed_fields
from tests.house import places
from tests.house.canaries import Flock, Search
from tests.house.canary_story import Story
from tests.house.decoys import FOUND_IN, Decoys
from tests.house.typists import Notebook

A_MOMENT = 5  # seconds by which the clocks of files may lag
# Text fields that never reach a case; the story types into them in another way.
NOT_OURS = {"login", "password", "email"}
# Sealed columns for codes of choices, in which nobody can type: one must have been chosen. That
# they lie sealed is looked for in tests/requests_app/people/test_particulars_told.py.
CHOSEN = {f"subject.{name}" for name in ("education", "interpreter", "sex", "ethnicity")} | {
    "subject.disability",
    "subject.parental_responsibility",
}


@pytest.fixture
def log(tmp_path_factory):
    """The log of this process; in a folder of its own, so that it is read as a log."""
    with places.WebLog(tmp_path_factory.mktemp("log") / "web.log") as log:
        yield log


@pytest.fixture
def decoys():
    planted = Decoys()
    yield planted
    planted.clear()


@pytest.mark.worker
@pytest.mark.clause("ISA-4.3-SECURITY")
@pytest.mark.clause("P-SECURE", part=True)
def test_what_people_type_is_nowhere_in_clear(worker, smtp, cast, log, decoys, capfd):
    """One test: the story takes its time, and the same search must find what is leaked."""
    flock, begun = Flock(), time.time() - A_MOMENT
    book = Notebook(flock)
    Story(cast, book).tell()
    worker.wait_until_idle()
    assert len(smtp) > 10
    every_page_was_seen(book)
    every_field_was_filled(book)
    every_sealed_field_has_held_one(flock)
    decoys.plant(book)
    worker.wait_until_idle()
    places.flush()
    output = "".join(capfd.readouterr()).encode()

    search = Search(flock, *decoys.flocks.values())
    leaks: dict[Flock, set[tuple[str, str, str]]] = {}
    for kind, where, content in everywhere(book, smtp, log, output, begun):
        for which, writing in search.found(content):
            leaks.setdefault(which, set()).add((kind, where, writing))
    assert not leaks.get(flock), sorted(leaks[flock])
    for leak, kinds in FOUND_IN.items():
        found = {kind for kind, *_ in leaks.get(decoys.flocks[leak], ())}
        assert found >= kinds, f"the search is blind to this: {leak}"


def everywhere(book: Notebook, smtp, log, output: bytes, since: float) -> Iterator[places.Place]:
    """Every place."""
    yield "web log", "here", log.read()
    yield "output", "of this run", output
    yield "addresses, titles, headers", "of all pages", "\n".join(book.went).encode()
    yield from places.mails(smtp)
    yield from places.sessions()
    yield from places.outbox()
    yield from places.redis_keys()
    yield from places.dumps()
    yield from places.files(since)


def every_page_was_seen(book: Notebook) -> None:
    """A new page is seen by nobody until the story goes there."""
    pages = {
        f"{app}:{name}"
        for app in ("requests", "decisions")
        for name in get_resolver().namespace_dict[app][1].reverse_dict
        if isinstance(name, str)
    }
    assert len(pages) > 60
    assert pages <= book.views


def every_field_was_filled(book: Notebook) -> None:
    """Whatever takes text on any page that was seen was sent with a canary."""
    offered = {(view, name) for view, name in book.offered if name not in NOT_OURS}
    assert len(offered) > 80
    assert offered <= book.filled


def every_sealed_field_has_held_one(flock: Flock) -> None:
    """A new column is empty until the story fills it. A row's earlier versions count too."""
    labels, held = set(), set()
    for model in apps.get_models():
        for row in model._base_manager.all() if sealed_fields(model) else ():
            for field in sealed_fields(model):
                value = getattr(row, field.attname)
                if (value and field.label in CHOSEN) or is_canary(value, flock):
                    held.add(field.label)
        labels |= {field.label for field in sealed_fields(model)}
    labels = {label for label in labels if label.partition(".")[0] not in ("note", "sample")}
    assert len(labels) > 40
    assert labels == held & labels, sorted(labels - held)


def is_canary(value: object, flock: Flock) -> bool:
    """Whether this value was typed by the story."""
    if isinstance(value, str):
        return flock.mark in value or value in flock.numbers
    return value in flock.dates


def test_a_fault_in_a_page_leaves_no_words_behind(signed_in, log, monkeypatch, capfd):
    """A view that fails over what was typed: the page and the log say nothing of it."""
    flock = Flock()
    words = {"born": "born", "given_name": flock.text("name")}

    def fail(*_args, **kwargs):
        local = kwargs["details"]["given_name"]
        try:
            int(local)
        except ValueError as fault:
            raise RuntimeError(f"cannot add {local}") from fault

    client = signed_in("requester")
    client.raise_request_exception = False
    started = client.post("/requests/start/", {})
    monkeypatch.setattr("requests_app.people.actions.add_subject", fail)
    answer = client.post(f"{started['Location']}people/add/child/", words)
    assert answer.status_code == 500
    output = "".join(capfd.readouterr()).encode()
    lines = [json.loads(line) for line in log.read().splitlines()]
    faults = [line["fault"] for line in lines if "fault" in line]
    assert [link["type"] for link in faults[0]] == ["RuntimeError", "ValueError"]
    for place in (answer.content, log.read(), output):
        assert not Search(flock).found(place)
