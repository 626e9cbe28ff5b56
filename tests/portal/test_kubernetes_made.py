"""What is brought to a cluster: valid, held in, in the order of the guide, and without values."""

import re
import shutil
import stat
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from audit.ledger.notes import NoteFault
from audit.ledger.signing import read_signing_key
from backups.keys import maker
from encryption.errors import KeyringFault
from encryption.provider import FileKeyProvider
from tests.portal.an_installation import (
    ROOT,
    SERVICES,
    install,
    kept,
    kubectl,
    named,
    processes,
    secrets,
)
from tests.portal.kustomized import built, containers, pod

FOLDER = ROOT / "deploy/kubernetes"
VERSIONS = ("1.32", "1.37")
COMPONENT = "app.kubernetes.io/component"
STEP = "safeguarding-portal/step"


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    return install(tmp_path_factory.mktemp("etc") / "kubernetes")


@pytest.fixture(scope="module")
def objects(mine):
    return built(mine)


@pytest.mark.parametrize("version", VERSIONS)
def test_each_object_is_one_of_kubernetes(objects, version):
    assert len(objects) > 40
    for each in objects:
        kubernetes_validate.validate(each, version, strict=True)
    wrong = {**named(objects, "Deployment")["web"]}
    wrong["spec"] = {**wrong["spec"], "replica": 2}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, version, strict=True)


@pytest.mark.parametrize("folder", ["base", "mine", "by-hand"])
def test_kustomize_itself_builds_the_same_where_it_is_there(mine, folder):
    here = built(mine.parent / folder)
    there = kubectl(mine.parent / folder)

    def key(each):
        return each["kind"], each["metadata"]["name"]

    assert len({key(each) for each in here}) == len(here)
    if there is not None:
        assert sorted(here, key=key) == sorted(there, key=key)


def test_every_file_is_part_of_it():
    for folder in ("base", "proxy"):
        said = yaml.safe_load((FOLDER / folder / "kustomization.yaml").read_text())
        files = {*said["resources"], *(each["path"] for each in said.get("patches", []))}
        there = {each.name for each in (FOLDER / folder).iterdir()} - {"kustomization.yaml"}
        assert files == there


