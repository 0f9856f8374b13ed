"""Run inside a private D-Bus session with a real Secret Service: does one thing with it, and prints how it ended."""

from __future__ import annotations

import sys

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


if __name__ == "__main__":
    try:
        {"round_trip": round_trip, "locked": locked, "put": put, "get": get}[sys.argv[1]]()
    except KeyProblem as problem:
        print(type(problem).__name__)
    else:
        print("done")
