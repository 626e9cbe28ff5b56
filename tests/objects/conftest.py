"""For tests of object storage: a server for all of them, a bucket of its own for each."""

from dataclasses import replace

import pytest

from tests.objects.storage import a_storage, a_way_to


@pytest.fixture(scope="session")
def storage(tmp_path_factory):
    """A server that is there all the time."""
    with a_storage(tmp_path_factory.mktemp("storage")) as running:
        yield running


@pytest.fixture
def bucket(storage, settings):
    """An empty bucket, where this process keeps its sealed files."""
    settings.FILES_BUCKET = storage.a_bucket()
    settings.FILES_DIR = None
    return settings.FILES_BUCKET


@pytest.fixture
def way(storage, bucket, settings):
    """The way to that bucket, to do with as a test likes."""
    with a_way_to(storage) as way:
        settings.FILES_BUCKET = replace(bucket, endpoint=way.endpoint)
        yield way
