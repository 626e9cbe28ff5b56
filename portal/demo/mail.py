"""Mail on the embedded default: each message becomes a file, shown on the page of sent mail."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

STAMP = "%Y%m%dT%H%M%S.%f"


class FileBackend(BaseEmailBackend):
    """Write every message to ``settings.MAIL_DIR``; nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message as one ``.eml`` file, named so that the files sort by time."""
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = f"{timezone.now():{STAMP}}-{uuid.uuid4().hex[:8]}"
            part = folder / f"{name}.part"
            part.write_bytes(message.message().as_bytes())
            part.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class SentLetter:
    """One message as the page of sent mail shows it."""

    when: datetime
    to: str
    subject: str
    text: str


def sent_letters(most: int = 200) -> list[SentLetter]:
    """What was sent, newest first."""
    newest = sorted(Path(settings.MAIL_DIR).glob("*.eml"), reverse=True)[:most]
    return [_read(path) for path in newest]


def _read(path: Path) -> SentLetter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    when = datetime.strptime(path.name.partition("-")[0], STAMP).replace(tzinfo=UTC)
    text = body.get_content().strip() if body else ""
    return SentLetter(when, str(message["To"]), str(message["Subject"]), text)
