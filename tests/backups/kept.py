"""A story that is made, backed up and restored once; tests begin from copies of it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from backups.keys import DATA, KEYSTORE, create_keys
from backups.making import make_backup
from requests_app.files import actions as files
from tests import walks
from tests.audit.walks import signed
from tests.backups.elsewhere import Elsewhere, elsewhere_in
from tests.plugins.people import KeptCast
from tests.plugins.rows import BOTH, Empty, Rows

CONTENT = b"%PDF-1.4\n" + b"a bruise" * 200_000


@dataclass(frozen=True)
class Kept:
    """The story's rows, the folder with its files, keys and sets, and where it was restored."""

    folder: Path
    rows: Rows
    case: UUID
    file: UUID
    sets: dict[str, str]
    restored: Elsewhere
    said: str  # by the restore


def places_in(folder: Path) -> dict[str, Path]:
    """The settings that name a place, for an installation in this folder."""
    return {
        "BACKUP_DATA_DIR": folder / "kept" / "data",
        "BACKUP_KEYSTORE_DIR": folder / "kept" / "keystore",
        "BACKUP_KEYS_DIR": folder / "making",
        "RESTORE_KEYS_DIR": folder / "opening",
        "FILES_DIR": folder / "files",
        "DISPOSAL_REGISTER": folder / "disposals.jsonl",
    }


@pytest.fixture(scope="session")
def kept(
    django_db_setup: Empty, django_db_blocker, kept_cast: KeptCast, _keyring, tmp_path_factory
) -> Iterator[Kept]:
    """Told, backed up and restored by the commands that everybody has."""
    folder = tmp_path_factory.mktemp("kept-story")
    places = places_in(folder)
    where = {DATA: places["BACKUP_DATA_DIR"], KEYSTORE: places["BACKUP_KEYSTORE_DIR"]}
    with ExitStack() as stack:
        # Only while it is told: what runs later in this session has settings of its own.
        with override_settings(**places):
            with django_db_blocker.unblock():
                places["DISPOSAL_REGISTER"].touch()
                create_keys()
                cast, _alone = kept_cast.gather()
                case = walks.a_draft(cast)
                upload = SimpleUploadedFile("bruise.pdf", CONTENT)
                file = files.attach_file(
                    case, by=cast.requester, idempotency_key=uuid4(), upload=upload
                )
                signed()
                rows = Rows.of_now(apart_from=django_db_setup.rows)
                sets = {said.kind: f"{said.kind}-{said.name}" for said in make_backup(where)}
                restored = stack.enter_context(elsewhere_in(folder / "elsewhere"))
                for alias in BOTH:
                    django_db_setup.come_back(alias)
            said = restored.run(
                "restore", where[DATA] / sets[DATA], "--keystore", where[KEYSTORE] / sets[KEYSTORE]
            )
        yield Kept(folder, rows, case.pk, file.pk, sets, restored, said)
