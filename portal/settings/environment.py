"""Reading the environment, so that what is missing is named all at once and plainly."""

import fcntl
import os
import secrets
from collections import ChainMap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from portal.running.ports import PortFault, port_of
from portal.settings.secret_files import NotUsable, secrets_in_files

BASE_DIR = Path(__file__).resolve().parents[2]
# These make keys before there is anything else, and need no secret.
MAKING: Final = "portal.settings.making"


class _Environment(environ.Env):  # type: ignore[misc]
    """Django-environ, with the secrets of files, which no child process inherits as values."""

    ENVIRON = ChainMap(
        {} if os.environ.get("DJANGO_SETTINGS_MODULE") == MAKING else secrets_in_files(os.environ),
        os.environ,
    )

    def get_value(self, var: str, cast: Any = None, *args: Any, **kwargs: Any) -> Any:
        """As it stands: where the library takes ``$`` for another name, it prints the rest."""
        given = self.ENVIRON.get(var, "")
        if given.startswith("$") and cast in (None, str):
            return given
        return super().get_value(var, cast, *args, **kwargs)


env = _Environment()


def require(names: Iterable[str]) -> None:
    """Stop, naming every variable that is missing or empty, rather than the first of them."""
    missing = sorted(name for name in names if not env.ENVIRON.get(name, "").strip())
    if missing:
        raise ImproperlyConfigured("Set these environment variables: " + ", ".join(missing))


def one_of(name: str, choices: list[str]) -> str:
    """A variable that takes one of a few words; the first where it is not set."""
    word: str = env.str(name, choices[0])
    if word not in choices:
        raise ImproperlyConfigured(f"{name} is {word!r}, and must be one of {', '.join(choices)}.")
    return word


def in_allowed_region(region: str, allowed: Iterable[str], name: str = "STORAGE_REGION") -> str:
    """Give back the region that information is stored in, or refuse to start (ISA-4.3-EEA)."""
    choices = sorted(allowed)
    if region not in choices:
        raise ImproperlyConfigured(
            f"{name} is {region!r}, and information may be stored only in: "
            f"{', '.join(choices)} (ALLOWED_STORAGE_REGIONS)."
        )
    return region


def a_port(name: str, default: int) -> int:
    """A variable that holds the number of a port."""
    try:
        return port_of(env.str(name, str(default)))
    except PortFault as fault:
        raise NotUsable(str(fault)) from None


def a_scanner(name: str) -> str:
    """A variable that says where a clamd listens, or declares that there is none."""
    said = env.str(name, "").strip() or "none"
    if said == "none" or said.startswith("unix:/") or _is_tcp(said):
        return said
    raise NotUsable(
        f"{name} must be unix:/path or tcp://host:port, where a clamd listens, or the word none, "
        "which declares that what people add is not scanned."
    )


def _is_tcp(said: str) -> bool:
    try:
        parts = urlsplit(said)
        is_whole = said == f"tcp://{parts.netloc}" and "@" not in said
        return bool(is_whole and parts.hostname and parts.port)
    except ValueError:  # no number, or none of a port
        return False


def local_secret(path: Path) -> str:
    """Read a secret of this checkout, made at the first run and readable by its owner only.

    It is there whole or not at all, also after a start that was killed half-way; of many who ask
    at once, one makes it. Raises NotUsable where the folder cannot be written to.
    """
    try:
        return _read(path) or _made(path)
    except OSError as fault:
        raise NotUsable(
            f"{path.parent} cannot be used ({fault.strerror}). Choose a folder that this account "
            "may write to, with room: make run PORTAL_VAR=folder"
        ) from None


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""


def _made(path: Path) -> str:
    """Make the secret, unless somebody did while we waited for the lock of its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent):
        if found := _read(path):
            return found
        draft = path.with_name(f".{path.name}.{os.getpid()}.new")
        draft.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(50))
                out.flush()
                os.fsync(out.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return _read(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder against every other process that would make something in it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


@contextmanager
def plainly(variable: str) -> Iterator[None]:
    """Read an address; where that fails, a piece of it, as of a password, is not printed."""
    try:
        yield
    except (KeyError, ValueError):
        raise NotUsable(
            f"{variable} is no address that can be read: in a name or password, write @ as "
            "%40, : as %3A, / as %2F and # as %23."
        ) from None


def postgres(url_variable: str) -> dict[str, object]:
    """One PostgreSQL database, with time-outs: a silent server must not hang us for ever."""
    with plainly(url_variable):
        # One of a kind that it does not know, the library prints with its password.
        env.DB_SCHEMES[urlsplit(env.str(url_variable)).scheme]
        config: dict[str, object] = dict(env.db_url(url_variable))
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    limits = f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', 30_000)} -c lock_timeout=10000"
    # The second wall makes plans look dear, and compiling them would take seconds for one page.
    limits += " -c jit=off"
    given = config.get("OPTIONS")
    config["OPTIONS"] = {
        **(given if isinstance(given, dict) else {}),
        "connect_timeout": 5,
        # A server that is gone without a word is given up, where the system would wait for hours.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "options": limits,
    }
    return config
