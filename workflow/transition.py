"""One transition of a table: from where, to where, by whom, and what must hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from workflow.acting import Permission


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One row of the table: from where, to where, by whom, and what it leaves behind.

    Any of ``permissions`` will do. ``requires`` names related rows, or rows to which these lead
    (``decision.agency_check``), and the states in which they must be. ``apart_from`` is a dotted
    path to a person who must not be the one to do this. ``notifies`` are the topics of the messages
    that go out. ``label`` is the transition in words, for histories and refusals. One that is
    ``aside`` says nothing of what the row says: a doubled click is still known as one after it.
    """

    start: tuple[str, ...]
    end: str
    permissions: tuple[Permission, ...]
    label: Any
    notifies: tuple[str, ...] = ()
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    apart_from: str = ""
    aside: bool = False

    def requirements_hold(self, thing: Any) -> bool:
        """Whether the related rows are in the states in which they must be."""
        return not any(True for _row in self.unmet(thing))

    def unmet(self, thing: Any) -> Iterator[Any]:
        """The related rows that are in another state than they must be; None where there is none.

        In the order in which they are named.
        """
        for path, states in self.requires.items():
            related = attrgetter(path)(thing)
            if related is None or related.status not in states:
                yield related

    def is_kept_apart(self, thing: Any, person: Any) -> bool:
        """Whether this is the one person who must not do it."""
        return bool(self.apart_from and attrgetter(self.apart_from)(thing) == person)
