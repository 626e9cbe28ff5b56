"""Static files: collected when one of them, or what collects them, has changed."""

import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

COLLECTORS: Final = ("django", "whitenoise")


def digest() -> str:
    """Of every file that would be collected, its place, and the versions of what collects."""
    made = hashlib.sha256()
    for name in COLLECTORS:
        made.update(f"{name} {version(name)}\n".encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            content = Path(storage.path(path)).read_bytes()
            made.update(f"{path} {len(content)}\n".encode() + content)
    return made.hexdigest()


def is_collected() -> bool:
    """Whether what was collected last is what would be collected now."""
    try:
        return _stamp().read_text() == digest()
    except OSError:
        return False


def collect() -> None:
    """Collect all of it anew; a start that is killed meanwhile leaves no stamp, and is repeated."""
    _stamp().unlink(missing_ok=True)
    # What was half copied would be newer than its source, and left as it is.
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    draft = _stamp().with_name(f".{_stamp().name}.new")
    draft.write_text(digest())
    draft.replace(_stamp())


def _stamp() -> Path:
    root = Path(settings.STATIC_ROOT)
    return root.with_name(f"{root.name}.stamp")
