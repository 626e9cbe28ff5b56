"""deploy/systemd starts the processes of docker-compose.yml, with the same and no other keys."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from portal.settings.secret_files import IS_SECRET

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/systemd"
SERVICES = {
    name: service
    for name, service in yaml.safe_load((ROOT / "docker-compose.yml").read_text())[
        "services"
    ].items()
    if "build" in service and name != "migrate"
}
VENV = "/opt/safeguarding-portal/.venv/bin/"
KEYS = "/etc/safeguarding-portal/"
DATA = "/var/lib/safeguarding-portal/"
BACKUPS = "/var/backups/safeguarding-portal/"
KNOWN = (
    r"User|(Supplementary)?Group(s)?|WorkingDirectory|Environment(File)?|LoadCredential|RuntimeDirectory|Restart(Sec)?"
    r"|TimeoutStopSec|TasksMax|MemoryMax|Exec(Start|Reload)|Bind(ReadOnly)?Paths|UMask"
    r"|TemporaryFileSystem|NoNewPrivileges|CapabilityBoundingSet|LockPersonality|RemoveIPC"
    r"|Private(Tmp|Devices)|System(CallArchitectures|CallFilter)"
    r"|Protect(System|Home|Proc|Clock|Hostname|KernelLogs|KernelModules|KernelTunables)"
    r"|ProtectControlGroups|Restrict(AddressFamilies|Namespaces|Realtime|SUIDSGID)"
)
# Where a volume or a secret of compose lies without containers.
PLACES = {
    "/files": f"{DATA}files",
    "/register": f"{DATA}register",
    "/drill": f"{DATA}drill",
    "/backups/data": f"{BACKUPS}data",
    "/backups/keystore": f"{BACKUPS}keystore",
    "/backup-keys": f"{KEYS}backup-keys",
    "/restore-keys": f"{KEYS}restore-keys",
    "keyring": f"{KEYS}keyring.json",
    "ledger": f"{KEYS}ledger.key",
}


class Many(dict):
    """An option of a unit may be said several times, and each counts."""

    def __setitem__(self, key, value):
        if key in self and isinstance(value, list):
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def unit(file):
    """Each section of a unit, with every value of each option in a list."""
    parser = configparser.RawConfigParser(dict_type=Many, strict=False, delimiters=["="])
    parser.optionxform = str
    parser.read_string((FOLDER / file).read_text())
    # The parser joins what it read of an option by line breaks.
    return {
        name: {key: value.splitlines() for key, value in parser[name].items()}
        for name in parser.sections()
    }


COMMON = unit("safeguarding-.service.d/common.conf")["Service"]
UNITS = {name: unit(f"safeguarding-{name}.service") for name in SERVICES}


def of(name, option):
    return [*COMMON.get(option, []), *UNITS[name]["Service"].get(option, [])]


def environment(name):
    words = [word for line in of(name, "Environment") for word in shlex.split(line)]
    return dict(word.split("=", 1) for word in words)


def test_there_is_one_for_each_process_and_the_target_starts_them_all():
    named = {each.stem.removeprefix("safeguarding-") for each in FOLDER.glob("*.service")}
    assert named == set(SERVICES)
    wanted = " ".join(unit("safeguarding.target")["Unit"]["Wants"]).split()
    assert sorted(wanted) == sorted(f"safeguarding-{name}.service" for name in SERVICES)
    for each in UNITS.values():
        assert each["Install"]["WantedBy"] == ["safeguarding.target"]


@pytest.mark.parametrize("name", SERVICES)
def test_its_command_is_that_of_the_compose_file(name):
    command = SERVICES[name].get("command")
    if command is None:  # the image's own
        [said] = re.findall(r"^CMD (\[.+\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        command = [word.replace("0.0.0.0:", "127.0.0.1:") for word in yaml.safe_load(said)]
    [start] = of(name, "ExecStart")
    assert shlex.split(start) == [VENV + command[0], *command[1:]]
    limit = of(name, "MemoryMax")[0].lower()
    assert limit == SERVICES[name]["mem_limit"]


@pytest.mark.parametrize("name", SERVICES)
def test_it_is_told_what_compose_tells_it_and_nothing_more(name):
    common = (FOLDER / "common.env.example").read_text()
    plain = set(re.findall(r"^([A-Z_]+)=", common, re.MULTILINE))
    assert not [each for each in plain if IS_SECRET.fullmatch(each)]
    said = environment(name)
    secrets = {each.removesuffix("_FILE") for each in said if IS_SECRET.fullmatch(each[:-5])}
    others = {each for each in said if each.removesuffix("_FILE") not in secrets}
    ours = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}  # the image's own
    assert plain | secrets | (others - ours) == set(SERVICES[name]["environment"])
    assert {each for each in SERVICES[name]["environment"] if IS_SECRET.fullmatch(each)} == secrets
    keys = SERVICES[name]["environment"].get("PORTAL_KEYS")
    assert said.get("PORTAL_KEYS") == keys


@pytest.mark.parametrize("name", SERVICES)
def test_each_secret_is_a_credential_of_its_own_and_each_credential_one(name):
    loaded = dict(each.split(":", 1) for each in of(name, "LoadCredential"))
    assert all(path.startswith(f"{KEYS}secrets/") for path in loaded.values())
    named = {
        value.removeprefix("%d/")
        for key, value in environment(name).items()
        if IS_SECRET.fullmatch(key.removesuffix("_FILE"))
    }
    assert named == set(loaded)
    # Whose address it is, by the folder of the file: as compose names the role.
    role = re.match(r"postgres://(\w+):", SERVICES[name]["environment"]["DATABASE_URL"])[1]
    folder = Path(loaded["database-url"]).parent.name
    others = [
        other
        for other in SERVICES
        if f"{KEYS}secrets/{folder}/database-url"
        in [each.partition(":")[2] for each in of(other, "LoadCredential")]
    ]
    for other in others:
        assert f"postgres://{role}:" in SERVICES[other]["environment"]["DATABASE_URL"]


@pytest.mark.parametrize("name", SERVICES)
def test_it_sees_the_places_that_compose_mounts_and_may_write_to_the_same(name):
    read, written = set(), set()
    for volume in SERVICES[name].get("volumes", []):
        way = re.search(r":(/[a-z/-]+)(:ro)?$", volume)
        (read if way[2] else written).add(PLACES[way[1]])
    read |= {PLACES[secret] for secret in SERVICES[name].get("secrets", [])}
    assert set(of(name, "BindReadOnlyPaths")) == read
    assert set(of(name, "BindPaths")) == written
    [hidden] = COMMON["TemporaryFileSystem"]
    assert hidden.split() == [f"{place.rstrip('/')}:ro" for place in (KEYS, DATA, BACKUPS)]
    for key, value in environment(name).items():
        # A drill puts the files of a backup into a folder of its own.
        if value.startswith((KEYS, DATA)) and (name, key) != ("drill", "FILES_DIR"):
            assert any(value.startswith(place) for place in read | written), key


def test_each_is_held_in_and_started_again():
    for option, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "CapabilityBoundingSet": "",
        "Restart": "on-failure",
        "UMask": "0077",
        "User": "portal",
    }.items():
        assert COMMON[option] == ([value] if value else []), option
        assert not [name for name, each in UNITS.items() if option in each["Service"]]


def test_every_option_is_one_that_there_is():
    """Systemd passes over a word that it does not know, and what it was to keep off comes in."""
    words = {option for each in UNITS.values() for option in each["Service"]}
    assert not [word for word in {*COMMON, *words} if not re.fullmatch(KNOWN, word)]
    for each in [*UNITS.values(), unit("safeguarding-.service.d/common.conf")]:
        assert each.keys() <= {"Unit", "Service", "Install"}


def test_systemd_itself_finds_nothing_wrong_where_it_is_there(tmp_path):
    """The programs must be there for it, so that they are this checkout's."""
    venv = str(Path(sys.executable).parent) + "/"
    units = []
    for file in (each for each in FOLDER.rglob("*.*") if each.is_file()):
        copy = tmp_path / file.relative_to(FOLDER)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(file.read_text().replace(VENV, venv))
        units += [str(copy)] if copy.suffix == ".service" else []
    assert len(units) == len(SERVICES)
    if verify := shutil.which("systemd-analyze"):
        done = subprocess.run(
            [verify, "verify", "--man=no", *units],
            env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not [line for line in done.stderr.splitlines() if "safeguarding" in line]
