"""An agency's disclosure log as a file: every cell harmless, and nothing of it on a disk."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from agencies.register_files.import_export import RUN_AS_FORMULA
from decisions.disclosure_log.selectors import Disclosure
from workflow.spreadsheets import spreadsheet

MARKING = "OFFICIAL-SENSITIVE"
MOST = 2_000  # decisions in one file
LONGEST_CELL = 32_000  # characters: a little less than a spreadsheet takes


def harmless(text: str) -> str:
    """A cell that no program runs, with nothing in it that a file cannot hold."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(kept) > LONGEST_CELL:
        kept = _("%s … (cut here: the rest is in the portal)") % kept[:LONGEST_CELL]
    return f"'{kept}" if kept.startswith(RUN_AS_FORMULA) else kept


def copy_of(agency: object, rows: Iterable[Disclosure], kind: str) -> bytes:
    """The file; its first line carries the marking, and each line its originator and date."""
    table = [[harmless(cell) for cell in line] for line in _lines(agency, rows)]
    return spreadsheet(kind, "Disclosure log", table)


def file_name(kind: str) -> str:
    """A name that names nobody."""
    return f"disclosure-log-{timezone.localdate():%Y-%m-%d}.{kind}"


def _lines(agency: object, rows: Iterable[Disclosure]) -> Iterator[list[str]]:
    today = date_format(timezone.localdate(), "j F Y")
    yield [MARKING, _("Disclosure log of %s") % agency, _("Downloaded on %s") % today]
    yield [
        _("Originator"),
        _("Decided on"),
        _("Agency check"),
        _("Outcome"),
        _("Information"),
        _("Shared with"),
        _("Purposes"),
        _("Lawful basis"),
        _("Special category condition"),
        _("Ground for sharing without consent"),
        _("Reasons"),
        _("Safety and well-being considered"),
        _("Decided by"),
        _("Reconsidered since"),
    ]
    for row in rows:
        yield _line(row)


def _line(row: Disclosure) -> list[str]:
    decided = timezone.localtime(row.decision.decided_at)
    return [
        str(row.originator),
        f"{decided:%Y-%m-%d %H:%M}",
        str(row.decision.agency_check.reference),
        row.outcome_label,
        "\n".join(row.information),
        "\n".join(row.shared_with) or _("Nobody"),
        "\n".join(row.purposes),
        row.basis,
        row.condition,
        row.ground,
        "\n".join(row.why),
        row.safety,
        str(row.decision.decided_by),
        _("Yes") if row.is_replaced else _("No"),
    ]
