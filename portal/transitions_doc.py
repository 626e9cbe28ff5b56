"""docs/transitions.md: each state table as a diagram and a list, written from the tables."""

from collections.abc import Iterator

from agencies import transitions as _of_agencies
from agreement import transitions as _of_agreement
from authentication.mfa_reset import transitions as _of_signing_in
from decisions import transitions as _of_decisions
from requests_app import transitions as _of_requests
from retention import transitions as _of_retention
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, TABLES, Transitions

HEAD = """# Every transition

What can happen to each kind of row, from which state to which, who may do it, what must hold of
other rows, and which messages go out. Written by `manage.py transitions_doc` from each app's
`transitions`; a test fails when it is out of date.
"""
# Imported, or TABLES would be empty; named, because tests have tables of their own.
TABLES_OF = (
    _of_agreement,
    _of_agencies,
    _of_requests,
    _of_decisions,
    _of_signing_in,
    _of_retention,
)
APPS = {name.__name__.partition(".")[0] for name in TABLES_OF}


def transitions_document() -> str:
    """The whole document."""
    ours = [table for table in TABLES if table.model._meta.app_label in APPS]
    # Two apps may have a table each for one model: their transitions say which comes first.
    ordered = sorted(ours, key=lambda each: (str(each.model._meta.verbose_name), *each.table))
    return "\n".join([HEAD, *(line for table in ordered for line in _section(table))])


def _section(table: Transitions) -> Iterator[str]:
    meta = table.model._meta
    yield f"## {str(meta.verbose_name).capitalize()} (`{meta.object_name}`)\n"
    yield f"In evidence: `{table.name}`, as in `{table.name}.{next(iter(table.table))}`.\n"
    yield "```mermaid\nstateDiagram-v2"
    for status in table.model.Status:
        yield f"  {status.value}: {status.label}"
    for name, transition in table.table.items():
        for start in transition.start:
            end = start if transition.end == SAME else transition.end
            yield f"  {start if start != NEW else '[*]'} --> {end}: {name}"
    yield "```\n"
    yield "| transition | from | to | who | requires | notifies |"
    yield "|---|---|---|---|---|---|"
    for name, transition in table.table.items():
        yield f"| {' | '.join(_row(name, transition))} |"
    yield ""


def _row(name: str, transition: Transition) -> list[str]:
    starts = ", ".join("*new*" if start == NEW else str(start) for start in transition.start)
    requires = "; ".join(
        f"{path} is {' or '.join(str(state) for state in states)}"
        for path, states in transition.requires.items()
    )
    who = " or ".join(str(permission.label) for permission in transition.permissions)
    if transition.apart_from:
        who += f", but not the person in `{transition.apart_from}`"
    end = "*the same*" if transition.end == SAME else str(transition.end)
    notifies = ", ".join(f"`{topic}`" for topic in transition.notifies)
    return [f"`{name}`", starts, end, who, requires or "–", notifies or "–"]
