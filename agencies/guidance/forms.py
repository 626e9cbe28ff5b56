"""What is asked of whoever writes the guidance, and of whoever reads it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.fields import CleanText, Confirm, IdempotencyKeyField
from workflow.versions import VersionField


class GuidanceForm(forms.Form):
    """A draft."""

    idempotency_key = IdempotencyKeyField()
    expected_version = VersionField()
    title = CleanText(label=_("Title"), max_length=150, name_in_errors=_("a title"))
    text = CleanText(
        label=_("Text"),
        help_text=_(
            "An empty line begins a new paragraph. A line that begins with # is a heading."
        ),
        max_length=20_000,
        rows=20,
        name_in_errors=_("the text"),
    )


class ReadForm(forms.Form):
    """That it was read."""

    read = Confirm(
        label=_("I have read this guidance and will keep to it"),
        error_messages={"required": _("Tick the box to confirm that you have read the guidance")},
    )
