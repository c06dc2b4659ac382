"""Imports: dry run and apply count alike, the same file is taken once, blocks can be taken up again, an undo compensates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pytest

from socius.activity.actions import Draft, Run, append, imports, run_blocks, run_import, undo_run
from socius.activity.models import (
    Content,
    Cursor,
    Entry,
    ImportedRow,
    ImportRun,
    Installation,
    Mapping,
)
from socius.connectors.files import Report, Row, Upload
from socius.kit.clock import micros
from socius.kit.errors import Invalid

GOALS = "goal,statement\none,First\ntwo,Second\nthree,Third\n"
pytestmark = pytest.mark.django_db


def handed(text: str, *, apply: bool = True, **said: Any) -> Upload:
    return Upload(text.encode(), "goals.csv", apply=apply, **said)


def own(rows: Iterable[Row], run: Run) -> None:
    """A small owner: a goal is a cursor here, its statement's length its value."""
    for row in rows:
        name, value = row.values["goal"], len(row.text("statement"))
        if row.text("statement") == "unknown":
            run.reject(
                row,
                "unknown_name",
                "Nobody knows ann@acme.example.",
                column="statement",
                repair="Import people first.",
            )
            continue
        kept = Cursor.objects.filter(name=name).first()
        if kept is None:
            Cursor.objects.create(name=name, seq=value)
            run.done(row, "created", f"cursor:{name}")
        elif kept.seq != value:
            before, kept.seq = {"seq": kept.seq}, value
            kept.save()
            run.done(row, "updated", f"cursor:{name}", before)
        else:
            run.done(row, "unchanged", f"cursor:{name}")


def give_back(run: ImportRun) -> int:
    """The owner's part of an undo."""
    lines = list(run.lines.exclude(outcome="unchanged").order_by("-pk"))
    for line in lines:
        name = line.object.removeprefix("cursor:")
        if line.outcome == "created":
            Cursor.objects.filter(name=name).delete()
        else:
            Cursor.objects.filter(name=name).update(**line.before)
    return len(lines)


def small(text: str, who: Any, **said: Any) -> Report:
    return run_import(handed(text, **said), kind="goals", who=who, apply=own)


def rows_of(report: Report) -> dict[str, int]:
    return {k: v for k, v in report.as_json()["rows"].items() if v}


def test_a_dry_run_counts_what_applying_counts_and_writes_nothing(
    home: Installation, who: Any
) -> None:
    dry = small(GOALS, who, apply=False)
    assert (dry.state, dry.mode, dry.run) == ("ok", "dry_run", None)
    assert not Cursor.objects.exists()
    assert not ImportRun.objects.exists()
    assert not Entry.objects.exists()
    wet = small(GOALS, who)
    assert rows_of(dry) == rows_of(wet) == {"read": 3, "created": 3}


def test_an_applied_import_leaves_a_run_its_lines_and_one_row_in_the_ledger(
    home: Installation, who: Any
) -> None:
    report = small(GOALS, who)
    run = ImportRun.objects.get(pk=report.run)
    assert (run.state, run.applied_at, run.headers, run.report["rows"]["created"]) == (
        "applied",
        who.at,
        ["goal", "statement"],
        3,
    )
    assert list(run.lines.values_list("line", "object", "outcome")) == [
        (2, "cursor:one", "created"),
        (3, "cursor:two", "created"),
        (4, "cursor:three", "created"),
    ]
    entry = Entry.objects.get()
    assert (entry.verb, entry.object, entry.run) == ("import", f"import:{run.pk}", run.pk)
    content = Content.objects.get(id=entry.id).content
    assert run.sha256 == hashlib.sha256(GOALS.encode()).hexdigest()
    assert run.sha256.encode() in bytes(content or b"")


def test_the_same_file_is_taken_once(home: Installation, who: Any) -> None:
    first = small(GOALS, who)
    again = small(GOALS, who)
    assert (again.state, again.previous_import, again.exit_status) == (
        "already_imported",
        first.run,
        0,
    )
    assert ImportRun.objects.count() == 1
    other = small(GOALS, who, zone="Europe/Paris")
    assert rows_of(other) == {"read": 3, "unchanged": 3}


def test_the_same_rows_from_another_file_are_unchanged_and_other_values_updated(
    home: Installation, who: Any
) -> None:
    small(GOALS, who)
    report = small("statement,goal\nFirst,one\nSecondly,two\n", who)
    assert rows_of(report) == {"read": 2, "unchanged": 1, "updated": 1}
    assert ImportedRow.objects.get(run=report.run, outcome="updated").before == {"seq": 6}


def test_another_file_than_the_one_shown_is_refused(home: Installation, who: Any) -> None:
    shown = small(GOALS, who, apply=False).file["sha256"]
    assert small(GOALS + "four,Fourth\n", who, expect_sha256=shown).state == "refused"
    assert small(GOALS, who, expect_sha256=shown).state == "ok"


