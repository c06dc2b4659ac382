"""A mailbox on a real mail server: unread mails become records once, whenever the collector is killed, and nobody's mail is marked as read."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from mail_server import NAME, PASSWORD, mail_server, program

from socius.connectors.streams.mailbox import secret_of
from socius.kit.errors import Invalid
from socius.stores.mentions import Store

SOURCE = Path(__file__).parents[2] / "src"
SET_UP = """
import django; django.setup()
import sys
from socius.kit import clock
from socius.organisation.models import Actor, Person, Unit
from socius.listen import actions
unit = Unit.objects.get(kind="organisation")
actor = Actor(Person.objects.get(), "cli", clock.now())
actions.make_query(unit, actor=actor, name="Parcels", text="parcel")
actions.add_source(unit, actor=actor, name="Care", kind="imap", address=sys.argv[1])
"""
# A collector that is killed where the test wants it: at the named call, or after so many calls of the last one.
KILLED = """
import django; django.setup()
import os, signal, sys
from pathlib import Path
from socius.listen.jobs import collect, mailing
from socius.stores.mentions import Store
from socius.stores.turns import Turns
mailing.EVERY = 0.2
def die(*_a, **_k):
    os.kill(os.getpid(), signal.SIGKILL)
where = sys.argv[2]
if where == "before the queue":
    collect.Collector.queued = die
elif where == "before the tables":
    Store.apply = die
elif where == "before the database":
    collect.keep = die
else:
    kept = collect.keep
    def keep(told, hits, gone):
        made = kept(told, hits, gone)
        if told is not None and told.cursor.split(":")[1] == where:
            die()
        return made
    collect.keep = keep
collect.Collector(Turns(Path(sys.argv[1]) / "listen", patience=None)).run()
"""


def environment(home: Path, secrets: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SOCIUS_")}
    ours = {
        "SOCIUS_HOME": str(home),
        "SOCIUS_LISTEN_LOOPBACK": "1",
        "SOCIUS_LISTEN_SECRETS": str(secrets),
        "DJANGO_SETTINGS_MODULE": "socius.config.settings",
    }
    return {**kept, **ours, "PYTHONPATH": str(SOURCE)}


def run(env: dict[str, str], *words: str, code: int = 0) -> None:
    done = subprocess.run([sys.executable, *words], env=env, check=False, capture_output=True, timeout=180)  # fmt: skip
    assert done.returncode == code, done.stderr.decode()[-2000:]


@pytest.mark.slow
@pytest.mark.sqlite_only  # the home's own database file is read beside the collector
@pytest.mark.skipif(program() is None, reason="there is no dovecot; `make test` installs it where it may")  # fmt: skip
def test_mails_become_records_once_however_the_collector_dies(tmp_path: Path) -> None:
    home, secrets = tmp_path / "home", tmp_path / "secrets"
    secrets.mkdir()
    env = environment(home, secrets)
    run(env, "-m", "socius.cli", "init", "--zone", "UTC")
    with mail_server() as server:
        server.deliver("The parcel is late.", "1")
        server.deliver("Späte Lieferung, wieder. 快递很慢", "2")
        run(env, "-c", SET_UP, server.address)
        place = secrets / f"imap-{NAME}@127.0.0.1"
        place.write_text(PASSWORD + "\n")
        place.chmod(0o600)
        for where in ("before the queue", "before the tables", "before the database"):
            run(env, "-c", KILLED, str(home), where, code=-9)
        server.deliver("Another parcel.", "3")
        run(env, "-c", KILLED, str(home), "3", code=-9)
        assert server.unread() == 3
    rows = Store(home / "listen").mentions.read(["remote_id", "text", "author_id"]).to_pylist()
    assert sorted(r["remote_id"] for r in rows) == [f"<{n}@example.org>" for n in (1, 2, 3)]
    assert {r["author_id"] for r in rows} == {f"ann{n}@example.org" for n in (1, 2, 3)}
    assert any("快递很慢" in r["text"] for r in rows)
    with sqlite3.connect(home / "socius.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM listen_hit").fetchone() == (3,)
        assert db.execute("SELECT stored, malformed, duplicates FROM listen_source").fetchone() == (3, 0, 0)  # fmt: skip
        # A mailbox keeps what came while nobody looked: no gap.
        assert db.execute("SELECT count(*) FROM listen_coverage").fetchone() == (1,)
        # Its password stands nowhere but in its file.
    held = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    assert PASSWORD.encode() not in held


@pytest.mark.slow
@pytest.mark.skipif(program() is None, reason="there is no dovecot; `make test` installs it where it may")  # fmt: skip
def test_a_wrong_password_or_folder_is_a_sentence() -> None:
    from socius.connectors.streams.mailbox import Mailbox

    with mail_server() as server:
        with pytest.raises(Invalid, match="refused the name 'care' or its password"):
            Mailbox(server.address, "wrong", loopback=True)
        with pytest.raises(Invalid, match="has no folder 'Nowhere'"):
            Mailbox(server.address.replace("INBOX", "Nowhere"), PASSWORD, loopback=True)


def test_a_password_lies_in_a_file_of_its_own_outside_the_data(tmp_path: Path) -> None:
    home, secrets = tmp_path / "home", tmp_path / "secrets"
    home.mkdir()
    secrets.mkdir()
    address = "imaps://care%40example.org@mail.example.org/INBOX"
    place = secrets / "imap-care@example.org@mail.example.org"
    for folder, say in (
        ("", "No folder of passwords"), (str(home), "inside the data folder"), (str(secrets), "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=say):
            secret_of(folder, home, address)
    place.write_text("a secret\n")
    place.chmod(0o644)
    with pytest.raises(Invalid, match="can be read by others"):
        secret_of(str(secrets), home, address)
    place.chmod(0o600)
    assert secret_of(str(secrets), home, address) == "a secret"
