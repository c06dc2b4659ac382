"""Fills a home with a large organisation, walks its line of sight, asks for its first page."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import socket
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django first

from socius.accounts.models import Account  # noqa: E402
from socius.activity.actions import Draft, append  # noqa: E402
from socius.activity.jobs import bring_up_to_date  # noqa: E402
from socius.activity.models import Entry, ImportRun  # noqa: E402
from socius.engine.sight import Facts  # noqa: E402, F401
from socius.kit import clock  # noqa: E402
from socius.measure.actions import IMPORTERS, Upload  # noqa: E402
from socius.measure.reports import as_json, asked, line_of_sight  # noqa: E402
from socius.organisation.actions import actor_for, set_password  # noqa: E402

ACCOUNTS, UNITS, GOALS = 2_000, 60, 40
PASSWORD = "a long password for a benchmark"  # noqa: S105
DAY_US = 86_400_000_000


def take(kind: str, text: str) -> None:
    actor = actor_for(origin="cli", at=clock.now())
    report = IMPORTERS[kind](Upload(source=text.encode(), name=kind, apply=True), actor=actor)
    assert report.state == "ok", report.findings[:3]


def fill(rows: int) -> dict[str, Any]:
    today = clock.now().date()
    take(
        "goals",
        "goal,statement,executive_owner\n"
        + "".join(f"g{i},Goal {i},owner{i}@firm.example\n" for i in range(GOALS)),
    )
    values = "".join(
        f"{today - timedelta(days=7 * w)},s{s},{100 + w + s},count,crm,it is counted in the CRM,outcome\n"
        for s in range(20)
        for w in range(30)
    )
    take("outcomes", "date,series,value,unit,source,why,class\n" + values)
    take(
        "kpis",
        "goal,measure,class,series\n"
        + "".join(f"g{i},measure {i},outcome,s{i % 20}\n" for i in range(GOALS - 8)),
    )
    accounts = "".join(
        f"x,acct{i},unit {i % UNITS},{f'g{i % GOALS}' if i % 3 else ''}\n" for i in range(ACCOUNTS)
    )
    take("accounts", "network,handle,unit,goal\n" + accounts)
    ids = list(Account.objects.values_list("pk", flat=True))
    now = clock.micros(clock.now())
    run = ImportRun.objects.create(
        kind="activity",
        file_name="bench",
        sha256="",
        state="applied",
        actor="system",
        started_at=clock.now(),
        applied_at=clock.now(),
    )
    rng = random.Random(5)
    start = time.process_time()
    for base in range(0, rows, 100_000):
        drafts = (
            Draft(
                b"",
                now - (i * 31_536_000_000_000 // rows),
                now,
                "person:1",
                "import",
                "posted",
                "done",
                f"account:{a}",
                account=a,
                network="x",
                remote_id=f"b{i}",
                run=run.pk,
            )
            for i in range(base, min(base + 100_000, rows))
            for a in (ids[rng.randrange(ACCOUNTS)],)
        )
        with transaction.atomic():
            append(drafts)
    written = time.process_time() - start
    start = time.process_time()
    bring_up_to_date()
    return {
        "rows": rows,
        "append_us_per_row": round(written / rows * 1e6, 1),
        "roll_up_us_per_row": round((time.process_time() - start) / rows * 1e6, 1),
    }


def walk(_rows: int) -> dict[str, Any]:
    actor = actor_for(origin="cli", at=clock.now())
    question = asked(clock.now())
    walls, cpus, opponents = [], [], []
    for _ in range(6):
        wall, cpu = time.perf_counter(), time.process_time()
        found = as_json(*line_of_sight(actor, question), question)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        cpu = time.process_time()
        with connection.cursor() as cursor:
            first = clock.micros(clock.now()) - 90 * DAY_US
            cursor.execute(
                "SELECT l.goal_id IS NULL, count(*) FROM activity_entry e LEFT JOIN (SELECT DISTINCT account_id, goal_id FROM strategy_link WHERE known_until IS NULL) l"
                " ON l.account_id = e.account WHERE e.verb IN ('posted','replied','moderated','ran') AND e.at >= %s GROUP BY 1", [first],
            )  # fmt: skip
            cursor.fetchall()
        opponents.append(time.process_time() - cpu)
    return {
        "activities_in_window": found["activity"]["total"],
        "ledger_rows": Entry.objects.order_by("-seq").values_list("seq", flat=True).first(),
        "wall_s": round(statistics.median(walls[1:]), 3),
        "cpu_s": round(statistics.median(cpus[1:]), 3),
        "raw_sql_cpu_s": round(statistics.median(opponents[1:]), 3),
        "cpu_over_raw_sql": round(
            statistics.median(a / b for a, b in zip(cpus[1:], opponents[1:], strict=True)), 3
        ),
        "mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def pages(_rows: int) -> dict[str, Any]:
    actor = actor_for(origin="cli", at=clock.now())
    set_password(actor.person, PASSWORD, actor=actor)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "socius.cli", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    try:
        return asked_for(f"http://127.0.0.1:{port}", actor.person.email)
    finally:
        server.send_signal(2)
        server.wait(20)


def asked_for(base: str, email: str) -> dict[str, Any]:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    for _ in range(100):
        try:
            page = browser.open(f"{base}/sign-in/", timeout=5).read().decode()
            break
        except OSError:
            time.sleep(0.3)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    browser.open(
        f"{base}/sign-in/",
        urlencode({"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD}).encode(),
        timeout=60,
    ).read()
    times = []
    first = time.perf_counter()
    browser.open(base + "/", timeout=60).read()
    first = time.perf_counter() - first
    for _ in range(100):
        start = time.perf_counter()
        body = browser.open(base + "/", timeout=60).read()
        times.append(time.perf_counter() - start)
    assert b"of activity reaches a goal" in body
    times.sort()
    return {
        "first_s": round(first, 3),
        "p50_ms": round(times[50] * 1000),
        "p95_ms": round(times[95] * 1000),
        "load": [round(x, 2) for x in os.getloadavg()],
        "page_bytes": len(body),
    }


if __name__ == "__main__":
    print(json.dumps({"fill": fill, "walk": walk, "pages": pages}[sys.argv[1]](int(sys.argv[2]))))
