"""What a deployment may write into SSO_PROVIDERS, and how a mistake in it is named."""

import json
import re
from pathlib import Path

import pytest

from authentication.sso.checks import providers_are_right
from authentication.sso.providers import read_sign_on
from tests.portal.test_production import load

ROOT = Path(__file__).parents[3]
WALK = (ROOT / "docs/sign-on.md").read_text()
GOOD = {
    "id": "work",
    "name": "Work account",
    "issuer": "https://login.example/v2.0",
    "client_id": "portal",
    "client_secret": "not to be told",
}


def read(**changes):
    entry = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return read_sign_on(json.dumps([entry]))


def test_nothing_is_nothing():
    assert read_sign_on("  ") == read_sign_on("")
    assert not read_sign_on("").providers
    assert not read_sign_on("").problems


def test_a_provider_by_issuer_and_subject_needs_no_more():
    [provider] = read().providers.values()
    assert (provider.tenant_claim, provider.object_claim) == ("iss", "sub")
    assert provider.tenants == {provider.issuer}
    assert provider.origins == ["https://login.example"]
    assert provider.scope == ["openid"]
    assert "not to be told" not in repr(provider)


def test_it_may_stand_in_a_file(tmp_path):
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([GOOD]))
    assert list(read_sign_on(str(path)).providers) == ["work"]
    assert "cannot be read" in read_sign_on(str(tmp_path / "none")).problems[0]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"id": None}, "id is missing"),
        ({"name": " "}, "name is missing"),
        ({"client_secret": 7}, "client_secret is missing"),
        ({"id": "Work!"}, "id must be small letters"),
        ({"issuer": "http://login.example"}, "issuer must be an address"),
        ({"issuer": "login.example"}, "issuer must be an address"),
        ({"server_url": "http://login.example"}, "server_url must be an address"),
        ({"tenant_claim": "tid"}, "tenants must say"),
        ({"tenants": "one"}, "tenants must be a list"),
        ({"object_claim": "email"}, "object_claim must be a claim that never changes"),
        ({"object_claim": "preferred_username"}, "object_claim must be a claim"),
        ({"tenant_claim": "upn", "tenants": ["x"]}, "tenant_claim must be a claim"),
        ({"second_factor": ["mfa"]}, "second_factor may hold"),
        ({"second_factor": {"amr": "mfa"}}, "amr and acr must be lists"),
        ({"origins": ["https://a.example/path"]}, "origins must be addresses"),
        ({"origins": ["*"]}, "origins must be addresses"),
        (
            {"issuer": "https://l.example/{tenantid}/v2.0", "tenants": ["x"]},
            "server_url must be given",
        ),
        ({"tennants": ["x"]}, "tennants is not a setting"),
    ],
    ids=str,
)
def test_a_mistake_is_named_and_its_provider_is_not_offered(changes, named, settings):
    settings.SSO = read(**changes)
    assert not settings.SSO.providers
    [error, *_] = providers_are_right()
    assert named in "\n".join(settings.SSO.problems)
    assert "provider 1" in error.msg
    assert "not to be told" not in "\n".join(settings.SSO.problems)


@pytest.mark.parametrize("text", ["{", "[", "{}", "[1]", '[{"client_secret": "not to be told"'])
def test_what_is_no_list_of_providers_is_named(text):
    problems = read_sign_on(text).problems
    assert problems
    assert "not to be told" not in "".join(problems)


def test_two_may_not_have_one_id():
    read = read_sign_on(json.dumps([GOOD, GOOD]))
    assert list(read.providers) == ["work"]
    assert "the same as that of another" in read.problems[0]


def test_a_mistake_in_one_does_not_take_the_other_away():
    read = read_sign_on(json.dumps([{**GOOD, "id": "X"}, GOOD]))
    assert list(read.providers) == ["work"]
    assert len(read.problems) == 1


CHECK = """
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.production"
django.setup()
from django.conf import settings
from django.core.management import call_command
print(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"])
call_command("check")
"""


def test_production_reads_it_and_its_check_names_what_is_wrong():
    done = load(CHECK, SSO_PROVIDERS=json.dumps([GOOD]))
    assert done.returncode == 0, done.stderr
    assert "[\"'self'\", 'https://login.example']" in done.stdout
    done = load(CHECK, SSO_PROVIDERS=json.dumps([{**GOOD, "issuer": "http://login.example"}]))
    assert done.returncode == 1
    assert "SSO_PROVIDERS, provider 1: issuer must be an address" in done.stderr
    assert "not to be told" not in done.stderr + done.stdout


class TestTheWalkThroughEntra:
    """docs/sign-on.md says what the portal really takes, and what it really says."""

    def test_each_sample_is_taken_as_it_stands(self):
        samples = re.findall(r"```json\n(.*?)```", WALK, re.DOTALL)
        assert len(samples) == 2
        for sample in samples:
            found = read_sign_on(sample)
            assert not found.problems
            [provider] = found.providers.values()
            assert provider.scope == ["openid", "profile"], "Microsoft tells oid only then"
            assert not provider.amr, "Microsoft's tokens of version 2.0 do not say it"

    def test_so_are_the_other_two_shapes_that_it_names(self):
        [*_, walked] = re.findall(r"```json\n(.*?)```", WALK, re.DOTALL)
        texts = re.search(r'by the tokens of version 1.0.*?"mfa"\]}', WALK, re.I | re.DOTALL)[0]
        changes = json.loads("{" + ", ".join(re.findall(r'("\w+": (?:"[^"]+"|{.*}))', texts)) + "}")
        assert changes.keys() == {"issuer", "server_url", "second_factor"}
        [provider] = read_sign_on(
            json.dumps([{**json.loads(walked)[0], **changes}])
        ).providers.values()
        assert provider.issuers == ["https://sts.windows.net/DIRECTORY-ID/"]
        assert provider.amr == {"mfa"}
        many = {
            "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
            "server_url": "https://login.microsoftonline.com/organizations/v2.0",
        }
        assert all(f"`{address}`" in WALK for address in many.values())
        assert not read_sign_on(json.dumps([{**json.loads(walked)[0], **many}])).problems

    def test_each_code_of_the_log_and_each_page_is_in_its_table(self):
        code = "".join(each.read_text() for each in (ROOT / "authentication" / "sso").glob("*.py"))
        codes = set(re.findall(r'NotProven\("([^"]+)"\)', code))
        assert len(codes) >= 9
        told = re.findall(r"`not proven: ([^`]+)`", WALK)
        assert codes <= set(told)
        assert {each for each in told if " " in each or each.islower()} <= codes
        for name in ("another", "cancelled", "failed", "taken", "too_many", "unknown"):
            page = (ROOT / f"templates/authentication/sso/{name}.html").read_text()
            title = re.search(r'block title %}\s*{% translate "([^"]+)"', page)[1]
            assert f"*{title}*" in WALK, name
