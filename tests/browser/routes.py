"""Every address that answers GET, with its object ids filled from the data. A new route with an id needs a line here."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import get_resolver
from sites import Site, environment

SERVED = "FROM strategy_initiativegoal JOIN strategy_goal ON strategy_goal.id = goal_id WHERE executive_owner <> '' AND known_until IS NULL"
# Names of routes that take an object -> how to find one.
SAMPLES: dict[str, Callable[[Site], dict[str, object]]] = {
    **{f"assess_{name}": lambda s: {"pk": wave(s)} for name in ("wave", "gaps", "sheet", "report", "run", "export")},
    "account": lambda s: {"pk": s.one("SELECT min(id) FROM accounts_account WHERE merged_into_id IS NULL")},
    "experiment": lambda s: {"pk": s.one("SELECT max(id) FROM strategy_experiment")},
    "sponsor": lambda s: {"owner": s.word("SELECT min(executive_owner) FROM strategy_goal WHERE executive_owner <> ''")},
    "import_template": lambda s: {"kind": "accounts"},
    "import_file": lambda s: {"number": job(s)},
    "import_progress": lambda s: {"number": job(s)},
    "import_rows": lambda s: {"number": job(s)},
    "import_findings": lambda s: {"number": job(s)},
    "import_run": lambda s: {"number": applied(s)},
    "import_run_rows": lambda s: {"number": applied(s)},
    "person": lambda s: {"number": s.one("SELECT max(id) FROM organisation_person")},
    **{name: lambda s: {"pk": s.one("SELECT min(id) FROM strategy_goal")} for name in ("goal", "goal_edit", "goal_kpi")},
    **{name: lambda s: {"pk": s.one("SELECT min(id) FROM strategy_series")} for name in ("series", "series_values", "series_describe")},
    **{name: lambda s: {"pk": s.one("SELECT min(id) FROM strategy_initiative")} for name in ("initiative", "initiative_edit", "initiative_goals", "initiative_effect", "roadmap_item")},
    "effect": lambda s: {"pk": s.one("SELECT id FROM measure_effect ORDER BY by_hand, refused, id LIMIT 1")},
    "design": lambda s: {"pk": s.one("SELECT max(id) FROM measure_design")},
    "group": lambda s: {"pk": s.one("SELECT min(id) FROM measure_accountgroup")},
    "listen_query": lambda s: {"pk": listened(s)},
    "alert": lambda s: {"pk": alarmed(s)},
    "playbook": lambda s: {"key": "q09-6"},
    "roadmap_case": lambda s: {"pk": s.one(f"SELECT min(initiative_id) {SERVED}"), "owner": s.word(f"SELECT executive_owner {SERVED} ORDER BY initiative_id LIMIT 1")},
}  # fmt: skip
# Signing out and the sign-in pages themselves are journeys; the API is another door, with a suite of its own;
# a rater's pages are in test_browser_assessment.py.
APART = re.compile(r"^(sign-in/|sign-out/|api/|healthz|rate/|ask/)")
PARTS = {"import_progress", "listen_preview"}  # fragments that a page asks for
PLAIN = (".csv", ".json", ".pdf", ".parquet")  # files, no pages
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def wave(site: Site) -> int:
    return site.one("SELECT max(id) FROM assess_assessment WHERE result IS NOT NULL")


MAKE_QUERY = """
import django; django.setup()
from socius.kit import clock
from socius.listen.actions import make_query
from socius.organisation.actions import allowed
from socius.organisation.models import Actor, Person, Unit
unit = Unit.objects.get(kind="organisation")
actors = (Actor(person, "cli", clock.now()) for person in Person.objects.all())
make_query(unit, actor=next(a for a in actors if allowed(a, "query.edit", unit)), name="Parcels", text="parcel")
"""


def listened(site: Site) -> int:
    """A query; the demonstration has none, so one is made."""
    if not site.one("SELECT count(*) FROM listen_query"):
        performed(site, MAKE_QUERY)
    return site.one("SELECT min(id) FROM listen_query")


RAISE_ALERT = """
from datetime import timedelta
from socius.listen.actions.alerts import Rise, Watcher, raise_alert
from socius.listen.models import Query
at = clock.now()
bands = [[int(at.timestamp()) // 300 * 300 - 300 * n, None if n > 30 else n % 3 if n > 4 else 30, 1.2, 6.0] for n in range(40, 0, -1)]
told = {"buckets": bands, "first": "", "top": [], "channels": {"bluesky": {"n": 120, "authors": 60, "scored": 80, "negative": 0.6}}, "weighted": {"n": 100.0, "negative": 0.5, "level": 2}}
onset = at - timedelta(minutes=20)
raise_alert(Query.objects.first(), Rise(2, "rise", onset, onset, at, 1.2, 30, 1e-9, 60, 80, 0.6, told), Watcher(at))
"""


def alarmed(site: Site) -> int:
    """An alert; where there is none, one is raised."""
    listened(site)
    if not site.one("SELECT count(*) FROM listen_alert"):
        performed(site, MAKE_QUERY.partition("from socius.listen")[0] + RAISE_ALERT)
    return site.one("SELECT min(id) FROM listen_alert")


def performed(site: Site, text: str) -> None:
    """Runs a text in the site's home."""
    more = {
        "DJANGO_SETTINGS_MODULE": "socius.config.settings",
        "SOCIUS_DEMO": "1" if site.demonstration else "",
    }
    subprocess.run([sys.executable, "-c", text], env={**environment(site.home), **more}, check=True)


def job(site: Site) -> int:
    return site.one("SELECT min(id) FROM activity_importjob")


def applied(site: Site) -> int:
    return site.one(
        "SELECT id FROM activity_importrun WHERE kind = 'accounts' AND state = 'applied'"
    )


def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for one in patterns:
        route = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from walk(one.url_patterns, route)
        else:
            yield route, one


def answers_get(view: Any) -> bool:
    while True:
        if not inspect.isfunction(view):
            return True
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods:
            return "GET" in methods
        if not hasattr(view, "__wrapped__"):
            return True
        view = view.__wrapped__


def all_routes() -> list[tuple[str, str]]:
    """(name, route) of every page that can be looked at."""
    found = walk(get_resolver().url_patterns)
    return [(p.name or "", r) for r, p in found if answers_get(p.callback) and not APART.match(r)]


def address(name: str, route: str, site: Site) -> str:
    """The route with ids of the data in it; fails for a route that nobody gave a sample."""
    wanted = PARAMETER.findall(route)
    assert not wanted or name in SAMPLES, (
        f"The route {route} ({name}) has no sample: add one to tests/browser/routes.py"
    )
    values = SAMPLES[name](site) if wanted else {}
    return "/" + PARAMETER.sub(lambda m: str(values[m[1]]), route)
