"""A small child for tests of the supervisor: says that it is up, and does as its words ask.

    python -m tests.portal.small_child FOLDER up turn
    python -m tests.portal.small_child FOLDER fail 3

Each start is a line in FOLDER/starts, with the ids of this process and of one that it starts.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from portal.running.lifeline import say_turned, say_up, watch_parent


def main(folder: Path, *words: str) -> None:
    watch_parent()
    own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    with (folder / "starts").open("a") as starts:
        starts.write(f"{os.getpid()} {own.pid}\n")
    if "deaf" in words:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "fail" in words:
        sys.stderr.write("first line\nwhat was wrong\n")
        own.kill()
        sys.exit(int(words[-1]))
    say_up()
    while True:
        if "turn" in words:
            say_turned()
        time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
