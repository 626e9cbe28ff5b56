"""The design system's files: as they were checked, ours to use, and calling nobody."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
STYLES = sorted((ROOT / "static").rglob("*.css"))
OURS = sorted(path for path in (ROOT / "static" / "portal").iterdir() if path.is_file())


def test_every_file_is_in_the_manifest_and_nothing_else_is_there():
    there = {str(p.relative_to(VENDOR)) for p in VENDOR.rglob("*") if p.is_file()}
    assert there - {"manifest.json"} == set(MANIFEST)


@pytest.mark.parametrize("name", MANIFEST)
def test_each_file_has_its_digest_and_its_licence(name):
    entry = MANIFEST[name]
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"]
    assert "MIT License" in (VENDOR / entry["licence"]).read_text()


def test_typeface_crown_and_crest_are_gone():
    for path in VENDOR.rglob("*"):
        if path.suffix in {".css", ".js", ".svg"}:
            text = path.read_text().lower()
            assert not re.search(r"gds ?transport|@font-face|crown|crest|\.woff", text), path.name
    assert not [p for p in (ROOT / "static").rglob("*") if p.suffix in {".woff", ".woff2", ".ttf"}]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_load_nothing_from_elsewhere(path):
    text = path.read_text()
    assert "@import" not in text
    for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
        assert not target.startswith(("http:", "https:", "//", "/")), target
        assert target.startswith("data:") or (path.parent / target).exists(), target


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_own_files_are_short_and_name_no_other_place(path):
    text = path.read_text()
    assert len(text.splitlines()) < 300
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
