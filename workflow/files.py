"""How files come in: the one form field for them, and the mark of a page that takes some."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from encryption.uploads import attachment_problem
from workflow.clean import cleaned
from workflow.field_errors import Named
from workflow.scanning import Upload, problem_found
from workflow.widgets import FilesInput

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(form: type[forms.Form]) -> Callable[[View], View]:
    """Mark a view by the form whose files are looked through before the view is entered.

    What is posted to any other view is not looked through, and reaches no form.
    """

    def marked(view: View) -> View:
        view.takes_files = form  # type: ignore[attr-defined]  # the middleware reads it
        return view

    return marked


def worth_scanning(form: type[forms.Form], sent: "MultiValueDict[str, Upload]") -> list[Upload]:
    """Those of the files sent that the form would take if they are clean."""
    return [
        upload
        for name, field in form.base_fields.items()
        if isinstance(field, FilesField)
        for upload in field.fitting(sent.getlist(name))
    ]


class FilesField(Named, forms.FileField):
    """Several files at once, as a list, each of a kind and size that may be attached, and scanned.

    ``check`` gives the words of what is wrong with one file, or None. Browsers do not send a
    chosen file a second time, so a form that comes back asks for its files again.
    """

    widget = FilesInput
    says = {
        "required": gettext_lazy("Select %(name)s"),
        "missing": gettext_lazy("Select %(name)s"),
        "empty": gettext_lazy("The selected file is empty"),
    }

    def __init__(
        self,
        *,
        most: int = 10,
        check: Callable[[Upload], str | None] = attachment_problem,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.most, self.check = most, check

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        """Every file, each cleaned, or none; all that is wrong is said at once."""
        given: Sequence[Any] = (data if isinstance(data, list | tuple) else [data]) or [None]
        if len(given) > self.most:
            pattern = ngettext(
                "Choose one file at the most", "Choose %(most)s files at the most", self.most
            )
            raise ValidationError(pattern % {"most": self.most}, code="too_many")
        files: list[Upload] = []
        wrong: list[str] = []
        for one in given:
            try:
                if file := self.cleaned_file(one, initial):
                    files.append(file)
            except ValidationError as error:
                is_named = len(given) > 1 or error.code == "scanned"
                which = f"{one.name}: " if is_named else ""
                wrong += [f"{which}{message}" for message in error.messages]
        if wrong and len(given) > 1:
            wrong.append(_what_of_the_others(files))
        if wrong:
            raise ValidationError(wrong, code="files")
        return files

    def cleaned_file(self, one: Any, initial: Any) -> "Upload | None":
        """One file, if it may be attached, under a name without unseen marks."""
        file: Upload | None = super().clean(one, initial)
        if file:
            self._fits(file)
            if problem := problem_found(file):
                raise ValidationError(problem, code="scanned")
        return file or None

    def fitting(self, given: Sequence[Upload]) -> Iterator[Upload]:
        """Those that are not refused whatever is in them; none where they are too many."""
        for one in given if len(given) <= self.most else ():
            with suppress(ValidationError):
                self._fits(one)
                yield one

    def _fits(self, file: Upload) -> None:
        file.name = cleaned(file.name or "")
        if problem := self.check(file):
            raise ValidationError(problem, code="file")


def _what_of_the_others(files: Sequence[Upload]) -> str:
    """That none of several was added, and which of them can be."""
    none = _("None of the files was added.")
    if not files:
        return none
    names = ", ".join(str(file.name) for file in files)
    again = _("Nothing is wrong with these; choose them again without the others: %(names)s")
    return f"{none} {again % {'names': names}}"
