"""A storage that is gone, slow, stuck or another than it should be: said, bounded, nothing half."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from botocore.awsrequest import AWSPreparedRequest

from encryption.errors import StoreFault
from encryption.files import name_of
from encryption.stores import client
from encryption.stores.address import Bucket
from encryption.stores.bucket import InBucket
from encryption.stores.client import StoreGone, client_of
from portal.unavailable import is_passing
from tests.objects.storage import REGION, SECRET, a_storage
from tests.patience import PATIENCE

BIG = b"sealed" * 1_000_000
MEGABYTE = 1_000_000


@pytest.fixture
def store(way, settings):
    """What goes through the way; its bucket was found to be as it must be."""
    store = InBucket(settings.FILES_BUCKET, 2)
    store.check()
    return store


def a_name():
    return name_of(uuid4())


def test_a_server_that_goes_in_the_middle_of_a_put_leaves_nothing(store, way, bucket, storage):
    way.cut_after = way.sent + MEGABYTE
    with pytest.raises(StoreGone) as said:
        store.put(a_name(), [BIG])
    assert is_passing(said.value)
    assert storage.there(bucket) == {}
    way.cut_after = None
    name = a_name()
    assert store.put(name, [BIG])
    assert storage.there(bucket) == {f"files/{name}": BIG}


def test_one_whose_answer_was_lost_was_put_by_us(store, way, bucket, storage):
    name, way.answers_lost = a_name(), 1
    assert store.put(name, [BIG])
    assert way.answers_lost == 0
    assert storage.there(bucket) == {f"files/{name}": BIG}
    assert not store.put(name, [BIG + b"!"])


def test_one_that_is_cut_on_its_way_to_us_is_a_fault_and_no_shorter_file(store, way):
    name = a_name()
    store.put(name, [BIG])
    way.answers_cut_after = MEGABYTE
    reading = store.open(name)
    with pytest.raises(StoreGone):
        reading.read()


def test_a_server_that_stands_still_is_given_up_and_said(store, way, bucket, storage):
    store.answers_in = 1
    way.held_after = way.sent
    begun = time.monotonic()
    for act in (
        lambda: store.put(a_name(), [BIG]),
        lambda: store.open(a_name()),
        lambda: store.beginning(a_name(), 19),
        lambda: store.remove(a_name()),
        lambda: list(store.names()),
    ):
        with pytest.raises(StoreGone) as said:
            act()
        assert is_passing(said.value)
    assert not store.answers()
    # Six questions of two tries of a second each, and pauses between: not for ever.
    assert time.monotonic() - begun < PATIENCE / 2
    assert storage.there(bucket) == {}


def test_bytes_that_come_in_drops_are_given_up(store, way, monkeypatch):
    name = a_name()
    store.put(name, [BIG])
    monkeypatch.setattr(client, "LONGEST", 0.5)
    way.drops = 0.01
    with pytest.raises(StoreGone, match="TooSlow"), store.open(name) as reading:
        reading.read()


def test_who_is_killed_in_the_middle_of_a_put_leaves_nothing(way, bucket, storage):
    """And who puts the same file after has it whole."""
    name = a_name()
    script = (
        "import django, sys; django.setup()\n"
        "from encryption.stores.address import Bucket\n"
        "from encryption.stores.bucket import InBucket\n"
        f"bucket = Bucket({bucket.name!r}, 'files/', {REGION!r}, {way.endpoint!r}, 'portal', 'x')\n"
        "store = InBucket(bucket, 2)\n"
        "store.check()\n"
        "print('held', flush=True)\n"
        "sys.stdin.readline()\n"
        f"store.put({name!r}, [b'sealed' * 1_000_000])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTEST": "false"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as putting:
        assert putting.stdout.readline() == "held\n"
        way.held_after = way.sent + MEGABYTE
        putting.stdin.write("\n")
        putting.stdin.flush()
        assert way.stuck.wait(PATIENCE)
        putting.send_signal(signal.SIGKILL)
    way.over.set()  # what is on its way ends as the process did
    storage.keeper.list_buckets()  # it serves others, so that it has heard of that
    assert storage.there(bucket) == {}
    assert InBucket(bucket, 2).put(name, [BIG])
    assert storage.there(bucket) == {f"files/{name}": BIG}


def test_without_a_server_it_is_said_soon(bucket):
    nobody = InBucket(replace(bucket, endpoint="http://127.0.0.1:9"), 2)
    for act in (nobody.check, lambda: nobody.put(a_name(), [b"x"]), lambda: nobody.open(a_name())):
        with pytest.raises(StoreGone, match="cannot be used") as said:
            act()
        assert SECRET not in str(said.value)


def test_a_server_that_did_not_answer_at_the_start_is_asked_before_the_first_put(storage, bucket):
    keeper = storage.keeper
    keeper.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    with pytest.raises(StoreFault, match="keeps versions"):
        InBucket(bucket, 2).put(a_name(), [b"x"])
    assert storage.there(bucket) == {}


def test_a_bucket_that_keeps_versions_is_refused_and_one_that_did_is_taken(storage, bucket):
    keeper, store = storage.keeper, InBucket(bucket, 2)
    store.check()
    for status in ("Enabled", "Suspended"):
        said = {"Status": status}
        keeper.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration=said)
        for puts in (True, False):
            if status == "Enabled":
                with pytest.raises(StoreFault, match="Take a bucket without versioning"):
                    store.check(puts=puts)
            else:
                store.check(puts=puts)


@pytest.mark.clause("ISA-4.3-EEA", part=True)
def test_a_bucket_in_another_region_is_refused(storage):
    other = InBucket(storage.a_bucket(region="ap-southeast-2"), 2)
    with pytest.raises(StoreFault, match=f"is in the region ap-southeast-2, and {REGION} was"):
        other.check()
    with pytest.raises(StoreFault):
        other.put(a_name(), [b"x"])
    assert storage.there(other.bucket) == {}


def test_a_server_of_ones_own_that_says_no_region_is_where_we_are_told(storage):
    InBucket(storage.a_bucket(region="us-east-1"), 2).check()  # which a server leaves out


@pytest.mark.clause("ISA-4.3-EEA", part=True)
def test_a_bucket_is_followed_into_no_other_region(bucket):
    """The library would do so by itself, where AWS says that the bucket is there."""
    made = client_of(replace(bucket, endpoint=""), 2)
    ours = f"s3.{REGION}.amazonaws.com"
    assert made.meta.endpoint_url == f"https://{ours}"

    def sends(host):
        request = AWSPreparedRequest("PUT", f"https://{host}/x", {}, b"", stream_output=False)
        made.meta.events.emit("before-send.s3.PutObject", request=request)

    for host in (ours, f"{bucket.name}.{ours}"):
        sends(host)
    for host in (f"{bucket.name}.s3.us-east-1.amazonaws.com", "elsewhere.example", f"x.{ours}"):
        with pytest.raises(StoreFault, match="is not in the region"):
            sends(host)


def test_a_server_that_puts_one_over_another_is_refused(way, settings):
    way.to_storage.append((rb"If-None-Match", b"X-None-Match"))
    with pytest.raises(StoreFault, match="Its server needs a newer edition"):
        InBucket(settings.FILES_BUCKET, 2).check()


def test_a_key_that_may_not_is_told_what_to_look_at(tmp_path):
    with a_storage(tmp_path, INITIAL_NO_AUTH_ACTION_COUNT="1") as strict:
        bucket = strict.a_bucket()
        with pytest.raises(StoreFault, match=r"refuses us \(403.*Check its name, the key"):
            InBucket(bucket, 2).check()
        with pytest.raises(StoreGone, match="403"):
            InBucket(bucket, 2).open(a_name())


def test_a_bucket_that_is_not_there_is_no_file_that_is_missing(bucket):
    nowhere = InBucket(replace(bucket, name="portal-nowhere"), 2)
    with pytest.raises(StoreFault, match="404 NoSuchBucket"):
        nowhere.check()
    with pytest.raises(StoreGone, match="404 NoSuchBucket"):
        nowhere.open(a_name())


def test_many_threads_share_one_client(store, bucket, storage):
    names = [a_name() for _each in range(12)]
    work = [threading.Thread(target=store.put, args=[name, [name.encode()]]) for name in names]
    for each in work:
        each.start()
    for each in work:
        each.join()
    assert storage.there(bucket) == {f"files/{name}": name.encode() for name in names}


SAYS_ELSEWHERE = (
    b"<?xml version='1.0'?><Error><Code>AuthorizationHeaderMalformed</Code>"
    b"<Message>x</Message><Region>us-east-1</Region></Error>"
)


@pytest.fixture
def of_many_regions():
    """One address for buckets of all regions, that says where one is to whoever signs for none."""
    taken = []

    class Answers(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_of_elsewhere = "/us-east-1/s3/" in self.headers["Authorization"]
            if "location" in self.path or "versioning" in self.path:
                status, body = 403, b"<Error><Code>AccessDenied</Code></Error>"
            elif is_of_elsewhere and self.path in taken:
                status, body = 412, b"<Error><Code>PreconditionFailed</Code></Error>"
            elif is_of_elsewhere:
                taken.append(self.path)
                status, body = 200, b""
            else:
                status, body = 400, SAYS_ELSEWHERE
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_HEAD = answer  # noqa: N815 - as the library calls them

        def log_message(self, *_args):
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()


def test_nothing_is_signed_for_another_region_at_the_same_address(of_many_regions):
    """The library would sign for wherever the storage says that the bucket is."""
    endpoint, taken = of_many_regions
    bucket = Bucket("portal-elsewhere", "files/", REGION, endpoint, "portal", SECRET)
    with pytest.raises(StoreFault, match="is not in the region eu-west-2"):
        InBucket(bucket, 2).put(a_name(), [b"x"])
    assert taken == []
