"""`socius roadmap check` as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "reference" / "examples" / "roadmap"


def check(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "socius.cli", "roadmap", "check", *words],
        capture_output=True,
        text=True,
        check=False,
        input=given,
    )


def test_a_sound_plan_prints_its_order_and_what_another_capacity_would_change():
    done = check(str(EXAMPLES / "three-years.json"), "--capacity", "450", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["place"] for one in found["order"]] == [1, 2, 3, 4]
    assert max(one["quarters"] for one in found["what_if"]["changes"]) > 0


def test_a_circle_is_refused_by_name_and_a_broken_file_by_line():
    done = check(str(EXAMPLES / "circle.json"), "--json")
    assert done.returncode == 1
    assert "budget → proof → pilot → budget" in done.stderr
    assert json.loads(done.stdout)["sound"] is False
    broken = check("-", given='{"format":\n oops}')
    assert broken.returncode == 2
    assert "line 2, column 2" in broken.stderr
