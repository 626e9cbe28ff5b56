"""The two things a sealed column may hold in memory: sealed bytes, and a value about to be sealed.

Both are opaque on purpose. A model instance ends up in logs, debug pages, caches and task
arguments by accident; what it holds must survive that without telling anything.
"""

from typing import Any, NoReturn


class _Opaque:
    """Shows nothing, cannot be pickled, cannot be changed."""

    __slots__ = ("_held",)
    _held: Any
    _shown = "<hidden>"

    def __init__(self, held: Any) -> None:
        object.__setattr__(self, "_held", held)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} values do not change.")

    def __repr__(self) -> str:
        return self._shown

    def __str__(self) -> str:
        return self._shown

    def __format__(self, spec: str) -> str:
        return self._shown

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} values are never pickled or cached: "
            "pass the row's id and read the row again."
        )


class Sealed(_Opaque):
    """The bytes of a sealed column, exactly as the database holds them."""

    __slots__ = ()
    _shown = "<sealed>"

    def __init__(self, token: bytes) -> None:
        if not isinstance(token, bytes):
            raise TypeError("Sealed takes the sealed bytes and nothing else.")
        super().__init__(token)

    @property
    def token(self) -> bytes:
        """The sealed bytes (ciphertext, not the value)."""
        held: bytes = self._held
        return held

    def __eq__(self, other: object) -> bool:
        # Two sealings of one text differ: equal means "the very same bytes", never "the same text".
        return isinstance(other, Sealed) and self.token == other.token

    def __hash__(self) -> int:
        return hash(self.token)

    def __copy__(self) -> "Sealed":
        return self

    def __deepcopy__(self, memo: object) -> "Sealed":
        return self


class Unsealed(_Opaque):
    """A value assigned to a sealed column and not saved yet. Equal only to itself."""

    __slots__ = ()
    _shown = "<not yet sealed>"

    @property
    def plain(self) -> Any:
        """The value itself, for the field that will seal it."""
        return self._held
