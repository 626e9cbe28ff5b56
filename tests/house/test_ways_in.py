"""Nobody goes round the doors: what the linters cannot see."""

import re
from pathlib import Path

import pytest

ROOMS = (
    "agencies",
    "agreement",
    "signin",
    "signed_in",
    "audit",
    "outbox",
    "encryption",
    "workflow",
    "requests_app",
    "decisions",
    "portal",
)
FILES = sorted(
    path for room in ROOMS for path in Path(room).rglob("*.py") if "migrations" not in path.parts
)
LONGEST = 300

# What must not stand in the portal's code, and what to do instead.
NEVER = {
    r"\.has_perm\(": "Django's answer says yes to superusers: ask a Policy",
    r"mark_safe\(": "build mark-up in a template",
    r"request\.POST or None": "an empty post hides its errors: ask request.method",
    r"\bprint\(": "log, or write to the command's stdout",
    r"forms\.(File|Image)Field\(": "what people add is scanned: take workflow.files.FilesField",
    r"\.FILES(\[|\.get)": "what people add is scanned: take it from a form with a FilesField",
    r"lru_cache": "a cache of rows outlives their truth",
    r"\.using\(\"keystore\"\)\.raw": "keys are reached through casekeys",
}


def said(path: Path) -> str:
    return path.read_text()


@pytest.mark.parametrize("pattern", NEVER)
def test_nobody_goes_round_the_doors(pattern):
    found = [str(path) for path in FILES if re.search(pattern, said(path))]
    assert not found, f"{found}: {NEVER[pattern]}"


def test_no_file_is_a_house_of_its_own():
    long = {str(path): n for path in FILES if (n := len(said(path).splitlines())) > LONGEST}
    assert not long


def views():
    for path in FILES:
        if "views" in path.parts or path.stem == "views":
            yield path


@pytest.mark.parametrize("path", list(views()), ids=str)
def test_views_hold_no_rules(path):
    """They fetch, ask, act and answer; rows come through doors and lists."""
    text = said(path)
    for banned in (".objects.", "transaction.", "except MoveRefused", "PermissionDenied"):
        assert banned not in text, f"{path}: {banned}"


@pytest.mark.parametrize("path", list(views()), ids=str)
def test_views_are_short(path):
    import ast

    for node in ast.walk(ast.parse(said(path))):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 25, f"{path}: {node.name} has {length} lines"
