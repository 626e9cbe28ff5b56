"""docs/moves.md: every state table as a diagram and a list, written from the tables themselves."""

from collections.abc import Iterator

from agencies.moves import people as _of_people
from agencies.moves import register as _of_the_register
from agreement import moves as _of_agreement
from decisions import moves as _of_decisions
from requests_app import moves as _of_requests
from retention import moves as _of_retention
from signin import moves as _of_signing_in
from workflow.moves import NEW, SAME, TABLES, Move, Moves

HEAD = """# Every move

What can happen to each kind of row, from which state to which, who may do it, what must hold of
other rows, and which letters go out. Written by `manage.py moves_doc` from the tables in each
room's `moves`; a test fails when it is out of date.
"""
# Imported, or TABLES would be empty; named, because tests have tables of their own.
TABLES_OF = (
    _of_agreement,
    _of_people,
    _of_requests,
    _of_decisions,
    _of_signing_in,
    _of_the_register,
    _of_retention,
)
ROOMS = {name.__name__.partition(".")[0] for name in TABLES_OF}


def moves_document() -> str:
    """The whole document."""
    ours = [table for table in TABLES if table.model._meta.app_label in ROOMS]
    # Two rooms may have a table each for one model: their moves say which comes first.
    ordered = sorted(ours, key=lambda each: (str(each.model._meta.verbose_name), *each.table))
    return "\n".join([HEAD, *(line for table in ordered for line in _section(table))])


def _section(table: Moves) -> Iterator[str]:
    meta = table.model._meta
    yield f"## {str(meta.verbose_name).capitalize()} (`{meta.object_name}`)\n"
    yield "```mermaid\nstateDiagram-v2"
    for status in table.model.Status:
        yield f"  {status.value}: {status.label}"
    for name, move in table.table.items():
        for start in move.start:
            end = start if move.end == SAME else move.end
            yield f"  {start if start != NEW else '[*]'} --> {end}: {name}"
    yield "```\n"
    yield "| move | from | to | who | given | tells |"
    yield "|---|---|---|---|---|---|"
    for name, move in table.table.items():
        yield f"| {' | '.join(_row(name, move))} |"
    yield ""


def _row(name: str, move: Move) -> list[str]:
    starts = ", ".join("*new*" if start == NEW else str(start) for start in move.start)
    given = "; ".join(
        f"{path} is {' or '.join(str(state) for state in states)}"
        for path, states in move.given.items()
    )
    who = f"{move.may.label}"
    if move.apart_from:
        who += f", but not the person in `{move.apart_from}`"
    end = "*the same*" if move.end == SAME else str(move.end)
    tells = ", ".join(f"`{topic}`" for topic in move.tells)
    return [f"`{name}`", starts, end, who, given or "–", tells or "–"]
