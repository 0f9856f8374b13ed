"""Which way the arrows run: the contracts in pyproject.toml, and the vocabulary that imports nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import cli

ROOT = Path(__file__).parents[2]


def test_every_import_contract_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = cli.lint_imports(no_cache=True)
    assert status == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("name", ["records.py", "records_requesters.py"])
def test_the_records_import_the_standard_library_alone(name: str) -> None:
    tree = ast.parse((ROOT / "db" / name).read_text("utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "module", ["desktop.cli", "desktop.settings", "desktop.policy.clocks", "desktop.security.keys"]
)
def test_what_needs_no_window_loads_no_qt(module: str) -> None:
    """The command line stays quick, and works where Qt's libraries are missing."""
    code = f"import sys, {module}; sys.exit(' '.join({{'PySide6', 'reportlab', 'keyring'}} & set(sys.modules)) or 0)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
