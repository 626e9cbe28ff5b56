"""Small checkouts that are set up for real, from packages made here, without a network."""

import base64
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from scripts.locks import pins
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SCRIPTS = ("__init__.py", "bootstrap.sh", "installers.py", "packages.py", "pip_settings.py")
NOWHERE = "http://127.0.0.1:9/simple"  # an index that refuses every connection


def until(done, process=None):
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert process is None or process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.005)


def state(folder):
    """Every file of a folder, with when it was written."""
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


def wheel(folder, name, version, files):
    """A wheel of these files, packed without a build."""
    info = f"{name}-{version}.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = []
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for place, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            record.append(f"{place},sha256={digest.decode()},{len(content)}")
            entry = zipfile.ZipInfo(place)
            entry.external_attr = (stat.S_IFREG | 0o755) << 16
            packed.writestr(entry, content)
        packed.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,"]) + "\n")
    return path


def tiny(folder, name, version="1.0"):
    """A package of one module, with a program of the same name that says its version."""
    return wheel(
        folder,
        name,
        version,
        {
            f"{name}.py": f"def main():\n    print('{name} {version}')\n",
            f"{name}-{version}.dist-info/entry_points.txt": (
                f"[console_scripts]\n{name} = {name}:main\n"
            ),
        },
    )


def large(folder):
    """A package of four megabytes that nothing makes smaller."""
    return wheel(folder, "large", "1.0", {"large.py": "", "large.bin": os.urandom(4 * 2**20)})


def uv(folder, program=None):
    """The uv that these tests run with, as a wheel; or another program under its name."""
    version = pins("uv.txt")["uv"]
    content = program or (Path(sys.executable).parent / "uv").read_bytes()
    return wheel(folder, "uv", version, {f"uv-{version}.data/scripts/uv": content})


def locked(*wheels):
    """The lines of a lock that asks for exactly these."""
    lines = []
    for path in wheels:
        name, version = path.name.split("-")[:2]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{name}=={version} \\\n    --hash=sha256:{digest}\n")
    return "".join(lines)


class Checkout:
    """A folder with the scripts that set it up, and a home and registry of its own."""

    def __init__(self, folder, wheels, cache):
        self.root, self.wheels = folder / "checkout", wheels
        (self.root / "scripts").mkdir(parents=True)
        for name in SCRIPTS:
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts" / name)
        (self.root / "requirements").mkdir()
        program = self.root / "decisions" / "printing" / "typesetting.py"
        program.parent.mkdir(parents=True)
        # Records are printed by this program, which is asked whether it can.
        program.write_text("import tiny_one\n")
        (folder / "home").mkdir()
        base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "TMPDIR": os.environ["TMPDIR"],
            "PYTHON_FOR_VENV": str(base),
            "UV_CACHE_DIR": str(cache),
            # Whatever the machine says about registries is not meant here.
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PIP_RETRIES": "0",
            "UV_HTTP_RETRIES": "0",
        }

    @property
    def venv(self):
        return self.root / ".venv"

    def asks_for(self, *names, lock="test", uv_too=True):
        """Write a lock of these packages, and that of uv."""
        found = [next(self.wheels.glob(f"{name}-*.whl")) for name in names]
        (self.root / "requirements" / f"{lock}.txt").write_text(locked(*found))
        if uv_too:
            [packed] = self.wheels.glob("uv-*.whl")
            (self.root / "requirements" / "uv.txt").write_text(locked(packed))
        return self

    def offline(self):
        """No registry in reach from now on."""
        self.env.pop("PIP_NO_INDEX", None)
        self.env.pop("PIP_FIND_LINKS", None)
        self.env["PIP_INDEX_URL"] = NOWHERE
        return self

    def start(self, goal="check", before=(), **more):
        """Begin to set it up."""
        return subprocess.Popen(
            [*before, "sh", str(self.root / "scripts" / "bootstrap.sh"), goal],
            env={**self.env, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def set_up(self, goal="check", before=(), **more):
        """Set it up: the exit code, and what was said."""
        process = self.start(goal, before, **more)
        said, _ = process.communicate()
        assert "Traceback" not in said, said
        return process.returncode, said

    def says(self, name):
        """What a program in there says."""
        done = subprocess.run(
            [self.venv / "bin" / name], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def installer(self, name):
        """Who installed a package."""
        [told] = self.venv.glob(f"lib/python*/site-packages/{name}-*.dist-info/INSTALLER")
        return told.read_text().strip()
