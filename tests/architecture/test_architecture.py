"""The rules that import contracts cannot say. Budgets are tripwires for review: raise one with a reason, do not dodge it."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "socius"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
NO_DJANGO = {"connectors", "engine", "stores", "fakenet", "kit"}
DOORS = {"config", "web", "api", "worker", "cli"}
FACES = {"models", "actions", "jobs", "reports"}
HEAVY = {"numpy", "openpyxl", "polars", "pyarrow", "numba", "scipy"}

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_METHODS = 12
MOST_KIT_FILES = 10

WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "save",
    "delete",
}
WRITES |= {f"a{name}" for name in WRITES}
RAW = {"raw", "cursor", "executemany"}
QUERYSET = {"objects", "filter", "exclude", "all", "select_for_update", "get_queryset"}
VAGUE = {
    "utils",
    "util",
    "common",
    "misc",
    "manager",
    "managers",
    "service",
    "services",
    "lib",
    "tools",
}


def contract(name: str) -> dict:
    return next(c for c in CONTRACTS if c["name"] == name)


def ranks() -> dict[str, int]:
    """Package -> height on the street; siblings share one, so they may not point at each other."""
    layers = reversed(contract("One-way street")["layers"])
    return {p.strip(): height for height, line in enumerate(layers) for p in line.split("|")}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SRC.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(SRC), ast.parse(path.read_text())


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_write(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    name = node.func.attr
    on_rows = any(
        isinstance(x, ast.Attribute) and x.attr in QUERYSET for x in ast.walk(node.func.value)
    )
    return name in WRITES | RAW or (name in {"update", "aupdate"} and on_rows)


def face(path: Path) -> str:
    """`publish/actions/drafts.py` -> `actions`; a file in a door has no face."""
    return (
        "" if path.parts[0] in DOORS or len(path.parts) < 2 else path.parts[1].removesuffix(".py")
    )


def test_only_actions_write() -> None:
    wrong = [
        f"{path}:{node.lineno} {node.func.attr}"
        for path, tree in modules()
        if path.parts[0] not in NO_DJANGO and face(path) != "actions"
        for node in ast.walk(tree)
        if is_write(node)
    ]
    assert wrong == []


def test_reports_only_read() -> None:
    wrong = [
        f"{path} -> {name}"
        for path, tree in modules()
        if face(path) == "reports"
        for name in imports(tree)
        if name.startswith("socius.")
        and [*name.split("."), "", ""][2] in {"actions", "jobs"}
        and name.removesuffix("_somewhere") != "socius.organisation.actions.require"
    ]
    assert wrong == []


def test_a_package_shows_only_its_faces() -> None:
    private = set(ranks()) - NO_DJANGO - DOORS
    wrong = []
    for path, tree in modules():
        for name in imports(tree):
            ours, package, part, *_ = [*name.split("."), "", ""]
            foreign = ours == "socius" and package in private - {path.parts[0]}
            if foreign and part and part not in FACES:
                wrong.append(f"{path} -> {name}")
    assert wrong == []


def test_doors_stay_light() -> None:
    """Numbers run in a child process: what serves a page must not carry a dataframe engine."""
    code = (
        "import os, sys, django\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'socius.config.settings')\n"
        "django.setup()\n"
        "import socius.config.urls, socius.cli, socius.worker.loop\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=SRC.parent
    )
    assert done.returncode == 0, done.stderr
    assert HEAVY & set(done.stdout.split()) == set()


def test_the_help_of_the_command_line_needs_no_django() -> None:
    code = "import sys\nfrom socius.cli.parser import build\nbuild().format_help()\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SRC.parent
    )
    assert "django" not in done.stdout.split()


def test_budgets() -> None:
    wrong = []
    for path, tree in modules():
        if (SRC / path).read_text().count("\n") > LONGEST_FILE:
            wrong.append(f"{path} is too long")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
                    wrong.append(f"{path}:{node.name} is too long")
            elif isinstance(node, ast.ClassDef):
                methods = [
                    x for x in node.body if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef)
                ]
                if len(methods) > MOST_METHODS:
                    wrong.append(f"{path}:{node.name} does too much")
    assert wrong == []
    assert len([p for p in (SRC / "kit").glob("*.py") if p.name != "__init__.py"]) <= MOST_KIT_FILES


def test_names_say_something() -> None:
    wrong = [str(p) for p, _ in modules() if VAGUE & {p.stem, *p.parts[:-1]}]
    wrong += [
        str(p)
        for p, _ in modules()
        if p.stem == "base" and p.parts[0] not in {"connectors", "stores"}
    ]
    assert wrong == []


def test_migrations_are_named_by_hand_and_stand_alone() -> None:
    """A migration that imports our code breaks the day that code changes."""
    wrong = []
    for path in sorted(SRC.rglob("migrations/0*.py")):
        if "_auto_" in path.name:
            wrong.append(f"{path.relative_to(SRC)} has no name")
        if any(
            name.startswith("socius") and not name.startswith("socius.organisation.models")
            for name in imports(ast.parse(path.read_text()))
        ):
            wrong.append(f"{path.relative_to(SRC)} imports our code")
    assert wrong == []


def test_foreign_keys_point_down_and_leave_no_way_back() -> None:
    """String keys and reverse accessors are Django's back doors: import contracts see neither."""
    from django.apps import apps

    height = ranks()
    wrong = []
    for model in apps.get_models():
        here = model._meta.app_label
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if here not in height or not field.is_relation:
                continue
            there = field.related_model._meta.app_label
            if there == here or there not in height:
                continue
            if height[there] >= height[here] or not field.remote_field.hidden:
                wrong.append(f"{model.__name__}.{field.name} -> {there}")
    assert wrong == []


def test_public_functions_of_engine_and_actions_have_a_docstring() -> None:
    wrong = [
        f"{path}:{node.name}"
        for path, tree in modules()
        if path.parts[0] in {"engine", "connectors"} or face(path) == "actions"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert wrong == []
