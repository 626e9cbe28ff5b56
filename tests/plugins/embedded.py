"""One true first start of the embedded default, and the folder that it leaves, to begin from."""

import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.portal.embedded import UP, Portal, copied, wait_until_gone


@dataclass(frozen=True)
class FirstStart:
    """What was seen of it."""

    var: Path
    said: str
    readyz: bytes
    children: dict[int, str]
    code: int


@pytest.fixture(scope="session")
def first_start(tmp_path_factory) -> FirstStart:
    """Started in a folder that was not there, seen to work, and stopped in good order."""
    portal = Portal(tmp_path_factory.mktemp("first") / "var")
    try:
        portal.wait_for(UP)
        readyz = urllib.request.urlopen(portal.url + "/readyz").read()
        children = portal.children()
        code = portal.stop()
        wait_until_gone(children, portal)
        return FirstStart(portal.var, portal.said(), readyz, children, code)
    finally:
        portal.stop()


@pytest.fixture(scope="session")
def prepared(first_start) -> Path:
    """The folder as the first start left it: to be copied, never used."""
    return first_start.var


@pytest.fixture(scope="module")
def var(prepared, tmp_path_factory) -> Path:
    """A folder of this module, as after a first start."""
    return copied(prepared, tmp_path_factory.mktemp("embedded") / "var")
