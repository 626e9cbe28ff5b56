"""A story with a file and a signed ledger, keys of backups, and databases elsewhere."""

import shutil
from dataclasses import dataclass

import pytest

from backups.keys import DATA, KEYSTORE
from backups.making import make_backup
from requests_app.models import Attachment, InformationRequest
from tests.backups.elsewhere import elsewhere_in
from tests.backups.kept import kept, places_in

__all__ = ["kept"]


@dataclass
class Story:
    """What the tests look for again after a restore."""

    case: object
    file: object


@pytest.fixture
def places(settings, tmp_path, kept):
    """Two places for backups, and their keys."""
    for name, path in places_in(tmp_path).items():
        setattr(settings, name, path)
    for keys in ("making", "opening"):
        shutil.copytree(kept.folder / keys, tmp_path / keys)
    settings.DISPOSAL_REGISTER.touch()
    return {DATA: settings.BACKUP_DATA_DIR, KEYSTORE: settings.BACKUP_KEYSTORE_DIR}


@pytest.fixture
def story(places, transactional_db, kept, settings):
    """A request with a sealed file, sent; the ledger is signed."""
    kept.rows.put_back()
    shutil.copytree(kept.folder / "files", settings.FILES_DIR)
    case = InformationRequest.objects.get(pk=kept.case)
    return Story(case, Attachment.objects.get(pk=kept.file))


@pytest.fixture
def made(places, kept):
    """A backup of it: the folders of its two sets."""
    for kind, place in places.items():
        place.mkdir(mode=0o700, parents=True)
        shutil.copytree(kept.folder / "kept" / kind / kept.sets[kind], place / kept.sets[kind])
    return {kind: place / kept.sets[kind] for kind, place in places.items()}


@pytest.fixture
def made_now(story, places):
    """Another backup of it, which is as young as it can be."""
    return {
        said.kind: places[said.kind] / f"{said.kind}-{said.name}" for said in make_backup(places)
    }


@pytest.fixture
def elsewhere(places, tmp_path):
    """Another installation with the same ring and nothing else."""
    with elsewhere_in(tmp_path / "elsewhere") as empty:
        yield empty


@pytest.fixture
def restored(places, tmp_path, kept):
    """Another installation, as the restore of the backup has left it."""
    with elsewhere_in(tmp_path / "elsewhere", like=kept.restored) as copied:
        yield copied
