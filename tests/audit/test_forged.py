"""What somebody wrote in another's name can be taken away on record, and hides nothing after."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from audit.ledger.sequencing import sequence
from audit.ledger.verifying import verify
from audit.models import Event, KnownFinding, Leaf
from authentication.mfa.marks import all_rows
from outbox.models import Message
from outbox.tasks import writer_of
from tests.audit.known import asked
from tests.audit.pages import as_page
from tests.authentication.factor_steps import code_at, is_in, passworded, send_code, with_app

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("ISA-4.3-SECURITY", part=True),
]

FACTOR = (
    "INSERT INTO mfa_authenticator (id, user_id, type, data, created_at)"
    " VALUES (%s, %s, %s, %s, '2026-01-01')"
)
LINK = (
    "INSERT INTO socialaccount_socialaccount"
    " (id, user_id, provider, uid, extra_data, last_login, date_joined)"
    " VALUES (%s, %s, 'work', 'x', %s, now(), now())"
)
REASON, BY = "Found on Monday, written by nobody here", "A. Operator"
NESTED = "[" * 5000 + "]" * 5000  # which nobody can read


def forged(capsys, *words):
    """What the command says, and whether it ended well."""
    capsys.readouterr()
    try:
        call_command("forged", *words)
    except CommandError as fault:
        return False, f"{capsys.readouterr().out}{fault}"
    return True, capsys.readouterr().out


def taken(capsys, *names, reason=REASON, by=BY):
    return forged(capsys, "take-away", *names, "--reason", reason, "--by", by)


@pytest.fixture
def person(cast):
    return cast.users["requester"]


@pytest.fixture
def plant(cast, person):
    """A second factor or a link in the person's name, by the database role of pages."""

    def make(pk, kind="totp", data='{"secret": "x"}', statement=FACTOR):
        values = [pk, person.pk, *([kind] if statement == FACTOR else []), data]
        as_page(cast, (statement, values), ("SET LOCAL ROLE none", []))

    return make


def test_both_are_seen_named_and_taken_away_and_the_check_holds_again(
    cast, person, plant, signer, outside, capsys
):
    plant(7001)
    plant(7002, data="{}", statement=LINK)
    assert not asked(capsys, "verify-live")[0]
    well, said = forged(capsys, "list")
    assert well
    assert f"factor-7001: Second factor 7001 (totp) of person {person.pk}" in said
    assert f"link-7002: Link 7002 of person {person.pk}" in said
    well, said = taken(capsys, "factor-7001", "link-7002")
    assert well, said
    assert not all_rows().filter(pk=7001).exists()
    assert not SocialAccount.objects.filter(pk=7002).exists()
    assert "All second factors and links were made by the portal" in forged(capsys, "list")[1]
    # It is on record, with reason and name, at each check from then on.
    for _twice in range(2):
        well, said = asked(capsys, "verify-live")
        assert well, said
        for word in ("no longer as it was then: 2", "Taken away: Second factor 7001", REASON, BY):
            assert word in said
    sequence(signer)
    assert verify().wrong == []
    assert outside(signer)[0] == 0


def test_it_leaves_evidence_and_emails(cast, person, plant, capsys):
    plant(7001)
    assert taken(capsys, "factor-7001")[0]
    event = Event.objects.get(move="forged.take_away")
    assert (event.thing, event.thing_id, event.person) == ("mfa.authenticator", "7001", "")
    known = KnownFinding.objects.get()
    assert event.details == {"whose": str(person.pk), "known": known.pk}
    assert len(event.digest) == 64
    for row in Event.objects.filter(thing__in=("mfa.authenticator", "audit.knownfinding")):
        body = Leaf.objects.get(kind="change", entry=row.pk).body
        assert "Monday" not in body
        assert "Operator" not in body
    told = {
        "ledger.taken_away": {cast.administrator.user.email, cast.users["desk_lead"].email},
        "forged.taken_away": {person.email},
    }
    for topic, addresses in told.items():
        [message] = Message.objects.filter(topic=topic, to="")
        notification = writer_of(topic)(message.about)
        assert set(notification.to.values()) == addresses
        assert "Monday" not in notification.text


