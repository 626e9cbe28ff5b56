"""Several forms of one page, which templates and views take for one."""

from collections.abc import Iterator
from typing import Any

from django.forms import Form
from django.forms.utils import ErrorDict


class CompositeForm:
    """What a page asks of its forms together; each has a prefix of its own, or none."""

    @property
    def _forms(self) -> list[Form]:
        """Those that count now, in the order of the page."""
        raise NotImplementedError

    @property
    def errors(self) -> ErrorDict:
        """What is wrong, by the whole name of the field."""
        return ErrorDict(
            {
                form.add_prefix(name): errors
                for form in self._forms
                for name, errors in form.errors.items()
            }
        )

    def non_field_errors(self) -> list[Any]:
        """What is wrong with the page as a whole."""
        return [error for form in self._forms for error in form.non_field_errors()]

    def __iter__(self) -> Iterator[Any]:
        return (field for form in self._forms for field in form)

    def __getitem__(self, name: str) -> Any:
        for field in self:
            if field.html_name == name:
                return field
        raise KeyError(name)

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of all of them, as a form has them."""
        return {field.html_name: field.field for field in self}
