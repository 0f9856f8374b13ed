"""The operating system's keyring: there, locked, missing, broken, or not to be trusted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from keyring import errors

from desktop.security.keyrings import KeyringHome, find_keyring
from desktop.security.keys import (
    KeyDamaged,
    KeyMissing,
    KeyNotSaved,
    KeyringLocked,
    KeyringMissing,
    KeyringRefused,
    open_key,
)
from tests.faults import plaintext_keyring

KEY = bytes(range(32))
ROOT = Path(__file__).parents[2]

real_keyring = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="needs gnome-keyring and dbus-run-session",
)


class Failing:
    """A keyring that answers everything with one error or one value."""

    def __init__(self, error: Exception | None = None, value: str | None = None) -> None:
        self.error = error
        self.value = value

    def get_password(self, _service: str, _username: str, /) -> str | None:
        if self.error:
            raise self.error
        return self.value

    def set_password(self, _service: str, _username: str, _password: str, /) -> None:
        if self.error:
            raise self.error

    def delete_password(self, _service: str, _username: str, /) -> None:
        if self.error:
            raise self.error


def in_session(step: str, home: Path, start: str) -> str:
    """Runs one step of ``keyring_session`` in a D-Bus session of its own; returns what it printed."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    found = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f"{start}{sys.executable} -m tests.faults.keyring_session {step}"],
        cwd=ROOT,
        env={**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


UNLOCKED = "printf 'the session' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && "
NEVER_UNLOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1 && "


@real_keyring
def test_a_real_keyring_keeps_the_key_and_forgets_it(tmp_path: Path) -> None:
    assert in_session("round_trip", tmp_path, UNLOCKED) == "done"


@real_keyring
def test_the_key_is_not_in_clear_in_the_keyrings_files(tmp_path: Path) -> None:
    assert in_session("put", tmp_path, UNLOCKED) == "done"
    files = [one for one in tmp_path.rglob("*.keyring") if one.is_file()]
    assert files
    assert all(KEY.hex().encode() not in one.read_bytes() for one in files)


@real_keyring
def test_a_real_keyring_without_the_key_says_so(tmp_path: Path) -> None:
    assert in_session("get", tmp_path, UNLOCKED) == "KeyMissing"


@real_keyring
@pytest.mark.parametrize(("step", "start"), [("locked", UNLOCKED), ("get", NEVER_UNLOCKED)])
def test_a_real_keyring_that_is_locked_says_so(tmp_path: Path, step: str, start: str) -> None:
    assert in_session(step, tmp_path, start) == "KeyringLocked"


@real_keyring
def test_a_store_whose_key_the_keyring_lost_is_opened_with_its_sheet_and_kept_again(tmp_path: Path) -> None:
    assert in_session("lost", tmp_path, UNLOCKED) == "done"


@pytest.mark.skipif(not shutil.which("dbus-run-session"), reason="needs dbus-run-session")
def test_a_session_without_a_keyring_says_so(tmp_path: Path) -> None:
    # No service files: D-Bus must not start a keyring that happens to be installed.
    config = tmp_path / "bus.conf"
    config.write_text(
        "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context='default'>"
        "<allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"
    )
    runs = "exec dbus-run-session --config-file=" + str(config) + " -- "
    assert in_session("get", tmp_path, runs) == "KeyringMissing"


@pytest.mark.parametrize(
    "name",
    ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Keyring", "nonsense", "json.Gone"],
)
def test_a_keyring_that_keeps_nothing_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    with pytest.raises(KeyringMissing):
        find_keyring()


def test_no_session_bus_is_no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(KeyringMissing):
        find_keyring()


@pytest.mark.parametrize("name", ["tests.faults.plaintext_keyring.Keyring", "keyring.backends.chainer.ChainerBackend"])
def test_a_keyring_that_writes_plain_text_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    assert plaintext_keyring.Keyring.viable
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    with pytest.raises(KeyringRefused):
        find_keyring()
    with pytest.raises(KeyringMissing):
        open_key(tmp_path, "id")
    assert not plaintext_keyring.Keyring.entries


def test_a_plain_text_keyring_named_in_the_users_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=tests.faults.plaintext_keyring.Keyring\n")
    with pytest.raises(KeyringRefused):
        find_keyring()


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (errors.NoKeyringError(), KeyringMissing),
        (errors.KeyringLocked(), KeyringLocked),
        (errors.InitError(), KeyringLocked),
        (errors.KeyringError(), KeyringMissing),
        (ConnectionResetError(), KeyringMissing),
    ],
)
def test_each_fault_of_a_keyring_has_its_words(error: Exception, problem: type[Exception]) -> None:
    home = KeyringHome("id", Failing(error))
    for act in (home.get, home.delete, lambda: home.put(KEY)):
        with pytest.raises(problem) as caught:
            act()
        assert caught.type is problem
        assert all((caught.value.what, caught.value.safe, caught.value.todo))  # type: ignore[attr-defined]


def test_a_keyring_that_will_not_keep_the_key_is_noticed() -> None:
    with pytest.raises(KeyNotSaved):
        KeyringHome("id", Failing(errors.PasswordSetError())).put(KEY)
    with pytest.raises(KeyNotSaved):
        KeyringHome("id", Failing()).put(KEY)


def test_what_is_not_a_key_is_refused() -> None:
    for value in ("", "hello", KEY.hex()[:-2], KEY.hex() + "00"):
        with pytest.raises(KeyDamaged):
            KeyringHome("id", Failing(value=value)).get()
    with pytest.raises(KeyMissing):
        KeyringHome("id", Failing()).get()
