"""A register of disposals of its own for each test."""

import pytest


@pytest.fixture(autouse=True)
def register(tmp_path, settings):
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"
    settings.FILES_DIR = tmp_path / "files"
    return settings.DISPOSAL_REGISTER
