"""How programs that we start have ended, in words."""

import signal


def how_it_ended(code: int) -> str:
    """An exit code, or the name of the signal."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