def test_each_pod_is_held_in(objects):
    pods = [each for each in objects if pod(each)]
    assert {each["metadata"]["name"] for each in pods} == {*processes(objects), "proxy"}
    for each in pods:
        said = pod(each)
        assert said["serviceAccountName"] == "portal"
        assert said["automountServiceAccountToken"] is False
        assert said["enableServiceLinks"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & said.keys()
        assert said["securityContext"]["runAsNonRoot"] is True
        assert said["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        # Longer than a request may take.
        assert said["terminationGracePeriodSeconds"] == 90
        for container in containers(each):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert re.fullmatch(r"[a-z./:\d-]+@sha256:[0-9a-f]{64}", container["image"])
        kinds = {kind for volume in said["volumes"] for kind in volume if kind != "name"}
        assert kinds <= {"secret", "configMap", "projected", "emptyDir", "persistentVolumeClaim"}
    account = named(objects, "ServiceAccount")["portal"]
    assert account["automountServiceAccountToken"] is False
    space = named(objects, "Namespace")["safeguarding-portal"]["metadata"]["labels"]
    assert space["pod-security.kubernetes.io/enforce"] == "restricted"
    assert not [each for each in objects if "Role" in each["kind"]], "rights in the cluster"


def test_it_runs_as_the_user_that_the_image_names(objects):
    [user] = re.findall(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for each in processes(objects).values():
        who = pod(each)["securityContext"]
        assert {str(who[key]) for key in ("runAsUser", "runAsGroup", "fsGroup")} == {user}
    images = {each["image"] for one in processes(objects).values() for each in containers(one)}
    assert len(images) == 1


def test_whoever_chooses_pods_chooses_some(objects):
    pods = {each["metadata"]["name"]: each for each in objects if pod(each)}
    for name, each in pods.items():
        labels = each["spec"]["template"]["metadata"]["labels"]
        assert labels[COMPONENT] == each["metadata"]["labels"][COMPONENT] == name
        if each["kind"] == "Deployment":
            assert each["spec"]["selector"]["matchLabels"] == labels
    for kind in ("Service", "PodDisruptionBudget"):
        for name, each in named(objects, kind).items():
            chosen = each["spec"]["selector"]
            chosen = chosen.get("matchLabels", chosen)
            assert chosen == pods[name]["spec"]["template"]["metadata"]["labels"]
    assert named(objects, "PodDisruptionBudget")["web"]["spec"]["minAvailable"] == 1
    for each in named(objects, "NetworkPolicy").values():
        for rule in each["spec"]["podSelector"].get("matchExpressions", []):
            assert set(rule["values"]) <= set(pods)


def test_the_proxy_is_that_of_compose(objects):
    each = named(objects, "Deployment")["proxy"]
    [only] = containers(each)
    wanted = SERVICES["proxy"]
    assert only["image"] == wanted["image"]
    assert only["resources"]["limits"]["memory"].lower() == wanted["mem_limit"] + "i"
    ports = {str(port["containerPort"]) for port in only["ports"]}
    assert ports == {port.split(":")[1] for port in wanted["ports"]}
    conf = (ROOT / "deploy/nginx.conf").read_text()
    assert set(re.findall(r"listen (\d+)", conf)) == ports
    [asked] = re.findall(r"server (web:\d+);", conf)
    [port] = named(objects, "Service")["web"]["spec"]["ports"]
    assert asked == f"web:{port['port']}"
    outside = named(objects, "Service")["proxy"]["spec"]
    assert {f"{way['port']}" for way in outside["ports"]} == {"443", "80"}
    # Or everybody would come from one address, and failed sign-ins are counted by it.
    assert outside["externalTrafficPolicy"] == "Local"
    assert set(kept(objects, "tls")) == set(re.findall(r"/tls/([a-z.]+);", conf))


def test_what_comes_first_is_chosen_by_its_step(objects):
    """As the guide applies it: the ground, then the Job alone, then what serves."""
    steps = {"Job": "migrate", "Deployment": "serve", "Service": "serve"}
    steps["PodDisruptionBudget"] = "serve"
    for each in objects:
        assert each["metadata"]["labels"][STEP] == steps.get(each["kind"], "ground")
    guide = (ROOT / "docs/kubernetes.md").read_text()
    ways = re.findall(rf"apply -k (\S+) -l {STEP}=(\S+)", guide)
    assert [step for folder, step in ways][:3] == ["ground", "migrate", "serve"]


def test_a_place_for_commands_by_hand_is_the_job_of_the_owner(mine, objects):
    there = built(mine.parent / "by-hand")
    [hand] = [each for each in there if each["metadata"]["labels"][STEP] == "by-hand"]
    wanted = named(objects, "Job")["migrate"]
    assert containers(hand)[-1].pop("command") == ["sleep", "3600"]
    assert pod(hand)["containers"][0].items() <= pod(wanted)["containers"][0].items()
    assert hand["spec"]["template"]["metadata"] == wanted["spec"]["template"]["metadata"]


def test_the_tree_has_names_of_secrets_and_no_value(objects):
    text = "".join(each.read_text() for each in FOLDER.rglob("*") if each.is_file())
    assert "kind: Secret\n" not in text
    assert "stringData" not in text
    every = set(named(objects, "Secret"))
    used = {
        name
        for each in objects
        for name in re.findall(r"'secret(?:Name)?': (?:\{'name': )?'([a-z-]+)'", str(pod(each)))
    }
    assert every == used


@pytest.fixture
def laid(mine, tmp_path):
    """As a node lays a Secret for a group: names that lead into a folder with a date."""
    given, keys = tmp_path / "given", tmp_path / "keys"
    dated = given / "..2026_11_29"
    for name in ("keyring.json", "ledger.key", "backup-keys", "restore-keys"):
        place = shutil.copytree if (mine / name).is_dir() else shutil.copy
        dated.mkdir(parents=True, exist_ok=True)
        place(mine / name, dated / name)
        (given / name).symlink_to(Path("..data") / name)
    for file in (each for each in dated.rglob("*") if each.is_file()):
        file.chmod(0o440)
    (given / "..data").symlink_to(dated.name)
    keys.mkdir()
    return given, keys


def test_the_portal_takes_the_keys_that_are_copied_and_only_those(objects, laid, settings):
    given, keys = laid
    with pytest.raises(KeyringFault, match="other accounts"):
        FileKeyProvider.read(given / "keyring.json")
    with pytest.raises(NoteFault, match="other accounts"):
        read_signing_key(given / "ledger.key")
    commands = {
        each["command"][-1]
        for one in processes(objects).values()
        for each in pod(one).get("initContainers", [])
    }
    [command] = commands
    command = command.replace("/given/", f"{given}/").replace("/keys/", f"{keys}/")
    for _again in range(2):  # a pod may begin again with what it has copied
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert {each.name for each in keys.iterdir()} == {
        each.name for each in given.iterdir() if not each.name.startswith("..")
    }
    for each in keys.rglob("*"):
        assert not stat.S_IMODE(each.stat().st_mode) & 0o077
        assert not each.is_symlink()
    assert FileKeyProvider.read(keys / "keyring.json").active
    assert read_signing_key(keys / "ledger.key")
    settings.BACKUP_KEYS_DIR = keys / "backup-keys"
    assert maker()


def test_whoever_lacks_a_value_is_told_its_name_and_nothing_is_printed(tmp_path):
    mine = install(tmp_path / "kubernetes")
    env = mine / "portal.env"
    env.write_text(env.read_text().replace("\nPORTAL_APP_PASSWORD=", "\nPORTAL_APP_PASSWORD=\n#"))
    done = secrets(mine)
    assert done.returncode == 1
    assert "PORTAL_APP_PASSWORD is empty" in done.stderr
    shown = done.stdout + done.stderr
    for value in re.findall(r"=(\S{40,})$", env.read_text(), re.MULTILINE):
        assert value not in shown


def test_the_files_are_those_that_the_units_of_systemd_load(mine):
    loaded = set()
    for each in (ROOT / "deploy/systemd").rglob("*.*"):
        if each.is_file():
            loaded |= set(re.findall(r"safeguarding-portal/secrets/(\S+)", each.read_text()))
    files = {each for each in (mine / "secrets").rglob("*") if each.is_file()}
    assert {str(each.relative_to(mine / "secrets")) for each in files} >= loaded > set()
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
