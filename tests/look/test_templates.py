"""House rules for every template: escaped, translated where it says something, nothing inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "templates"
PAGES = sorted(ROOT.rglob("*.html"))
# Tables whose cells or columns are not the same in each row
BY_HAND = {
    "agencies/register_files/report.html",
    "agreement/editions/_pairs.html",
    "requests_app/triage/grid.html",
}
COMPONENTS = sorted((ROOT / "components").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_inline_unescaped_or_from_elsewhere(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", text), "styles and handlers are refused"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "inline scripts are refused"
    assert not re.search(r"\|\s*safe\b|autoescape off|safeseq", text), "auto-escape stays on"
    for target in re.findall(r"(?:src|href)=\"(https?:)?//", text):
        pytest.fail(f"loads or links elsewhere: {target}")


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_each_component_says_first_what_it_is_for(path):
    assert path.read_text().startswith("{# ")


def test_tables_are_drawn_by_the_tag():
    by_hand = {
        str(p.relative_to(ROOT)) for p in PAGES if '<table class="govuk-table' in p.read_text()
    }
    assert by_hand == BY_HAND, (
        "draw a table by {% table %}, see portal/templatetags/portal_tables.py"
    )


def test_no_form_is_cut_off_from_its_token():
    reach = {str(p.relative_to(ROOT)): p.read_text() for p in PAGES}
    needing = {name for name, text in reach.items() if "{% csrf_token %}" in text}
    while True:
        further = {
            name
            for name, text in reach.items()
            if any(inner in needing for inner in re.findall(r'{%\s*include "([^"]+)"', text))
        }
        if further <= needing:
            break
        needing |= further
    cut_off = [
        (outer, inner)
        for outer, text in reach.items()
        for inner in re.findall(r'{%\s*include "([^"]+)"[^%]*\bonly\s*%}', text)
        if inner in needing
    ]
    assert not cut_off, "a form that is included with `only` has no token, and is refused"
