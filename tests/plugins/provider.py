"""A real provider of single sign-on, in a process of its own (see tests/provider)."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SLUG, NAME = "anytown-work", "Anytown work account"
CLIENT, SECRET = "the-portal", "an invented secret of the portal"
OTHER_CLIENT = "somebody-elses-portal"
TENANT, OTHER_TENANT = "11111111-aaaa-4aaa-8aaa-111111111111", "2222-other-tenant"
PASSWORD = "a pass phrase at the provider"


@dataclass
class Provider:
    """The running provider, and what a test may ask of it."""

    url: str
    process: "subprocess.Popen[str]"

    def entry(self, **changes: Any) -> dict[str, Any]:
        """What a deployment would write into its environment to use it."""
        said = {
            "id": SLUG,
            "name": NAME,
            "issuer": self.url,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "tenants": [TENANT],
            "tenant_claim": "tid",
            "object_claim": "oid",
            "second_factor": {"amr": ["mfa"]},
        }
        return {**said, **changes}

    def tell(self, what: str, **said: Any) -> None:
        """Set something up."""
        body = json.dumps(said).encode()
        with urlopen(
            Request(f"{self.url}/tests/{what}", data=body, method="POST"), timeout=PATIENCE
        ):
            pass

    def person(self, username: str, *, email: str = "", **claims: Any) -> None:
        """Somebody whom the provider knows; made, or changed.

        The address is told with each token, whether asked for or not, as some providers do.
        """
        said = {"email": email or f"{username}@work.example", "email_verified": True}
        said |= {"tid": TENANT, "oid": f"oid-of-{username}", "amr": ["pwd"], **claims}
        self.tell("person", username=username, password=PASSWORD, claims=said)

    def client(self, client: str, *callbacks: str) -> None:
        """Something that may send people here."""
        self.tell("client", id=client, secret=SECRET, redirect_uris=callbacks)

    def bend(self, **how: Any) -> None:
        """Bend the tokens that follow; with nothing, straighten them."""
        self.tell("bend", **how)


@pytest.fixture(scope="session")
def provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Start it once; its tables and keys go away with it."""
    home = tmp_path_factory.mktemp("provider")
    env = {"PATH": os.environ["PATH"], "PROVIDER_HOME": str(home), "PYTHONPATH": str(ROOT)}
    log = home / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.provider"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
        )
    killer = threading.Timer(PATIENCE, process.kill)
    killer.start()
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    killer.cancel()
    if not said.startswith("http://127.0.0.1:"):
        process.kill()
        pytest.fail(f"The provider did not start:\n{log.read_text()}")
    yield Provider(said, process)
    process.terminate()
    process.wait(PATIENCE)
    process.stdout.close()


@pytest.fixture
def provider(provider_process: Provider, settings: Any) -> Iterator[Provider]:
    """The provider, and a portal that is set up to use it."""
    offer(settings, provider_process.entry())
    provider_process.bend()
    yield provider_process
    provider_process.bend()


def offer(settings: Any, *entries: dict[str, Any]) -> None:
    """Set the portal up as an environment with these entries would."""
    from csp.constants import SELF

    from authentication.sso.providers import read_sign_on

    settings.SSO = read_sign_on(json.dumps(entries))
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    forms = {**policy, "form-action": [SELF, *settings.SSO.origins]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": forms}
