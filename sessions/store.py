"""Keeps sessions so that the browser alone can open its own (docs/adr/0054).

What stands in the database is a digest of the key that the browser has, and data sealed under
that key and one of the ring: reading it lets nobody sign in, and writing it neither, not even with
SECRET_KEY, which worker and clock have too.
"""

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.auth import SESSION_KEY as PERSON
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from encryption import aead
from encryption.provider import key_provider
from sessions.models import Session
from workflow.compiled import Compiled

BEGAN = "signed_in_began"  # whose sitting it is and since when: a new key does not prolong it
_LASTING = Compiled(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    """One browser's session."""

    browser = ""
    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table they are kept in."""
        return Session

    def load(self) -> dict[str, Any]:
        """What was kept, unless it has ended, or was ended."""
        key = str(self.session_key)
        self.row = next(iter(_LASTING(key=digest(key), now=timezone.now())), None)
        if self.row is not None:
            try:
                return unseal(key, self.row.session_data)
            except (InvalidTag, NotBase64, ValueError):
                self.row = None
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        """Whether this key is taken."""
        return Session.objects.filter(session_key=digest(session_key)).exists()

    def save(self, must_create: bool = False) -> None:
        """Keep it; one that was ended meanwhile is not brought back."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        row = self._columns(data, new=must_create)
        if must_create:
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:
                raise CreateError from None
        else:
            names = ("session_data", "expire_date", "person", "began", "seen", "ends")
            values = {name: getattr(row, name) for name in names}
            if not Session.objects.filter(pk=row.pk).update(**values):
                raise UpdateError
        self.row = row
        return None

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        if key := session_key or self.session_key:
            Session.objects.filter(session_key=digest(key)).delete()

    def touch(self) -> None:
        """Note that it is in use; what was noted within a minute is not noted again."""
        if self.row is None or self.row.person is None or self._is_noted(timezone.now()):
            return
        now = timezone.now()
        seen = {"seen": now, "expire_date": self.row.lasts_until(now)}
        Session.objects.filter(pk=self.row.pk).update(**seen)

    def seconds_left(self, *, touched: bool = True) -> int:
        """How long it lasts from now; ``touched``: should this very request be a use of it."""
        now = timezone.now()
        if self.row is None:
            return 0
        used = touched and not self._is_noted(now)
        ends = self.row.lasts_until(now) if used else self.row.expire_date
        return max(0, int((ends - now).total_seconds()))

    def is_final(self) -> bool:
        """Whether no use prolongs it any more."""
        ends = self.row.ends if self.row else None
        return ends is not None and ends - timezone.now() <= settings.SESSION_WARNING

    def _is_noted(self, now: datetime) -> bool:
        return self.row is not None and now - self.row.seen < settings.SESSION_SEEN_EVERY

    def _columns(self, data: dict[str, Any], *, new: bool) -> Session:
        """The row as it should be; data keeps since when the same person has been there."""
        key, now = str(self.session_key), timezone.now()
        person = data.get(PERSON)
        whose, since = data.get(BEGAN) or (None, None)
        if person is None:
            data.pop(BEGAN, None)
        elif whose != person:
            since = now.isoformat()
            data[BEGAN] = [person, since]
        began = datetime.fromisoformat(since) if person and since else None
        row = Session(session_key=digest(key), browser=self.browser, seen=now, began=began)
        row.person = UUID(person) if person else None
        row.ends = began + settings.SESSION_LONGEST if began else None
        row.expire_date = row.lasts_until(now)
        if not new and self.row is not None:
            row.number, row.browser = self.row.number, self.row.browser
        row.session_data = seal(key, data)
        return row


def digest(key: str) -> str:
    """By what a session is found; the key cannot be worked out from it."""
    return sha256(key.encode()).hexdigest()


def seal(key: str, data: dict[str, Any]) -> str:
    """The data as only whoever has the browser's key can open it, here."""
    name, sealing = _sealing(key)
    sealed = aead.seal(sealing, json.dumps(data).encode(), _place(key))
    return f"{name}:{b64encode(sealed).decode()}"


def unseal(key: str, text: str) -> dict[str, Any]:
    """The data again; raises InvalidTag if it was changed, or is another session's."""
    name, _colon, sealed_text = text.rpartition(":")
    if name not in key_provider().names:
        raise InvalidTag  # of a ring key that was retired: whoever it was signs in anew
    _name, sealing = _sealing(key, name)
    plain = aead.unseal(sealing, b64decode(sealed_text), _place(key))
    data: dict[str, Any] = json.loads(plain)
    return data


def _sealing(key: str, ring_key_id: str = "") -> tuple[str, bytes]:
    """The id of a ring key, and what a session is sealed under with it and the browser's key."""
    name, secret = key_provider().purpose_key("signed_in.store 2", ring_key_id)
    return name, hmac.digest(secret, key.encode(), "sha256")


def _place(key: str) -> bytes:
    return digest(key).encode()
