"""Backup and restore from the command line, unattended, with a key file of restricted permissions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.records import Role
from db.store import FILE
from desktop.casework.accounts import NewUser
from desktop.casework.setup import FirstStart, create
from desktop.cli import run
from tests.letters.factory import organisation

PASSPHRASE = "seven plain words that nobody guesses"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """A store that opens with a passphrase, and a file with its recovery key."""
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    who = NewUser("sam.kerrigan", "Sam Kerrigan", Role.ADMINISTRATOR, "a long password of mine")
    created = create(folder, FirstStart(organisation=organisation(), administrator=who, passphrase=PASSPHRASE))
    created.entry.store.close()
    key = tmp_path / "recovery.key"
    key.write_text(f"{created.recovery_code}\n")
    key.chmod(0o600)
    return folder, key


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_backup_is_written_and_brought_back_unattended(
    made: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, key = made
    where = tmp_path / "backups"
    assert run(["--data-dir", str(folder), "backup", str(where), "--key-file", str(key), "--json"]) == 0
    told = said(capsys)
    file = Path(str(told["file"]))
    assert file.is_file()
    assert told["cases"] == 0
    command = ["--data-dir", str(folder), "restore", str(file), "--key-file", str(key), "--json"]
    store = (folder / FILE).read_bytes()
    assert run([*command, "--dry-run"]) == 0
    assert said(capsys)["restored"] is False
    assert (folder / FILE).read_bytes() == store
    assert run([*command, "--yes"]) == 0
    told = said(capsys)
    assert told["restored"] is True
    assert Path(str(told["kept"])).is_file()


def test_a_computer_that_is_lost_is_set_up_again_from_the_backup(
    made: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, key = made
    where = tmp_path / "backups"
    assert run(["--data-dir", str(folder), "backup", str(where), "--key-file", str(key), "--json"]) == 0
    file = str(said(capsys)["file"])
    new = tmp_path / "another computer"
    new.mkdir(mode=0o700)
    assert run(["--data-dir", str(new), "restore", file, "--key-file", str(key), "--yes", "--json"]) == 0
    assert said(capsys)["restored"] is True
    assert run(["--data-dir", str(new), "backup", str(tmp_path / "more"), "--key-file", str(key)]) == 0


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660])
def test_a_key_that_others_may_read_is_refused(
    made: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int
) -> None:
    folder, key = made
    key.chmod(mode)
    assert run(["--data-dir", str(folder), "backup", str(tmp_path / "b"), "--key-file", str(key)]) == 1
    assert "others may read it" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


def test_what_is_wrong_is_said(made: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, key = made
    assert run(["--data-dir", str(tmp_path / "none"), "backup", str(tmp_path / "b")]) == 1
    assert "There is no store" in capsys.readouterr().err
    assert run(["--data-dir", str(folder), "restore", str(tmp_path / "none.db"), "--key-file", str(key)]) == 1
    assert "There is no file" in capsys.readouterr().err
    key.write_text("nothing like it")
    assert run(["--data-dir", str(folder), "backup", str(tmp_path / "b"), "--key-file", str(key)]) == 1
    assert "recovery key" in capsys.readouterr().err
    assert run(["--data-dir", str(folder), "backup", str(tmp_path / "b")]) == 1
    assert "passphrase" in capsys.readouterr().err
