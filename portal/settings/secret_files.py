"""Secrets as files: what a variable holds may stand in the file that NAME_FILE names instead."""

import re
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

# What opens something: each may be given as the path of a file instead, in NAME_FILE.
IS_SECRET: Final = re.compile(
    r"SECRET_KEY|SSO_PROVIDERS|METRICS_TOKEN|([A-Z]+_)*DATABASE_URL|REDIS_URL|CELERY_BROKER_URL"
    r"|EMAIL_URL|(PORTAL|KEYSTORE)_[A-Z]+_PASSWORD|([A-Z]+_)*S3_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)"
)
FILE: Final = "_FILE"


class NotUsable(ImproperlyConfigured):
    """What somebody named cannot be used; the text says why and what to do, in one sentence."""


def secrets_in_files(given: Mapping[str, str]) -> dict[str, str]:
    """The secrets whose files this environment names, without one line break at their end.

    Raises NotUsable, naming every variable with a fault in it and never what a file holds. One
    that everybody on the machine may read is told of only: files of containers often are so.
    """
    found, faults = {}, []
    for variable, path in sorted(given.items()):
        name = variable.removesuffix(FILE)
        if name == variable or not path.strip() or not IS_SECRET.fullmatch(name):
            continue
        if given.get(name, "").strip():
            faults.append(f"{name} and {variable} are both set: unset one of them.")
            continue
        try:
            found[name] = _secret_in(variable, Path(path))
        except NotUsable as fault:
            faults.append(str(fault))
    if faults:
        raise NotUsable("\n".join(faults))
    return found


def _secret_in(variable: str, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is not text in UTF-8"
        raise NotUsable(
            f"The file that {variable} names cannot be read ({why}): name one that this account "
            "may read."
        ) from None
    if not text.strip():
        raise NotUsable(f"The file that {variable} names is empty: write the value into it.")
    if mode & stat.S_IROTH:
        sys.stderr.write(
            f"Everybody on this machine may read the file that {variable} names: take that right "
            "away (chmod o-r), unless nobody else is there, as in a container.\n"
        )
    return text.removesuffix("\n")
