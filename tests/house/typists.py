"""Somebody at the real pages, who types a canary into every field that a page offers."""

import datetime as dt
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve

from tests.house.canaries import Flock

ALL = object()  # every box of a group
TYPED = {"text", "textarea", "search", "tel"}
CHOSEN = {"file", "email", "password"}  # filled in only with what is asked for
PARTS = ("_day", "_month", "_year")
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LONGEST = 12_000  # characters: more than any field takes


@dataclass
class Control:
    """One control of a form, as a browser knows it."""

    name: str
    kind: str
    value: str = ""
    chosen: bool = False


@dataclass
class Form:
    """A form and where it goes."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)


class Page(HTMLParser):
    """A page as far as it can carry something to elsewhere: its title, addresses and forms."""

    def __init__(self, path: str, response: Any) -> None:
        super().__init__()
        self.path, self.status = path, response.status_code
        self.text = b"".join(response) if response.streaming else response.content
        self.location = response.headers.get("Location", "")
        self.title, self.addresses, self.forms = "", [], []  # type: ignore[var-annotated]
        self._in, self._form = "", None  # type: str, Form | None
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self.feed(self.text.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element carries."""
        told = {name: value or "" for name, value in attrs}
        self.addresses += [told[name] for name in ("href", "src", "action") if name in told]
        self._in = tag
        form = self._form
        if tag == "form":
            self._form = Form(told.get("action") or self.path, told.get("method", "get"))
            self.forms.append(self._form)
        elif form is None:
            return
        elif tag == "option":
            select = next(c for c in reversed(form.controls) if c.kind == "select")
            option = Control(select.name, "option", told.get("value", ""), "selected" in told)
            form.controls.append(option)
        elif "name" in told and tag in ("input", "textarea", "select"):
            kind = told.get("type", "text") if tag == "input" else tag
            value = told.get("value", "on" if kind == "checkbox" else "")  # as browsers have it
            control = Control(told["name"], kind, value, "checked" in told)
            form.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        self._in = ""
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        """The title, and what a text area holds."""
        if self._in == "title":
            self.title += data
        elif self._in == "textarea" and self._form:
            self._form.controls[-1].value += data

    def form(self, to: str = "") -> Form:
        """The form that goes there; without a place, the one in which there is most to fill in."""
        posts = [form for form in self.forms if form.method == "post"]
        if to:
            return next(form for form in posts if form.action.partition("?")[0] == to)
        return max(posts, key=lambda form: len(form.controls))


@dataclass
class Notebook:
    """What was seen and done at the pages, by everybody."""

    flock: Flock
    went: list[str] = field(default_factory=list)  # redirects, links, titles, headers
    views: set[str] = field(default_factory=set)
    offered: set[tuple[str, str]] = field(default_factory=set)
    filled: set[tuple[str, str]] = field(default_factory=set)

    def note(self, response: Any, page: Page) -> None:
        """Keep whatever of an answer goes to other places than the page itself."""
        headers = {k: v for k, v in response.headers.items() if k != "Content-Disposition"}
        cookies = [morsel.OutputString() for morsel in response.cookies.values()]
        self.went += [page.location, page.title, *page.addresses, *headers.values(), *cookies]
        view = resolve(page.path.partition("?")[0]).view_name
        self.views.add(view)
        for form in page.forms:
            target = resolve(form.action.partition("?")[0]).view_name
            names = {c.name for c in form.controls if c.kind in TYPED}
            self.offered |= {(target, name) for name in names}


