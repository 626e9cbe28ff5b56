"""Second factors count only as this portal made them, each for its person (docs/adr/0105).

Each has a mark under a key of the ring, over whose it is, its kind, and what makes it that factor.
The sign-in library reads factors in many places, and all of them go by one manager: what has no
mark, or that of another, is not among what it gives. All rows there are: ``all_rows``.
"""

import json
import logging
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final, NoReturn

from allauth.mfa.models import Authenticator, AuthenticatorManager
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

from encryption.marks import MARK, is_marked, mark, mark_in

logger = logging.getLogger(__name__)

Type = Authenticator.Type
PURPOSE: Final = "second factor of a person"
SOME: Final = 500  # rows at a time
MADE_OF: Final = {
    Type.TOTP: ("secret",),
    Type.RECOVERY_CODES: ("seed", "migrated_codes"),
    Type.WEBAUTHN: ("credential",),
}


def marked(whose: object, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a factor, with the mark that makes it this person's."""
    return {**data, MARK: mark(PURPOSE, *_parts(whose, kind, data))}


def is_ours(factor: Authenticator) -> bool:
    """Whether a process with the ring made it, for the very person whose it is said to be."""
    data = factor.data
    if factor.type not in MADE_OF or not isinstance(data, dict):
        return False
    return is_marked(mark_in(data), PURPOSE, *_parts(factor.user_id, factor.type, data))


def all_rows() -> QuerySet[Authenticator]:
    """All of them, also what counts for nothing."""
    rows: QuerySet[Authenticator] = Authenticator._base_manager.all()
    return rows


def not_ours() -> Iterator[Authenticator]:
    """Each row that counts for nothing."""
    rows = all_rows().order_by("pk").iterator(chunk_size=SOME)
    return (factor for factor in rows if not is_ours(factor))


def said_of(factor: Authenticator) -> str:
    """What is wrong with one that counts for nothing; ids and codes only."""
    return (
        f"Second factor {factor.pk} ({factor.type}) of person {factor.user_id} was not "
        "made by the portal for this person, and counts for nothing."
    )


def count_only_ours() -> None:
    """Have the library mark each factor that it makes, and be given no others."""
    take_what_cannot_be_read_for_nothing(Authenticator, "data")
    AuthenticatorManager._queryset_class = OnlyOurs
    Authenticator.save = _marking(Authenticator.save)


def take_what_cannot_be_read_for_nothing(model: type[Model], column: str) -> None:
    """Or one row, nested a thousand deep, would stop all that reads the others."""
    field: Any = model._meta.get_field(column)
    stock = field.from_db_value

    def read(*args: Any) -> Any:
        try:
            return stock(*args)
        except (RecursionError, ValueError):
            return None

    field.from_db_value = read


class _Ours(ModelIterable):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        for factor in super().__iter__():
            if is_ours(factor):
                yield factor
            else:
                told = (factor.pk, factor.user_id)
                logger.error("second factor %s is not ours; asked for of person %s", *told)


class OnlyOurs(QuerySet[Authenticator]):
    """Rows whose mark is right; the database cannot tell, so that whole rows are read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._iterable_class = _Ours

    def exists(self) -> bool:
        """Whether there is one."""
        return len(self) > 0

    def count(self) -> int:
        """How many there are."""
        return len(self)

    def _whole_rows(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("Read whole factors: the database cannot tell which of them count.")

    values = values_list = aggregate = _whole_rows


def _marking(save: Callable[..., None]) -> Callable[..., None]:
    """Mark when it is made, and never later: a row that was changed stays without its mark."""

    @wraps(save)
    def saved(factor: Authenticator, *args: Any, **kwargs: Any) -> None:
        if factor._state.adding:
            factor.data = marked(factor.user_id, factor.type, factor.data)
        save(factor, *args, **kwargs)

    return saved


def _parts(whose: object, kind: str, data: dict[str, Any]) -> tuple[str, str, str]:
    made_of = {name: data.get(name) for name in MADE_OF[Type(kind)]}
    return str(whose), str(kind), json.dumps(made_of, sort_keys=True)
