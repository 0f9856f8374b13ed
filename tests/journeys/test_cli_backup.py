"""``tracing-desk backup``, ``restore`` and ``key``: unattended with a key file, with people at the screen without."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.records import Role, State
from db.store import FILE, open_store
from desktop.casework.issuing import copy_letter
from desktop.casework.keptfolders import kept_of
from desktop.casework.recovery import ChangeKey, change_key
from desktop.casework.sample import sample_password
from desktop.casework.verifying import verify_store
from desktop.cli import run
from desktop.security.keyfiles import key_file_text
from desktop.security.keys import make_recovery, new_code
from tests.fixtures import KEY, Office, make_entry
from tests.journeys.test_cli import read_soon
from tests.store.backing import backed_up
from tests.store.disposing import destroyed, many_closed

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def at(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the office's store with its key file; returns the status, the JSON and the errors."""
    key = tmp_path / "key"
    key.write_bytes(key_file_text(KEY))
    key.chmod(0o600)

    def command(*arguments: str, home: Path = tmp_path / "desk") -> tuple[int, Any, str]:
        status = run(["--data-dir", str(home), *arguments, "--key-file", str(key), "--json"])
        said = capsys.readouterr()
        return status, json.loads(said.out) if said.out else None, said.err

    return command


def test_backup_and_restore_with_nobody_at_the_screen(office: Office, at: Run, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    status, made, _ = at("backup", str(tmp_path / "backups"))
    assert (status, made["cases"], made["destroyed"]) == (0, 2, 0)
    file = str(made["file"])
    destroyed(office, gone)
    office.register()
    office.entry.store.close()
    before = (tmp_path / "desk" / FILE).read_bytes()
    status, seen, _ = at("restore", file, "--dry-run")
    assert status == 0
    assert (seen["erased"], len(seen["lost"]), seen["readable"]) == (["TR-000001-7"], 1, True)
    assert at("restore", file)[0] == 2
    assert len((tmp_path / "desk" / FILE).read_bytes()) == len(before)
    status, done, _ = at("restore", file, "--yes")
    assert (status, done["erased"]) == (0, ["TR-000001-7"])
    assert Path(done["replaced"]).exists()
    assert at("restore", file, "--yes")[0] == 0
    assert at("backup", str(tmp_path / "backups"))[1]["destroyed"] == 1


@pytest.mark.parametrize("name", ["", "  "])
def test_a_folder_without_a_name_is_refused(
    at: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for more in ([], ["--give-up"]):
        status, _, said = at("backup", name, *more)
        assert status == 2
        assert "Give the folder of the backups, such as /mnt/backups" in said
    assert list(here.iterdir()) == []
    assert at("backup", ".")[0] == 0, "the current folder is meant where it is named"
    assert list(here.iterdir()) != []


def test_restore_over_a_store_that_does_not_open_and_into_an_empty_folder(
    office: Office, at: Run, tmp_path: Path
) -> None:
    gone, _ = many_closed(office, 2)
    file = str(at("backup", str(tmp_path / "backups"))[1]["file"])
    destroyed(office, gone)
    office.entry.store.close()
    (tmp_path / "desk" / FILE).write_bytes(b"broken" * 4000)
    status, seen, _ = at("restore", file, "--dry-run")
    assert (status, seen["readable"], seen["listed"]) == (0, False, 1)
    for home in (tmp_path / "desk", tmp_path / "empty"):
        status, done, _ = at("restore", file, "--yes", home=home)
        assert (status, done["erased"], done["readable"]) == (0, ["TR-000001-7"], False)


@pytest.mark.parametrize("table", ["certificate", "journal"])
def test_restore_over_a_store_of_which_one_page_is_damaged(office: Office, at: Run, tmp_path: Path, table: str) -> None:
    """Also where it opens, and what is looked at next cannot be read."""
    office.register()
    file = str(at("backup", str(tmp_path / "backups"))[1]["file"])
    with office.entry.store.read() as tx:
        query = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?"
        page = int(tx.exec_driver_sql(query, (table,)).scalar_one())
    office.entry.store.close()
    home = tmp_path / "desk" / FILE
    damaged = bytearray(home.read_bytes())
    damaged[(page - 1) * 4096 + 100] ^= 1
    home.write_bytes(damaged)
    status, _, said = at("restore", file, "--dry-run")
    assert status == 0, said
    status, done, said = at("restore", file, "--yes")
    assert (status, done["erased"]) == (0, []), said
    assert [name for name, faults in verify_store(make_entry(open_store(home.parent, KEY))).checks if faults] == []


def test_the_recovery_key_from_a_file_restores_too(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, sheet = tmp_path / "desk", tmp_path / "sheet"
    sheet.write_text(make_recovery(desk, KEY, secrets.token_bytes) + "\n")
    sheet.chmod(0o600)
    many_closed(office, 1)
    path = str(backed_up(office, tmp_path / "backups"))
    second = office.guardian.user.username
    command = ChangeKey(code=new_code(secrets.token_bytes), second=second, password=sample_password())
    change_key(office.desk(Role.ADMINISTRATOR), command)
    key = tmp_path / "key"
    key.write_bytes(key_file_text(office.entry.store.key))
    key.chmod(0o600)
    office.entry.store.close()
    restore = ["--data-dir", str(desk), "restore", path, "--yes", "--json"]
    assert run([*restore, "--key-file", str(key)]) == 1
    assert "earlier key" in capsys.readouterr().err
    assert run([*restore, "--key-file", str(key), "--recovery-file", str(sheet)]) == 0
    assert json.loads(capsys.readouterr().out)["readable"]
    (tmp_path / "new").mkdir(mode=0o700)
    restore[1] = str(tmp_path / "new")
    # The lists are under the newer key by now, which the earlier sheet does not lead to: they stay as they are.
    lists = [(tmp_path / "backups" / name).read_bytes() for name in ("erasures.list", "holds.sealed")]
    assert run([*restore, "--recovery-file", str(sheet)]) == 1
    assert "is under another key" in capsys.readouterr().err
    assert [(tmp_path / "backups" / name).read_bytes() for name in ("erasures.list", "holds.sealed")] == lists
    sheet.chmod(0o644)
    assert run([*restore, "--recovery-file", str(sheet)]) == 1
    assert "chmod 600" in capsys.readouterr().err


def test_what_is_wrong_is_1_and_what_is_misused_is_2(office: Office, at: Run, tmp_path: Path) -> None:
    office.entry.store.close()
    status, _, said = at("restore", str(tmp_path / "nothing.db"), "--yes")
    assert (status, "no such file" in said) == (1, True)
    (tmp_path / "key").chmod(0o644)
    status, _, said = at("backup", str(tmp_path / "backups"))
    assert (status, "chmod 600" in said) == (1, True)
    assert not (tmp_path / "backups").exists()
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "key").write_bytes(key_file_text(bytes(32)))
    status, _, said = at("backup", str(tmp_path / "backups"))
    assert (status, "key does not open" in said) == (1, True)
    assert run(["backup"]) == 2
    assert run(["restore"]) == 2


def test_an_administrator_writes_a_key_file_and_backs_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(tmp_path / "demo")
    assert run(["--data-dir", home, "demo"]) == 0
    monkeypatch.setenv("TRACING_DESK_USER", "ruth.adeyemi")
    assert run(["--data-dir", home, "key", "--out", str(tmp_path / "key")]) == 1
    assert not (tmp_path / "key").exists()
    monkeypatch.setenv("TRACING_DESK_USER", "sam.kerrigan")
    capsys.readouterr()
    assert run(["--data-dir", home, "key", "--out", str(tmp_path / "key")]) == 0, capsys.readouterr().err
    assert run(["--data-dir", home, "backup", str(tmp_path / "backups")]) == 0
    assert "was read back as written" in capsys.readouterr().out
    file = next((tmp_path / "backups").glob("desk-*.db"))
    assert run(["--data-dir", home, "restore", str(file), "--dry-run"]) == 0
    assert "carried over" in capsys.readouterr().out
    # A second person has to type a password: without a terminal there is none.
    assert run(["--data-dir", home, "restore", str(file), "--yes"]) == 1
    assert "second person" in capsys.readouterr().err
    shutil.rmtree(home)
    assert run(["--data-dir", home, "restore", str(file), "--yes", "--key-file", str(tmp_path / "key")]) == 0
    assert run(["--data-dir", home, "backup", str(tmp_path / "more"), "--key-file", str(tmp_path / "key")]) == 0
    (tmp_path / "with it").mkdir()
    beside = (tmp_path / "key").rename(tmp_path / "with it" / "key")
    capsys.readouterr()
    assert run(["--data-dir", home, "backup", str(beside.parent), "--key-file", str(beside)]) == 1
    assert "beside what it opens" in capsys.readouterr().err
    assert list(beside.parent.iterdir()) == [beside]


def test_the_check_with_nobody_at_the_screen(office: Office, at: Run, tmp_path: Path) -> None:
    """As the passphrase of a store keeps it from being checked every night."""
    office.in_state(State.ISSUED)
    letter = tmp_path / "letter.pdf"
    copy_letter(office.caseworker, "TR-000001-7", letter)
    office.entry.store.close()
    _, report, _ = at("verify")
    faults = [fault for check in report["checks"] if check["name"] != "Bank holidays" for fault in check["faults"]]
    assert (len(report["checks"]) > 10, faults) == (True, [])
    assert at("verify", str(letter))[1]["whose"] == "current"
    (tmp_path / "key").chmod(0o644)
    status, _, said = at("verify")
    assert (status, "chmod 600" in said) == (1, True)
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "key").write_bytes(key_file_text(bytes(32)))
    status, _, said = at("verify")
    assert (status, "key does not open" in said) == (1, True)


def test_two_people_give_up_a_folder_at_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = tmp_path / "demo", tmp_path / "backups"
    assert run(["--data-dir", str(home), "demo"]) == 0
    monkeypatch.setenv("TRACING_DESK_USER", "sam.kerrigan")
    assert run(["--data-dir", str(home), "backup", str(folder)]) == 0
    shutil.rmtree(folder)
    (tmp_path / "key").write_bytes(b"")
    for more, status, said in (
        (["--key-file", str(tmp_path / "key")], 2, "Two people give up a folder"),
        ([], 1, "A second person confirms at a terminal"),
    ):
        assert run(["--data-dir", str(home), "backup", str(folder), "--give-up", *more]) == status
        assert said in capsys.readouterr().err
    assert kept_of(home).folders == (folder,)
    said, status = typed_at(["--data-dir", str(home), "backup", str(folder), "--give-up"], ("ruth.adeyemi", "wrong"))
    assert (status, "The user name or the password is not right" in said) == (1, True)
    assert kept_of(home).folders == (folder,)
    said, status = typed_at(
        ["--data-dir", str(home), "backup", str(folder), "--give-up"], ("priya.nair", sample_password())
    )
    assert (status, "its lists are kept up no more" in said) == (0, True)
    assert kept_of(home).folders == ()


def typed_at(arguments: list[str], typed: tuple[str, str]) -> tuple[str, int]:
    """Runs the desk at a terminal of its own, where a user name and a password are typed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "desktop", *arguments])  # noqa: S606
    said = b""
    for asked, answer in zip((b"who confirms: ", b"Their password: "), typed, strict=True):
        while asked not in said:
            said += read_soon(terminal)
        os.write(terminal, f"{answer}\n".encode())
    with contextlib.suppress(OSError):
        while more := read_soon(terminal):
            said += more
    os.close(terminal)
    _pid, status = os.waitpid(pid, 0)
    return said.decode(), os.waitstatus_to_exitcode(status)
