"""What somebody wrote past the portal, and how an operator puts it on record."""

import re

from django.core.management import CommandError, call_command

from audit.ledger.leaves import canonical
from audit.models import Event
from requests_app.models import Need
from tests.audit.owner import as_owner
from tests.audit.pages import as_page

ENTRY = (
    "INSERT INTO audit_event (at, person, agency, thing, thing_id, move, before, after, version,"
    " digest, details) VALUES (now(), %s, %s, 'requests_app.need', %s, 'need.add', '', 'open', 1,"
    " '', '{}') RETURNING id"
)
LEAF = "INSERT INTO audit_leaf (kind, entry, body) VALUES ('change', %s, %s)"
NEVER = "00000000-0000-4000-8000-000000000999"


def an_entry(cast, thing_id=NEVER):
    """One without its leaf."""
    who = [str(cast.officer.user.pk), str(cast.officer.agency.pk)]
    as_page(cast, (ENTRY, [*who, thing_id]))


def a_leaf(cast, thing_id=NEVER):
    """An entry and its leaf, of a row that never was."""
    an_entry(cast, thing_id)
    event = Event.objects.latest("pk")
    body = {
        "v": 1,
        "kind": "change",
        "entry": event.pk,
        "case": None,
        "row": "",
        "commit": "",
        "at": event.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "person": event.person,
        "agency": event.agency,
        "thing": event.thing,
        "thing_id": event.thing_id,
        "move": event.move,
        "before": "",
        "after": "open",
        "version": 1,
        "digest": "",
        "details": {},
        "history": None,
    }
    as_page(cast, (LEAF, [event.pk, canonical(body)]))


def a_copied_history_row(cast):
    past = Need.history.model
    mine = past.objects.exclude(history_user_id=None).latest("history_id")
    columns = ", ".join(
        each.column for each in past._meta.concrete_fields if each.name != "history_id"
    )
    as_owner(
        f"INSERT INTO requests_app_historicalneed ({columns}) SELECT {columns}"  # noqa: S608
        " FROM requests_app_historicalneed WHERE history_id = %s",
        mine.pk,
    )


def asked(capsys, *words):
    """What the command says, and whether it ended well."""
    capsys.readouterr()
    try:
        call_command("ledger", *words)
    except CommandError as fault:
        return False, f"{capsys.readouterr().out}{fault}"
    return True, capsys.readouterr().out


def put_on_record(capsys, number, reason="Found on Monday, made by nobody here", by="A. Operator"):
    return asked(capsys, "acknowledge", number, "--reason", reason, "--by", by)


def numbers_in(said):
    return re.findall(r"^  \[([0-9a-f]{16})\] ", said, re.M)
