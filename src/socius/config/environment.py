"""The settings of an installation: one typed class, read from the environment, refusing what cannot work."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from socius.kit.errors import Misconfigured

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Mail:
    """The server that takes our mail; `sender` stands in From."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool
    sender: str


@dataclass(frozen=True)
class Environment:
    """Every setting, each with a heading in docs/reference/settings.md (a test looks)."""

    home: Path
    database: str
    secret_key: str
    host: str
    port: int
    hosts: tuple[str, ...]
    debug: bool
    demonstration: bool
    listen_loopback: bool
    mail: Mail | None
    address: str
    listen_keep_days: int | None
    listen_secrets: str

    @property
    def databases(self) -> dict[str, dict[str, object]]:
        """Django's DATABASES for SQLite in the home, or for the PostgreSQL that `database` names."""
        if self.database:
            return {"default": postgres(self.database)}
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(self.home / "socius.sqlite3"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 30,
                    # FULL: with NORMAL a power cut can lose a commit that was already acknowledged.
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA recursive_triggers=ON;",
                },
            }
        }


def postgres(address: str) -> dict[str, object]:
    """The parts of `postgresql://user:password@host:port/name` as Django wants them."""
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise Misconfigured(
            "SOCIUS_DATABASE must look like postgresql://user:password@host:5432/name, or be empty for SQLite."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 60,
    }


def mail_of(address: str, sender: str) -> Mail | None:
    """The server of `smtp://user:password@host:port`, `smtp+tls://` (STARTTLS) or `smtps://`; None where none is named."""
    if not address:
        return None
    parts = urlsplit(address)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname or "@" not in sender:
        raise Misconfigured(
            "SOCIUS_MAIL must look like smtp+tls://user:password@host:587 (or smtp://, smtps://), and SOCIUS_MAIL_FROM must be an address."
        )
    return Mail(
        parts.hostname, parts.port or ports[parts.scheme], unquote(parts.username or ""), unquote(parts.password or ""),
        parts.scheme == "smtp+tls", parts.scheme == "smtps", sender,
    )  # fmt: skip


def secret_of(home: Path, given: str) -> str:
    """The session key: the given one, or one made once and kept in the home with mode 0600."""
    if given:
        if len(given) < SHORTEST_SECRET:
            raise Misconfigured(
                f"SOCIUS_SECRET_KEY has {len(given)} characters; it needs at least {SHORTEST_SECRET}. Leave it empty to have one made."
            )
        return given
    place = home / "secret-key"
    if not place.exists():
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return place.read_text().strip()


def port_of(text: str) -> int:
    """The port as a number that can be one."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Misconfigured(f"SOCIUS_PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def truth_of(name: str, text: str) -> bool:
    """`1`, `true`, `yes` or `0`, `false`, `no`, empty."""
    folded = text.strip().casefold()
    if folded in {"1", "true", "yes"}:
        return True
    if folded in {"", "0", "false", "no"}:
        return False
    raise Misconfigured(f"{name} is {text!r}; say yes or no.")


def days_of(name: str, text: str) -> int | None:
    """A number of days from 1 on; empty: without end."""
    if not text.strip():
        return None
    if not text.strip().isdecimal() or int(text) < 1:
        raise Misconfigured(f"{name} is {text!r}; give a number of days from 1 on, or leave it empty.")  # fmt: skip
    return int(text)


def read(variables: Mapping[str, str]) -> Environment:
    """Reads and checks the settings; `Misconfigured` names the variable that is wrong."""
    demonstration = truth_of("SOCIUS_DEMO", variables.get("SOCIUS_DEMO", ""))
    top = Path(variables.get("SOCIUS_HOME") or "socius-data").expanduser().absolute()
    home = top / "demo" if demonstration else top
    host = variables.get("SOCIUS_HOST", "127.0.0.1")
    debug = truth_of("SOCIUS_DEBUG", variables.get("SOCIUS_DEBUG", ""))
    if debug and host not in LOOPBACK:
        raise Misconfigured(
            "SOCIUS_DEBUG shows the inside of the program; it works on 127.0.0.1 only."
        )
    if home.exists() and not home.is_dir():
        raise Misconfigured(f"SOCIUS_HOME names {home}, which is a file; name a folder.")
    named = tuple(h.strip() for h in variables.get("SOCIUS_HOSTS", "").split(",") if h.strip())
    # The demonstration is SQLite in its own home whatever the real organisation uses.
    database = "" if demonstration else variables.get("SOCIUS_DATABASE", "")
    return Environment(
        home=home,
        database=database,
        secret_key=secret_of(home, variables.get("SOCIUS_SECRET_KEY", "")),
        host=host,
        port=port_of(variables.get("SOCIUS_PORT", "8000")),
        hosts=named or ("127.0.0.1", "localhost", "[::1]", host),
        debug=debug,
        demonstration=demonstration,
        mail=mail_of(variables.get("SOCIUS_MAIL", ""), variables.get("SOCIUS_MAIL_FROM", "")),
        address=variables.get("SOCIUS_ADDRESS", "").rstrip("/")
        or f"http://{host}:{port_of(variables.get('SOCIUS_PORT', '8000'))}",
        # The demonstration may listen to the fake network beside it.
        listen_loopback=demonstration
        or truth_of("SOCIUS_LISTEN_LOOPBACK", variables.get("SOCIUS_LISTEN_LOOPBACK", "")),
        listen_keep_days=days_of(
            "SOCIUS_LISTEN_KEEP_DAYS", variables.get("SOCIUS_LISTEN_KEEP_DAYS", "")
        ),
        listen_secrets=variables.get("SOCIUS_LISTEN_SECRETS", ""),
    )
