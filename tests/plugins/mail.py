"""A real SMTP server that keeps what it is sent."""

import logging
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mails:
    """The messages that arrived, oldest first, with the bytes as they went over the wire."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.refusing = False
        self.host, self.port = "127.0.0.1", 0

    def __len__(self) -> int:
        return len(self.raw)

    @property
    def messages(self) -> list[EmailMessage]:
        """Each message parsed."""
        return [BytesParser(policy=modern).parsebytes(raw) for raw in self.raw]  # type: ignore[misc]

    def clear(self) -> None:
        """Forget what arrived and accept again."""
        self.raw.clear()
        self.refusing = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one message, or refuse it for now, as a broken mail server would."""
        if self.refusing:
            return "451 try again later"
        self.raw.append(bytes(envelope.original_content or b""))
        return "250 kept"


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Mails]:
    """The server of the whole run; tests ask for ``smtp``, which is emptied between them."""
    mails = Mails()
    with socket.socket() as probe:
        probe.bind((mails.host, 0))
        mails.port = probe.getsockname()[1]
    controller = Controller(mails, hostname=mails.host, port=mails.port)
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller.start()
    yield mails
    controller.stop()


@pytest.fixture
def smtp(smtp_server: Mails, settings) -> Iterator[Mails]:
    """Real letters: this process and the worker both send to this server."""
    smtp_server.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = smtp_server.host, smtp_server.port
    yield smtp_server
    smtp_server.clear()
