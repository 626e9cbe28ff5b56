"""deploy/kubernetes runs the processes of docker-compose.yml, with the same and no other keys."""

import os
import re
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from portal.settings.secret_files import IS_SECRET
from tests.portal.an_installation import (
    COMPOSE,
    HOSTS,
    OURS,
    ROOT,
    SERVICES,
    as_compose_says,
    given,
    install,
    named,
    processes,
)
from tests.portal.kustomized import built, pod
from tests.portal.test_new_installation import values

ONCE = {"beat", "disposals", "backup", "drill"}
# Folders of keys, which compose mounts and a cluster copies (docs/adr/0108).
KEYS = {"/backup-keys", "/restore-keys"}
KEY_PATHS = {"KEYRING_FILE", "SIGNING_KEY_FILE", "BACKUP_KEYS_DIR", "RESTORE_KEYS_DIR"}
LOOKS_THROUGH_FILES = "web"


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    return install(tmp_path_factory.mktemp("etc") / "kubernetes")


@pytest.fixture(scope="module")
def objects(mine):
    return built(mine)


@pytest.fixture(scope="module")
def said(mine):
    """The values of portal.env."""
    return values(mine)


def container(objects, name):
    [only] = pod(processes(objects)[name])["containers"]
    return only


def test_there_is_one_for_each_process(objects):
    running = processes(objects)
    assert set(running) == set(OURS)
    kinds = {name: each["kind"] for name, each in running.items()}
    assert kinds == {name: "Job" if name == "migrate" else "Deployment" for name in OURS}
    for name, each in running.items():
        if name == "migrate":
            assert OURS[name]["restart"] == "no"
            assert pod(each)["restartPolicy"] == "Never"
            assert each["spec"]["backoffLimit"] == 0
        else:
            assert each["spec"]["replicas"] == (2 if name == "web" else 1)
            # Where there may be one only, the old one goes before the new one comes.
            way = each["spec"].get("strategy", {}).get("type", "RollingUpdate")
            assert (way == "Recreate") == (name in ONCE)


@pytest.mark.parametrize("name", OURS)
def test_its_command_is_that_of_the_compose_file(objects, name):
    one = container(objects, name)
    # Without one it is the image's own; `args` would be put behind that.
    assert one.get("command") == OURS[name].get("command")
    assert "args" not in one


@pytest.mark.parametrize("name", OURS)
def test_it_is_told_what_compose_tells_it_and_nothing_more(objects, said, name):
    wanted, here = OURS[name]["environment"], given(objects, processes(objects)[name])
    told = {
        key.removesuffix("_FILE") if IS_SECRET.fullmatch(key.removesuffix("_FILE")) else key: value
        for key, value in here.told.items()
    }
    assert set(told) == set(wanted)
    assert not [key for key in here.told if IS_SECRET.fullmatch(key)], "a secret as a value"
    installations = set(named(objects, "ConfigMap")["settings"]["data"])
    for key, value in wanted.items():
        if key in KEY_PATHS:
            assert told[key].removeprefix("/keys/") in str(here.keys)
        elif IS_SECRET.fullmatch(key):
            compare(here.files[told[key]].removesuffix("\n"), as_compose_says(value, said), key)
        elif key == "FILE_SCANNER":
            assert (told[key] != "none") == (name == LOOKS_THROUGH_FILES)
        elif key not in installations:
            assert told[key] == value, key


def compare(here, there, key):
    """An address of the cluster with one of compose: the same role, password and database."""
    one, other = urlsplit(here), urlsplit(there)
    if key.endswith("DATABASE_URL"):
        assert one.netloc == other.netloc.replace(other.hostname, HOSTS[other.hostname])
        assert (one.scheme, one.path) == (other.scheme, other.path)
        assert parse_qs(one.query)["sslmode"] == ["verify-full"]
    elif key == "REDIS_URL":
        assert here == there.replace("redis:6379", HOSTS["redis"])
    else:
        assert here == (there or "[]")