class Typist:
    """One person's browser."""

    def __init__(self, notebook: Notebook, client: Client | None = None) -> None:
        self.book = notebook
        self.client = client or Client(enforce_csrf_checks=True)
        self.client.raise_request_exception = False

    def open(self, path: str, expect: int = 200) -> Page:
        """Read a page, and the one that it leads to."""
        response = self.client.get(path)
        if expect == 200 and response.status_code == 302:
            self._noted(path, response, 302)
            return self.open(response.headers["Location"])
        return self._noted(path, response, expect)

    def send(
        self, path: str, to: str = "", *, spoilt: bool = True, expect: int = 302, **chosen: Any
    ) -> Page:
        """Open a page, fill its form with canaries, and send it: first spoilt, then as it should.

        ``chosen`` says what to pick or type, by the name of the field, which may be a pattern
        with a star written as ``__``; everything else is filled in by itself.
        """
        form = self.open(path).form(to)
        if spoilt and any(control.kind in TYPED for control in form.controls):
            refused = self.post(form, self.filled(form, chosen, spoil=True), expect=422)
            form = refused.form(to)
        return self.post(form, self.filled(form, chosen), expect=expect)

    def post(self, form: Form, fields: Mapping[str, Any], expect: int = 302) -> Page:
        """Send a form, and go where that leads."""
        page = self._noted(form.action, self.client.post(form.action, fields), expect)
        if page.status == 302:
            self.open(page.location)
        return page

    def _noted(self, path: str, response: Any, expect: int) -> Page:
        page = Page(path, response)
        assert page.status == expect, (path, page.status, page.location, errors_on(page))
        self.book.note(response, page)
        return page

    def filled(self, form: Form, chosen: Mapping[str, Any], spoil: bool = False) -> dict[str, Any]:
        """Every control of the form with a value."""
        view = resolve(form.action.partition("?")[0]).view_name
        fields: dict[str, Any] = {}
        days: dict[str, dt.date] = {}
        for control in form.controls:
            name, wish = control.name, wish_for(control.name, chosen)
            if control.kind == "hidden":
                fields[name] = control.value
            elif control.kind in ("radio", "checkbox", "option"):
                choose(fields, control, wish)
            elif control.kind in CHOSEN or (
                control.kind in TYPED and wish is not None and not spoil
            ):
                fields[name] = wish
            elif control.kind in TYPED:
                fields[name] = self.typed(view, name, days, spoil=spoil)
                self.book.filled.add((view, name))
        return {name: value for name, value in fields.items() if value is not None}

    def typed(self, view: str, name: str, days: dict[str, dt.date], *, spoil: bool) -> str:
        """A canary of the kind that this field takes, or one that it cannot take."""
        if spoil:
            return self.book.flock.text(f"{view}.{name}").ljust(LONGEST, "x")
        if name.endswith(PARTS):
            base, _, part = name.rpartition("_")
            day = days.setdefault(base, self.book.flock.date())
            return str(getattr(day, part))
        if name == "nhs_number":
            return self.book.flock.number()
        if name == "upn":
            return self.book.flock.pupil()
        return self.book.flock.text(f"{view}.{name}")

    def upload(self, name: str, content: bytes) -> SimpleUploadedFile:
        """A file whose name is a canary too."""
        return SimpleUploadedFile(f"{self.book.flock.text('file name')}{name}", content)


def wish_for(name: str, chosen: Mapping[str, Any]) -> Any:
    """What was asked for this field, or None."""
    found = (value for key, value in chosen.items() if fnmatch(name, key.replace("__", "*")))
    return next(found, None)


def choose(fields: dict[str, Any], control: Control, wish: Any) -> None:
    """Pick what was asked for; else what is picked already; else the first there is."""
    name, value = control.name, control.value
    if control.kind == "checkbox":
        wanted = wish is ALL or value in (wish or [])
        if wanted or (wish is None and control.chosen):
            fields.setdefault(name, []).append(value)
        return
    if wish is not None:
        fields[name] = wish
    elif control.chosen or (value and not fields.get(name)):
        fields[name] = value


def errors_on(page: Page) -> str:
    """What an unexpected page says is wrong, for whoever mends this test."""
    text = page.text.decode(errors="replace")
    start = max(text.find("govuk-error-summary"), text.find("<main"), 0)
    return text[start : start + 1500]


def a_document(text: str) -> bytes:
    """A Word document, which packs its words."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", f'<Override ContentType="{MAIN_TYPE}"/>')
        package.writestr("word/document.xml", f"<w:t>{text}</w:t>" * 20)
    return made.getvalue()
