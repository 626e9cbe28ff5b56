"""How every form looks: plain Django forms come out as the design system's markup.

Forms say what they ask, never how it looks. The templates in ``templates/forms`` draw it;
``PortalBoundField`` works out what they need: classes, descriptions, and where errors point.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from workflow.widgets import DateInput

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.MultiWidget, ""),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.widgets.Input, "govuk-input"),
)
# Django's own templates, and allauth's calls for them, mapped to ours.
OURS: Mapping[str, str] = {
    "django/forms/widgets/radio.html": "forms/widgets/choices.html",
    "django/forms/widgets/checkbox_select.html": "forms/widgets/choices.html",
    "django/forms/p.html": "forms/form.html",
    "django/forms/div.html": "forms/form.html",
}


class PortalBoundField(BoundField):
    """A field in its form, as the templates see it."""

    @property
    def kind(self) -> str:
        """Which piece of ``forms/field.html`` draws it."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "ticks"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "tick"
        if isinstance(widget, forms.PasswordInput):
            return "password"
        if isinstance(widget, DateInput):
            return "date"
        return "count" if self.is_counted else "plain"

    @property
    def is_counted(self) -> bool:
        """Whether the page counts the characters that are left."""
        is_long = isinstance(self.field.widget, forms.Textarea)
        return is_long and bool(getattr(self.field, "max_length", None))

    @property
    def is_revealed(self) -> bool:
        """Whether the field is shown under an option of another one."""
        return any(
            self.name in getattr(other, "reveals", {}).values()
            for other in self.form.fields.values()
        )

    @property
    def says_optional(self) -> bool:
        """Whether its label ends in "(optional)": it may be left empty whatever else is filled in.

        What is revealed is asked for when shown, and what is due with something else when that is.
        """
        is_due = bool(getattr(self.field, "due_with", ""))
        return not (self.field.required or self.is_revealed or is_due or self.kind == "tick")

    @property
    def parts_in_error(self) -> tuple[str, ...]:
        """Of a date, the boxes that its errors are about."""
        return (self._named_by_errors("parts") or DateInput.parts) if self.errors else ()

    def _named_by_errors(self, what: str) -> tuple[str, ...]:
        named = [(e.params or {}).get(what, ()) for e in self.errors.as_data()]
        return tuple(each for several in named for each in several)

    @property
    def first_id(self) -> str:
        """The id of the control to go to from the list of errors."""
        if self.kind == "date":
            wrong = self.parts_in_error
            first = next((i for i, part in enumerate(DateInput.parts) if part in wrong), 0)
            return f"{self.auto_id}_{first}"
        if self.kind in ("radios", "ticks"):
            wrong = self._named_by_errors("options")
            field: Any = self.field
            codes = [str(code) for code, _words in field.choices]
            first = next((i for i, code in enumerate(codes) if code in wrong), 0)
            return f"{self.auto_id}_{first}"
        return str(self.id_for_label or self.auto_id)

    @property
    def aria_describedby(self) -> str | None:
        """Hint, error and count, in the order in which they stand on the page."""
        stock = super().aria_describedby
        if self.is_counted and self.auto_id and stock is not None:
            return f"{stock} {self.auto_id}-info".strip()
        return stock

    @cached_property
    def width_class(self) -> str:
        """The design system's class for an input of so many characters."""
        width = getattr(self.field, "width", None)
        return f"govuk-input--width-{width}" if width else ""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Django's attributes with our classes; without ``required``, which stops nobody here.

        The answer to an empty form is a page that lists what is missing, not a browser's bubble.
        """
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        widget.attrs.pop("placeholder", None)
        base = next((name for kind, name in CLASSES if isinstance(widget, kind)), "")
        if not base or widget.is_hidden:
            return built
        classes = [widget.attrs.get("class", ""), base]
        if base == "govuk-input":
            classes.append(self.width_class)
        if self.errors and base != "govuk-checkboxes__input":
            classes.append(f"{base}--error")
        if self.is_counted:
            classes.append("govuk-js-character-count")
        if isinstance(widget, forms.PasswordInput):
            classes.append("govuk-password-input__input govuk-js-password-input-input")
        built["class"] = " ".join(filter(None, classes))
        return built

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: Any = None,
        only_initial: bool = False,
    ) -> SafeString:
        """The control; radios and checkboxes get the fields that their options reveal."""
        asked: Any = widget or self.field.widget
        reveals = getattr(self.field, "reveals", {})
        if isinstance(asked, DateInput):
            attrs = {**(attrs or {}), "data-wrong": " ".join(self.parts_in_error)}
        if not reveals or self.kind not in ("radios", "ticks"):
            return super().as_widget(widget, attrs, only_initial)
        attrs = self.build_widget_attrs({"id": self.auto_id, **(attrs or {})}, asked)
        context = asked.get_context(self.html_name, self.value(), attrs)
        for _group, options, _index in context["widget"]["optgroups"]:
            for option in options:
                if shown := reveals.get(str(option["value"])):
                    option["reveal"] = self.form[shown]
        drawn: SafeString = asked._render(asked.template_name, context, self.form.renderer)
        return drawn


class PortalRenderer(TemplatesSetting):
    """The project's ``FORM_RENDERER``."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = PortalBoundField

    def get_template(self, template_name: str) -> Any:
        """Our template for one of Django's, where there is one."""
        return super().get_template(OURS.get(template_name, template_name))
