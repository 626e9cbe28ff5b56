"""All that a database says of its own tables, to be compared with another."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import psycopg2

from backups.servers import program
from tests.portal.running import ROOT


def sqlite_schema(file):
    """Each table, index and trigger with its statement; of a table, its columns in any order.

    SQLite puts a column that came later last, and every statement of ours names its columns.
    """
    with closing(sqlite3.connect(file)) as link:
        rows = link.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return {
        (kind, name): (table, parts(sql) if kind == "table" else sql)
        for kind, name, table, sql in rows
    }


def parts(sql):
    """The columns and constraints of CREATE TABLE, sorted."""
    head, body = sql.split("(", 1)
    found, depth = [""], 0
    for letter in body.rstrip().removesuffix(")"):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return head, sorted(each.strip() for each in found)


def postgres_schema(address):
    """What ``pg_dump`` says: columns in order, constraints, indexes, triggers, functions."""
    command = [program("pg_dump"), "--schema-only", "--no-owner", "--no-privileges", address]
    dumped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.split(r"^--\n-- Name: (.*)\n--$", dumped, flags=re.MULTILINE)
    things = dict(zip(found[1::2], found[2::2], strict=True))
    last = list(things)[-1]
    things[last] = things[last].split("--\n-- PostgreSQL database dump complete")[0]
    return things


def triggers(schema):
    """Names of an SQLite schema's triggers, or of a PostgreSQL one's."""
    names = set()
    for thing in schema:
        if isinstance(thing, tuple):
            names |= {thing[1]} if thing[0] == "trigger" else set()
        elif "; Type: TRIGGER;" in thing:
            names.add(thing.partition(";")[0].split()[-1])
    return names


def differences(one, other):
    """Whatever is not the same in both, by name: nothing, where two schemas are one."""
    return {
        name: (one.get(name), other.get(name))
        for name in one.keys() | other.keys()
        if one.get(name) != other.get(name)
    }


def python(env, *words):
    """A run of this Python that must end well; what it printed."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def on_sqlite(var):
    """The environment of the embedded default in a folder of its own."""
    names = {"DJANGO_SETTINGS_MODULE": "portal.settings.embedded", "PORTAL_VAR": str(var)}
    return os.environ | {"DATABASE_URL": "", "KEYSTORE_DATABASE_URL": ""} | names


def on_postgres(name, variable="DATABASE_URL"):
    """The environment of the tests with another database, which is made anew."""
    at_server(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PYTEST": "false",
        variable: f"{server()}/{name}",
    }


def at_server(*statements):
    """Statements of the server's owner, outside a transaction."""
    link = psycopg2.connect(f"{server()}/postgres".replace("postgres://", "postgresql://", 1))
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()


def server():
    """The address of the tests' PostgreSQL, without a database."""
    return os.environ["DATABASE_URL"].rpartition("/")[0]
