"""What the planner did for each statement, by ``auto_explain``: also for those within functions."""

import json
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connections

SETTINGS: Final = {
    "log_min_duration": "0",
    "log_nested_statements": "on",
    "log_analyze": "on",
    "log_timing": "off",
    "log_format": "json",
    "log_level": "notice",
}
START: Final = " plan:\n"
A_FEW: Final = 1_000  # rows after which a whole table is read row by row, unless that stops soon


@dataclass
class Plans:
    """What was read whole of some tables: row by row, or more than ``most`` by an index."""

    tables: Collection[str]
    most: int
    statements: int = 0
    whole: set[str] = field(default_factory=set)

    def append(self, notice: str) -> None:
        """Look at a plan; whatever else the database remarks is let be."""
        if START not in notice:
            return
        self.statements += 1
        plan, _end = json.JSONDecoder().raw_decode(notice.partition(START)[2])
        for node in _nodes(plan["Plan"]):
            table, read, how = node.get("Relation Name"), _rows_read(node), node["Node Type"]
            most = A_FEW if how.endswith("Seq Scan") else self.most
            if table in self.tables and read > most:
                statement = " ".join(plan["Query Text"].split())
                self.whole.add(f"{how} of {table}, {read:,} rows: {statement}")


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", []):
        yield from _nodes(each)


def _rows_read(node: dict[str, Any]) -> int:
    """How many rows a node looked at, in all of its rounds."""
    looked = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(sum(node.get(each, 0) for each in looked) * node["Actual Loops"])


@contextmanager
def plans(tables: Collection[str], most: int) -> Iterator[Plans]:
    """Every statement within, on both databases."""
    kept = Plans(tables, most)
    with ExitStack() as stack:
        for alias in connections:
            connections[alias].ensure_connection()
            link = connections[alias].connection
            with connections[alias].cursor() as cursor:
                cursor.execute("LOAD 'auto_explain'")
                for name, value in SETTINGS.items():
                    cursor.execute(f"SET auto_explain.{name} = '{value}'")
            stack.callback(_stop, alias, link.notices)
            link.notices = kept
        yield kept


def _stop(alias: str, notices: Any) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SET auto_explain.log_min_duration = -1")
    connections[alias].connection.notices = notices
