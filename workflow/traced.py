"""Rows of a case, which cannot change behind our backs."""

from typing import Any, ClassVar, NoReturn, TypeVar
from uuid import UUID

from django.db import models

from encryption.models import SealedModel
from workflow.act import keep_saved
from workflow.history import SealedHistory

Thing = TypeVar("Thing", bound=models.Model)


class Untraced(TypeError):
    """A traced row was about to change outside a transition."""


class TracedQuerySet(models.QuerySet[Thing]):
    """Bulk writes skip save(), and with it history and evidence; so they are refused."""

    def refuse(self, *_: Any, **__: Any) -> NoReturn:
        """Say why."""
        raise Untraced(f"{self.model.__name__} rows change one at a time, through a transition.")

    bulk_create = bulk_update = update = delete = refuse


class TracedModel(SealedModel):
    """A row of a case, written only by ``Transitions.making``.

    Subclasses add ``status`` with their own choices and, unless they are the case itself,
    ``case``, a foreign key to it.
    """

    status: Any
    case_id: UUID
    is_shared: ClassVar[bool] = False  # whether acts go on beside each other that none may end

    objects: models.Manager[Any] = TracedQuerySet.as_manager()
    history = SealedHistory()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only from within a transition."""
        if not self.__dict__.pop("_in_transition", False):
            raise Untraced(f"{type(self).__name__} is saved by its transitions, not by hand.")
        super().save(*args, **kwargs)
        keep_saved(self)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Rows are ended by a transition; what they hold is made unreadable by disposal."""
        raise Untraced(f"{type(self).__name__} rows are never deleted.")