def test_too_many_rows_that_the_owner_rejects_hold_the_file_and_nothing_is_written(
    home: Installation, who: Any
) -> None:
    text = (
        "goal,statement\n"
        + "".join(f"g{i},fine\n" for i in range(40))
        + "".join(f"b{i},unknown\n" for i in range(6))
    )
    held = small(text, who)
    assert (held.state, held.rejected) == ("held", 6)
    assert not Cursor.objects.exists()
    assert not ImportRun.objects.exists()
    assert "@acme.example" not in str(held.as_json())
    assert small(text, who, answers={"bad_rows": "leave_out"}).state == "ok"
    assert Cursor.objects.count() == 40


def test_an_error_in_the_owner_leaves_nothing_half_written(home: Installation, who: Any) -> None:
    def breaks(rows: Iterable[Row], run: Run) -> None:
        own(list(rows)[:2], run)
        raise Invalid("Something is wrong.")

    with pytest.raises(Invalid):
        run_import(handed(GOALS), kind="goals", who=who, apply=breaks)
    assert not Cursor.objects.exists()
    assert not ImportRun.objects.exists()


def test_an_owner_that_forgets_a_row_is_a_fault_of_the_program(
    home: Installation, who: Any
) -> None:
    def forgets(rows: Iterable[Row], run: Run) -> None:
        own(list(rows)[1:], run)

    with pytest.raises(RuntimeError, match="1 of 3 rows"):
        run_import(handed(GOALS), kind="goals", who=who, apply=forgets)
    assert not Cursor.objects.exists()


def test_an_owner_can_ask_and_is_answered(home: Installation, who: Any) -> None:
    def asks(rows: Iterable[Row], run: Run) -> None:
        own(rows, run)
        run.ask("colour", "Which colour?", ["red", "blue"])

    report = run_import(handed(GOALS), kind="goals", who=who, apply=asks)
    assert (report.state, report.questions[0]["id"]) == ("needs_answer", "colour")
    assert not Cursor.objects.exists()
    assert (
        run_import(
            handed(GOALS, answers={"colour": "red"}), kind="goals", who=who, apply=asks
        ).state
        == "ok"
    )


def test_a_mapping_that_was_applied_is_remembered_for_the_same_headers(
    home: Installation, who: Any
) -> None:
    strange = "Wunsch,Warum so\neins,Erstens\n"
    assert small(strange, who).state == "not_recognised"
    assert (
        small(strange, who, mapping={"Wunsch": "goal", "Warum so": "statement"}, apply=False).state
        == "ok"
    )
    assert not Mapping.objects.exists()
    small(strange, who, mapping={"Wunsch": "goal", "Warum so": "statement"})
    report = small("Warum so,Wunsch\nZweitens,zwei\n", who)
    assert rows_of(report) == {"read": 1, "created": 1}
    assert any(d["read_as"] == "mapped" for d in report.decisions)
    assert small(strange, who).state == "already_imported"


def test_a_renamed_column_is_told_and_a_lost_one_stops_a_complete_source(
    home: Installation, who: Any
) -> None:
    small("goal,statement,objective\none,First,innovation\n", who)
    renamed = small("goal,statement,business objective\none,First,innovation\n", who)
    assert renamed.columns["drift"] == [
        {"field": "objective", "from": "objective", "to": "business objective"}
    ]
    assert renamed.state == "ok"
    lost = "goal,statement\none,First\n"
    assert small(lost, who, apply=False).counts["column_gone"] == 1
    asked = small(lost, who, complete=True)
    assert (asked.state, asked.questions[0]["id"]) == ("needs_answer", "gone.objective")
    assert small(lost, who, complete=True, answers={"gone.objective": "go_on"}).state == "ok"


def test_progress_is_told(home: Installation, who: Any) -> None:
    told: list[int] = []
    text = "goal\n" + "".join(f"g{i}\n" for i in range(2500))
    small(text, who, progress=told.append)
    assert told == [1000, 2000]


# ------------------------------------------------------------------ large kinds


def history(n: int, start: int = 0) -> str:
    return "at,verb,object_id,network,minutes\n" + "".join(
        f"2026-01-05T08:30:00Z,posted,p{i},x,{i % 7}\n" for i in range(start, start + n)
    )


class History:
    """A small owner of activity: what it knows it takes back and writes anew."""

    def __init__(self, who: Any, stop_after: int = 10**9) -> None:
        self.who = who
        self.left = stop_after

    def take(self, rows: list[Row], run: Run) -> None:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        known = {
            e.remote_id: e
            for e in Entry.objects.filter(remote_id__in=[r.values["object_id"] for r in rows])
        }
        drafts: list[Draft] = []
        for row in rows:
            if row.values["minutes"] == 999:
                run.reject(row, "unknown_name", "No.")
                continue
            before = known.get(row.values["object_id"])
            if before is not None and before.minutes == row.values["minutes"]:
                run.done(row, "unchanged")
                continue
            if before is not None:
                drafts.append(
                    self.draft(row, run)._replace(
                        verb="retract",
                        retracts=bytes(before.id),
                        remote_id=None,
                        minutes=before.minutes,
                    )
                )
            drafts.append(self.draft(row, run))
            run.done(row, "created" if before is None else "updated")
        if not run.dry:
            append(drafts)

    def draft(self, row: Row, run: Run) -> Draft:
        at = micros(row.values["at"])
        return Draft(
            b"",
            at,
            micros(self.who.at),
            self.who.ref,
            "import",
            row.values["verb"],
            "done",
            "network:x",
            network="x",
            remote_id=row.values["object_id"],
            minutes=row.values["minutes"],
            run=run.id,
        )


