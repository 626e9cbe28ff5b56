"""A faulty or altered edition stops the portal from starting."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from agreement.models import AgreementEdition
from decisions.flow.protocol import load, published
from decisions.flows import flows

# A published edition never changes: decisions were made under it. A new one adds a line.
LOCK: dict[str, str] = {
    "2020-07": "ae9507ffeae5277181821c51d6c2ad67615a32c0bfc21ad9b14e6d2c8e7dbb63",
}


@register
def editions_are_sound(**_: Any) -> list[CheckMessage]:
    """Every edition walks to an end, and every published one is the text it was."""
    found: list[CheckMessage] = []
    for name in published():
        edition = load(name)
        found += [
            Error(f"edition {name}: {fault}", id="decisions.E001") for fault in edition.faults()
        ]
        if LOCK.get(name) != edition.digest:
            found.append(
                Error(
                    f"edition {name} is not the text that was published",
                    hint="Put the file back as it was, and publish a change as a new edition.",
                    id="decisions.E002",
                )
            )
    return found


@register(Tags.database)
def the_agreed_flow_is_published(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The flow of each edition that is proposed or in force is there, as the partners read it."""
    table = AgreementEdition._meta.db_table
    if "default" not in (databases or ()) or table not in connection.introspection.table_names():
        return []
    known = flows()
    found: list[CheckMessage] = []
    for edition in AgreementEdition.objects.filter(status__in=["proposed", "in_force"]):
        flow = known.get(edition.flow)
        if flow is None or flow.digest != edition.flow_digest:
            found.append(
                Error(
                    f"{edition} of the agreement brings the flow {edition.flow}, "
                    "which is not published as the partners read it",
                    hint="Put the file of that flow back as it was.",
                    id="decisions.E003",
                )
            )
    return found