@pytest.mark.parametrize("name", OURS)
def test_it_sees_the_secrets_that_it_is_told_of_and_no_other(objects, name):
    here = given(objects, processes(objects)[name])
    named_here = {value for value in here.told.values() if value.startswith("/secrets/")}
    assert set(here.files) == named_here
    wanted = {f"{secret}" for secret in OURS[name].get("secrets", [])}
    folders = {path for path in KEYS if f":{path}" in str(OURS[name].get("volumes", ""))}
    files = {"keyring.json": "keyring", "ledger.key": "ledger"}
    assert {files[path] for path in here.keys if "/" not in path} == wanted
    assert {f"/{path.split('/')[0]}" for path in here.keys if "/" in path} == folders
    for init in pod(processes(objects)[name]).get("initContainers", []):
        assert {mount["name"] for mount in init["volumeMounts"]} == {"given", "keys"}
        assert not {"env", "envFrom"} & init.keys()


@pytest.mark.parametrize("name", OURS)
def test_it_mounts_what_compose_mounts_and_may_write_to_the_same(objects, name):
    wanted = {}
    for volume in OURS[name].get("volumes", []):
        place, path, read_only = re.fullmatch(r"(.+?):(/[a-z/-]+)(:ro)?", volume).groups()
        if path not in KEYS:
            claim = place if place in COMPOSE["volumes"] else path.strip("/").replace("/", "-")
            claim = claim.replace("backups", "backup")
            wanted[path] = (claim, bool(read_only))
    one = processes(objects)[name]
    claims = {
        volume["name"]: volume["persistentVolumeClaim"]["claimName"]
        for volume in pod(one)["volumes"]
        if "persistentVolumeClaim" in volume
    }
    mounts = container(objects, name)["volumeMounts"]
    assert {
        mount["mountPath"]: (claims[mount["name"]], mount.get("readOnly", False))
        for mount in mounts
        if mount["name"] in claims
    } == wanted
    # Besides these, only memory can be written to.
    others = {volume["name"]: volume for volume in pod(one)["volumes"]}
    for mount in mounts:
        if mount["name"] not in claims and not mount.get("readOnly"):
            assert mount["mountPath"] in OURS[name]["tmpfs"]
            assert others[mount["name"]]["emptyDir"] == {"medium": "Memory"}


def test_what_several_pods_mount_can_be_mounted_by_several_nodes(objects):
    users = {}
    for name, each in processes(objects).items():
        for volume in pod(each)["volumes"]:
            if claim := volume.get("persistentVolumeClaim"):
                users.setdefault(claim["claimName"], set()).add(name)
    claims = named(objects, "PersistentVolumeClaim")
    assert set(claims) == set(users)
    for claim, names in users.items():
        way = "ReadWriteMany" if len(names) > 1 else "ReadWriteOnce"
        assert claims[claim]["spec"]["accessModes"] == [way]


@pytest.mark.parametrize("name", OURS)
def test_its_memory_is_that_of_compose_and_of_the_guide(objects, name):
    memory = container(objects, name)["resources"]
    assert memory["limits"]["memory"].lower() == OURS[name]["mem_limit"] + "i"
    table = (ROOT / "docs/installation.md").read_text()
    measured = {
        process: int(figures.split()[-1])
        for row, figures in re.findall(r"^\| ([a-z, ]+)[^|]*\| ([\d to]+) MB", table, re.MULTILINE)
        for process in row.replace("clock", "beat").replace(",", "").split()
    }
    assert measured["web"] == 280
    if name != "migrate":
        assert memory["requests"]["memory"] == f"{measured[name]}Mi"


