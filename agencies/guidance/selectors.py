"""The guidance as the pages read it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from agencies.models import Acknowledgement, Guidance, User

Status = Guidance.Status


@dataclass(frozen=True)
class Block:
    """One paragraph or heading of it."""

    text: str
    is_heading: bool = False


def in_force() -> Guidance | None:
    """The one that everybody has to acknowledge."""
    return Guidance.objects.filter(status=Status.IN_FORCE).first()


def has_acknowledged(user: User, guidance: Guidance) -> bool:
    """Whether this person has."""
    return Acknowledgement.objects.filter(user=user, guidance=guidance).exists()


def blocks(text: str) -> list[Block]:
    """The text as paragraphs and headings."""
    found: list[Block] = []
    for part in text.split("\n\n"):
        lines = part.strip().split("\n")
        if lines[0].startswith("#"):
            found.append(Block(lines.pop(0).lstrip("# "), is_heading=True))
        if rest := "\n".join(lines).strip():
            found.append(Block(rest))
    return found


def versions() -> list[Any]:
    """Every version with how many acknowledged it: drafts, the one in force, the earlier ones."""
    order = {Status.DRAFT: 0, Status.IN_FORCE: 1, Status.SUPERSEDED: 2}
    rows = Guidance.objects.annotate(read_by=Count("acknowledgements"))
    newest = sorted(rows, key=lambda row: str(row.in_force_from or ""), reverse=True)
    return sorted(newest, key=lambda row: order[Status(row.status)])
