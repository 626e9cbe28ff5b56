"""Model fields whose columns hold only sealed bytes.

``instance.__dict__`` never holds a plain value: it holds ``Sealed`` as loaded, or ``Unsealed`` as
assigned. A descriptor opens on access, because only then row id, case and version are all known.
Only ``Sealed`` or NULL reaches the database, so whatever goes around ``save()`` can neither write
a plain value nor read one.
"""

import datetime
import re
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, NoReturn, TypeVar
from uuid import UUID

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from encryption.casekeys import opening_key, sealing_key
from encryption.errors import SealBroken, StaleRow
from encryption.seal import FIELD_KEY, Place, generation_of, open_sealed, seal
from encryption.unit_of_work import DataKey
from encryption.values import Sealed, Unsealed

SetType = TypeVar("SetType")
GetType = TypeVar("GetType")
LONGEST_LABEL: Final = 100
LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")

if TYPE_CHECKING:

    class _Field(models.Field[SetType, GetType]):
        pass

else:

    class _Field(models.Field, Generic[SetType, GetType]):
        pass


class SealedAttribute(DeferredAttribute):
    """Opens on reading, hides on writing."""

    field: "SealedField[Any, Any]"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            _load(instance, self.field.attname)
        return self.field.opened(instance, instance.__dict__[self.field.attname])

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.as_held(value)


def _load(instance: models.Model, attname: str) -> None:
    """Fetch a deferred sealed column as it is stored, if the row is still the one we hold."""
    rows = type(instance)._base_manager.using(instance._state.db).only(attname, "version")
    fresh = rows.get(pk=instance.pk)
    if fresh.__dict__["version"] != loaded(instance, "version"):
        raise StaleRow("The row was saved by somebody else in the meantime. Read it again.")
    instance.__dict__[attname] = fresh.__dict__[attname]


def loaded(instance: models.Model, name: str) -> Any:
    """An attribute that must have come with the row: loading it later could give a newer one."""
    column = isinstance(getattr(type(instance), name, None), DeferredAttribute)
    if column and name not in instance.__dict__:
        raise FieldError(
            f"{instance._meta.label} was loaded without {name}, and sealed columns open only "
            f"with it: leave {name} out of defer(), or put it into only()."
        )
    return getattr(instance, name)


def _case_of(instance: models.Model) -> Any:
    """The row's case. A history copy of a row that is its own case lacks that row's property."""
    tracked = getattr(type(instance), "instance_type", None)
    own = getattr(tracked, "case_id", None)
    if isinstance(own, property) and own.fget and not hasattr(type(instance), "case_id"):
        return own.fget(instance)
    return loaded(instance, "case_id")


def _uuid(value: Any, instance: models.Model, name: str) -> UUID:
    if value is None:
        raise FieldError(f"Give {instance._meta.label} its {name} before using sealed columns.")
    return value if isinstance(value, UUID) else UUID(str(value))


