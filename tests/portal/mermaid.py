"""Reads the flowcharts of a page; what of Mermaid it cannot read is refused."""

import re
from dataclasses import dataclass, field
from itertools import product

HEADING = re.compile(r"#+ (.+)")
NODE = re.compile(r'(\w+)[\[({]+"([^"]+)"[\])}]+')
GROUP = re.compile(r'subgraph (\w+)\["([^"]+)"\]')
ARROW = re.compile(r"(\w+(?: & \w+)*) -->(?:\|([\w ]+)\|)? (\w+(?: & \w+)*)")
ABOUT_THE_LOOKS = re.compile(r"(flowchart|direction) (TB|LR|BT)")


@dataclass
class Chart:
    """One drawing: boxes by id with what stands in them, groups of boxes, and arrows."""

    nodes: dict[str, str] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    arrows: set[tuple[str, str, str]] = field(default_factory=set)  # from, to, what stands on it

    def between_nodes(self) -> set[tuple[str, str, str]]:
        """The arrows; one that begins or ends at a group stands for one of each box in it."""
        return {
            (start, end, label)
            for first, last, label in self.arrows
            for start, end in product(self._nodes_of(first), self._nodes_of(last))
        }

    def _nodes_of(self, name: str) -> set[str]:
        return self.groups.get(name, {name})


def charts(page: str) -> dict[str, Chart]:
    """The drawings of a page, each by the heading that it stands under."""
    found: dict[str, Chart] = {}
    heading, lines = "", iter(page.splitlines())
    for line in lines:
        if title := HEADING.fullmatch(line):
            heading = title[1]
        if line == "```mermaid":
            assert heading not in found, f"two drawings under {heading}"
            found[heading] = _chart(lines)
    return found


def _chart(lines) -> Chart:
    chart, within = Chart(), []
    for line in map(str.strip, lines):
        if line == "```":
            break
        if node := NODE.fullmatch(line):
            assert node[1] not in chart.nodes, f"{node[1]} is drawn twice"
            chart.nodes[node[1]] = node[2]
            for group in within:
                chart.groups[group].add(node[1])
        elif group := GROUP.fullmatch(line):
            within.append(group[1])
            chart.groups[group[1]] = set()
        elif line == "end":
            within.pop()
        elif arrow := ARROW.fullmatch(line):
            _add(chart, arrow)
        else:
            assert ABOUT_THE_LOOKS.fullmatch(line), f"cannot be read: {line}"
    assert not within, f"{within} has no end"
    ends = {end for first, last, _label in chart.arrows for end in (first, last)}
    assert ends <= chart.nodes.keys() | chart.groups.keys(), "an arrow leads to what is not drawn"
    return chart


def _add(chart: Chart, arrow: re.Match[str]) -> None:
    for start, end in product(arrow[1].split(" & "), arrow[3].split(" & ")):
        one = (start, end, arrow[2] or "")
        assert one not in chart.arrows, f"{one} is drawn twice"
        chart.arrows.add(one)