def test_the_very_same_put_there_again_is_found_again(cast, plant, capsys):
    """By the way of taking it away nobody makes a place where something would not be seen."""
    plant(7001)
    assert taken(capsys, "factor-7001")[0]
    plant(7001)
    well, said = asked(capsys, "verify-live")
    assert not well
    assert "Findings: 1." in said
    assert taken(capsys, "factor-7001")[0]
    assert asked(capsys, "verify-live")[0]


def test_what_the_portal_made_is_never_taken_away(person, capsys):
    factor = with_app(person)
    well, said = taken(capsys, f"factor-{factor.pk}")
    assert not well
    assert "It stays" in said
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    assert not KnownFinding.objects.exists()
    client = passworded(person)
    send_code(client, code_at())
    assert is_in(client)


@pytest.mark.parametrize(
    ("name", "reason", "by"),
    [
        ("factor-7001", " ", BY),
        ("factor-7001", REASON, ""),
        ("factor-7001", "x" * 501, BY),
        ("factor-7009", REASON, BY),
        ("link-7001", REASON, BY),
        ("factor-", REASON, BY),
        ("factor-７001", REASON, BY),
        (f"factor-{9**30}", REASON, BY),
        ("person-1", REASON, BY),
        ("7001", REASON, BY),
    ],
)
def test_nothing_goes_without_name_reason_and_who(plant, capsys, name, reason, by):
    plant(7001)
    assert not taken(capsys, name, reason=reason, by=by)[0]
    assert not taken(capsys, "factor-7001", name, reason=reason, by=by)[0]  # all or none
    assert all_rows().filter(pk=7001).exists()
    assert not KnownFinding.objects.exists()
    assert not Message.objects.filter(topic__endswith="taken_away").exists()


@pytest.mark.parametrize("words", [["take-away"], ["list", "factor-1"]])
def test_the_words_of_the_command(capsys, words):
    assert not forged(capsys, *words)[0]


@pytest.mark.parametrize("data", ["[]", "null", '"x"', NESTED, '{"mark": "1.ring-gone.AAAA"}'])
@pytest.mark.parametrize("statement", [FACTOR, LINK])
def test_whatever_it_holds_it_can_be_taken_away(plant, capsys, data, statement):
    plant(7001, data=data, statement=statement)
    assert not asked(capsys, "verify-live")[0]
    well, said = taken(capsys, "factor-7001" if statement == FACTOR else "link-7001")
    assert well, said
    assert asked(capsys, "verify-live")[0]


def test_nobody_writes_lines_of_their_own_by_its_kind(plant, capsys):
    plant(7001, kind="x\nAll is well\r\x1b[2J")
    for _well, said in (forged(capsys, "list"), asked(capsys, "verify-live")):
        assert not any(line.startswith("All is well") for line in said.splitlines())
        assert "\x1b" not in said
    well, said = taken(capsys, "factor-7001")
    assert (well, "\x1b" in said) == (True, False)
    assert asked(capsys, "verify-live")[0]


def test_whoever_has_the_password_of_pages_cannot_use_it(cast, plant, capsys):
    """Neither put something on record as taken away, nor run the command as that role."""
    plant(7001)
    with pytest.raises(DatabaseError, match="permission denied"):
        as_page(
            cast,
            (
                "INSERT INTO audit_knownfinding (finding, what, reason, by, at)"
                " VALUES ('0', 'Taken away: x', 'x', 'x', now())",
                [],
            ),
        )
    assert not asked(capsys, "verify-live")[0]


def test_a_process_without_the_ring_takes_nothing_away(person, plant, capsys, settings):
    """Where no mark can be read, everybody's factor looks forged."""
    plant(7001)
    settings.PORTAL_KEYS = "none"
    for words in (["list"], ["take-away", "factor-7001", "--reason", REASON, "--by", BY]):
        well, said = forged(capsys, *words)
        assert not well
        assert "key ring" in said
    assert all_rows().get(pk=7001).data == {"secret": "x"}
