"""Recomputes the line of sight from exported CSVs with plain loops: `recompute.py FOLDER AS_OF ZONE`, JSON out. Knows nothing of Socius."""

# A hundred lines that can be read in one go:
# ruff: noqa: C901, PLR0912, E701
# fmt: off
import csv
import io
import json
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

ORDER = ["none", "goal", "outcome", "fresh", "measured"]
GRAINS = [(2, 1), (10, 7), (45, 31), (120, 92), (500, 366)]  # median gap up to -> length of the grain
EVER, NEVER = date.min, date.max
def load(folder, kind):
    path = Path(folder) / f"{kind}.csv"
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []
def day(cell, otherwise=None):
    return date.fromisoformat(cell) if cell else otherwise
def key(network, name):
    bare = name.strip().casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return ("x" if network.strip().casefold() == "twitter" else network.strip().casefold(), bare)
def accounts_of(folder):
    """Identity -> one account with its links (goal, initiative, experiment, from, until); the first row wins."""
    found = {}
    for row in load(folder, "accounts"):
        mine = [key(row["network"], row[c]) for c in ("handle", "url") if row[c].strip()]
        goal = [(row["goal"], "", "", EVER, NEVER)] if row["goal"] else []
        known = next((found[k] for k in mine if k in found), {"unit": row["unit"], "links": goal})
        found.update(dict.fromkeys(mine, known))
    at = {name: account for (_, name), account in found.items()}
    for i in load(folder, "initiatives"):
        for name in filter(None, i["accounts"].split("|")):
            at[key("", name)[1]]["links"].append(("", i["initiative"], "", day(i["start"], EVER), day(i["end"], NEVER)))
    for k in load(folder, "links"):
        span = (day(k["valid_from"], EVER), day(k["valid_until"], NEVER))
        at[key("", k["account"])[1]]["links"].append((k["goal"], k["initiative"], k["experiment"], *span))
    return found
def main(folder, as_of, zone):
    first, here = as_of - timedelta(days=89), ZoneInfo(zone)
    goals = {g["goal"]: g for g in load(folder, "goals")}
    initiatives = {i["initiative"]: [g for g in i["goals"].split("|") if g] for i in load(folder, "initiatives")}
    experiments = {e["experiment"]: e for e in load(folder, "experiments")}
    accounts, dates, kpis, fresh = accounts_of(folder), defaultdict(set), defaultdict(list), set()
    for v in load(folder, "outcomes"):
        if datetime.fromisoformat(v["known_at"]).astimezone(here).date() <= as_of:
            dates[v["series"]].add(date.fromisoformat(v["date"]))
    for series, known in dates.items():
        gap = median((b - a).days for a, b in pairwise(sorted(known)))
        if (as_of - max(known)).days <= 2 * next(length for most, length in GRAINS if gap <= most):
            fresh.add(series)
    effects = {(e["initiative"], e["series"]): e["grade"] for e in load(folder, "effects") if (as_of - day(e["until"], as_of)).days <= 366}
    for k in load(folder, "kpis"):
        if k["class"] == "outcome":
            kpis[k["goal"]].append(k["series"])
    def line_to(goal, initiative, on):  # (level, grade, break)
        g, tied = goals[goal], [s for s in kpis[goal] if s in dates]
        if not (g["executive_owner"] and day(g["period_start"], EVER) <= on <= day(g["period_end"], NEVER)): return 0, "", "goal_without_owner"
        if not tied: return 1, "", "kpi_without_series" if kpis[goal] else "goal_without_outcome_kpi"
        if not fresh & set(tied): return 2, "", "series_stale"
        grades = [effects[initiative, s] for s in tied if s in fresh and (initiative, s) in effects]
        return (4, min(grades), "") if grades else (3, "", "no_effect")
    def walk(row, account, on):  # every line of a row: (goal, (level, grade, break))
        if row["initiative"]:
            named = [(g, line_to(g, row["initiative"], on)) for g in initiatives[row["initiative"]]]
            return named or [("", (0, "", "initiative_without_goal"))]
        if row["goal"]: return [(row["goal"], line_to(row["goal"], "", on))]
        if account is None: return [("", (0, "", "account_unknown"))]
        out = []
        for goal, initiative, experiment, since, until in account["links"]:
            if since <= on <= until:
                out += [(g, line_to(g, initiative, on)) for g in ([goal] if goal else initiatives.get(initiative, []))]
                e = experiments.get(experiment)
                out += [("", (1, "", ""))] if e and day(e["start"]) <= on <= day(e["end"]) else []
        return out or [("", (0, "", "account_without_goal"))]
    levels, grades, breaks, weekly = Counter(), Counter(), Counter(), defaultdict(lambda: [0, 0])
    by = {"by_unit": defaultdict(Counter), "by_network": defaultdict(Counter), "by_goal": defaultdict(Counter)}
    for row in load(folder, "activity"):
        on = datetime.fromisoformat(row["at"]).astimezone(here).date()
        account = accounts.get(key(row["network"], row["account"])) if row["account"] else None
        lines = walk(row, account, on)
        level, grade, stop = max((found for _, found in lines), key=lambda x: (x[0], -ord(x[1] or "Z")))
        week = weekly[(on - timedelta(days=on.weekday())).isoformat()]
        week[:] = [week[0] + 1, week[1] + (level > 0)]
        if first <= on <= as_of:
            for counter, what in ((levels, ORDER[level]), (grades, grade), (breaks, stop)):
                counter[what] += 1
            by["by_unit"][account["unit"] if account else ""][ORDER[level]] += 1
            by["by_network"][row["network"]][ORDER[level]] += 1
            for goal in {g for g, _ in lines if g}:
                by["by_goal"][goal][ORDER[max(found[0] for g, found in lines if g == goal)]] += 1
    number = len({id(a) for a in accounts.values()})
    return {"accounts": number, "levels": levels, "grades": grades, "breaks": breaks, **by, "weekly": [[w, *weekly[w]] for w in sorted(weekly)]}
if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], date.fromisoformat(sys.argv[2]), sys.argv[3])))
