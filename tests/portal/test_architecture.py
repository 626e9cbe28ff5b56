"""docs/architecture.md draws the portal as it is: its roles, its containers, its imports."""

import re
from itertools import pairwise, takewhile
from typing import Any

import pytest
import yaml

from agencies.permissions import Role
from tests.portal import imports
from tests.portal.mermaid import charts

PAGE = (imports.ROOT / "docs" / "architecture.md").read_text()
DRAWN = charts(PAGE)
CONTEXT = DRAWN["People and outside systems"]
TALKS = DRAWN["Who talks to whom"]
WAITS = DRAWN["Who waits for whom at the start"]
OF_APP = "Features of "
WITH_FEATURES = {app for app in imports.APPS if imports.features_of(app)}

COMPOSE: dict[str, Any] = yaml.safe_load((imports.ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
# What is filled in before the first start, and so what compose is told.
FILLED_IN = dict(
    line.split("=", 1)
    for line in (imports.ROOT / "portal" / "portal.env.example").read_text().splitlines()
    if "=" in line and not line.startswith("#")
)
ADDRESS = re.compile(r"postgres://(\w+):[^@]+@(\w+)/")
MOUNT = re.compile(r"(.+):/([\w/-]+)(:ro)?")


def rows_under(*columns):
    """The rows of the table with these columns, each with the codes that its cells hold."""
    [_before, after] = PAGE.split(f"| {' | '.join(columns)} |\n")
    rows = takewhile(bool, after.splitlines()[1:])
    return [row.strip("|").split("|") for row in rows]


def codes(cell):
    return set(re.findall(r"`([\w/-]+)`", cell))


# People and outside systems.


def test_each_role_is_drawn_and_no_other():
    assert CONTEXT.groups["people"] == set(Role.values)


def test_what_the_processes_meet_outside_stands_in_the_wider_drawing():
    outside = TALKS.nodes.keys() - SERVICES.keys()
    assert outside
    assert outside <= CONTEXT.nodes.keys() | CONTEXT.groups.keys()


# Processes.


def filled_in(text):
    """With the values of the example in it, where it has some; passwords it has none."""
    return re.sub(r"\$\{(\w+)[^}]*\}", lambda name: FILLED_IN.get(name[1]) or "-", text)


def told(name):
    """All that a container is told, in one text: its variables, its command, its own settings."""
    service = SERVICES[name]
    ours = [
        mount.split(":")[0] for mount in service.get("volumes", []) if mount.startswith("./deploy/")
    ]
    files = [(imports.ROOT / path).read_text() for path in ours]
    parts = [*service.get("environment", {}).values(), *service.get("command", []), *files]
    return filled_in("\n".join(map(str, parts)))


def networks(*names):
    return set.intersection(*(set(SERVICES[name]["networks"]) for name in names))


def test_each_container_is_drawn_and_those_of_the_one_image_in_its_box():
    assert TALKS.nodes.keys() >= SERVICES.keys()
    assert TALKS.groups["portal"] == OURS


def test_who_is_told_an_address_and_shares_a_network_talks_to_it():
    real = {
        (name, other, network)
        for name in SERVICES
        for other in SERVICES.keys() - {name}
        for network in networks(name, other)
        if re.search(rf"(//|@|\bserver ){other}[:/]", told(name))
    }
    drawn = {arrow for arrow in TALKS.between_nodes() if {*arrow[:2]} <= SERVICES.keys()}
    assert drawn == real


def test_each_network_of_a_container_is_on_one_of_its_arrows_and_only_some_lead_out():
    drawn: dict[str, set[str]] = {name: set() for name in SERVICES}
    for first, last, network in TALKS.between_nodes():
        for name in {first, last} & SERVICES.keys():
            drawn[name].add(network)
        if not {first, last} <= SERVICES.keys():
            assert not (COMPOSE["networks"][network] or {}).get("internal"), (first, last)
    assert drawn == {name: networks(name) for name in SERVICES}


def test_who_has_a_way_to_the_mail_server_sends_mail():
    senders = {name for name in OURS if {"EMAIL_URL"} <= SERVICES[name]["environment"].keys()} & {
        name for name in OURS if "out" in SERVICES[name]["networks"]
    }
    assert {first for first, last, _network in TALKS.between_nodes() if last == "mail"} == senders


def test_the_table_of_networks_is_that_of_compose():
    said = {
        codes(name).pop(): leads_out.strip() == "no"
        for name, _who, leads_out in rows_under("network", "who is on it", "leads out")
    }
    assert said == {
        name: bool((network or {}).get("internal")) for name, network in COMPOSE["networks"].items()
    }


def test_the_table_of_roles_is_that_of_compose():
    said = {
        codes(process).pop(): {"database": codes(database), "keystore": codes(keystore)}
        for process, database, keystore in rows_under(
            "process", "in the database as", "in the keystore as"
        )
    }
    real: dict[str, dict[str, set[str]]] = {}
    for name in OURS:
        real[name] = {"database": set(), "keystore": set()}
        for role, host in ADDRESS.findall(
            "\n".join(map(str, SERVICES[name]["environment"].values()))
        ):
            real[name][host].add(role)
    assert said == real


def conditions(name):
    waits = SERVICES[name].get("depends_on") or {}
    if isinstance(waits, list):
        return dict.fromkeys(waits, "started")
    return {
        other: {"service_healthy": "healthy", "service_completed_successfully": "done"}[
            each["condition"]
        ]
        for other, each in waits.items()
    }


def test_each_waits_for_what_compose_says():
    real = {(name, *each) for name in SERVICES for each in conditions(name).items()}
    assert WAITS.between_nodes() == real
    assert WAITS.nodes.keys() == SERVICES.keys()


def test_each_holds_the_folders_and_keys_that_compose_gives():
    columns = ("folder or file", "what it holds", "written by", "read by")
    said = {
        (process, codes(place).pop(), how)
        for place, _what, writers, readers in rows_under(*columns)
        for how, processes in (("writes", codes(writers)), ("reads", codes(readers)))
        for process in processes
    }
    real = set()
    for name in OURS:
        for mount in SERVICES[name].get("volumes", []):
            found = MOUNT.fullmatch(mount)
            assert found, mount
            source, target, read_only = found.groups()
            place = source if source in COMPOSE["volumes"] else target
            real.add((name, place, "reads" if read_only else "writes"))
        real |= {(name, secret, "reads") for secret in SERVICES[name].get("secrets", [])}
    assert said == real


# Packages.


def test_each_app_is_drawn_and_each_import_is_drawn_or_implied():
    chart = DRAWN["Apps"]
    assert chart.nodes.keys() == set(imports.APPS)
    drawn = {arrow[:2] for arrow in chart.arrows}
    assert drawn == imports.without_implied(imports.between_apps())


def test_each_app_with_features_has_a_drawing_of_them():
    drawn = {heading.removeprefix(OF_APP) for heading in DRAWN if heading.startswith(OF_APP)}
    assert drawn == WITH_FEATURES
    [said] = re.findall(r"is drawn below; (.*) have none", PAGE)
    assert codes(said) == set(imports.APPS) - WITH_FEATURES


@pytest.mark.parametrize("app", sorted(WITH_FEATURES))
def test_each_feature_is_drawn_with_what_it_imports(app):
    chart = DRAWN[OF_APP + app]
    real = imports.between_features(app)
    assert chart.nodes.keys() == imports.features_of(app)
    assert imports.circles(real) == []
    drawn = {arrow[:2] for arrow in chart.arrows}
    assert drawn == imports.without_implied(real)


def test_a_contract_of_each_app_has_every_feature_on_one_of_its_floors():
    contracts = {
        each["containers"][0]: each["layers"]
        for each in imports.LINTER["contracts"]
        if each["name"].startswith("Features of ")
    }
    said = {
        app: sorted(name for floor in floors for name in floor.split(" | "))
        for app, floors in contracts.items()
    }
    real = {app: sorted(imports.features_of(app)) for app in WITH_FEATURES}
    assert said == {app: names for app, names in real.items() if len(names) > 1}


@pytest.mark.parametrize(("heading", "chart"), DRAWN.items(), ids=list(DRAWN))
def test_each_box_bears_the_name_of_what_it_stands_for(heading, chart):
    """The id is what is compared above; the reader sees the label."""
    if heading == "People and outside systems":
        named = {role.value: str(role.label) for role in Role}
    else:
        real = SERVICES.keys() | set(imports.APPS)
        named = {name: name for name in chart.nodes.keys() & real}
        if heading.startswith(OF_APP):
            named = {name: name for name in chart.nodes}
    labels = {name: chart.nodes[name].split("<br>")[0] for name in named}
    assert labels == named


def test_contributing_lists_the_apps_by_floors():
    contributing = (imports.ROOT / "CONTRIBUTING.md").read_text()
    floors = re.search(r"```\n(.*?)```", contributing, re.S)
    assert floors
    [contract] = [each for each in imports.LINTER["contracts"] if each["name"].startswith("Floors")]
    said = re.findall(r"(?:^|\| )(\w+)/", floors[1], re.M)
    assert said == [app for layer in contract["layers"] for app in layer.split(" | ")]


def test_contributing_names_places_that_are_there():
    contributing = (imports.ROOT / "CONTRIBUTING.md").read_text()
    table = contributing.split("## Where do I change...?")[1].split("\n## ")[0]
    places = set(re.findall(r"`([\w.]+/[\w./]*)`", table))
    assert places
    within = (imports.ROOT, imports.ROOT / "requests_app")
    assert {each for each in places if not any((top / each).exists() for top in within)} == set()


class TestReadingDrawings:
    """What compares a page must not pass over a part of it."""

    def test_an_arrow_from_a_group_is_one_from_each(self):
        group = 'subgraph g["g"]\na["a"]\nb["b"]\nend'
        page = f'# A\n```mermaid\n{group}\nc["c"]\ng -->|n| c\n```'
        assert charts(page)["A"].between_nodes() == {("a", "c", "n"), ("b", "c", "n")}

    @pytest.mark.parametrize(
        "line", ["a -.-> b", "a --> b --> a", "a --> nowhere", 'a["a"]', "b --> a", "nonsense"]
    )
    def test_what_cannot_be_read_or_is_there_twice_is_refused(self, line):
        page = f'# A\n```mermaid\nflowchart TB\na["a"]\nb["b"]\nb --> a\n{line}\n```'
        with pytest.raises(AssertionError):
            charts(page)

    def test_edges_that_others_imply_are_left_out(self):
        edges = {("a", "b"), ("b", "c"), ("a", "c")}
        assert imports.without_implied(edges) == set(pairwise("abc"))
        assert imports.circles({*edges, ("c", "b")}) == [{"b", "c"}]
