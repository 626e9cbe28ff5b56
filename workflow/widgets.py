"""The controls that Django has no widget for: choices with hints, a date in three boxes, files."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise

Words = str | Promise


class WithHints:
    """Choices of which each may carry a hint, and a field that is shown when it is picked."""

    hints: Mapping[str, Words] = {}
    inline = False

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One option, with its hint and the id by which the hint describes it."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        # A description of the whole group belongs to the fieldset, not to each of its options.
        for inherited in ("aria-describedby", "aria-invalid"):
            option["attrs"].pop(inherited, None)
        if hint := self.hints.get(str(value)):
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id', name)}-hint"
        return option

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        result = super().__deepcopy__(memo)  # type: ignore[misc]
        result.hints = dict(self.hints)
        return result


class Radios(WithHints, forms.RadioSelect):
    """Radio buttons with hints."""


class Ticks(WithHints, forms.CheckboxSelectMultiple):
    """Checkboxes with hints."""


class DateInput(forms.MultiWidget):
    """Day, month and year in three boxes, called ``x_day``, ``x_month`` and ``x_year``."""

    template_name = "forms/widgets/date.html"
    use_fieldset = True
    parts = ("day", "month", "year")

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(self.parts, forms.TextInput), dict(attrs or {}))

    def decompress(self, value: dt.date | None) -> list[Any]:
        """The three parts of a date."""
        return [value.day, value.month, value.year] if value else ["", "", ""]


class FilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True
