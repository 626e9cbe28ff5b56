"""What a browser says that it is, in the few words by which its owner knows it again."""

from django.utils.translation import gettext as _

# The first that fits: each calls itself by the names of those before it as well.
PROGRAMS = (
    ("Edg/", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def described(agent: str) -> str:
    """Codes of program and machine, such as ``Firefox/Windows``; nothing else of what it said."""
    program = next((name for sign, name in PROGRAMS if sign in agent), "")
    machine = next((name for sign, name in MACHINES if sign in agent), "")
    return f"{program}/{machine}"


def in_words(browser: str) -> str:
    """What to call it on a page."""
    program, _slash, machine = browser.partition("/")
    if program and machine:
        return _("%(program)s on %(machine)s") % {"program": program, "machine": machine}
    return program or machine or _("A browser that does not say what it is")
