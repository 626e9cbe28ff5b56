"""A supervisor of small children, as a process of its own: see ``small_child``.

    python -m tests.portal.small_parent FOLDER 'one: up turn' 'two: up'

Where QUIET or LONG_ENOUGH is in the environment, it stands in for the seconds of that name.
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from portal.running import child
from portal.supervisor import Supervisor

for name in ("QUIET", "LONG_ENOUGH"):
    if name in os.environ:
        setattr(child, name, float(os.environ[name]))


# Ignored where the suite itself runs under nohup; what is asked here is what happens by itself.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def main(folder: Path, *said: str) -> int:
    commands = {}
    for each in said:
        name, _, words = each.partition(": ")
        place = folder / name
        place.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.portal.small_child", str(place), *words.split()]
        commands[name] = command if words != "missing" else [str(place / "nothing")]
    say = partial(print, flush=True)
    supervisor = Supervisor(commands, say=say, record=folder / "running.json")
    return supervisor.run(ready=lambda: say("All are up."))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
