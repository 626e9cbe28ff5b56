"""What happened to one agency on the register: when, by whom, and what, the latest first."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency, Closure, Contact, Proposal
from workflow.transitions import TABLES

MOST = 50
FOUNDED = "founded"


def timeline(agency: Agency) -> list[dict[str, Any]]:
    """The last changes of the agency, its posts and closures, as the page lists them."""
    of_it = {"agency": agency.pk}
    rows = [
        *_rows(Agency, {"id": agency.pk}),
        *_rows(Contact, of_it),
        *_rows(Closure, of_it),
        *_rows(Proposal, {**of_it, "membership": None}),
    ]
    rows.sort(key=lambda row: row.history_date, reverse=True)
    return [_entry(row) for row in rows[:MOST]]


def _rows(model: Any, which: dict[str, Any]) -> Iterable[Any]:
    found: Iterable[Any] = (
        model.history.filter(**which)
        .select_related("history_user")
        .order_by("-history_date")[:MOST]
    )
    return found


def _entry(row: Any) -> dict[str, Any]:
    by = row.history_user
    return {
        "title": _title(row),
        "when": row.history_date,
        "by": str(by) if by else _("the installation"),
        "text": "",
    }


def _title(row: Any) -> str:
    """The transition in words; a post or a closure says which."""
    model = row.instance_type
    code = row.history_change_reason
    if code == FOUNDED:
        said = _("on the register from the beginning")
    else:
        labels = (table.labels for table in TABLES if table.model is model)
        said = str(next((words[code] for words in labels if code in words), code))
    if model is Contact:
        return f"{row.get_post_display()}: {said}"
    if model is Proposal:
        return _("E-mail domain %(domain)s: %(said)s") % {"domain": row.domain, "said": said}
    return said[:1].upper() + said[1:]
