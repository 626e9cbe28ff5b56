"""Nobody goes round the gateway: what the linters cannot see."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from scripts.check import APPS

FILES = sorted(
    path for app in APPS for path in Path(app).rglob("*.py") if "migrations" not in path.parts
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
    """They fetch, ask, act and answer; rows come through the gateway and selectors."""
    text = said(path)
    for banned in (".objects.", "transaction.", "except TransitionRefused", "PermissionDenied"):
        assert banned not in text, f"{path}: {banned}"


@pytest.mark.parametrize("path", list(views()), ids=str)
def test_views_are_short(path):
    for node in ast.walk(ast.parse(said(path))):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 25, f"{path}: {node.name} has {length} lines"


def imported_models(tree: ast.Module):
    """The modules of models that are there when the code runs, and not only for its types."""
    for node in tree.body:  # within ``if TYPE_CHECKING`` they are no statements of the module
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            yield from (name for name in names if name.split(".")[-1] == "models")


@pytest.mark.parametrize("path", list(views()), ids=str)
def test_views_know_models_by_their_types_alone(path):
    assert not list(imported_models(ast.parse(said(path))))


def test_each_feature_keeps_its_layers():
    """Whatever has views and models of its own stands in the contract of ``pyproject.toml``."""
    contracts = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]
    [layers] = [each for each in contracts["contracts"] if each["name"].startswith("Inside")]
    layered = {"views", "forms", "actions", "selectors", "transitions", "policies", "models"}
    features = {
        ".".join(path.parent.parts)
        for path in FILES
        if len(path.parts) == 3 and path.stem in layered and path.parts[1] not in {"rls"}
    }
    assert features == set(layers["containers"])
