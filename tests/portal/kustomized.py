"""A kustomization as `kubectl kustomize` builds it, of the few words that are used here."""

import base64
import copy
import re
from pathlib import Path

import yaml

KNOWN = {
    *("apiVersion", "kind", "namespace", "resources", "patches", "images"),
    *("generatorOptions", "configMapGenerator", "secretGenerator"),
}


def built(folder: Path) -> list[dict]:
    """Every object; a word that is not read here is refused."""
    said = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert said.keys() <= KNOWN, said.keys() - KNOWN
    objects = [each for place in said["resources"] for each in _read(folder / place)]
    options = said.get("generatorOptions", {})
    for word, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
        objects += [_generated(folder, kind, wanted, options) for wanted in said.get(word, [])]
    for patch in said.get("patches", []):
        _patch(folder, patch, objects)
    for image in said.get("images", []):
        _name(image, objects)
    for each in objects if "namespace" in said else []:
        if each["kind"] == "Namespace":
            assert each["metadata"]["name"] == said["namespace"]
        else:
            each["metadata"]["namespace"] = said["namespace"]
    return objects


def pod(each: dict) -> dict:
    """What an object of that kind says of its pods; nothing where it has none."""
    return each.get("spec", {}).get("template", {}).get("spec", {})


def containers(each: dict) -> list[dict]:
    return [*pod(each).get("initContainers", []), *pod(each).get("containers", [])]


def _read(place: Path) -> list[dict]:
    return built(place) if place.is_dir() else list(yaml.safe_load_all(place.read_text()))


def _generated(folder: Path, kind: str, wanted: dict, options: dict) -> dict:
    assert options.keys() == {"disableNameSuffixHash", "labels"}
    assert options["disableNameSuffixHash"] is True
    assert wanted.keys() <= {"name", "literals", "files"}
    data = dict(each.split("=", 1) for each in wanted.get("literals", []))
    for file in wanted.get("files", []):
        data[Path(file).name] = (folder / file).read_text()
    made = {"apiVersion": "v1", "kind": kind, "data": data}
    if kind == "Secret":
        made["type"] = "Opaque"
        made["data"] = {k: base64.b64encode(v.encode()).decode() for k, v in data.items()}
    return {**made, "metadata": {"name": wanted["name"], "labels": dict(options["labels"])}}


def _patch(folder: Path, patch: dict, objects: list[dict]) -> None:
    assert patch.keys() in ({"path", "target"}, {"patch", "target"})
    text = patch.get("patch") or (folder / patch["path"]).read_text()
    chosen = [each for each in objects if _is_meant(each, patch["target"])]
    assert chosen, patch
    for each in chosen:
        for op in yaml.safe_load(text):
            _apply(each, copy.deepcopy(op))


def _name(image: dict, objects: list[dict]) -> None:
    assert image.keys() == {"name", "newName", "digest"}
    for container in (one for each in objects for one in containers(each)):
        if container["image"] == image["name"]:
            container["image"] = f"{image['newName']}@{image['digest']}"


def _is_meant(each: dict, target: dict) -> bool:
    assert target.keys() in ({"labelSelector"}, {"kind", "name"})
    if "labelSelector" in target:
        name, value = target["labelSelector"].split("=")
        return each["metadata"].get("labels", {}).get(name) == value
    return (each["kind"], each["metadata"]["name"]) == (target["kind"], target["name"])


def _apply(each: dict, op: dict) -> None:
    """One step of a JSON patch: put something where nothing was, at a list's end, or instead."""
    *way, last = [
        re.sub("~1", "/", part).replace("~0", "~") for part in op["path"].lstrip("/").split("/")
    ]
    there = each
    for part in way:
        there = there[int(part)] if isinstance(there, list) else there[part]
    if isinstance(there, list):
        assert (op["op"], last) == ("add", "-"), op
        there.append(op["value"])
        return
    assert op["op"] == ("replace" if last in there else "add"), op
    there[last] = op["value"]
