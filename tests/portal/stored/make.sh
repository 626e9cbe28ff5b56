#!/bin/sh
# Made stored.tar.xz, once: a portal's whole stored state, written by the code of f7f11c0, the last commit before
# the apps were cut by what people do (docs/adr/0109). Run in a checkout of this repository:
#   sh tests/portal/stored/make.sh
# Everybody in it is invented, and the key ring and the ledger's key open nothing else.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
old=$(mktemp -d)/portal
git -C "$here" worktree add --detach "$old" f7f11c0
trap 'git -C "$here" worktree remove --force "$old"' EXIT
sed '1,/^# --- /d' "$0" > "$old/tests/test_stored.py"
STORED_IN="$here" make -C "$old" test ARGS="-n 1 tests/test_stored.py"
exit
# --- what follows is Python, for the code of then
import json
import lzma
import os
import re
import shutil
import subprocess
import tarfile
from html import unescape
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.urls import reverse

from audit.ledger.sequencing import sequence
from audit.ledger.signing import create_signing_key
from audit.models import AccessEntry, Event
from encryption.fields import sealed_fields
from encryption.files import open_file
from encryption.provider import forget_keyring, new_entry
from requests_app.actions import items, triage
from requests_app.models import Attachment
from tests.house import world as whole
from tests.pages.printed import printed
from tests.plugins.people import sign_in


def test_it_is_stored(transactional_db, client, tmp_path, monkeypatch):
    stored = tmp_path / "stored"
    stored.mkdir()
    ring = {"keys": [new_entry("only-for-tests")], "token_key": new_entry("tokens-only-for-tests")}
    Path(settings.KEYRING_FILE).write_text(json.dumps(ring, indent=1))
    forget_keyring()
    monkeypatch.setattr(whole, "with_requests", with_requests)
    world = whole.build()
    changed = world.row("item.held")
    items.change_item(
        changed,
        by=world.cast.trust_spoc,
        seen=changed.version,
        title="Attendance in May",
        question=changed.question,
        beyond_reason="",
        is_special_category=False,
    )
    told = {"fields": fields(), "files": files()}
    released, release = world.row("case.released"), world.row("release.released")
    told["pages"] = [
        page(sign_in(client, world.cast.users[who]), who, path, told["fields"], world)
        for who, path in (
            ("requester", reverse("requests:released", args=[release.pk])),
            ("officer", reverse("requests:request_history", args=[released.pk])),
            ("officer", reverse("requests:triage_case", args=[released.pk])),
            ("trust_spoc", reverse("requests:item_history", args=[changed.pk])),
            ("trust_spoc", reverse("requests:check_history", args=[world.row("check.shared").pk])),
            ("trust_spoc", reverse("decisions:history", args=[world.row("decision.shared").pk])),
            ("board_partner", reverse("decisions:scrutiny", args=[world.row("scrutiny.refused").pk])),
        )
    ]
    sign_in(client, world.cast.users["requester"])
    acknowledged = client.post(reverse("requests:acknowledge", args=[release.pk]))
    assert acknowledged.status_code == 302, acknowledged.content.decode()
    printed(client, "released", release)
    told["gone"] = str(world.row("disposal.destroyed").case_id)
    signer = create_signing_key(stored / "ledger.key", settings.LEDGER_NAME)
    while (done := sequence(signer)) is None or done.placed:
        pass
    told["key"] = str(signer.verifier)
    told["evidence"] = {"events": Event.objects.count(), "readings": AccessEntry.objects.count()}
    for alias in ("default", "keystore"):
        (stored / f"{alias}.sql").write_bytes(dumped(alias))
    shutil.copy(settings.KEYRING_FILE, stored / "keyring.json")
    shutil.copy(settings.DISPOSAL_REGISTER, stored / "disposals.jsonl")
    shutil.copytree(settings.FILES_DIR, stored / "files")
    (stored / "told.json").write_text(json.dumps(told, indent=1, sort_keys=True))
    to = Path(os.environ["STORED_IN"]) / "stored.tar.xz"
    with lzma.open(to, "wb", preset=9 | lzma.PRESET_EXTREME) as out, tarfile.open(fileobj=out, mode="w") as tar:
        for path in sorted(stored.iterdir()):
            tar.add(path, path.name, filter=of_nobody)


def with_requests(world):
    """One of each kind, to be small."""
    cast = world.cast
    whole.draft(world, "draft", sent=False)
    whole.asking.discard_draft(whole.draft(world, "discarded", sent=False), by=cast.requester)
    whole.draft(world, "sent")
    returned = whole.draft(world, "returned")
    triage.return_request(returned, by=cast.officer, once=uuid4(), questions=["Which day?"])
    triage.decline_request(whole.draft(world, "declined"), by=cast.officer, reason="No purpose")
    whole.accepted(world, "accepted")


def of_nobody(each):
    each.uid = each.gid = each.mtime = 0
    each.uname = each.gname = ""
    return each


def fields():
    """Every sealed value that opens, by its table, row and column."""
    found = {}
    for model in apps.get_models():
        for field in sealed_fields(model):
            for row in model._base_manager.all():
                try:
                    value = getattr(row, field.attname)
                except Exception:  # its key was destroyed
                    continue
                if value:
                    found[f"{model._meta.db_table} {row.pk} {field.column}"] = str(value)
    return found


def files():
    return {
        str(row.pk): b"".join(open_file(case_id=row.case_id, file_id=row.pk)).decode()
        for row in Attachment.objects.filter(status="kept")
    }


def page(client, who, path, fields, world):
    """Which of the words that were typed, and of the names, a page shows."""
    answer = client.get(path)
    assert answer.status_code == 200, (who, path)
    text = text_of(answer.content.decode())
    names = [str(each) for each in (*world.cast.users.values(), *world.cast.agencies.values())]
    words = {word for word in (*fields.values(), *names) if len(word) > 2 and word in text}
    assert words, path
    return {"email": world.cast.users[who].email, "path": path, "words": sorted(words)}


def text_of(html):
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def dumped(alias):
    link = connections[alias].settings_dict
    address = f"postgresql://{link['USER']}@{link['HOST']}:{link['PORT']}/{link['NAME']}"
    words = ["pg_dump", "--no-owner", "--exclude-table-data=signed_in_*", address]
    dump = subprocess.run(words, capture_output=True, check=True).stdout
    # What newer programs put round a dump, and older ones do not read.
    return b"\n".join(l for l in dump.split(b"\n") if not l.startswith((b"\\restrict", b"\\unrestrict")))
