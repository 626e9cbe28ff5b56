"""What is done to everything that people type before it is kept."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Marks that make text run the other way without being seen (embeddings, overrides, isolates).
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Unseen control characters that word processors leave behind; line breaks stay line breaks.
UNSEEN: dict[int, str | None] = {
    c: None for c in [*range(1, 0x20), *range(0x7F, 0xA0)] if chr(c) not in "\t\n"
}
UNSEEN |= {0x0B: "\n", 0x0C: "\n", 0x85: "\n"}
# NUL and halves of a character, which no database or page can hold.
BROKEN = re.compile("[\x00\ud800-\udfff]")


def broken(text: str) -> bool:
    """Whether something in it cannot be kept."""
    return BROKEN.search(text) is not None


def showable(value: Any) -> Any:
    """``value`` as a page can show it again; what is not text stays as it is."""
    if isinstance(value, str):
        return BROKEN.sub("\ufffd", value)
    return value


def cleaned(text: str) -> str:
    """``text`` as it is kept: what cannot be seen but changes how text looks is left out.

    Marks that turn the direction of writing are removed, because with them a name or a file
    can be made to read as another; the plain direction marks that some names need stay. Line
    breaks become one kind, so that the length counted here is the length that people count.
    Nothing that can be seen is changed. NUL and half characters are refused: nobody types them.
    """
    if broken(text):
        raise ValidationError(
            _("The text contains a character that cannot be kept. Type it again."), code="broken"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(TURNING | UNSEEN)
