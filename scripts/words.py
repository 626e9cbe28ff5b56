"""Words that the code gave up for the field's and Django's own (docs/adr/0109): none comes back.

Names are looked at, not comments: prose may say that somebody looks, or opens a door.
"""

import io
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What it was, and what it is now.
RETIRED = {
    "May": "Permission",
    "Move": "Transition",
    "MoveRefused": "TransitionRefused",
    "Moves": "Transitions",
    "Enquiry": "AgencyCheck",
    "Letter": "Notification",
    "OrganisationalCheck": "Vetting",
    "Weighed": "DecisionItem",
    "Letters": "Deliveries",
    "all_looks": "entries",
    "looks_at": "access_entries",
    "looks_at_any": "access_entries_of_any",
    "looks_at_case": "entries_of_case",
    "looks_at_check": "entries_of_check",
    "looks_at_child": "entries_of_child",
    "check_looks": "check_access_log",
    "child_looks": "child_access_log",
    "SeenField": "VersionField",
    "OnceField": "IdempotencyKeyField",
    "Sight": "RlsFunction",
    "OPEN_OTHERWISE": "BREAK_GLASS",
    "doubled_is_done": "idempotent",
    "founded": "save_unattended",
    "hold_or_404": "require_permission_or_404",
    "in_sight_of": "rls_session",
    "note_all_read": "fetch_all",
    "log_all_accessed": "fetch_all",
    "note_look": "log_access",
    "note_looks": "log_accesses",
    "doors": "gateway",
    "signin": "authentication",
    "vocabulary": "choices",
    "WATCH": "REVIEW_OPENINGS",
    "MAY_WATCH": "MAY_REVIEW_OPENINGS",
    "look_at_opening": "review_opening",
    "looks": "entries",
    "watched_one": "opening_to_review",
    "worth_a_look": "not_yet_reviewed",
    "SentLetter": "SentEmail",
    "sent_letters": "sent_emails",
    "by_letter": "by_email",
    "chosen_by_letter": "chosen_by_email",
    "the_letters": "the_notifications",
}
# Modules and packages that are called otherwise now.
PLACES = {
    "lists": "selectors",
    "moves": "transitions",
    "letters": "notifications",
    "letter": "composing",
    "doors": "gateway",
    "vocabulary": "choices",
    "wall": "rls",
    "signin": "authentication",
    "signed_in": "sessions",
    "test_looks": "test_access_log",
    "test_looks_by_child": "test_access_log_of_child",
    "test_openings": "test_break_glass",
    "test_put": "test_putting_checks",
    "test_register_copies": "test_register_files",
    "test_seen": "test_access_log",
    "test_watch": "test_oversight",
}


def faults() -> list[str]:
    """Where a retired word stands, and the word to take."""
    return [fault for path in _sources() for fault in (*_in_path(path), *_in_names(path))]


def _sources() -> Iterator[Path]:
    for package in sorted(ROOT.glob("*/__init__.py")):
        for path in sorted(package.parent.rglob("*.py")):
            if "migrations" not in path.parts and path != Path(__file__).resolve():
                yield path


def _in_path(path: Path) -> Iterator[str]:
    short = path.relative_to(ROOT)
    for part in (*short.parent.parts, short.stem):
        if part in PLACES and path.parent.name != "commands":  # the old ``manage.py wall`` works
            yield f"{short}: {PLACES[part]}, not {part}"


def _in_names(path: Path) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.NAME and token.string in RETIRED:
            where = f"{path.relative_to(ROOT)}:{token.start[0]}"
            yield f"{where}: {RETIRED[token.string]}, not {token.string}"


if __name__ == "__main__":
    found = faults()
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.exit(bool(found))
