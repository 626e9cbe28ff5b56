"""An XLSX file that would take the service down is refused in words, and reads no further (M6)."""

import io
import re
import resource
import subprocess
import sys
import zipfile

import openpyxl
import pytest

from agencies.register_files import xlsx, xlsx_child
from agencies.register_files.import_export import Unreadable, read_table

STYLES = "xl/styles.xml"
FORMATS = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * 800_000


def book(*rows):
    made = openpyxl.Workbook()
    for row in rows or (("code", "name"), ("oak", "Oak")):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(content, change):
    """The same package with parts changed: a function from name and bytes to name and bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for part in old.infolist():
            new.writestr(*change(part.filename, old.read(part)))
    return out.getvalue()


def many_formats(name, text):
    if name != STYLES:
        return name, text
    return name, re.sub(rb"<cellXfs.*</cellXfs>", b"<cellXfs>" + FORMATS + b"</cellXfs>", text)


def renamed(name, text):
    """The styles under a name that says nothing."""
    name, text = many_formats(name, text)
    return name.replace(STYLES, "xl/x.xml"), text.replace(b"styles.xml", b"x.xml")


@pytest.mark.parametrize("change", [many_formats, renamed])
def test_a_small_file_of_many_formats_is_refused(change):
    bomb = changed(book(), change)
    assert len(bomb) < 200_000
    with pytest.raises(Unreadable, match="unpacks to more than can be read"):
        read_table(bomb)


def test_one_that_lists_too_many_parts_is_refused_before_they_are_listed(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(2_000):
            package.writestr(f"xl/part-{number}.xml", b"")
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_args: pytest.fail("the parts were listed"))
    with pytest.raises(Unreadable, match="unpacks to more"):
        read_table(out.getvalue())


@pytest.mark.parametrize("before", [b"", b" " * 600_000, b"<!-- -->" * 100_000])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_a_declaration_is_refused_wherever_it_stands(before, coding):
    def with_doctype(name, text):
        if name != "xl/workbook.xml":
            return name, text
        said = (before + b"<!DocType x [<!ENTITY y 'z'>]>" + text).decode()
        return name, said.encode(coding)

    with pytest.raises(Unreadable, match="cannot be read"):
        read_table(changed(book(), with_doctype))


@pytest.mark.parametrize(
    "limits",
    [{"seconds": 1, "memory": 8 * 1024**3}, {"seconds": 600, "memory": 160 * 1024**2}],
    ids=["work", "memory"],
)
def test_a_file_that_takes_too_much_ends_its_reader_alone(monkeypatch, limits):
    monkeypatch.setattr(xlsx, "LIMITS", {**xlsx.LIMITS, **limits})
    with pytest.raises(Unreadable, match="unpacks to more"):
        read_table(changed(book(), renamed))


def test_the_reader_writes_no_file(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    script = "\n".join(
        [
            "import sys",
            f"sys.path.insert(0, {str(xlsx.CHILD.parent)!r})",
            "import xlsx_child",
            "xlsx_child.confined(1 << 29, 10)",
            f"with open({str(tmp_path / 'out')!r}, 'w') as out: out.write('x')",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert "File too large" in done.stderr
    assert not (tmp_path / "out").exists() or (tmp_path / "out").stat().st_size == 0
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == before


def test_what_is_in_order_is_read_as_before():
    headings, rows = read_table(book(("Code", "Open"), ("oak", True), (7.0, "=1+1")))
    assert headings == ["code", "open"]
    assert rows == [["oak", "TRUE"], ["7", "=1+1"]]
    assert xlsx_child.rows_of(
        book(), {**xlsx.LIMITS, "rows": 9, "columns": 9, "cell": 9, "size": 99}
    )
