"""Who imports whom: among the apps, and among the features of one app."""

import tomllib
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
APPS: list[str] = LINTER["root_packages"]
# Packages that Django wants there, and that are no feature.
DJANGOS = {"migrations", "management", "templatetags"}

Edges = set[tuple[str, str]]


@cache
def graph() -> grimp.ImportGraph:
    """Each module of the apps, with the imports that are there for the sake of types alone."""
    return grimp.build_graph(*APPS, cache_dir=None)


def features_of(app: str) -> set[str]:
    """Its packages, by their names within it."""
    packages = (path.parent.name for path in (ROOT / app).glob("*/__init__.py"))
    return set(packages) - DJANGOS


def between_apps() -> Edges:
    """Each app with each other one that it imports."""
    return _between({name: name for name in APPS})


def between_features(app: str) -> Edges:
    """Each feature of an app with each other one of the same app that it imports."""
    return _between({f"{app}.{name}": name for name in features_of(app)})


def _between(packages: dict[str, str]) -> Edges:
    inside = {
        module: name
        for package, name in packages.items()
        for module in {package, *graph().find_descendants(package)}
    }
    imports = (
        (name, inside.get(other))
        for module, name in inside.items()
        for other in graph().find_modules_directly_imported_by(module)
    )
    return {(name, other) for name, other in imports if other is not None and name != other}


def reached(edges: Edges, start: str) -> set[str]:
    """All to which ``edges`` lead from there, in however many steps."""
    found: set[str] = set()
    due = [start]
    while due:
        place = due.pop()
        due += [end for first, end in edges if first == place and end not in found]
        found |= {end for first, end in edges if first == place}
    return found


def circles(edges: Edges) -> list[set[str]]:
    """Groups of those that import each other, by whatever way round."""
    ends = {end for edge in edges for end in edge}
    ways = {each: reached(edges, each) for each in ends}
    groups = {
        frozenset(other for other in ways[each] if each in ways[other]) for each in sorted(ends)
    }
    return [set(group) for group in groups if len(group) > 1]


def without_implied(edges: Edges) -> Edges:
    """Without each that the others lead to anyway; there must be no circle among them."""
    return {edge for edge in edges if edge[1] not in reached(edges - {edge}, edge[0])}
