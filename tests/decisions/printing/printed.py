"""Reading a printed record: its text, its tags, and what else a PDF carries."""

import io
import re
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from pypdf import PdfReader

YES = {"confirm": "on"}


def at(what, row) -> str:
    """Where the record of a row is printed."""
    return reverse(f"decisions:print_{what}", args=[row.pk])


class Printed:
    """A PDF that was answered."""

    def __init__(self, answer: Any) -> None:
        content = answer if isinstance(answer, bytes) else answer.content
        assert content.startswith(b"%PDF"), content[:2000].decode()
        self.raw, self.reader = content, PdfReader(io.BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]
        self.pages = [page.extract_text() for page in self.reader.pages]

    @property
    def text(self) -> str:
        """All of it in one line, so that words are found over ends of lines."""
        return " ".join(" ".join(self.pages).split())

    def tags(self) -> Iterator[tuple[str, Any]]:
        """Every element of the tree that screen readers read, in their order."""

        def walk(node: Any) -> Iterator[tuple[str, Any]]:
            node = node.get_object()
            if isinstance(node, list):
                for each in node:
                    yield from walk(each)
            elif isinstance(node, dict):
                if "/S" in node:
                    yield str(node["/S"]), node
                if "/K" in node:
                    yield from walk(node["/K"])

        yield from walk(self.root["/StructTreeRoot"])

    def headings(self) -> list[int]:
        """The levels of the headings, in order."""
        return [int(name[2]) for name, _ in self.tags() if re.fullmatch(r"/H[1-6]", name)]


def printed(client, what, row) -> Printed:
    """The record as a person gets it who confirms."""
    answer = client.post(at(what, row), YES)
    assert answer.status_code == 200, answer.content.decode()
    return Printed(answer)