def large(text: str, who: Any, stop_after: int = 10**9, **said: Any) -> Report:
    return run_blocks(
        handed(text, **said), kind="activity", who=who, apply_block=History(who, stop_after).take
    )


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "BLOCK", 10)


def standing() -> list[str]:
    gone = {bytes(e.retracts) for e in Entry.objects.exclude(retracts=None)}
    return sorted(
        e.remote_id or "" for e in Entry.objects.filter(verb="posted") if bytes(e.id) not in gone
    )


def test_a_large_dry_run_counts_and_writes_nothing(
    home: Installation, who: Any, small_blocks: None
) -> None:
    report = large(history(35), who, apply=False)
    assert rows_of(report) == {"read": 35, "created": 35}
    assert not Entry.objects.exists()
    assert not ImportRun.objects.exists()


def test_an_import_that_another_overtook_counts_nothing_and_is_done_once_more(
    home: Installation, who: Any, small_blocks: None
) -> None:
    others: list[Report] = []

    def meanwhile(_: int) -> None:
        if not others:
            others.append(large(history(5, 100), who))

    report = large(history(25), who, progress=meanwhile)
    assert (others[0].state, report.state) == ("ok", "refused")
    assert [f["code"] for f in report.findings] == ["overtaken"]
    applied = ImportRun.objects.filter(state="applied")
    assert [run.pk for run in applied] == [others[0].run]
    again = large(history(25), who)
    assert again.state == "ok"
    assert {run.pk for run in applied.all()} == {others[0].run, again.run}


def test_a_killed_import_goes_on_where_it_was_and_ends_like_a_clean_one(
    home: Installation, who: Any, small_blocks: None
) -> None:
    text = (
        history(15)
        + "2026-01-05T08:30:00Z,posted,bad,x,999\nnever,posted,p,x,1\n"
        + history(20, 100).partition("\n")[2]
    )
    with pytest.raises(KeyboardInterrupt):
        large(text, who, stop_after=2)
    half = ImportRun.objects.get()
    assert (half.state, half.applied_at, half.progress) == ("running", None, 20)
    assert Entry.objects.count() == 19
    report = large(text, who)
    assert report.run == half.pk
    assert rows_of(report) == {"read": 37, "created": 35, "rejected": 2}
    assert sorted(f["code"] for f in report.findings) == ["date_unreadable", "unknown_name"]
    assert Entry.objects.filter(verb="posted").count() == 35
    assert Entry.objects.filter(verb="import").count() == 1
    assert large(text, who).state == "already_imported"


def test_bad_rows_stop_a_large_import_before_its_block_is_written(
    home: Installation, who: Any, small_blocks: None
) -> None:
    text = history(12) + "never,posted,x,x,1\n" * 8 + history(12, 100).partition("\n")[2]
    report = large(text, who)
    assert report.state == "refused"
    assert ImportRun.objects.get().applied_at is None


def test_an_undo_takes_back_what_stands_and_revives_what_was_replaced(
    home: Installation, who: Any, small_blocks: None
) -> None:
    first = large(history(25), who)
    changed = "at,verb,object_id,network,minutes\n" + "".join(
        f"2026-01-05T08:30:00Z,posted,p{i},x,50\n" for i in range(20, 30)
    )
    second = large(changed, who)
    assert rows_of(second) == {"read": 10, "created": 5, "updated": 5}
    blocked = undo_run(first.run or 0, who=who)
    assert (blocked.state, blocked.counts["undo_blocked"]) == ("refused", 5)
    undone = undo_run(second.run or 0, who=who)
    assert undone.state == "ok"
    assert standing() == sorted(f"p{i}" for i in range(25))
    assert (
        sum(
            e.minutes or 0 for e in Entry.objects.filter(remote_id__in=["p20"]).order_by("-seq")[:1]
        )
        == 20 % 7
    )
    assert ImportRun.objects.get(pk=second.run).state == "undone"
    assert ImportRun.objects.get(pk=undone.run).undoes_id == second.run
    assert Entry.objects.filter(verb="import_undone").count() == 1
    assert undo_run(second.run or 0, who=who).state == "refused"
    assert undo_run(first.run or 0, who=who).state == "ok"


def test_an_undone_file_can_be_imported_again(
    home: Installation, who: Any, small_blocks: None
) -> None:
    first = small(GOALS, who)
    small("goal,statement\ntwo,Other\n", who)
    blocked = undo_run(first.run or 0, who=who, restore=give_back)
    assert blocked.state == "refused"
    assert "cursor:two" in blocked.findings[0]["say"]
    undo_run((first.run or 0) + 1, who=who, restore=give_back)
    assert undo_run(first.run or 0, who=who, restore=give_back).state == "ok"
    assert not Cursor.objects.exists()
    assert rows_of(small(GOALS, who)) == {"read": 3, "created": 3}