@pytest.mark.parametrize("name", OURS)
def test_it_is_asked_what_compose_asks_it(objects, name):
    one = container(objects, name)
    probes = {key for key in one if key.endswith("Probe")}
    asked = OURS[name].get("healthcheck")
    if not asked:
        assert not probes
        return
    how, *words = asked["test"]
    command = words if how == "CMD" else ["sh", "-c", *words]
    first, alive = one["startupProbe"], one["livenessProbe"]
    if name == "web":
        assert one["readinessProbe"]["exec"]["command"] == command
        assert asked["interval"] == f"{one['readinessProbe']['periodSeconds']}s"
        # A database that is gone makes nobody ready, and starting again does not bring it back.
        command = [word.replace("/readyz", "/healthz") for word in command]
    else:
        assert asked["interval"] == f"{alive['periodSeconds']}s"
        assert asked["retries"] == alive["failureThreshold"]
    assert first["exec"]["command"] == alive["exec"]["command"] == command
    assert asked["timeout"] == f"{alive['timeoutSeconds']}s" == f"{first['timeoutSeconds']}s"
    patience = first["periodSeconds"] * first["failureThreshold"]
    assert patience >= int(asked["start_period"].removesuffix("s"))


@pytest.mark.parametrize("network", ["front", "out", "data", "keys", "scan"])
def test_each_network_of_compose_has_its_processes_and_their_way(objects, network):
    policy = named(objects, "NetworkPolicy")[network]["spec"]
    [rule] = policy["podSelector"]["matchExpressions"]
    assert (rule["key"], rule["operator"]) == ("app.kubernetes.io/component", "In")
    on = {name for name, each in SERVICES.items() if network in each["networks"]}
    assert set(rule["values"]) == on & set(OURS)
    assert ("Ingress" in policy["policyTypes"]) == (network == "front")
    ports = [[port["port"] for port in way["ports"]] for way in policy["egress"]]
    servers = {"database": 5432, "redis": 6379, "keystore": 5432, "scanner": 3310}
    if (COMPOSE["networks"][network] or {}).get("internal"):
        assert sorted(ports) == sorted([servers[name]] for name in on - set(OURS))
        for way in policy["egress"]:
            assert [peer["ipBlock"]["cidr"][-3:] for peer in way["to"]] == ["/32"]
    else:
        assert ports == {"front": [[443]], "out": [[465, 587]]}[network]


def test_nothing_else_gets_in_or_out(objects):
    policies = named(objects, "NetworkPolicy")
    inside = set(COMPOSE["networks"]) - {"updates"}  # the scanner's own, which runs elsewhere
    assert set(policies) == {*inside, "nothing", "names", "proxy"}
    both = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies["nothing"]["spec"] == both
    assert [each["port"] for each in policies["names"]["spec"]["egress"][0]["ports"]] == [53, 53]
    [way] = policies["front"]["spec"]["ingress"]
    assert way["from"] == [
        {"podSelector": {"matchLabels": {"app.kubernetes.io/component": "proxy"}}}
    ]


@pytest.mark.parametrize("name", OURS)
def test_its_settings_take_what_it_is_given(objects, tmp_path, name):
    """The real settings, in a process that sees the same files at other places."""
    here = given(objects, processes(objects)[name])
    for path, text in here.files.items():
        file = tmp_path / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o440)
    told = {
        key: f"{tmp_path}{value}" if value.startswith("/secrets/") else value
        for key, value in here.told.items()
    }
    done = subprocess.run(
        [sys.executable, "-c", "import portal.settings.production"],
        env={"PATH": os.environ["PATH"], **told},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr


def test_what_an_installation_says_is_what_it_says_to_systemd():
    example = yaml.safe_load((ROOT / "deploy/kubernetes/example/kustomization.yaml").read_text())
    [settings] = [each for each in example["configMapGenerator"] if each["name"] == "settings"]
    common = (ROOT / "deploy/systemd/common.env.example").read_text()
    assert {each.split("=")[0] for each in settings["literals"]} == set(
        re.findall(r"^([A-Z_]+)=", common, re.MULTILINE)
    )
