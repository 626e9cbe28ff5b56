"""What is typed on a page and not sent yet, kept while it is typed (docs/adr/0128).

The text is sealed under a key that only the browser has, in a cookie, so nothing that stands in
the database opens it. It lasts a week, and comes back on the page that it was typed on, for the
same person in the same browser.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from os import urandom
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.core import signing
from django.core.exceptions import TooManyFieldsSent
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac

from encryption import aead
from sessions.browser_keys import give_key, key_in
from sessions.models import UnsentText
from workflow.pages import Filled, page, show
from workflow.versions import StateField, VersionField

COOKIE: Final = "portal_unsent"
LASTS: Final = timedelta(days=7)
LONGEST: Final = 60_000  # characters: as much as a browser still sends while its page is left
HOLDS: Final = ".holds"  # after the key, where something was kept under it
SALT: Final = "sessions.unsent"
BOUND_TO: Final = b"portal unsent text 1"
SENT: Final = "unsent"  # the field by which a form says that something of it was kept
FOUND: Final = 302


@dataclass(frozen=True)
class Slip:
    """For whom, for which agency and at which address a page was drawn, and when; signed."""

    person: str
    agency: str
    to: str
    drawn: float

    @classmethod
    def of(cls, request: Any) -> "Slip":
        """Of the page that is being drawn or was just sent."""
        who = request.actor
        return cls(
            str(who.user.pk),
            str(who.agency.pk),
            request.get_full_path(),
            timezone.now().timestamp(),
        )

    @classmethod
    def read(cls, text: str) -> "Slip":
        """From what a page carries; signing.BadSignature for what was not signed here."""
        return cls(*signing.loads(text, salt=SALT, max_age=LASTS))

    @property
    def text(self) -> str:
        """As a page carries it."""
        said = [self.person, self.agency, self.to, self.drawn]
        return signing.dumps(said, salt=SALT, compress=True)

    @property
    def pk(self) -> UUID:
        """Where the text lies: the query of an address changes nothing in it."""
        said = "\n".join([self.person, self.agency, self.to.partition("?")[0]])
        return UUID(bytes=salted_hmac(SALT, said, algorithm="sha256").digest()[:16])

    def is_of(self, actor: Any) -> bool:
        """Whether the page was drawn for this person as this agency."""
        return (self.person, self.agency) == (str(actor.user.pk), str(actor.agency.pk))


@dataclass(frozen=True)
class Unsent:
    """What a page says of keeping: its slip, and of what came back when it was typed."""

    slip: str
    kept_at: datetime | None = None
    is_stale: bool = False  # what is saved has changed since


def kept_page(view: Any) -> Any:
    """A ``page`` on which ``show_kept`` keeps what is typed, until the view leads on from it."""

    @wraps(view)
    def forgotten(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if (
            (_holds(request) or SENT in request.POST)
            and request.method == "POST"
            and response.status_code == FOUND
        ):
            forget(Slip.of(request))
        return response

    forgotten.keeps_what_is_typed = True  # type: ignore[attr-defined]  # asked by tests
    return page(forgotten)


def show_kept(
    request: Any, template: str, context: Mapping[str, Any] | None = None, *, form: Filled
) -> HttpResponse:
    """The page with its form, and in the form whatever was typed in it before and not sent."""
    slip = Slip.of(request)
    unsent = Unsent(slip.text)
    if request.method == "GET" and not form.is_bound and (found := _found(request, slip)):
        kept_at, typed = found
        is_stale = [_fill(each, typed) for each in _forms(form)]
        unsent = Unsent(slip.text, kept_at, any(is_stale))
    response = show(request, template, {**(context or {}), "unsent": unsent}, form=form)
    if _key(request) is None:
        # Before anything is typed, so that all that is sent at once is sealed under one key.
        _give(response, urandom(aead.KEY_BYTES), holds="")
    return response


def keep(request: HttpRequest, slip: Slip, typed: str) -> HttpResponse | None:
    """Keep what was typed so far; None if the page was sent since it was drawn."""
    key = _key(request) or urandom(aead.KEY_BYTES)
    sealed = aead.seal(key, typed.encode(), BOUND_TO + slip.pk.bytes)
    now, drawn = timezone.now(), datetime.fromtimestamp(slip.drawn, tz=UTC)
    UnsentText.objects.bulk_create([UnsentText(pk=slip.pk, kept_at=now)], ignore_conflicts=True)
    own = UnsentText.objects.filter(Q(sent_at=None) | Q(sent_at__lt=drawn), pk=slip.pk)
    if not own.update(sealed=sealed, kept_at=now):
        return None
    response = HttpResponse(status=204)
    _give(response, key, holds=HOLDS)
    return response


def forget(slip: Slip) -> None:
    """It was sent, or given up: keep nothing, nor what a page from before sends after it."""
    now = timezone.now()
    UnsentText.objects.bulk_create(
        [UnsentText(pk=slip.pk, kept_at=now, sent_at=now)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["sealed", "kept_at", "sent_at"],
    )


def forget_old_texts() -> None:
    """Delete what nobody came back for."""
    UnsentText.objects.filter(kept_at__lt=timezone.now() - LASTS).delete()


def _found(request: HttpRequest, slip: Slip) -> tuple[datetime, QueryDict] | None:
    """When something was typed on this page, and what, if this browser can open it."""
    key = _key(request) if _holds(request) else None
    if key is None:
        return None
    since = timezone.now() - LASTS
    row = UnsentText.objects.filter(pk=slip.pk, kept_at__gte=since).first()
    if row is None or not row.sealed:
        return None
    with suppress(InvalidTag, TooManyFieldsSent):
        plain = aead.unseal(key, bytes(row.sealed), BOUND_TO + slip.pk.bytes)
        return row.kept_at, QueryDict(plain.decode())
    return None


def _key(request: HttpRequest) -> bytes | None:
    return key_in(request, COOKIE, HOLDS)


def _holds(request: HttpRequest) -> bool:
    """Whether something was kept in this browser, so that a page has to look."""
    return request.COOKIES.get(COOKIE, "").endswith(HOLDS)


def _give(response: HttpResponse, key: bytes, *, holds: str) -> None:
    """Have the browser hold the key, and know whether there is something that it opens."""
    give_key(response, COOKIE, key, lasts=LASTS, mark=holds)


def _forms(form: Any) -> Iterable[Any]:
    """A form, or each of several that a page has as one."""
    forms: Iterable[Any] = getattr(form, "kept_forms", [form])
    return forms


def _fill(form: Any, typed: QueryDict) -> bool:
    """Begin the form with what was typed; whether it was typed over something older."""
    is_stale = False
    if not any(each.startswith(form.add_prefix(name)) for name in form.fields for each in typed):
        return False  # it was typed in other parts of the page
    for name, field in form.fields.items():
        at = form.add_prefix(name)
        if isinstance(field, VersionField | StateField):
            said = form.get_initial_for_field(field, name)
            is_stale |= at in typed and field.clean(typed[at]) != field.clean(said)
        elif not field.widget.is_hidden and not field.widget.needs_multipart_form:
            form.initial[name] = field.widget.value_from_datadict(typed, {}, at)
    form._bound_fields_cache.clear()  # a field that a view has asked for knows its old beginning
    return is_stale
