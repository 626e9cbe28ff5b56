"""Mail on the embedded default: each message becomes a file, shown on the page of sent mail."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from hashlib import sha256
from heapq import nlargest
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

STAMP: Final = "%Y%m%dT%H%M%S.%f"
NANO: Final = 1_000_000_000


class FileBackend(BaseEmailBackend):
    """Write every message to ``settings.MAIL_DIR``; nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message as one ``.eml`` file, whose time is when it was sent.

        One that is sent again, after a crash before its sending was noted, takes its own place.
        """
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            email = message.message()
            name = sha256(str(email["Message-ID"]).encode()).hexdigest()[:32]
            part = folder / f"{name}.part"
            part.write_bytes(email.as_bytes())
            # The file system's own clock ticks too slowly to tell two letters apart.
            os.utime(part, ns=(now := time.time_ns(), now))
            part.replace(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class SentEmail:
    """One message as the page of sent mail shows it."""

    when: datetime
    to: str
    subject: str
    text: str


def sent_emails(most: int = 200) -> list[SentEmail]:
    """What was sent, newest first."""
    try:
        with os.scandir(settings.MAIL_DIR) as found:
            emails = [(_sent_at(each), each.path) for each in found if each.name.endswith(".eml")]
    except FileNotFoundError:
        return []
    return [_read(sent_at, path) for sent_at, path in nlargest(most, emails)]


def _sent_at(file: os.DirEntry[str]) -> float:
    stamp, dash, _rest = file.name.partition("-")
    if not dash:
        return file.stat().st_mtime_ns / NANO
    # As an earlier version named them.
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC).timestamp()


def _read(sent_at: float, path: str) -> SentEmail:
    message = message_from_bytes(Path(path).read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content().strip() if body else ""
    when = datetime.fromtimestamp(sent_at, UTC)
    return SentEmail(when, str(message["To"]), str(message["Subject"]), text)
