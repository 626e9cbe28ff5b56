"""What several tests of pages need."""

import pytest


@pytest.fixture
def no_temporary_files(monkeypatch):
    """Whatever would lay a file down in the temporary folder fails."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("a file")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    monkeypatch.setattr("openpyxl.worksheet._writer.create_temporary_file", refuse)
