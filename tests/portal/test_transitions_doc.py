"""docs/transitions.md says what the state tables say."""

from pathlib import Path

from portal.transitions_doc import APPS, transitions_document
from workflow.transitions import TABLES


def test_the_document_is_current():
    assert Path("docs/transitions.md").read_text() == transitions_document(), (
        "run manage.py transitions_doc"
    )


def test_every_table_and_every_move_is_in_it():
    text = transitions_document()
    assert len(TABLES) > 15
    for table in TABLES:
        if table.model._meta.app_label not in APPS:
            continue
        assert f"(`{table.model.__name__}`)" in text
        for name in table.table:
            assert f"| `{name}` |" in text
