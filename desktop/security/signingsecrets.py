"""Where the passwords of the desk's certificates live: where the store's key does, and never in the store.

A store that is opened elsewhere with its recovery key has the certificates and not the passwords: nobody signs with
them there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop.security.keyrings import Backend, KeyringHome, find_keyring
from desktop.security.keys import make_recovery
from desktop.security.problems import KeyDamaged, KeyMissing, KeyNotSaved, KeyringMissing
from desktop.security.sealed import KEY_BYTES, Cost, DoesNotOpen, seal, unseal

PREFIX = "store.signing-"
"""How the files begin that keep a password where there is no keyring."""
_QUICK = Cost(memory_kib=8, passes=1, lanes=1)
"""The lock is the store's own key, 256 random bits that nobody guesses: to stretch it would only take time."""


class SigningSecrets:
    """The passwords of one store's certificates, each under a name. `keyring` is False where the store's key is not in
    the keyring either: then they are in files beside the store, sealed with the store's key.
    """

    def __init__(
        self,
        folder: Path,
        store_id: str,
        key: bytes,
        random: Callable[[int], bytes],
        *,
        keyring: bool = True,
        find: Callable[[], Backend] = find_keyring,
    ) -> None:
        self._folder, self._store_id, self._key, self._random = folder, store_id, key, random
        self._keyring, self._find = keyring, find
        self._known: dict[str, bytes] = {}
        """What was asked for before: a batch of letters asks the keyring once."""
        self._made: list[str] = []

    def get(self, name: str) -> bytes:
        """The password under this name. Raises KeyMissing, KeyDamaged, KeyringLocked or KeyringMissing."""
        if name not in self._known:
            self._known[name] = self._kept(name)
        return self._known[name]

    def get_anew(self, name: str) -> bytes:
        """As ``get`` does, also for one that was asked for before: what keeps it may be damaged since, or another."""
        return self._kept(name)

    def _kept(self, name: str) -> bytes:
        path = self._path(name)
        if path.exists():
            try:
                return unseal(path, self._key)
            except DoesNotOpen as error:
                raise KeyDamaged(f"The file {path.name} is damaged, or of another store.") from error
        if not self._keyring:
            raise KeyMissing(f"There is no file {path.name} beside the store.")
        return self._home(name).get()

    def make(self, name: str) -> bytes:
        """A new random password, kept under this name. Raises KeyNotSaved or KeyringLocked."""
        secret = self._random(KEY_BYTES)
        if not (self._keyring and self._in_keyring(name, secret)):
            seal(self._path(name), secret, self._key, self._random, _QUICK)
        self._known[name] = secret
        self._made.append(name)
        return secret

    def _in_keyring(self, name: str, secret: bytes) -> bool:
        """Keeps it in the keyring; False where this computer has none."""
        try:
            self._home(name).put(secret)
        except KeyringMissing:
            return False
        return True

    def make_recovery(self) -> str:
        """A new recovery key of the store itself, see ``make_recovery``. The earlier one opens nothing from then on.

        Raises KeyNotSaved.
        """
        return make_recovery(self._folder, self._key, self._random)

    def forget(self, name: str) -> None:
        """Lets go of a password for good, wherever it is; where there is none, that is as it should be.

        Raises KeyNotSaved, KeyringLocked or KeyringMissing.
        """
        self._known.pop(name, None)
        path = self._path(name)
        try:
            if path.exists():
                path.unlink()
            elif self._keyring:
                self._home(name).delete()
        except KeyMissing:
            pass
        except OSError as error:
            raise KeyNotSaved(f"The file {path.name} cannot be removed: {error.strerror or error}.") from error

    def forget_made(self) -> None:
        """Lets go of every password that was made here, for a set-up that failed. Raises as ``forget`` does."""
        for name in self._made:
            self.forget(name)

    def reseal(self, into: Path, key: bytes) -> None:
        """Writes the passwords that are in files to another folder, sealed with the store's new key. One of another
        store stays as it is. Raises KeyNotSaved or KeyDamaged.
        """
        for path in sorted(self._folder.glob(f"{PREFIX}*")):
            try:
                secret = unseal(path, self._key)
            except DoesNotOpen:
                continue
            seal(into / path.name, secret, key, self._random, _QUICK)

    def rekeyed(self, key: bytes) -> None:
        """Goes on with the store's new key, under which ``reseal`` put the passwords that are in files."""
        self._key = key

    def _home(self, name: str) -> KeyringHome:
        return KeyringHome(f"{self._store_id}-signing-{name}", self._find())

    def _path(self, name: str) -> Path:
        return self._folder / f"{PREFIX}{name}"
