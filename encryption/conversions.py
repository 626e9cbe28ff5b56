"""What to do with a file of a kind that is not taken: how to make one of it that is."""

from pathlib import PurePath

from django.utils.translation import gettext_lazy as _

WORD = _("Open it in Word, choose “Save as”, and save it as DOCX or PDF.")
EXCEL = _("Open it in Excel, choose “Save as”, and save it as XLSX or PDF.")
PRINT = _("Open it, choose “Print”, and print it to a PDF file.")
E_MAIL = _(
    "Open the e-mail, choose “Print”, and print it to a PDF file. "
    "Save what was attached to it, and attach each file of that here."
)
TELEPHONE = _(
    "It is a photograph as some telephones keep it. Open it on the telephone or computer, "
    "and export or save it as JPG."
)
PICTURE = _("Open it, choose “Save as” or “Export”, and save it as JPG or PNG.")
PACKED = _("Unpack it, and attach each file that is in it.")
RECORDING = _("Recordings are not taken. Say in the request that there is one, and who has it.")

INSTEAD = {
    **dict.fromkeys((".doc", ".docm", ".dot", ".dotx", ".rtf", ".odt", ".wpd"), WORD),
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".ods", ".csv"), EXCEL),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".pages", ".html", ".htm", ".mht", ".xps"), PRINT),
    **dict.fromkeys((".msg", ".eml"), E_MAIL),
    **dict.fromkeys((".heic", ".heif", ".hif"), TELEPHONE),
    **dict.fromkeys((".tif", ".tiff", ".gif", ".bmp", ".webp", ".svg", ".avif"), PICTURE),
    **dict.fromkeys((".zip", ".7z", ".rar"), PACKED),
    **dict.fromkeys((".mp3", ".m4a", ".wav", ".mp4", ".mov", ".avi", ".3gp"), RECORDING),
}


def what_to_do_instead(name: str) -> str:
    """A sentence or two on how to attach what is in such a file; "" where nothing is known."""
    return str(INSTEAD.get(PurePath(name).suffix.lower(), ""))
