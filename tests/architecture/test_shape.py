"""Files and functions that fit into a head, and a docstring that says what each module is for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# A migration is written once, from the whole schema as it then was, and never edited again.
MIGRATIONS = ROOT / "db" / "migrations" / "versions"
SOURCES = sorted(path for folder in ("desktop", "db", "resources", "tests") for path in (ROOT / folder).rglob("*.py"))

every_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 50


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.parent != MIGRATIONS],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_file_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    long = {
        node.name: length
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


@every_source
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
