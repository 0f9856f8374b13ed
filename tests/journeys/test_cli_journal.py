"""The journal on the command line: exported, and checked by the program that is given with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.cli import run


@pytest.fixture
def sample(sample_copy: Path) -> list[str]:
    """`--data-dir` of a sample store."""
    return ["--data-dir", str(sample_copy)]


def test_the_journal_is_exported_and_checked(
    sample: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "joan.birch")
    out, verifier = tmp_path / "journal.jsonl", tmp_path / "verify_journal.py"
    assert run([*sample, "journal", "--out", str(out), "--verifier", str(verifier), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["entries"] == len(out.read_text("utf-8").splitlines()) - 2
    done = subprocess.run([sys.executable, "-I", str(verifier), str(out)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert run([*sample, "verify"]) == 0
    assert "Anchors: sound" in capsys.readouterr().out
    assert run([*sample, "journal", "--out", str(out)]) == 1
    assert str(out) in capsys.readouterr().err


def test_who_may_not_read_the_journal_is_told(
    sample: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    assert run([*sample, "journal", "--out", str(tmp_path / "journal.jsonl")]) == 1
    assert "Your role does not let you do this." in capsys.readouterr().err


def test_what_to_write_must_be_said(sample: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*sample, "journal"]) == 2
    assert "--out FILE" in capsys.readouterr().err
