"""An installation in a cluster, made as docs/kubernetes.md says, and its objects."""

import base64
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import yaml

from tests.portal.kustomized import pod
from tests.portal.test_new_installation import made

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
HOSTS = {
    "database": "database.partnership.example:5432",
    "keystore": "keys.partnership.example:5432",
    "redis": "redis.partnership.example:6379",
}
EMAIL_URL = "smtp+tls://portal:zebra@mail.partnership.example:587"


def install(folder: Path) -> Path:
    """The folder that somebody brings to the cluster, with secrets that were made for it."""
    shutil.copytree(ROOT / "deploy/kubernetes", folder)
    mine = folder / "mine"
    done = made(mine)
    assert done.returncode == 0, done.stderr
    said = (mine / "portal.env").read_text()
    assert "\nEMAIL_URL=\n" in said
    (mine / "portal.env").write_text(said.replace("\nEMAIL_URL=\n", f"\nEMAIL_URL={EMAIL_URL}\n"))
    done = secrets(mine)
    assert done.returncode == 0, done.stderr
    shutil.copy(folder / "example/kustomization.yaml", mine)
    shutil.copy(ROOT / "deploy/nginx.conf", mine)
    for name in ("database-ca.pem", "tls/fullchain.pem", "tls/privkey.pem"):
        (mine / name).parent.mkdir(exist_ok=True)
        (mine / name).write_text("of the house\n")
    hand = folder / "by-hand/kustomization.yaml"
    hand.write_text(hand.read_text().replace("../example\n", "../mine\n"))
    return mine


def secrets(mine, *words):
    return subprocess.run(
        ["sh", str(ROOT / "deploy/secrets.sh"), str(mine), *HOSTS.values(), *words],
        capture_output=True,
        text=True,
        check=False,
    )


def processes(objects):
    """What runs as a process of the portal, by its name."""
    return {
        each["metadata"]["name"]: each
        for each in objects
        if pod(each) and each["metadata"]["name"] != "proxy"
    }


def named(objects, kind):
    return {each["metadata"]["name"]: each for each in objects if each["kind"] == kind}


def kept(objects, name):
    """The files of a Secret, by their names."""
    data = named(objects, "Secret")[name]["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def given(objects, each):
    """What the container of a process is told, and the files of secrets that it sees."""
    [container] = pod(each)["containers"]
    maps = named(objects, "ConfigMap")
    told = {}
    for source in container["envFrom"]:
        told |= maps[source["configMapRef"]["name"]]["data"]
    for line in container["env"]:
        if "valueFrom" in line:
            key = line["valueFrom"]["configMapKeyRef"]
            told[line["name"]] = maps[key["name"]]["data"][key["key"]]
        else:
            told[line["name"]] = line["value"]
    places = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    files, keys = {}, {}
    for volume in pod(each)["volumes"]:
        if "secret" in volume:
            for key, text in kept(objects, volume["secret"]["secretName"]).items():
                files[f"{places[volume['name']]}/{key}"] = text
        for source in volume.get("projected", {}).get("sources", []):
            held = kept(objects, source["secret"]["name"])
            assert {item["key"] for item in source["secret"]["items"]} == set(held)
            for item in source["secret"]["items"]:
                keys[item["path"]] = held[item["key"]]
    return SimpleNamespace(told=told, files=files, keys=keys)


def as_compose_says(text, said):
    """A value of the compose file, with what portal.env puts into it."""
    return re.sub(
        r"\$\{(\w+)(?::\?|:-([^}]*))\}",
        lambda found: said.get(found[1]) or found[2] or "",
        text,
    )


def kubectl(folder):
    """What the real program builds of it; nothing where it is not there."""
    program = shutil.which("kubectl")
    if not program:
        return None
    done = subprocess.run(
        [program, "kustomize", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = list(yaml.safe_load_all(done.stdout))
    for each in found:
        if each["kind"] == "Secret":  # it breaks long lines
            each["data"] = {key: "".join(text.split()) for key, text in each["data"].items()}
    return found
