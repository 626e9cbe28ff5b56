"""Where tasks go: to the worker if the test uses it, else to a queue that nobody reads.

Without this, a worker that one test started would act on the rows of the next.
"""

from typing import Any

ATTENDED, UNATTENDED = "celery", "unattended"

current = {"queue": UNATTENDED}


def route(name: str, *_args: Any, **_kwargs: Any) -> dict[str, str]:
    """The queue of the test that runs now."""
    return {"queue": current["queue"]}
