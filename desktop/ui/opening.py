"""What the store's thread does before anyone has signed in: open the store, and say whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from db.errors import StoreDamaged, StoreError, StoreMissing, WrongKey
from desktop.casework.accounts import organisation
from desktop.casework.desk import Entry
from desktop.casework.sample import SampleUser, sample_password, sample_users
from desktop.casework.setup import lost_words, open_entry, open_recovered
from desktop.policy.agreements import AgreementError
from desktop.security.problems import KeyProblem, PassphraseNeeded, WrongPassphrase, WrongRecoveryCode
from desktop.settings import UnsafeFolder


@dataclass(frozen=True, slots=True)
class Opened:
    """The open store, and what the sign-in window shows of it."""

    entry: Entry
    organisation: str
    people: tuple[SampleUser, ...]
    """Everyone in a sample store; nobody otherwise."""
    password: str
    note: str = ""
    """What went wrong with the store before it was opened, for a message."""
    restored: str = ""
    """What a restore did, where one brought the store here."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the store did not open, for the window to show."""

    what: str
    safe: str
    todo: str
    kind: str = "problem"
    """One of problem, passphrase (ask for it), wrong (what was typed is wrong), key (the recovery sheet may help),
    damaged (a backup may help), either (the one or the other may).
    """


def open_desk(folder: Path, passphrase: str = "", code: str = "") -> Opened:
    """Opens the store with the keyring, or with what was typed. Raises what `trouble` understands."""

    def ask() -> str:
        if not passphrase:
            raise PassphraseNeeded
        return passphrase

    return seen(open_recovered(folder, code) if code else open_entry(folder, ask))


def restored_desk(folder: Path, file: Path, code: str, earlier: str) -> Opened:
    """Restores a backup with its recovery sheet, and with that of the backup's day where it is another, and opens what
    it brought back. Raises what `trouble` understands.
    """
    from desktop.casework.recovery import recover

    entry, done = recover(folder, file, code, earlier=earlier)
    return replace(seen(entry), restored=" ".join(done.sentences()))


def seen(entry: Entry) -> Opened:
    """What the sign-in window shows of an open store."""
    body = organisation(entry)
    note = " ".join(f"{said[:1].upper()}{said[1:]}." for said in lost_words(entry.store.lost))
    if body.sample:
        return Opened(entry, body.name, sample_users(), sample_password(), note)
    return Opened(entry, body.name, (), "", note)


def trouble(error: Exception) -> Trouble | None:
    """The words for an error of the environment; None for a mistake of ours."""
    if isinstance(error, KeyProblem):
        wrong = isinstance(error, (WrongPassphrase, WrongRecoveryCode))
        kind = "wrong" if wrong else "passphrase" if isinstance(error, PassphraseNeeded) else "key"
        return Trouble(error.what, error.safe, error.todo, kind)
    if isinstance(error, WrongKey):
        return Trouble(error.what, error.safe, error.todo, "either")
    if isinstance(error, (StoreDamaged, StoreMissing)):
        return Trouble(error.what, error.safe, error.todo, "damaged")
    if isinstance(error, (StoreError, UnsafeFolder)):
        return Trouble(error.what, error.safe, error.todo)
    if isinstance(error, AgreementError):
        return Trouble(
            f"An agreement in the data folder has a mistake. {error}",
            "The store is safe, and nothing was changed.",
            "Mend the file or take it out of the folder, then try again.",
        )
    return None
