"""A real browser (the system's Chromium) and the accessibility rules run inside its pages."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.patience import PATIENCE

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
expect.set_options(timeout=PATIENCE * 1_000)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = [
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the browser that is installed, and let it call nobody."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.fail("Chromium is missing: apt-get install chromium fonts-liberation")
    args = [*browser_type_launch_args.get("args", []), *QUIET]
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": found, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """As somebody in Britain sees it."""
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture
def page(page: Page) -> Page:
    """A page that does not wait for ever."""
    page.set_default_timeout(PATIENCE * 1_000)
    page.set_default_navigation_timeout(PATIENCE * 1_000)
    return page


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Assert that the page as it stands breaks no accessibility rule."""
    script = AXE.read_text()

    def check(page: Page) -> None:
        # After a click the next page may have begun and not yet have a root to look at.
        page.wait_for_load_state("load")
        # Evaluated by the debugger, which the content policy does not bind; a script tag would be.
        page.evaluate(script)
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: tags})"
            ".then(r => ({bad: r.violations, passed: r.passes.length}))",
            RULES,
        )
        assert found["passed"], "No rule was run: is the page empty?"
        faults = [
            f"{rule['id']} ({rule['impact']}): {node['html'][:160]}"
            for rule in found["bad"]
            for node in rule["nodes"]
        ]
        assert not faults, f"{page.url}\n" + "\n".join(faults)

    return check
