"""The fields that every form here is made of: clean text, choices, dates, in plain words.

The words of each error come from ``name_in_errors``, the phrase that follows "Enter" or
"Select" ("the child's first name"). Left out, the label stands in for it; a label that is a
question gives "an answer". Forms can replace single messages by ``error_messages``.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.clean import cleaned
from workflow.field_errors import Named
from workflow.widgets import DateInput, Radios, Tick, Ticks, WithHints, Words

Option = tuple[str, Words] | tuple[str, Words, Words]
Headed = tuple[Words, Sequence[tuple[str, Words]]]  # a heading of a select, and what is under it


class CleanText(Named, forms.CharField):
    """Text as people type it, stripped and cleaned; more than one row gives a text area.

    The browser never cuts text off: one that is too long comes back whole, with its count.
    """

    says = {
        **Named.says,
        "max_length": gettext_lazy("%(Name)s must be %(limit)s characters or less"),
    }

    def __init__(
        self, *, max_length: int, rows: int = 1, width: int | None = None, **kwargs: Any
    ) -> None:
        if rows > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.most = self.max_length = max_length
        self.width = width  # in characters: 2, 3, 4, 5, 10, 20 or 30

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: it would cut off pasted text without a word."""
        return {}

    def to_python(self, value: Any) -> str:
        """The cleaned text, if it is not too long."""
        text = cleaned(str(value)).strip() if value not in self.empty_values else ""
        if len(text) > self.most:
            own = self.own_messages.get("max_length")
            pattern = self.says["max_length"]
            message = own or self.text(pattern, limit=f"{self.most:,}")
            raise ValidationError(message, code="max_length")
        return text

    def speak(self) -> None:
        """As always, but the message about the length is made where the length is known."""
        super().speak()
        self.error_messages["max_length"] = self.own_messages.get("max_length", "")


class _Choices(Named):
    """What radios and checkboxes share."""

    says = {
        "required": gettext_lazy("Select %(name)s"),
        "invalid_choice": gettext_lazy("Select %(name)s from the list"),
        "invalid_list": gettext_lazy("Select %(name)s from the list"),
    }

    def __init__(
        self,
        *,
        choices: Iterable[Option | Headed],
        inline: bool = False,
        reveals: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        options: list[tuple[Any, ...]] = [tuple(option) for option in choices]
        kwargs["choices"] = [(value, label) for value, label, *_hint in options]
        super().__init__(**kwargs)
        # value -> name of the field that belongs under it; the form's own clean asks for it.
        self.reveals = dict(reveals or {})
        if isinstance(self.widget, WithHints):
            self.widget.hints = {str(value): hint[0] for value, _label, *hint in options if hint}
            self.widget.inline = inline


class RadioChoice(_Choices, forms.ChoiceField):  # type: ignore[misc]
    """One of a few, as radios: ``choices=[(value, label), (value, label, hint), ...]``."""

    widget = Radios


class TickChoices(_Choices, forms.MultipleChoiceField):  # type: ignore[misc]
    """Any of a few, as checkboxes; gives the list of values ticked."""

    widget = Ticks


class SelectChoice(_Choices, forms.ChoiceField):  # type: ignore[misc]
    """One of many, as a select; begins with an empty choice, so that nothing is picked unread."""

    def __init__(self, *, choices: Iterable[Option | Headed], **kwargs: Any) -> None:
        empty: Option = ("", gettext_lazy("Choose one"))
        super().__init__(choices=[empty, *choices], **kwargs)


class Confirm(Named, forms.BooleanField):
    """One checkbox that has to be ticked; nothing but what a browser sends for it counts."""

    says = {"required": gettext_lazy("Tick the box to confirm")}
    widget = Tick


RANDOM: Final = 4  # the version of a UUID that says nothing


class IdempotencyKeyField(forms.UUIDField):
    """The hidden token by which a form sent twice is done once: it becomes the new row's id.

    One that is missing or was tampered with is replaced: it protects whoever sends it, and
    nobody else, so there is nothing to tell anybody about.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, initial=uuid.uuid4, **kwargs)

    def clean(self, value: Any) -> uuid.UUID:
        """The token, or a new one; one that is not random may mean something elsewhere."""
        try:
            token: uuid.UUID | None = super().clean(value)
        except ValidationError:
            token = None
        return token if token and token.version == RANDOM else uuid.uuid4()

    def prepare_value(self, value: Any) -> str:
        """What the page carries: again the same token, if it was one."""
        return str(self.clean(value))


def _month(typed: str) -> int:
    """A month by its number or its name."""
    for names in (MONTHS, MONTHS_3):
        for number, name in names.items():
            if typed.casefold() == str(name).casefold():
                return number
    return int(typed)


class DateField(Named):
    """A date in three boxes; each error says what is wrong, and which boxes to look at.

    ``past=True`` takes today and before, ``future=True`` today and after, by the calendar
    in London.
    """

    widget = DateInput
    says = {
        **Named.says,
        "missing": gettext_lazy("%(Name)s must include a %(parts)s"),
        "year": gettext_lazy("The year of %(name)s must have 4 numbers"),
        "invalid": gettext_lazy("%(Name)s must be a real date"),
        "past": gettext_lazy("%(Name)s must be today or in the past"),
        "future": gettext_lazy("%(Name)s must be today or in the future"),
    }

    def __init__(self, *, past: bool = False, future: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("For example, 27 3 2016"))
        self.past, self.future = past, future
        super().__init__(**kwargs)

    def wrong(self, code: str, *parts: str, **more: Any) -> ValidationError:
        """The error, with the boxes that it is about."""
        message = self.own_messages.get(code) or self.text(self.says[code], **more)
        return ValidationError(message, code=code, params={"parts": parts or DateInput.parts})

    def to_python(self, value: Any) -> dt.date | None:
        """The date that the three boxes make."""
        if value is None or isinstance(value, dt.date):
            return value
        typed = [cleaned(str(part or "")).strip() for part in value]
        if not any(typed):
            return None
        day, month, year = typed
        wrong = list(self._missing(typed))
        if year and not re.fullmatch(r"[0-9]{4}", year):
            wrong.append(self.wrong("year", "year"))
        if wrong:
            raise ValidationError(wrong)
        try:
            return dt.date(int(year), _month(month), int(day))
        except (ValueError, OverflowError):  # a day of ten digits is no number to the calendar
            raise self.wrong("invalid") from None

    def _missing(self, typed: Sequence[str]) -> Iterator[ValidationError]:
        words = {"day": _("day"), "month": _("month"), "year": _("year")}
        if missing := [part for part, text in zip(words, typed, strict=True) if not text]:
            parts = _(" and ").join(words[part] for part in missing)
            yield self.wrong("missing", *missing, parts=parts)

    def validate(self, value: dt.date | None) -> None:
        """On the right side of today, where a side was asked for."""
        super().validate(value)
        today = timezone.localdate()
        if value and self.past and value > today:
            raise self.wrong("past")
        if value and self.future and value < today:
            raise self.wrong("future")
