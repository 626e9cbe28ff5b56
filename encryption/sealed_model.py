"""The ancestor of every model with sealed columns: save() seals, and is the optimistic lock."""

import hashlib
from collections.abc import Iterable
from typing import Any, NoReturn, Self
from uuid import uuid4

from django.core.exceptions import FieldError
from django.db import models, router
from django.db.models.base import ModelBase

from encryption.errors import KeyDestroyed, StaleRow
from encryption.fields import loaded, sealed_fields
from encryption.seal import length_prefixed
from encryption.unit_of_work import key_cache
from encryption.values import Sealed

STALE = "The row was saved by somebody else in the meantime. Read it again, and decide anew."


def columns(instance: models.Model) -> list[Any]:
    """The fields that are columns of the instance's table."""
    return list(instance._meta.concrete_fields)


class SealedModel(models.Model):
    """A row whose sealed columns are bound to its id, its case and its version.

    Subclasses have ``case_id``: a column, a foreign key's, or a property of the case's own row.
    Each save opens what is sealed under the old version, and seals all of it anew under the next;
    the update names the old version, so of two who read the same row one gets StaleRow. The case
    must have its key by then.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def __getstate__(self) -> NoReturn:
        raise TypeError(
            f"{self._meta.label} rows are never pickled, copied or cached: "
            "pass the row's id and read the row again."
        )

    def __reduce__(self) -> NoReturn:
        self.__getstate__()

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Seal every sealed column under the next version and write the whole row.

        If nothing was written, the instance is as it was before, so that it can still be shown.
        """
        if update_fields is not None:
            raise FieldError("update_fields is refused: a save seals all columns anew.")
        if missing := self.get_deferred_fields():
            raise FieldError(
                f"{self._meta.label} was loaded without {', '.join(sorted(missing))} and cannot "
                "be saved: a save seals all columns anew. Read the whole row first."
            )
        if self._state.adding and self.version != 0:
            raise FieldError("A row of an earlier version cannot be put back as a new one.")
        adding = self._state.adding
        if (force_insert and not adding) or (force_update and adding):
            raise FieldError("A loaded row is updated and a new one inserted, never otherwise.")
        before = dict(self.__dict__)
        try:
            self._seal_next()
            super().save(
                force_insert=adding,
                force_update=not adding,
                using=using or router.db_for_write(type(self), instance=self),
            )
        except BaseException:
            self.__dict__.update(before)
            self._state.adding = adding
            raise

    save.alters_data = True  # type: ignore[attr-defined]

    def _seal_next(self) -> None:
        fields = sealed_fields(self)
        with key_cache():
            try:
                plain = [getattr(self, each.attname) for each in fields]
            except KeyDestroyed:
                self._keep_what_is_left()
                return
            self.version += 1
            for each, value in zip(fields, plain, strict=True):
                self.__dict__[each.attname] = each.sealed(self, value)

    def _keep_what_is_left(self) -> None:
        """After disposal what was sealed stays as it is, opened by nobody; nothing new is said.

        So that what is left of a record (who, when, with what outcome) can still be kept right.
        """
        for each in sealed_fields(self):
            held = self.__dict__[each.attname]
            if held is not None and not isinstance(held, Sealed):
                raise KeyDestroyed(
                    f"The key of the case of {self._meta.label} {self.pk} was destroyed. "
                    "Nothing can be sealed for it any more."
                )
        self.version += 1

    def _do_update(self, base_qs: models.QuerySet[Self], *args: Any, **kwargs: Any) -> Any:
        """Django's own hook for the update, with the old version in its WHERE."""
        same_version = base_qs.filter(version=self.version - 1)
        if not (updated := super()._do_update(same_version, *args, **kwargs)):
            raise StaleRow(STALE)
        return updated

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: "models.QuerySet[Self] | None" = None,
    ) -> None:
        """Read the row again, copying sealed bytes as they are."""
        rows = type(self)._base_manager.using(self._state.db)
        if from_queryset is not None:
            rows = from_queryset
        if using is not None:
            rows = rows.using(using)
        if fields is None:
            self.take_from(rows.get(pk=self.pk))
            return
        known = {name: each.attname for each in columns(self) for name in (each.name, each.attname)}
        names = {known[name] for name in fields}
        fresh = rows.only(*names, "version").get(pk=self.pk)
        if fresh.version != loaded(self, "version"):
            # Half of a newer row beside half of an older one: it would not open, nor may it save.
            raise StaleRow(STALE)
        self._take(fresh, names)

    def take_from(self, fresh: Self) -> None:
        """Become what another loaded instance of the same row is, without opening anything."""
        if type(fresh) is not type(self) or fresh.pk != self.pk:
            raise ValueError("take_from takes another instance of the same row.")
        for each in columns(self):
            self.__dict__.pop(each.attname, None)
        self._take(fresh, set(fresh.__dict__))
        self._prefetched_objects_cache: dict[str, Any] = {}

    def _take(self, fresh: Self, names: set[str]) -> None:
        for each in columns(self):
            if each.attname in names:
                self.__dict__[each.attname] = fresh.__dict__[each.attname]
                if each.is_relation and each.is_cached(fresh):
                    each.set_cached_value(self, each.get_cached_value(fresh))
                elif each.is_relation and each.is_cached(self):
                    each.delete_cached_value(self)
        for relation in self._meta.related_objects:
            if relation.is_cached(self):
                relation.delete_cached_value(self)
        self._state.db = fresh._state.db
        self._state.adding = fresh._state.adding


def raw_values(instance: models.Model) -> dict[str, Any]:
    """What every column of the instance holds, by attribute name, with nothing opened."""
    if missing := instance.get_deferred_fields():
        raise FieldError(f"{instance._meta.label} was loaded without {', '.join(sorted(missing))}.")
    return {each.attname: instance.__dict__[each.attname] for each in columns(instance)}


def sealed_digest(instance: models.Model) -> str:
    """A fingerprint of the sealed columns as stored, for the evidence; opens nothing.

    The same for a row and for the history row copied from it. A column that came later counts as
    not there while nothing stands in it (docs/adr/0086), so that what was said of a row from
    before stays true.
    """
    digest, raw = hashlib.sha256(), raw_values(instance)
    for each in sealed_fields(instance):
        held = raw[each.attname]
        if held is not None and not isinstance(held, Sealed):
            raise FieldError(f"{each.label} is not sealed yet: save the row first.")
        if held is None and getattr(each, "came_later", False):
            continue
        stored = [] if held is None else [held.token]
        digest.update(length_prefixed(each.label.encode(), bytes([len(stored)]), *stored))
    return digest.hexdigest()
