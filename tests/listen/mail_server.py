"""Dovecot on loopback with one mailbox, for one test; gone afterwards."""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

NAME, PASSWORD = "care", "only-here"  # of a server that lives for one test
SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{place}/mail
first_valid_uid = 1
default_login_user = {login}
default_internal_user = {inner}
default_internal_group = {group}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Server(NamedTuple):
    """Where it is reached."""

    port: int
    place: Path

    @property
    def address(self) -> str:
        return f"imap://{NAME}@127.0.0.1:{self.port}/INBOX"

    def deliver(self, text: str, number: str) -> None:
        """A mail into the inbox, unread."""
        lines = [f"From: Ann <ann{number}@example.org>", "To: care@example.org", f"Subject: Parcel {number}",
                 "Date: Sun, 01 Nov 2026 10:00:00 +0000", f"Message-ID: <{number}@example.org>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text]  # fmt: skip
        with imaplib.IMAP4("127.0.0.1", self.port) as door:
            door.login(NAME, PASSWORD)
            door.append("INBOX", None, None, "\r\n".join(lines).encode())

    def unread(self) -> int:
        """Mails that nobody has read."""
        with imaplib.IMAP4("127.0.0.1", self.port) as door:
            door.login(NAME, PASSWORD)
            door.select("INBOX", readonly=True)
            return len(door.search(None, "UNSEEN")[1][0].split())


def program() -> str | None:
    """Dovecot, where it is installed."""
    return shutil.which("dovecot") or next((p for p in ("/usr/sbin/dovecot",) if Path(p).exists()), None)  # fmt: skip


@contextlib.contextmanager
def mail_server() -> Iterator[Server]:
    """Started, and stopped at the end."""
    place = Path(tempfile.mkdtemp(prefix="socius-mail-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mine = pwd.getpwuid(os.geteuid()).pw_name
    # Dovecot gives nobody's mails to root.
    owner = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    root = os.geteuid() == 0
    said = SETTINGS.format(
        place=place, port=port, password=PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid,
        login="dovenull" if root else mine, inner="dovecot" if root else mine, group="dovecot" if root else pwd.getpwuid(os.geteuid()).pw_name,
    )  # fmt: skip
    (place / "mail").mkdir()
    (place / "dovecot.conf").write_text(said)
    place.chmod(0o755)
    os.chown(place / "mail", owner.pw_uid, owner.pw_gid)
    server = subprocess.Popen([str(program()), "-F", "-c", str(place / "dovecot.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        until = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            log = place / "log"
            assert time.monotonic() < until, log.read_text() if log.exists() else "no log"
            time.sleep(0.05)
        yield Server(port, place)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(place, ignore_errors=True)
