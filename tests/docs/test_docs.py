"""The documentation names what there is: settings, commands, packages; the README stays short."""

from __future__ import annotations

import re
from pathlib import Path

from socius.cli.parser import COMMANDS

ROOT = Path(__file__).parents[2]


def headings(name: str) -> set[str]:
    return {
        line.lstrip("# ").strip()
        for line in (ROOT / "docs" / name).read_text().splitlines()
        if line.startswith("#")
    }


def test_every_setting_has_a_heading() -> None:
    source = (ROOT / "src/socius/config/environment.py").read_text() + (
        ROOT / "src/socius/cli/acting.py"
    ).read_text()
    named = set(re.findall(r"SOCIUS_[A-Z_]+", source))
    assert named - headings("reference/settings.md") == set()


def test_every_command_has_a_heading() -> None:
    assert set(COMMANDS) - headings("reference/cli.md") == set()


def test_every_package_stands_in_the_plan() -> None:
    plan = (ROOT / "docs/architecture.md").read_text()
    packages = {p.name for p in (ROOT / "src/socius").iterdir() if (p / "__init__.py").exists()}
    assert {p for p in packages if f"`{p}`" not in plan} == set()


def test_every_kind_of_break_is_explained() -> None:
    from socius.measure.reports.sight import FIXES

    page = (ROOT / "docs/reference/line-of-sight.md").read_text()
    assert {kind for kind in FIXES if f"`{kind}`" not in page} == set()


def test_the_readme_stays_under_a_hundred_lines() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) < 100


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []
