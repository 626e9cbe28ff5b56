"""What all fields here share: errors in plain words, with the name of what was asked for."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.clean import showable
from workflow.widgets import Words


class Named(forms.Field):
    """A field that knows what to call itself in its errors."""

    says: Mapping[str, Words] = {"required": gettext_lazy("Enter %(name)s")}

    def __init__(
        self,
        *,
        name_in_errors: Words = "",
        heading: bool = False,
        due_with: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        # Another field by whose answer this one is due: a page must not call it optional, since it
        # cannot know yet. The form's own clean asks for it.
        self.due_with = due_with
        self.name_in_errors = name_in_errors
        self.heading = heading  # the label is the heading of its page
        self.own_messages = dict(kwargs.get("error_messages") or {})
        self.speak()

    def __deepcopy__(self, memo: dict[int, Any]) -> "Named":
        # Forms copy their fields, and may then give the copy another label.
        result: Named = super().__deepcopy__(memo)
        result.speak()
        return result

    def prepare_value(self, value: Any) -> Any:
        """What a page shows again: all that was typed, but for what no page can hold."""
        if isinstance(value, list):
            return [showable(part) for part in value]
        return showable(value)

    def name(self) -> str:
        """What the field is called after "Enter" or "Select"."""
        label = str(self.name_in_errors or self.label or "")
        if not self.name_in_errors and (not label or label.endswith("?")):
            return _("an answer")
        shouted = label[1:2].isupper() or label[1:2].isdigit()  # NHS number, P45
        return label if shouted else label[:1].lower() + label[1:]

    def text(self, pattern: Words, **more: Any) -> str:
        """A message with the field's name in it."""
        name = self.name()
        named = _("your answer") if name == _("an answer") else name
        return str(pattern) % {"name": name, "Name": capfirst(named), **more}

    def speak(self) -> None:
        """Take the messages from the patterns; they are spelt out when they are shown."""
        spelt: Callable[[Words], Any] = lazy(self.text, str)
        for code, pattern in self.says.items():
            self.error_messages[code] = self.own_messages.get(code) or spelt(pattern)
