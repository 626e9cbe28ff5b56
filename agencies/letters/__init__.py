"""What the outbox says about agencies and people; no letter names anybody (ISA-6.2)."""

from agencies.letters import checkpoints, people
from outbox.letters import Writer

LETTERS: dict[str, Writer] = {**people.LETTERS, **checkpoints.LETTERS}
