"""``make run``: set up the embedded default, then run its processes under one parent."""

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from click import progressbar
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from audit.ledger.signing import create_signing_key
from encryption.provider import create_keyring_file
from portal.running import folder, ports, static
from portal.supervisor import Supervisor, gunicorn_command, sequencer_command, worker_command
from portal.tables import is_complete, make_tables, newer
from portal.timings import note, part


class Command(BaseCommand):
    """Everything a first look needs, and nothing a second start would change."""

    help = "Set up the embedded default, start it, stop it all on Ctrl-C"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port; everything else is decided."""
        parser.add_argument("--port", default=port_of_settings())

    def handle(self, *_args: Any, port: str, **_options: Any) -> None:
        """Set up, start, wait, stop."""
        if settings.SETTINGS_MODULE != "portal.settings.embedded":
            raise CommandError("serve is for the embedded default only.")
        with said_in_words():
            number = ports.port_of(port)
            if port != port_of_settings():
                begin_again_on(number)
            held = folder.lock(settings.VAR, settings.PORTAL_URL)
            ports.refuse_taken(number)
            sign_ins = self.set_up()
        supervisor = Supervisor(
            {
                "web server": gunicorn_command(number),
                "worker": worker_command(),
                "sequencer": sequencer_command(),
            },
            say=self.say,
            record=Path(settings.RUNNING_RECORD or settings.VAR / "running.json"),
            # As in production: who sends e-mails opens no record, and neither does the sequencer.
            own={"worker": {"PORTAL_KEYS": "none"}, "sequencer": {"PORTAL_KEYS": "signing"}},
            kept=(held,),
        )
        began = time.monotonic()

        def ready() -> None:
            note("until ready", time.monotonic() - began)
            self.greet(sign_ins)

        if code := supervisor.run(ready=ready):
            raise SystemExit(code)

    def set_up(self) -> str:
        """Make what is missing; who can sign in."""
        folder.clear_leftovers(settings.VAR)
        self.make_keys()
        self.make_tables()
        self.collect_static_files()
        return self.fill()

    def make_keys(self) -> None:
        """The key ring, and the key that signs the ledger."""
        keyring = Path(settings.KEYRING_FILE)
        if not keyring.exists():
            if (settings.VAR / "keystore.sqlite3").exists():
                raise CommandError(
                    f"{keyring} is gone, and what {settings.VAR} holds cannot be read without it.\n"
                    f"Put it back; or, to begin again with nothing, remove {settings.VAR}."
                )
            self.say("Making the keys.")
            create_keyring_file(keyring)
        if not Path(settings.SIGNING_KEY_FILE).exists():
            create_signing_key(Path(settings.SIGNING_KEY_FILE), settings.LEDGER_NAME)

    def make_tables(self) -> None:
        """Those of both databases, and of the cache."""
        for database in ("default", "keystore"):
            if found := newer(database):
                app, name = found[0]
                raise CommandError(
                    f"{settings.VAR} was made by a newer version of the portal (it has {app} "
                    f"{name}). Bring this checkout up to date, or choose another folder: "
                    "make run PORTAL_VAR=folder"
                )
        for database in ("default", "keystore"):
            if not is_complete(database):
                self.say(f"Making the tables, {database}.")
                with part(f"tables, {database}"), drawn() as done:
                    make_tables(database, say=done)
        call_command("createcachetable", verbosity=0)

    def collect_static_files(self) -> None:
        """Style sheets, scripts and pictures, where they have changed."""
        if not static.is_collected():
            self.say("Collecting the style sheets.")
            with part("static files"):
                static.collect()

    def fill(self) -> str:
        """The demonstration, where nobody lives here yet; who can sign in."""
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

    def say(self, text: str) -> None:
        """One line, at once."""
        self.stdout.write(text)
        self.stdout.flush()


@contextmanager
def said_in_words() -> Iterator[None]:
    """What is wrong with the port, the folder or its disk is said in one sentence."""
    try:
        yield
    except (ports.PortFault, folder.FolderFault) as fault:
        raise CommandError(str(fault)) from None
    except OSError as fault:
        raise CommandError(folder.of_the_folder(settings.VAR, fault)) from None
    except Error as fault:
        if said := folder.of_a_database(settings.VAR, fault):
            raise CommandError(said) from None
        raise


@contextmanager
def drawn() -> Iterator[Callable[[int, int], None]]:
    """A bar for steps done of so many, where a person is looking."""
    with progressbar(length=1, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def done(step: int, steps: int) -> None:
            bar.length = steps
            bar.update(step - bar.pos)

        yield done


def port_of_settings() -> str:
    """The port that the settings of this process were read with."""
    return os.environ.get("PORT", "8000")


def begin_again_on(port: int) -> None:
    """Start this command anew: settings name the portal's address by the environment's port."""
    os.environ["PORT"] = str(port)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves
