"""What can go wrong with the store's key that is not a bug: what happened, what is safe and what to do."""

from __future__ import annotations


class KeyProblem(Exception):
    """The store's key cannot be had or kept. The three sentences are fit to show to a caseworker."""

    what = "The key of the store cannot be used."
    safe = "The store is safe, and nothing was changed."
    todo = "Ask your administrator."

    def __init__(self, what: str = "", *, safe: str = "", todo: str = "") -> None:
        self.what = what or type(self).what
        self.safe = safe or type(self).safe
        self.todo = todo or type(self).todo
        super().__init__(f"{self.what} {self.safe} {self.todo}")


class KeyringMissing(KeyProblem):
    """This computer has no keyring that the desk can use."""

    what = "This computer has no keyring, or the desk cannot reach it."
    safe = "The store is safe, and nothing was changed."
    todo = "Start the keyring of this computer, or open the store with its passphrase or its recovery key."


class KeyringRefused(KeyringMissing):
    """The keyring that was chosen is not one that is known to encrypt what it keeps."""

    what = "The keyring chosen on this computer is not known to encrypt what it keeps, so the desk does not use it."
    safe = "No key was written to it."
    todo = "Choose the keyring of the operating system, or open the store with its passphrase or its recovery key."


class KeyringLocked(KeyProblem):
    """The keyring is there and does not open."""

    what = "The keyring of this computer is locked."
    safe = "The store is safe, and nothing was changed."
    todo = "Unlock the keyring, then try again. The recovery key opens the store too."


class KeyMissing(KeyProblem):
    """The keyring opens and holds no key for this store, and there is no passphrase file."""

    what = "The keyring of this computer holds no key for this store."
    safe = "The store is safe, and nothing was changed."
    todo = "Sign in to the computer with the account that made the store, or type the recovery key from its sheet."


class KeyNotSaved(KeyProblem):
    """The key could not be written where it was to be kept."""

    what = "The key of the store cannot be saved."
    safe = "Nothing was changed."
    todo = "Check that the disk has room and that the data folder may be written, then try again."


class KeyDamaged(KeyProblem):
    """What keeps the key is there and is not as the desk wrote it."""

    what = "The file that keeps the key of the store is damaged."
    safe = "The store itself is safe, and nothing was changed."
    todo = "Restore the file from a backup, or open the store in the other way: passphrase or recovery key."


class PassphraseNeeded(KeyProblem):
    """The store opens with a passphrase, and nobody can be asked for it."""

    what = "This store opens with a passphrase."
    todo = "Open the desk at a screen or a terminal, and type the passphrase."


class WrongPassphrase(KeyProblem):
    """The passphrase does not open the file, or someone altered the file."""

    what = "The passphrase does not open the store."
    todo = "Type it again. Capital and small letters differ. If it is lost, use the recovery key from its sheet."


class WrongRecoveryCode(KeyProblem):
    """The recovery key is not as printed, or belongs to another store."""

    what = "The recovery key does not open this store."
    todo = "Check that the sheet belongs to this store, then type the key again."

    def __init__(self, what: str = "", *, todo: str = "", group: int | None = None) -> None:
        super().__init__(what, todo=todo)
        self.group = group
        """The group, counted from 1, that was mistyped; None where that cannot be told."""
