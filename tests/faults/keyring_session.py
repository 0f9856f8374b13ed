"""Run inside a private D-Bus session with a real Secret Service: does one thing with it, and prints how it ended."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.security.keyrings import KeyringHome, find_keyring
from desktop.security.problems import KeyMissing, KeyProblem

KEY = bytes(range(32))
STORE = "0123456789abcdef" * 2


def lock() -> None:
    """Locks the collection that keeps the key, as a user does who leaves the desk."""
    import secretstorage

    bus = secretstorage.dbus_init()
    secretstorage.get_default_collection(bus).lock()
    bus.close()


def round_trip() -> None:
    """Puts a key there, reads it back, and forgets it."""
    home = KeyringHome(STORE, find_keyring())
    home.put(KEY)
    if KeyringHome(STORE, find_keyring()).get() != KEY:
        raise SystemExit("another key came back")
    home.delete()
    try:
        home.get()
    except KeyMissing:
        return
    raise SystemExit("the key is still there")


def locked() -> None:
    """Asks a locked keyring for its key."""
    home = KeyringHome(STORE, find_keyring())
    home.put(KEY)
    lock()
    home.get()


def put() -> None:
    """Puts a key there and leaves it."""
    KeyringHome(STORE, find_keyring()).put(KEY)


def get() -> None:
    """Asks for a key that may not be there."""
    KeyringHome(STORE, find_keyring()).get()


def lost() -> None:
    """A store whose key the keyring lost is opened with its sheet and kept again; then its key is changed."""
    from db.records import Role
    from desktop.casework import accounts, recovery
    from desktop.casework.accounts import NewUser
    from desktop.casework.recovery import ChangeKey, KeyPlace
    from desktop.casework.setup import create, open_entry, open_recovered
    from desktop.security.keys import read_store_id
    from tests.journeys.test_setup import START

    guardian = NewUser("helen.marsh", "Helen Marsh", Role.GUARDIAN, "violet hammer orbit")

    folder = Path.home() / "desk"
    folder.mkdir(mode=0o700)
    made = create(folder, replace(START, passphrase=""))
    made.entry.store.close()
    KeyringHome(read_store_id(folder), find_keyring()).delete()
    with pytest.raises(KeyMissing):
        open_entry(folder, str)
    entry = open_recovered(folder, made.recovery_code)
    desk = accounts.sign_in(entry, START.administrator.username, START.administrator.password)
    places = [recovery.key_place(desk)]
    recovery.keep_key(desk)
    places.append(recovery.key_place(desk))
    accounts.add_user(desk, guardian)
    second = accounts.sign_in(entry, guardian.username, guardian.password)
    accounts.change_password(second, guardian.password, START.administrator.password)
    before = entry.store.key
    sheet = recovery.sheet_for_change(desk).code
    recovery.change_key(desk, ChangeKey(code=sheet, second=guardian.username, password=START.administrator.password))
    places.append(recovery.key_place(desk))
    entry.store.close()
    entry = open_entry(folder, str)
    if places != [KeyPlace.NOWHERE, KeyPlace.KEYRING, KeyPlace.KEYRING] or entry.store.key == before:
        raise SystemExit(f"{places}")
    entry.store.close()


if __name__ == "__main__":
    try:
        {"round_trip": round_trip, "locked": locked, "put": put, "get": get, "lost": lost}[sys.argv[1]]()
    except KeyProblem as problem:
        print(type(problem).__name__)
    else:
        print("done")
