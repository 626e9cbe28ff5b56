"""The files that go with a request."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.fields import IdempotencyKeyField
from workflow.files import FilesField


class FilesForm(forms.Form):
    """Several files at once."""

    idempotency_key = IdempotencyKeyField()
    uploads = FilesField(
        label=_("Add files"),
        help_text=_(
            "PDF, Word (DOCX), Excel (XLSX), PNG, JPG or plain text. Save anything else as one of "
            "these first: an older Word document (DOC) or an e-mail (MSG) as PDF, a photograph "
            "from a telephone (HEIC) as JPG. "
            "Each smaller than 10 MB, and all that you add at once smaller than 20 MB."
        ),
        name_in_errors=_("at least one file"),
    )
