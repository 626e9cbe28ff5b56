"""The controls that Django has no widget for: choices with hints, a date in three boxes, files."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Words = str | Promise


class WithHints:
    """Choices of which each may carry a hint, and a field that is shown when it is picked."""

    hints: Mapping[str, Words] = {}
    inline = False

    def get_context(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As always, with whether the options stand in one line."""
        context: dict[str, Any] = super().get_context(*args, **kwargs)  # type: ignore[misc]
        context["widget"]["inline"] = self.inline
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One option, with its hint."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        return option | {"hint": self.hints.get(str(value), "")}

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

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """Each box with its label, and marked if the errors are about it."""
        attrs = dict(attrs or {})
        wrong = str(attrs.pop("data-wrong", "")).split()
        attrs.pop("aria-invalid", None)
        context: dict[str, Any] = super().get_context(name, value, attrs)
        labels = (_("Day"), _("Month"), _("Year"))
        boxes = context["widget"]["subwidgets"]
        for part, label, box in zip(self.parts, labels, boxes, strict=True):
            box |= {"label": label, "wrong": part in wrong, "width": 4 if part == "year" else 2}
        return context


class FilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class Tick(forms.CheckboxInput):
    """A box that is ticked by what a browser sends for it, and by no other text."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> bool:
        """Whether it is ticked. Django takes any text for a yes."""
        return data.get(name) in {"on", "yes", "true"}
