"""The port that people open in their browser: which can be one, and which is free."""

import errno
import socket
from typing import Final

LARGEST: Final = 65_535
FREE_FOR_ALL: Final = 1024  # lower ones are the administrator's
ANOTHER: Final = "Choose another: make run PORT={}"


class PortFault(Exception):
    """In one sentence why the port cannot be used, with a way out."""


def port_of(said: str) -> int:
    """The port of this text; raises PortFault where it is none."""
    if not said.isascii() or not said.isdecimal() or not 0 < int(said) <= LARGEST:
        raise PortFault(
            f"{said!r} is not a port: it is a number from 1 to {LARGEST}. {ANOTHER.format(8000)}"
        )
    return int(said)


def refuse_taken(port: int) -> None:
    """Raise PortFault where somebody else listens already, or this account may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            raise PortFault(why_not(port, fault)) from None


def why_not(port: int, fault: OSError) -> str:
    """Why this port could not be had, with a way out."""
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. {ANOTHER.format(port + 1 if port < LARGEST else 8000)}"
    if fault.errno in (errno.EACCES, errno.EPERM) and port < FREE_FOR_ALL:
        return f"Port {port} is the administrator's, as all below 1024 are. {ANOTHER.format(8000)}"
    return f"Port {port} cannot be used ({fault.strerror}). {ANOTHER.format(8000)}"
