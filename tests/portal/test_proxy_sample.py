"""The sample of a proxy: whole requests, room for uploads, no secret in its log (bugs 8, 10)."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "deploy" / "nginx.conf").read_text()
# What stands after these words in an address is left out of the log.
SHORTENED = re.findall(r"~\^\(\?<begins>(\S+)\) \$begins;", SAMPLE)
SECRET = "s3cr3t-t0k3n"


def shown(path):
    """What its log says of an address, by the rules of the sample's map."""
    for pattern in SHORTENED:
        if found := re.match(pattern, path):
            return found[0]
    return path


@pytest.mark.parametrize(
    "path",
    [
        reverse("agencies:invitation", args=[SECRET]),
        reverse("account_reset_password_from_key", kwargs={"uidb36": "abc", "key": SECRET}),
    ],
)
def test_no_token_of_a_link_stands_in_its_log(path):
    assert SECRET in path
    assert SECRET not in shown(path)


def test_every_address_with_a_text_that_may_be_a_secret_is_known_here():
    from django.urls import get_resolver

    def routes(patterns, before=""):
        for each in patterns:
            route = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from routes(each.url_patterns, route)
            else:
                yield "/" + route.replace("^", "").replace("$", "")

    told = {r"<str:role>", r"<str:answer>", r"<str:about>"}
    for route in routes(get_resolver().url_patterns):
        texts = set(re.findall(r"<str:\w+>|\(\?P<key>[^)]*\)|<path:\w+>", route)) - told
        if any("token" in text or "key" in text for text in texts):
            assert shown(route) != route


def test_no_query_and_no_referrer_stands_in_its_log():
    [form] = re.findall(r"log_format plain '([^']+)'", SAMPLE)
    assert "$shown" in form
    assert not re.search(r"\$(request|request_uri|args|query_string|http_referer|uri)\b", form)
    assert SAMPLE.count("access_log") == 1


def test_it_waits_for_whole_requests_and_takes_every_upload():
    assert "proxy_request_buffering on;" in SAMPLE
    assert "proxy_buffering on;" in SAMPLE
    [most] = re.findall(r"client_max_body_size (\d+)m;", SAMPLE)
    assert int(most) > 20
    assert int(most) * 1024 * 1024 > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_what_a_visitor_says_of_their_address_is_replaced():
    assert "X-Forwarded-For $remote_addr;" in SAMPLE
    assert "X-Forwarded-Proto https;" in SAMPLE


def test_who_installs_it_is_told_that_it_is_required():
    said = (ROOT / "docs" / "installation.md").read_text()
    assert "**required**" in said
    assert "deploy/nginx.conf" in said
