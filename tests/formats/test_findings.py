"""The list of finding codes is closed: what is used stands in it, what stands in it is used, and all of it is documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from socius.connectors.files import FORMATS, KINDS
from socius.connectors.files.findings import CODES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "socius"
PAGE = ROOT / "docs" / "reference" / "import.md"
# Which argument of a call is a finding code. A report rejects without a row, a run with one.
CALLS = {"note": 1, "find": 1, "reject": 1, "Bad": 0, "Hostile": 0, "Damaged": 1, "_asked": 1}

METHODS = {"note", "find", "reject"}


def used() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                # A function of that name is somebody else's.
                method = isinstance(node.func, ast.Attribute)
                at = CALLS.get(name) if method or name not in METHODS else None
                for arg in node.args[at : at + 1] if at is not None else ():
                    for code in strings(arg):
                        if re.fullmatch(r"[a-z]+(_[a-z]+)+", code):
                            found[code] = f"{path.name}:{node.lineno}"
    return found


def strings(node: ast.expr) -> list[str]:
    """Constants of an argument, also inside a tuple."""
    inner = node.elts if isinstance(node, ast.Tuple) else [node]
    return [n.value for n in inner if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def test_every_code_that_is_used_stands_in_the_list() -> None:
    unknown = {code: where for code, where in used().items() if code not in CODES}
    assert not unknown, (
        f"add to connectors/files/findings.py and docs/reference/import.md: {unknown}"
    )


def test_every_code_of_the_list_stands_somewhere_in_the_source() -> None:
    text = "".join(p.read_text() for p in SOURCE.rglob("*.py") if p.name != "findings.py")
    indirect = {"dst_gap", "dst_overlap"}  # made of `dst_` and what the clock did
    assert not {code for code in CODES if f'"{code}"' not in text} - indirect


def test_every_code_has_a_heading_and_no_other_stands_there() -> None:
    assert set(re.findall(r"^### `([a-z_]+)`$", PAGE.read_text(), re.MULTILINE)) == set(CODES)


def test_every_kind_and_format_and_column_is_on_the_page() -> None:
    page = PAGE.read_text()
    assert not [name for name in KINDS if f"`{name}`" not in page]
    assert not [
        layout.name
        for layout in FORMATS
        if not layout.name.startswith("socius_") and f"`{layout.name}`" not in page
    ]
    for kind in KINDS.values():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{kind.name}` |"))
        missing = [
            f.name for f in kind.fields if f.template and not re.search(rf"\b{f.name}\b", row)
        ]
        assert not missing, (kind.name, missing)
