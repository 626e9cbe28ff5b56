"""Refresh ``static/vendor`` from the npm packages of the design system, without its branding.

For maintainers only: needs the npm client, which checks each package against the registry's
digest. Nobody who installs or runs the portal needs Node. The typeface, the crown and the crest
are not for services outside GOV.UK, so they are cut out here, and a test says that they stay out.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

OUT = Path(__file__).parents[1] / "static" / "vendor"
FONTS = '"Helvetica Neue",Helvetica,Arial,sans-serif'
MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """One npm package: which version, whose, and which of its files are kept."""

    name: str
    version: str
    copyright: str
    folder: str
    files: tuple[str, ...]

    @property
    def licence_file(self) -> str:
        """Where the licence that came with it is kept."""
        return f"LICENCE-{self.name.strip('@').replace('/', '-')}.txt"


PACKAGES = (
    Package(
        name="govuk-frontend",
        version="6.6.0",
        copyright="Copyright (C) 2017 Crown Copyright (Government Digital Service)",
        folder="package/dist/govuk/",
        files=("govuk-frontend.min.css", "govuk-frontend.min.js"),
    ),
    Package(  # its scripts stay behind: nothing here needs them
        name="@ministryofjustice/frontend",
        version="11.1.0",
        copyright="Copyright (c) 2021 dxw",
        folder="package/moj/",
        files=("moj-frontend.min.css",),
    ),
)


def unbranded(css: str) -> str:
    """The style sheet without typeface, crown and crest, its pictures beside it."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r"[^{}]*(?:crown|crest|copyright-logo)[^{}]*\{[^{}]*\}", "", css)
    css = re.sub(r"GDS Transport,arial,sans-serif", FONTS, css)
    css = re.sub(r"url\(/assets/images/([^)]+)\)", r"url(images/\1)", css)
    for word in ("transport", "crown", "crest", "/assets/", "@font-face"):
        if word in css.lower():
            raise SystemExit(f"{word!r} is left in the style sheet: look what has changed")
    return css


def refresh(package: Package, into: Path) -> dict[str, bytes]:
    """The kept files of one package, as they will stand in ``static/vendor``."""
    done = subprocess.run(  # noqa: S603 - fixed words, no shell
        ["npm", "pack", f"{package.name}@{package.version}", "--json"],  # noqa: S607
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    with tarfile.open(into / json.loads(done.stdout)[0]["filename"]) as tar:
        inside = {m.name: tar.extractfile(m).read() for m in tar.getmembers() if m.isfile()}  # type: ignore[union-attr]
    if json.loads(inside["package/package.json"])["license"] != "MIT":
        raise SystemExit(f"{package.name} has changed its licence: read it before going on")
    kept: dict[str, bytes] = {}
    for name in package.files:
        raw = inside[package.folder + name].decode()
        text = unbranded(raw) if name.endswith(".css") else raw
        kept[name] = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text).strip().encode() + b"\n"
        for picture in re.findall(r"url\(images/([^)]+)\)", kept[name].decode()):
            kept[f"images/{picture}"] = inside[f"{package.folder}assets/images/{picture}"]
    kept[package.licence_file] = f"MIT License\n\n{package.copyright}\n\n{MIT}".encode()
    return kept


def main() -> None:
    """Write every kept file and the manifest that the tests hold them against."""
    manifest = {}
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            kept = refresh(package, Path(folder))
        for name, content in kept.items():
            (OUT / name).parent.mkdir(parents=True, exist_ok=True)
            (OUT / name).write_bytes(content)
            manifest[name] = {
                "package": package.name,
                "version": package.version,
                "licence": package.licence_file,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
    text = json.dumps(dict(sorted(manifest.items())), indent=2)
    (OUT / "manifest.json").write_text(text + "\n")
    print(f"{len(manifest)} files in {OUT}")


if __name__ == "__main__":
    main()
