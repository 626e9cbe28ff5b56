"""``manage.py keys reencrypt``: which case is meant, what was done, and what is wrong, in words."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.core.management.base import CommandError
from django.db import OperationalError, ProgrammingError

from encryption.errors import EncryptionFault, KeyDestroyed, KeyMissing, KeyringFault
from requests_app.models import InformationRequest
from workflow.progress import Progress
from workflow.rekey import Anew, NoSuchCase, StillRead, reencrypt, rows_of

Say = Callable[[str], object]
AGAIN = "Nothing is lost, and both keys are there: run it again."


def reencrypt_cases(names: Iterable[str], say: Say) -> None:
    """Give each case a new data key; all are looked up before the first is touched."""
    cases = {name: _case_id(name) for name in names}
    if not cases:
        raise CommandError("Name the cases: `manage.py keys reencrypt CASE [CASE ...]`.")
    for name, case_id in cases.items():
        _one(name, case_id, say)


def _one(name: str, case_id: UUID, say: Say) -> None:
    progress: Progress | None = None
    try:
        progress = Progress(name, rows_of(case_id))
        done = reencrypt(case_id, progress)
    except NoSuchCase:
        raise _unknown(name) from None
    except (KeyDestroyed, KeyMissing, KeyringFault) as fault:
        raise CommandError(f"{name}: {fault}") from None
    except StillRead:
        raise CommandError(
            f"{name}: all of it is sealed anew, but somebody has been reading since before, so "
            f"the older key stays. {AGAIN}"
        ) from None
    except ProgrammingError as fault:
        raise CommandError(
            f"{name}: this role may not ({str(fault).splitlines()[0]}). Run it as the owner of "
            f"the tables of both databases. {AGAIN}"
        ) from None
    except OperationalError:
        raise CommandError(
            f"{name}: the database did not answer in time, or somebody held the case. {AGAIN}"
        ) from None
    except (EncryptionFault, OSError) as fault:
        raise CommandError(f"{name}: {fault} {AGAIN}") from None
    finally:
        if progress is not None:
            progress.end()
    _tell(name, done, say)


def _tell(name: str, done: Anew, say: Say) -> None:
    how = "went on with" if done.was_begun else "made"
    say(f"{name}: {how} generation {done.generation} of its key.")
    for what, count in sorted(done.counts.items()):
        say(f"{count:>12,} {what} sealed anew")
    for line in done.where:
        say(f"  does not open: {line}")
    if done.broken:
        raise CommandError(
            f"{name}: {done.broken:,} do not open, so the older key stays. Restore them from a "
            "backup, and run it again."
        )
    say(f"{name}: nothing needs an older key any more, and the keystore holds none.")


def _case_id(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        pass
    case = InformationRequest.objects.filter(reference=name.upper()).first()
    if case is None:
        raise _unknown(name)
    found: UUID = case.pk
    return found


def _unknown(name: str) -> CommandError:
    return CommandError(f"{name}: there is no such case. Nothing was changed; give its reference.")
