"""Words that screens and e-mails gave up for those of the field: none comes back.

What people read goes through gettext, so it is looked for there: in templates, and in the code.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
# What stands in a template: a text in quotes, or a block.
MARKED = re.compile(
    r'(?:\btranslate |_\()"([^"]*)"|\bblocktranslate\b[^%]*%\}(.*?)\{%\s*endblocktranslate',
    re.DOTALL,
)
# What it was, as a pattern, and what to say.
RETIRED = {
    r"\banew\b": "again, or reconsider",
    r"(?<!one )\bletters?\b(?! (of|can|and)\b)": "e-mail",
    r"\b(take|taken|taking) in\b": "review",
    r"\b[Pp]ut (an|another|the) agency check|\bchecks? (to|that it was|was) put\b": "send",
    r"\b[Aa]part\b": "separate",
    r"\b(mend|mends|mended)\b": "fix, or put right",
    r"\bheaps?\b": "list",
    r"\b[Ll]ook(s|ed|ing)? at\b|\b[Ww]ho has looked\b|\b(a|needs a) look\b": "view, or review",
    r"\b[Ll]ooks\b(?! (right|wrong|like|after))": "views",
    r"\bbirth date\b": "date of birth",
    r"\bAs at\b": "Date of event or record",
    r"\bround the clock\b": "day and night, or 24 hours a day",
    r"\b(stands?|stood) still\b": "is stopped",
    r"\bwithout a part in\b": "not involved in",
    r"\b(take|taken) off\b": "remove",
    r"\b(run|runs|ran) out\b": "expire",
    r"\bprove who you are\b": "sign-in security, or a sign-in method",
    r"\b[Nn]arrow the\b": "filter",
    r"\bbecome of\b|\bbecomes of\b|\bbecame of\b": "say what is meant",
    r"\b(work|works) no more\b|\bis dead\b|\bleads nowhere\b": "stops working",
    r"\bwhoever asked\b": "the requester",
    r"\bbeyond the questions\b": "not asked for, but relevant",
    r"\bDo not share$": "Not shared",
}
# Labels of columns and codes that no screen shows.
UNSEEN = {"a check runs out", "the agreement has to be signed anew", "time to sign anew"}


def faults() -> list[str]:
    """Where a retired word stands, and the words to take."""
    return [
        f"{path.relative_to(ROOT)}:{line}: {instead}, not “{found[0]}”"
        for path, line, text in _texts()
        for pattern, instead in RETIRED.items()
        if text not in UNSEEN and (found := re.search(pattern, text))
    ]


def _texts() -> Iterator[tuple[Path, int, str]]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        said = path.read_text()
        for each in MARKED.finditer(said):
            yield path, said.count("\n", 0, each.start()) + 1, each[1] or each[2] or ""
    for package in sorted(ROOT.glob("*/__init__.py")):
        for path in sorted(package.parent.rglob("*.py")):
            parts = {"migrations", "tests"} & set(path.relative_to(ROOT).parts)
            if not parts:
                yield from ((path, *each) for each in _of_code(path))


def _of_code(path: Path) -> Iterator[tuple[int, str]]:
    for call in ast.walk(ast.parse(path.read_text())):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else name
        if name in GETTEXT:
            for given in call.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.lineno, given.value


if __name__ == "__main__":
    found = faults()
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.exit(bool(found))
