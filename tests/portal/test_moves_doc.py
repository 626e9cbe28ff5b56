"""docs/moves.md says what the state tables say."""

from pathlib import Path

from portal.moves_doc import ROOMS, moves_document
from workflow.moves import TABLES


def test_the_document_is_current():
    assert Path("docs/moves.md").read_text() == moves_document(), "run manage.py moves_doc"


def test_every_table_and_every_move_is_in_it():
    text = moves_document()
    assert len(TABLES) > 15
    for table in TABLES:
        if table.model._meta.app_label not in ROOMS:
            continue
        assert f"(`{table.model.__name__}`)" in text
        for name in table.table:
            assert f"| `{name}` |" in text
