"""Identity tokens made by hand: what no well-behaved provider would send."""

import hmac
import json
import time
from base64 import urlsafe_b64encode

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from authentication.sso.providers import read_sign_on
from authentication.sso.tokens import NotProven, prove, uid_of

ISSUER = "https://login.example/{tenantid}/v2.0"
NONCE = "a nonce of this sign-in"


@pytest.fixture(scope="module")
def pair():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def keys(pair):
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(pair.public_key()))
    return {"keys": [{**jwk, "kid": "1", "use": "sig"}]}


@pytest.fixture
def provider():
    entry = {
        "id": "work",
        "name": "Work",
        "issuer": ISSUER,
        "server_url": "https://login.example/organizations/v2.0",
        "client_id": "portal",
        "client_secret": "x",
        "tenants": ["one", "two"],
        "tenant_claim": "tid",
        "object_claim": "oid",
        "second_factor": {"amr": ["mfa"], "acr": ["high"]},
    }
    read = read_sign_on(json.dumps([entry]))
    assert not read.problems
    return read.providers["work"]


def claims(**changes):
    now = int(time.time())
    said = {
        "iss": "https://login.example/one/v2.0",
        "aud": "portal",
        "iat": now,
        "exp": now + 60,
        "nonce": NONCE,
        "tid": "one",
        "oid": "42",
    }
    return {name: value for name, value in {**said, **changes}.items() if value is not None}


def test_a_right_one_proves(pair, keys, provider):
    token = jwt.encode(claims(), pair, "RS256", {"kid": "1"})
    assert prove(token, provider, keys, NONCE).uid == uid_of("one", "42")
    assert not prove(token, provider, keys, NONCE).second_factor


def test_signed_with_another_key_under_the_same_name(keys, provider):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(NotProven, match="InvalidSignatureError"):
        prove(jwt.encode(claims(), other, "RS256", {"kid": "1"}), provider, keys, NONCE)


def test_not_signed_at_all(keys, provider):
    with pytest.raises(NotProven):
        prove(jwt.encode(claims(), None, "none", {"kid": "1"}), provider, keys, NONCE)


def test_signed_with_the_public_key_as_if_it_were_a_secret(pair, keys, provider):
    public = pair.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    parts = [{"alg": "HS256", "kid": "1"}, claims()]
    said = b".".join(urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts)
    signature = hmac.digest(public, said, "sha256")
    token = (said + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    with pytest.raises(NotProven):
        prove(token, provider, keys, NONCE)


@pytest.mark.parametrize("header", [{}, {"kid": "2"}, {"kid": ""}], ids=str)
def test_by_a_key_that_is_not_published(pair, keys, provider, header):
    with pytest.raises(NotProven):
        prove(jwt.encode(claims(), pair, "RS256", header), provider, keys, NONCE)


@pytest.mark.parametrize(
    "changes",
    [
        {"tid": "two"},  # of the issuer of another tenant, though both are let in
        {"tid": "three", "iss": "https://login.example/three/v2.0"},
        {"iss": ISSUER},
        {"oid": None},
        {"oid": "  "},
        {"oid": 42},
        {"nonce": None},
        {"nonce": "other"},
        {"nonce": 7},
        {"aud": "portal2"},
        {"aud": ["portal", "other"]},
        {"azp": "other"},
        {"exp": None},
        {"iat": None},
        {"exp": 1},
        {"iat": 99_999_999_999},
        {"nbf": 99_999_999_999},
    ],
    ids=str,
)
def test_one_claim_that_is_wrong(pair, keys, provider, changes):
    token = jwt.encode(claims(**changes), pair, "RS256", {"kid": "1"})
    with pytest.raises(NotProven):
        prove(token, provider, keys, NONCE)


@pytest.mark.parametrize("rubbish", ["", "a.b.c", "eyJ", "\0", "ü.ü.ü"])
def test_rubbish(keys, provider, rubbish):
    with pytest.raises(NotProven):
        prove(rubbish, provider, keys, NONCE)


@pytest.mark.parametrize("published", [{}, {"keys": []}, {"keys": [{"kid": "1"}]}, [], None])
def test_keys_that_are_none(pair, provider, published):
    with pytest.raises(NotProven):
        prove(jwt.encode(claims(), pair, "RS256", {"kid": "1"}), provider, published, NONCE)


def test_without_a_nonce_of_ours_nothing_is_proven(pair, keys, provider):
    token = jwt.encode(claims(nonce=""), pair, "RS256", {"kid": "1"})
    with pytest.raises(NotProven):
        prove(token, provider, keys, "")


def test_no_two_pairs_are_one_identity():
    pairs = [
        ("a", "b"),
        ("b", "a"),
        ("ab", ""),
        ("", "ab"),
        ('a", "b', ""),
        ("a|b", "c"),
        ("a", "b|c"),
    ]
    assert len({uid_of(*each) for each in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "high"}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({"amr": [["mfa"]]}, False),
        ({"acr": ["high"]}, False),
        ({"acr": "highest"}, False),
    ],
    ids=str,
)
def test_whose_second_factor_counts(pair, keys, provider, said, counts):
    token = jwt.encode(claims(**said), pair, "RS256", {"kid": "1"})
    assert prove(token, provider, keys, NONCE).second_factor is counts
