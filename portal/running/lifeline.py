"""What a child of ``serve`` and its parent tell each other, by two pipes that the child inherits.

The parent holds one end of the first and never writes: that it closes is how a child learns that
its parent is gone, also when it was killed with -9. Into the second the child says that it is up,
and a loop that it turns. A process without such a parent (all of production) finds neither.
"""

import os
import signal
import threading
from typing import Final

PARENT: Final = "PORTAL_PARENT_PIPE"
SAYS: Final = "PORTAL_SAYS_PIPE"
UP: Final = b"u"
TURNED: Final = b"t"


def _descriptor(name: str) -> int | None:
    """Taken out of the environment, so that no process started later takes it for its own."""
    said = os.environ.pop(name, "")
    return int(said) if said.isdecimal() else None


_parent, _says = _descriptor(PARENT), _descriptor(SAYS)


def watch_parent() -> None:
    """End this process, and all it has started, once the parent is gone."""
    if _parent is not None:
        threading.Thread(target=_end_with, args=(_parent,), name="parent", daemon=True).start()


def say_up() -> None:
    """Tell the parent that this process now does what it is there for."""
    _say(UP)


def say_turned() -> None:
    """Tell the parent that the loop of this process has come round."""
    _say(TURNED)


def _end_with(parent: int) -> None:
    try:
        while os.read(parent, 1):
            pass
    except OSError:
        return
    os.killpg(0, signal.SIGKILL)


def _say(word: bytes) -> None:
    if _says is None:
        return
    try:
        os.set_blocking(_says, False)  # a parent that does not listen must hold nobody up
        os.write(_says, word)
    except OSError:
        return
