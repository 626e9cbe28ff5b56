"""``make run``: set up the embedded default, then run web server and worker under one parent."""

import errno
import os
import socket
import sys
import time
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from audit.ledger.signing import create_signing_key
from encryption.provider import create_keyring_file
from portal.supervisor import Supervisor, gunicorn_command, sequencer_command, worker_command
from portal.tables import make_tables
from portal.timings import note, part


class Command(BaseCommand):
    """Everything a first look needs, and nothing a second start would change."""

    help = "Set up the embedded default, start it, stop it all on Ctrl-C"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port; everything else is decided."""
        parser.add_argument("--port", type=int, default=port_of_settings())

    def handle(self, *_args: Any, port: int, **_options: Any) -> None:
        """Set up, start, wait, stop."""
        if settings.SETTINGS_MODULE != "portal.settings.embedded":
            raise CommandError("serve is for the embedded default only.")
        refuse_taken_port(port)
        if port != port_of_settings():
            begin_again_on(port)
        sign_ins = self.set_up()
        supervisor = Supervisor(
            {
                "web server": gunicorn_command(port),
                "worker": worker_command(settings.VAR),
                "sequencer": sequencer_command(),
            },
            say=lambda text: self.stdout.write(text, ending="\n"),
            environment={
                # In a container people are often root, and nothing here is reachable from outside.
                "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
            },
            # As in production: who sends letters opens no record, and neither does the sequencer.
            own={"worker": {"PORTAL_KEYS": "none"}, "sequencer": {"PORTAL_KEYS": "signing"}},
        )
        began = time.monotonic()

        def ready() -> None:
            note("until ready", time.monotonic() - began)
            self.greet(sign_ins)

        code = supervisor.run(f"http://127.0.0.1:{port}/readyz", ready=ready)
        if code:
            raise SystemExit(code)

    def set_up(self) -> str:
        """Make what is missing: secrets, tables, static files, the demonstration; its sign-ins."""
        keyring = Path(settings.KEYRING_FILE)
        if not keyring.exists():
            if (settings.VAR / "keystore.sqlite3").exists():
                raise CommandError(
                    f"{keyring} is gone, and what {settings.VAR} holds cannot be read without it.\n"
                    f"Put it back; or, to begin again with nothing, remove {settings.VAR}."
                )
            create_keyring_file(keyring)
        if not Path(settings.SIGNING_KEY_FILE).exists():
            create_signing_key(Path(settings.SIGNING_KEY_FILE), settings.LEDGER_NAME)
        for database in ("default", "keystore"):
            with part(f"tables, {database}"):
                make_tables(database)
        call_command("createcachetable", verbosity=0)
        with part("static files"):
            call_command("collectstatic", interactive=False, verbosity=0)
        said = StringIO()
        with part("demonstration"):
            call_command("demonstration", stdout=said)
        return said.getvalue()

    def greet(self, sign_ins: str) -> None:
        """Say where the portal is and who can sign in."""
        self.stdout.write(f"\nThe portal is at {settings.PORTAL_URL.rstrip('/')}/\n")
        self.stdout.write(sign_ins)
        self.stdout.write("Ctrl-C stops it.\n")
        self.stdout.flush()


def port_of_settings() -> int:
    """The port that the settings of this process were read with."""
    return int(os.environ.get("PORT", "8000"))


def begin_again_on(port: int) -> None:
    """Start this command anew: settings name the portal's address by the environment's port."""
    os.environ["PORT"] = str(port)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


def refuse_taken_port(port: int) -> None:
    """Stop early, with a way out, where somebody else listens already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is in use. Choose another: make run PORT={port + 1}"
                ) from error
            raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from error
