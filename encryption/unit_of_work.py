"""What is in memory only as long as one unit of work, a request or a task: opened keys above all.

Whoever opens ``key_cache`` begins one; without it, each use asks again and keeps nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from encryption.keystore import CaseKey
from encryption.provider import derived

Found = TypeVar("Found")


class DataKey:
    """A case key in clear. Never used itself: each purpose has a key derived from it."""

    __slots__ = ("_derived", "_secret", "generation")

    def __init__(self, generation: int, secret: bytes) -> None:
        self.generation = generation
        self._secret = secret
        self._derived: dict[bytes, bytes] = {}

    def derive(self, purpose: bytes) -> bytes:
        """The key for one purpose."""
        if purpose not in self._derived:
            self._derived[purpose] = derived(self._secret, purpose)
        return self._derived[purpose]

    def __repr__(self) -> str:
        return "<case key>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Case keys are never pickled or cached outside key_cache().")


class Kept:
    """What one unit of work has looked up: rows of the keystore, and keys once unwrapped."""

    def __init__(self) -> None:
        self.rows: dict[UUID, list[CaseKey]] = {}
        self.keys: dict[tuple[UUID, int], DataKey] = {}
        self.rest: dict[str, Any] = {}
        self.closed = False

    def close(self) -> None:
        """Forget all of it, for whoever still holds this too."""
        self.closed = True
        self.rows.clear()
        self.keys.clear()
        self.rest.clear()


_current: ContextVar[Kept | None] = ContextVar("key_cache", default=None)


def kept_now() -> Kept | None:
    """What is kept in this unit of work; None outside of one."""
    kept = _current.get()
    # A context copied to another task may outlive the unit of work: then nothing is kept.
    return None if kept is None or kept.closed else kept


@contextmanager
def key_cache() -> Iterator[None]:
    """Keep case keys in memory for one unit of work. Used within itself, the outer one counts."""
    if kept_now() is not None:
        yield
        return
    kept = Kept()
    token = _current.set(kept)
    try:
        yield
    finally:
        kept.close()
        _current.reset(token)


def once(name: str, ask: Callable[[], Found]) -> Found:
    """What ``ask`` gives, asked once in a unit of work; outside of one, each time."""
    kept = kept_now()
    if kept is None:
        return ask()
    if name not in kept.rest:
        kept.rest[name] = ask()
    found: Found = kept.rest[name]
    return found


def ask_again(name: str) -> None:
    """Forget what was asked once: it has changed."""
    if (kept := kept_now()) is not None:
        kept.rest.pop(name, None)