class SealedField(_Field[SetType, GetType]):
    """What all sealed columns share; the kinds below add how a value becomes bytes and back.

    ``label`` names the column in the associated data. It never changes again, not even when the
    column or its model is renamed, and no two columns share one.
    """

    descriptor_class = SealedAttribute
    empty_strings_allowed = False
    kind: ClassVar[type]

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        for refused in ("unique", "primary_key", "db_index", "db_default", "choices"):
            if kwargs.get(refused):
                raise TypeError(f"A sealed column cannot have {refused}: equal values differ.")
        if not label or not label.isascii() or len(label) > LONGEST_LABEL:
            raise TypeError("A sealed column needs a short ASCII label that never changes.")
        self.label = label
        super().__init__(*args, **kwargs)

    def encoded(self, value: Any) -> bytes:
        """The value as bytes; every kind of column says its own way."""
        raise NotImplementedError

    def decoded(self, raw: bytes) -> Any:
        """The value again; every kind of column says its own way."""
        raise NotImplementedError

    def accepted(self, value: Any) -> Any:
        """The value as it is kept in memory, or TypeError if it is of another kind."""
        if type(value) is not self.kind:
            raise TypeError(
                f"{self.label} takes {self.kind.__name__} values, not {type(value).__name__}."
            )
        return value

    # In memory

    def as_held(self, value: Any) -> Sealed | Unsealed | None:
        """What an assigned value is kept as until it is saved."""
        if value is None or isinstance(value, Sealed | Unsealed):
            return value
        return Unsealed(self.accepted(value))

    def opened(self, instance: models.Model, held: object) -> Any:
        """The plain value of what this instance holds, sealed or waiting."""
        if held is None:
            return None
        if isinstance(held, Unsealed):
            return held.plain
        if not isinstance(held, Sealed):
            raise TypeError(f"{self.label} holds a bare value; assign it to the attribute instead.")
        place = self.place(instance)
        key = opening_key(place.case_id, generation_of(held.token, place))
        raw = open_sealed(held.token, key=key.derive(FIELD_KEY), place=place)
        try:
            return self.decoded(raw)
        except ValueError:
            raise SealBroken(
                f"{place} holds something that is not a {self.kind.__name__}. Restore the row "
                "from a backup, and find out what wrote it."
            ) from None

    def sealed(self, instance: models.Model, plain: Any) -> Sealed | None:
        """Seal a plain value for this instance, at the version it has now."""
        if plain is None:
            return None
        place = self.place(instance)
        raw = self.encoded(plain)
        key: DataKey = sealing_key(place.case_id)
        return Sealed(seal(raw, key=key.derive(FIELD_KEY), generation=key.generation, place=place))

    def place(self, instance: models.Model) -> Place:
        """Where this column of this row belongs. ``id``, not pk: history rows have another pk."""
        return Place(
            self.label,
            _uuid(getattr(instance, "id"), instance, "id"),  # noqa: B009 (not on Model itself)
            _uuid(_case_of(instance), instance, "case_id"),
            loaded(instance, "version"),
        )

    # To and from the database

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, *_ignored: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        held = model_instance.__dict__.get(self.attname)
        if held is None or isinstance(held, Sealed):
            return held
        raise FieldError(
            f"{self.label} is not sealed yet: save the row with save(), one row at a time."
        )

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed):
            return value
        raise FieldError(
            f"{self.label} is sealed: only save() writes it, and nothing compares with it. "
            "In a migration, add the column with null=True and without a default."
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value.token)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # The stock method lets expressions through; here they are refused like any other value.
        return self.get_db_prep_value(value, connection)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.label} is sealed and cannot be searched or compared.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        raise FieldError(f"{self.label} is sealed and cannot be searched or compared.")

    # Everything else that Django offers to do with a value

    def value_from_object(self, obj: models.Model) -> NoReturn:
        raise FieldError(f"{self.label} is sealed: it is read as an attribute, one at a time.")

    def value_to_string(self, obj: models.Model) -> NoReturn:
        self.value_from_object(obj)

    def formfield(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FieldError(f"{self.label} is sealed: write a plain form, not a ModelForm.")

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "label": self.label}


def text_problem(text: str) -> str | None:
    """Say in plain words why this text cannot be kept, if it cannot."""
    if "\0" in text:
        return _("Remove the character with the code zero, which cannot be kept")
    if LONE_SURROGATE.search(text):
        return _("Remove the half of a character, which cannot be kept")
    return None


class SealedTextField(SealedField[str, str]):
    """Sealed text of any length; how long it may be is the form's matter."""

    kind = str

    def accepted(self, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"{self.label} takes text, not {type(value).__name__}.")
        # A subclass marked as safe HTML must not come back as safe: only the characters are kept.
        return str.__str__(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (problem := text_problem(value)):
            raise ValidationError(problem, code="unkeepable")
        return value

    def encoded(self, value: str) -> bytes:
        if problem := text_problem(value):
            raise ValueError(problem)
        return value.encode()

    def decoded(self, raw: bytes) -> str:
        return raw.decode()


class SealedDateField(SealedField[datetime.date | None, datetime.date | None]):
    """A sealed calendar date."""

    kind = datetime.date

    def encoded(self, value: datetime.date) -> bytes:
        return value.isoformat().encode()

    def decoded(self, raw: bytes) -> datetime.date:
        return datetime.date.fromisoformat(raw.decode())


def sealed_fields(model: type[models.Model] | models.Model) -> list[SealedField[Any, Any]]:
    """The sealed columns of a model, in the order of its fields."""
    return [each for each in model._meta.concrete_fields if isinstance(each, SealedField)]
