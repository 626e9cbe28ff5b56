"""Makes tagged PDF of a page: a program of its own, which knows nothing of the portal.

``decisions.printing.pdf`` starts it. It reads one JSON object, ``{"html": ..., "css": ...}``, from
its standard input. The PDF goes to its standard output. With ``--check`` it only says whether
all that it needs is there. It ends with 0; with ``MISSING`` where a library is not there; with
``TOO_MUCH`` where its memory does not do; with ``FAULT`` after any other error, of which the kind
and the place in the code, and never its words, go out in place of the PDF.

What it reads is plain text of a case. So it may write no file and leave no picture of its memory
behind (the system refuses both), and it fetches nothing, whatever the page asks for.
"""

import json
import os
import resource
import sys
import traceback
import unicodedata
from typing import Any, Final, NoReturn

MISSING: Final = 3
TOO_MUCH: Final = 4
FAULT: Final = 5
KNOWN: Final = frozenset({0, MISSING, TOO_MUCH})
MEMORY: Final = 1_500 * 2**20  # bytes of addresses; a hundred pages take some 220 MB
SECONDS: Final = 60  # of processor time


def confine() -> None:
    """Give up what is not needed, before anything is read."""
    for what, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
    ):
        hardest = resource.getrlimit(what)[1]
        allowed = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
        try:
            resource.setrlimit(what, (allowed, allowed))
        except (ValueError, OSError):
            continue  # a system that knows no such limit


def libraries() -> Any:
    """The library and what it stands on; it prints where it does not find Pango."""
    try:
        import weasyprint
        import weasyprint.text.ffi
        import weasyprint.urls
    except (ImportError, OSError):
        sys.exit(MISSING)
    return weasyprint


def typeset(html: str, css: str) -> bytes:
    """The page as PDF/UA."""
    weasyprint = libraries()

    class Nowhere(weasyprint.urls.URLFetcher):  # type: ignore[misc,name-defined]
        """Whatever is asked for is not there."""

        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            """Always refused; the page goes on without it."""
            raise ValueError("nothing is fetched")

    nowhere = Nowhere()
    style = weasyprint.CSS(string=css, url_fetcher=nowhere)
    page = weasyprint.HTML(string=legible(html), url_fetcher=nowhere)
    made: bytes = page.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return made


def legible(text: str) -> str:
    """The text, with each character that no installed font can show as its name in brackets."""
    unknown = _unknown({letter for letter in text if not letter.isascii()})
    return text.translate({ord(letter): _named(letter) for letter in unknown})


def _unknown(letters: set[str]) -> set[str]:
    ffi_module = sys.modules["weasyprint.text.ffi"]
    ffi: Any = ffi_module.ffi
    pango: Any = ffi_module.pango
    pangoft2: Any = ffi_module.pangoft2
    ffi.cdef("int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);")
    fonts = ffi.cast("PangoFontMap *", pangoft2.pango_ft2_font_map_new())
    layout = pango.pango_layout_new(pango.pango_font_map_create_context(fonts))

    def is_unknown(letter: str) -> bool:
        encoded = letter.encode()
        pango.pango_layout_set_text(layout, encoded, len(encoded))
        return bool(pango.pango_layout_get_unknown_glyphs_count(layout))

    return {letter for letter in letters if is_unknown(letter)}


def _named(letter: str) -> str:
    """A sign by its name, which says more; a letter by its number, which can be looked up."""
    number = f"U+{ord(letter):04X}"
    is_sign = unicodedata.category(letter).startswith("S")
    return f"[{unicodedata.name(letter, number).lower() if is_sign else number}]"


def _told(error: Exception) -> bytes:
    """The kind of an error and the last place that it passed; its words may hold the page's."""
    *_, place = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {place.filename}:{place.lineno}".encode()


def main() -> None:
    """Read, make, write."""
    confine()
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # the library prints; nothing but the file goes out
    if "--check" in sys.argv:
        libraries()
        return
    try:
        asked = json.load(sys.stdin.buffer)
        made = typeset(asked["html"], asked["css"])
    except (MemoryError, RecursionError):
        sys.exit(TOO_MUCH)
    except Exception as error:  # noqa: BLE001 - told to whoever started it, which logs it
        answer.write(_told(error))
        answer.flush()
        sys.exit(FAULT)
    answer.write(made)
    answer.flush()


if __name__ == "__main__":
    main()
