"""`socius measure` as a person runs it: a process that starts a child."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from socius.kit.child import Broken, ask, stream
from socius.kit.errors import Invalid


def socius(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "socius.cli", "measure", *words], capture_output=True, text=True, check=False)  # fmt: skip


def series(place: Path, lift: float) -> Path:
    rng = np.random.default_rng(1)
    days = np.datetime64("2026-01-01") + np.arange(260)
    control = 20 + rng.normal(size=260)
    values = 50 + 3 * control + rng.normal(size=260)
    values[220:] += lift
    rows = [f"{d},{v:.4f},{c:.4f}" for d, v, c in zip(days, values, control, strict=True)]
    file = place / f"leads{lift:g}.csv"
    file.write_text("\n".join(["date,leads,market", *rows]))
    return file


@pytest.mark.slow
def test_an_effect_from_a_file_twice_gives_the_same_bytes_and_finds_the_lift(tmp_path: Path) -> None:  # fmt: skip
    words = ("effect", "--outcome", str(series(tmp_path, 4.0)), "--controls", "market", "--start", "2026-08-09", "--json")  # fmt: skip
    first, second = (json.loads(socius(*words).stdout) for _ in range(2))
    assert first.pop("cpu_seconds") > 0
    second.pop("cpu_seconds")
    assert first == second
    assert (first["verdict"], first["grade"], first["refused"]) == ("up", "D", None)
    assert first["low"] < 4 < first["high"]
    assert set(first) >= {"effect_mean", "effect_total", "relative", "p", "placebo", "second", "grade_reason"}  # fmt: skip
    assert set(first["placebo"]) == {"n", "hits", "rate", "low", "high", "factor"}
    assert set(first["second"]) == {"method", "effect", "agree"}


@pytest.mark.slow
def test_a_folder_is_judged_as_a_family_and_power_writes_a_sheet(tmp_path: Path) -> None:
    for lift in (0.0, 3.0):
        series(tmp_path, lift)
    done = socius("batch", "--dir", str(tmp_path), "--controls", "market", "--start", "2026-08-09", "--json")  # fmt: skip
    found = json.loads(done.stdout)
    assert found["family"]["comparisons"] == 2
    assert [e["called"] for e in found["effects"]] == [False, True]
    sheet = tmp_path / "sheet.json"
    words = ("power", "--outcome", str(tmp_path / "leads0.csv"), "--controls", "market", "--window", "30", "--worth", "0.5", "--start", "2099-01-01", "--sheet", str(sheet))  # fmt: skip
    assert socius(*words).returncode == 0
    assert json.loads(sheet.read_text())["start"] == "2099-01-01"
    assert "exists already" in socius(*words).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("effect", "--outcome", "nowhere.csv", "--start", "2026-01-01"), "There is no file 'nowhere.csv'"),
        (("batch", "--dir", "nowhere"), "There is no folder 'nowhere'"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_there_is_a_sentence_and_status_1(words: tuple[str, ...], said: str) -> None:  # fmt: skip
    done = socius(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


def test_a_sheet_that_could_not_be_written_is_said_before_anything_is_worked_out(tmp_path: Path) -> None:  # fmt: skip
    file = tmp_path / "day.csv"
    file.write_text("date,value\n")
    words = ("power", "--outcome", str(file), "--window", "30", "--sheet", str(tmp_path / "nowhere" / "s.json"))  # fmt: skip
    for more, said in (((), "needs the day on which it will start"), (("--start", "2099-01-01"), "There is no folder")):  # fmt: skip
        done = socius(*words, *more)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr


def test_the_child_hands_back_refusals_and_does_nothing_but_numbers() -> None:
    with pytest.raises(Invalid, match="is no calculation"):
        ask("os", {})
    with pytest.raises(Invalid, match="is empty"):
        ask("socius.engine.effect.tasks.leads", {"file": "f.csv", "source": "s", "won": "w"}, {"f.csv": b""})  # fmt: skip
    with pytest.raises(Broken, match="KeyError"):
        ask("socius.engine.effect.tasks.leads", {})
    with pytest.raises(Invalid, match="no package of jobs"):
        stream("socius.cli", "x", {})


def test_what_answers_help_loads_no_numbers() -> None:
    code = "import sys\nfrom socius.cli import main\ntry:\n    main(['measure', '--help'])\nexcept SystemExit:\n    pass\nimport socius.cli.commands.measure\nsys.stderr.write(' '.join(sys.modules))"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "numba", "scipy", "django"} & set(done.stderr.split())
