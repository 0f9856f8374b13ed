"""The store's key: 256 random bits, never on the disk in clear. Where it is kept, and how a store is opened with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from desktop.security.files import write_private
from desktop.security.keyrings import Backend, KeyringHome, find_keyring
from desktop.security.problems import (
    KeyDamaged,
    KeyMissing,
    KeyNotSaved,
    KeyProblem,
    KeyringLocked,
    KeyringMissing,
    KeyringRefused,
    PassphraseNeeded,
    WrongPassphrase,
    WrongRecoveryCode,
)
from desktop.security.recovery import ALPHABET_WORDS, code_secret, new_code
from desktop.security.sealed import KEY_BYTES, Cost, DoesNotOpen, seal, unseal

__all__ = [
    "ALPHABET_WORDS",
    "ID_FILE",
    "NEXT_FILE",
    "PASSPHRASE_FILE",
    "RECOVERY_FILE",
    "Cost",
    "KeyDamaged",
    "KeyMissing",
    "KeyNotSaved",
    "KeyProblem",
    "KeyringHome",
    "KeyringLocked",
    "KeyringMissing",
    "KeyringRefused",
    "PassphraseHome",
    "PassphraseNeeded",
    "WrongPassphrase",
    "WrongRecoveryCode",
    "find_keyring",
    "make_recovery",
    "new_code",
    "new_key",
    "new_store_id",
    "next_key",
    "open_key",
    "open_sealed",
    "open_with_recovery",
    "read_store_id",
    "seal_next",
    "seal_recovery",
    "write_store_id",
]

PASSPHRASE_FILE = "store.key"  # noqa: S105 - the name of a file, not a passphrase
RECOVERY_FILE = "store.recovery"
NEXT_FILE = "store.next-key"
ID_FILE = "store.id"
_ID_BYTES = 16


def new_key(random: Callable[[int], bytes]) -> bytes:
    """A new key from a cryptographic random source such as ``secrets.token_bytes``."""
    return random(KEY_BYTES)


def new_store_id(random: Callable[[int], bytes]) -> str:
    """A new store's id: 32 hex digits that say nothing. The keyring keeps the key under it."""
    return random(_ID_BYTES).hex()


def write_store_id(folder: Path, store_id: str) -> None:
    """Writes the id beside the store, where it can be read before the key is known. Raises KeyNotSaved."""
    try:
        write_private(folder / ID_FILE, f"{store_id}\n".encode())
    except OSError as error:
        raise KeyNotSaved(f"The store’s id cannot be saved: {error.strerror or error}.") from error


def read_store_id(folder: Path) -> str:
    """The id of the store in `folder`. Raises KeyMissing where there is none, KeyDamaged where it is not an id."""
    try:
        content = (folder / ID_FILE).read_bytes()[: 2 * _ID_BYTES + 2]
    except FileNotFoundError as error:
        raise KeyMissing(f"There is no file {ID_FILE} beside the store, which says where its key is kept.") from error
    except OSError as error:
        raise KeyDamaged(f"The file {ID_FILE} cannot be read: {error.strerror or error}.") from error
    store_id = content.decode("ascii", "replace").strip()
    if not re.fullmatch(f"[0-9a-f]{{{2 * _ID_BYTES}}}", store_id):
        raise KeyDamaged(f"The file {ID_FILE} is damaged.")
    return store_id


class PassphraseHome:
    """The store's key in a file beside the store, sealed with a passphrase: for a computer without a keyring."""

    def __init__(self, folder: Path, random: Callable[[int], bytes], cost: Cost | None = None) -> None:
        self.path = folder / PASSPHRASE_FILE
        self._random = random
        self._cost = cost or Cost()

    def get(self, passphrase: str) -> bytes:
        """The key. Raises WrongPassphrase, KeyMissing or KeyDamaged."""
        return _open_passphrase(self.path, passphrase)

    def put(self, key: bytes, passphrase: str) -> None:
        """Keeps the key under this passphrase. Raises KeyNotSaved."""
        seal(self.path, key, _passphrase_secret(passphrase), self._random, self._cost)


def open_key(
    folder: Path,
    store_id: str,
    ask: Callable[[], str] | None = None,
    find: Callable[[], Backend] = find_keyring,
) -> bytes:
    """The key of the store in `folder`: from the keyring; else from the passphrase file, with what `ask` returns.

    Raises WrongPassphrase, PassphraseNeeded or KeyDamaged where there is a passphrase file; else what the keyring said:
    KeyringMissing, KeyringLocked or KeyMissing.
    """
    try:
        return KeyringHome(store_id, find()).get()
    except (KeyringMissing, KeyringLocked, KeyMissing):
        path = folder / PASSPHRASE_FILE
        if not path.exists():
            raise
    if ask is None:
        raise PassphraseNeeded
    return _open_passphrase(path, ask())


def make_recovery(folder: Path, key: bytes, random: Callable[[int], bytes], cost: Cost | None = None) -> str:
    """Makes a recovery key that opens the store too, and returns it: eight groups joined with hyphens, kept nowhere.

    An earlier recovery key stops working. Raises KeyNotSaved.
    """
    code = new_code(random)
    seal_recovery(folder, key, code, random, cost)
    return code


def seal_recovery(
    folder: Path, key: bytes, code: str, random: Callable[[int], bytes], cost: Cost | None = None
) -> None:
    """The same with a recovery key that was made, and printed, before. Raises KeyNotSaved."""
    seal(folder / RECOVERY_FILE, key, code_secret(code), random, cost or Cost())


def seal_next(folder: Path, new: bytes, old: bytes, random: Callable[[int], bytes]) -> None:
    """Leaves the store's new key for whoever still has the old one, until it is where the old one was kept.

    Raises KeyNotSaved.
    """
    seal(folder / NEXT_FILE, new, old, random, Cost(memory_kib=8, passes=1, lanes=1))


def next_key(folder: Path, key: bytes) -> bytes:
    """The new key that was left for the holder of this one, where there is one; else this one. Raises KeyDamaged."""
    if not (folder / NEXT_FILE).exists():
        return key
    try:
        return unseal(folder / NEXT_FILE, key)
    except DoesNotOpen:
        return key


def open_with_recovery(folder: Path, typed: str) -> bytes:
    """The store's key, from its recovery key as typed. Raises WrongRecoveryCode, KeyMissing or KeyDamaged."""
    return open_sealed(folder / RECOVERY_FILE, typed)


def open_sealed(path: Path, typed: str) -> bytes:
    """The same for a file that was copied beside a backup."""
    secret = code_secret(typed)
    try:
        return unseal(path, secret)
    except DoesNotOpen as error:
        raise WrongRecoveryCode from error


def _open_passphrase(path: Path, passphrase: str) -> bytes:
    try:
        return unseal(path, _passphrase_secret(passphrase))
    except DoesNotOpen as error:
        raise WrongPassphrase from error


def _passphrase_secret(passphrase: str) -> bytes:
    """As bytes that do not depend on how a keyboard composes an accent."""
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
