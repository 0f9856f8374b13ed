"""The operating system's keyring, and which of them the desk trusts with the store's key.

``keyring`` finds its back ends by scanning every installed distribution (400 ms when cold), and takes whichever is
there, some of which write plain text. The desk asks for the known-good ones by name instead, and refuses all others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from desktop.security.problems import (
    KeyDamaged,
    KeyMissing,
    KeyNotSaved,
    KeyringLocked,
    KeyringMissing,
    KeyringRefused,
)
from desktop.security.sealed import KEY_BYTES

SERVICE = "tracing-desk"

_KNOWN_GOOD = {
    "linux": (
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.libsecret.Keyring",
    ),
    "darwin": ("keyring.backends.macOS.Keyring",),
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
}
_TRUSTED_MODULES = frozenset(name.rpartition(".")[0] for names in _KNOWN_GOOD.values() for name in names)
_CHAINER = "keyring.backends.chainer"
_NOTHING = frozenset({"keyring.backends.fail", "keyring.backends.null"})


class Backend(Protocol):
    """What the desk needs of a keyring, as ``keyring``'s back ends have it."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """What is kept under this name, or None."""

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keeps it."""

    def delete_password(self, service: str, username: str, /) -> None:
        """Forgets it."""


def find_keyring() -> Backend:
    """This computer's keyring: the one that the user chose, else the best. Raises KeyringMissing or KeyringRefused."""
    from keyring import core

    try:
        chosen = core.load_env() or core.load_config()
    except Exception as error:
        # A chosen back end can be misspelt, not installed or not running, and each raises an error of its own.
        raise KeyringMissing("The keyring chosen on this computer cannot be used.") from error
    found: Backend | None = chosen or _best()
    if found is None or type(found).__module__ in _NOTHING:
        raise KeyringMissing
    if not _trusted(found):
        raise KeyringRefused
    return found


def _best() -> Backend | None:
    """The known-good back end of the highest priority that works here."""
    from keyring import core

    working: list[tuple[float, Backend]] = []
    for name in _KNOWN_GOOD.get(sys.platform, ()):
        try:
            backend = core.load_keyring(name)
        except Exception:  # noqa: BLE001, S112 - each back end fails in ways of its own, and the next may work
            continue
        working.append((float(backend.priority), backend))
    return max(working, key=lambda one: one[0])[1] if working else None


def _trusted(backend: object) -> bool:
    module = type(backend).__module__
    if module == _CHAINER:
        chained = list(getattr(backend, "backends", ()))
        return bool(chained) and all(type(one).__module__ in _TRUSTED_MODULES for one in chained)
    return module in _TRUSTED_MODULES


class KeyringHome:
    """The store's key in the operating system's keyring, under the store's id."""

    def __init__(self, store_id: str, backend: Backend) -> None:
        self._store_id = store_id
        self._backend = backend

    def get(self) -> bytes:
        """The key. Raises KeyMissing, KeyringLocked, KeyringMissing or KeyDamaged."""
        with _translated():
            kept = self._backend.get_password(SERVICE, self._store_id)
        if kept is None:
            raise KeyMissing
        try:
            key = bytes.fromhex(kept)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise KeyDamaged("What the keyring keeps for this store is not a key.")
        return key

    def put(self, key: bytes) -> None:
        """Keeps the key, and reads it back. Raises KeyNotSaved, KeyringLocked or KeyringMissing."""
        with _translated():
            self._backend.set_password(SERVICE, self._store_id, key.hex())
            kept = self._backend.get_password(SERVICE, self._store_id)
        if kept != key.hex():
            raise KeyNotSaved("The keyring did not keep the key of the store.", todo="Use a passphrase instead.")

    def delete(self) -> None:
        """Forgets the key. Raises KeyMissing, KeyringLocked or KeyringMissing."""
        self.get()
        with _translated():
            self._backend.delete_password(SERVICE, self._store_id)


@contextmanager
def _translated() -> Iterator[None]:
    """Turns whatever a keyring raises into a problem with words."""
    from keyring import errors

    try:
        yield
    except errors.NoKeyringError as error:
        raise KeyringMissing from error
    except (errors.KeyringLocked, errors.InitError) as error:
        raise KeyringLocked from error
    except errors.PasswordSetError as error:
        raise KeyNotSaved("The keyring did not keep the key of the store.", todo="Use a passphrase instead.") from error
    except Exception as error:
        # Back ends let through what their own libraries raise (D-Bus, the Windows vault): none can be named here.
        raise KeyringMissing("The keyring of this computer stopped answering.") from error
