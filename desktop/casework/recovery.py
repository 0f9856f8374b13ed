"""Ways back in: a lost keyring, a forgotten passphrase, a lost administrator, another computer, a damaged file; and the
change of the store's key.

Whoever has the recovery sheet opens the store (``open_recovered``); what is here makes that last.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from db import backup, people, swapping
from db.engine import look_at, rekey, told
from db.files import is_folder
from db.health import next_number
from db.journal import append
from db.records import Heading, Json, Role
from db.store import FILE, open_store
from desktop.casework import backups
from desktop.casework.accounts import NewUser, account_problems, insert_user, sign_in
from desktop.casework.backups import recovery_of
from desktop.casework.copies import Room, write_copy
from desktop.casework.desk import Desk, Entry, Invalid, Refused, check_signed_in, need_role
from desktop.casework.keptfolders import Kept, keep, keep_restored, kept_of, mend_kept, one_name, seal_beside
from desktop.casework.keptlists import our_folders, translated, write_lists, write_under
from desktop.casework.recoverysheets import note_sheet_kept, recovery_sheet
from desktop.casework.restorepreview import Preview, key_of, preview
from desktop.casework.restoring import Restored, confirmed_by, put_back
from desktop.casework.setup import is_sample, now, open_keyed, put_in_place
from desktop.policy.fields import Problem
from desktop.security.keyfiles import key_file_text
from desktop.security.keys import (
    ID_FILE,
    PASSPHRASE_FILE,
    RECOVERY_FILE,
    KeyMissing,
    KeyProblem,
    KeyringHome,
    KeyringMissing,
    PassphraseHome,
    WrongPassphrase,
    WrongRecoveryCode,
    find_keyring,
    new_code,
    new_key,
    open_sealed,
    open_with_recovery,
    read_store_id,
    seal_next,
    seal_recovery,
    write_store_id,
)
from desktop.security.passwords import hash_password, password_problem


class KeyPlace(StrEnum):
    """Where this computer keeps the store's key."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - a word, not a passphrase
    SHEET = "sheet"
    """There is a passphrase, and yet the store was opened with its recovery sheet: the passphrase may be lost."""
    NOWHERE = "nowhere"
    """The store was opened with its recovery sheet, and is so each time."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A recovery key, and the page to print. The key is kept nowhere."""

    code: str
    pdf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeKey:
    """Gives the store a new key: an administrator asks, and a records officer or the guardian confirms.

    `code`: the recovery key of the sheet that was printed for it before. `passphrase`: as it is now, where the store
    opens with one.
    """

    code: str
    second: str
    password: str
    passphrase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAdministrator:
    """An administrator for a store that has lost its own: the guardian and a records officer make one together."""

    code: str
    guardian: str
    guardian_password: str
    officer: str
    officer_password: str
    new: NewUser


# The key, where it is kept


def key_place(desk: Desk) -> KeyPlace:
    """Where the key is kept, for administrators."""
    need_role(desk, Role.ADMINISTRATOR)
    home = desk.store.path.parent
    if (home / PASSPHRASE_FILE).exists():
        return KeyPlace.SHEET if desk.store.by_sheet else KeyPlace.PASSPHRASE
    try:
        kept = KeyringHome(read_store_id(home), find_keyring()).get()
    except KeyProblem:
        return KeyPlace.NOWHERE
    return KeyPlace.KEYRING if kept == desk.store.key else KeyPlace.NOWHERE


def key_to_keep(desk: Desk) -> bool:
    """Whether the store was opened with its recovery sheet, and the keyring does not hold its key either."""
    return key_place(desk) is not KeyPlace.KEYRING and desk.store.by_sheet


def keep_key(desk: Desk, passphrase: str = "") -> None:
    """Keeps the store's key on this computer: in its keyring, or under a passphrase in place of an earlier one.

    For a store that was opened with its recovery sheet. Raises Refused, Invalid or a KeyProblem.
    """
    need_role(desk, Role.ADMINISTRATOR)
    home = desk.store.path.parent
    if is_sample(home):
        raise Refused("The sample store opens with its published password, and with nothing else.")
    if wrong := password_problem(passphrase, "") if passphrase else _no_keyring():
        raise Invalid((Problem("passphrase", wrong, hard=True),))
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        store_id = people.fact(tx, "store_id")
        said: dict[str, Json] = {"where": "passphrase" if passphrase else "keyring"}
        append(tx, at=desk.clock(), actor_id=desk.user.id, action="keep_key", heading=Heading.SYSTEM, data=said)
        if not (home / ID_FILE).exists():
            write_store_id(home, store_id)
        if passphrase:
            PassphraseHome(home, desk.random).put(desk.store.key, passphrase)
        else:
            KeyringHome(store_id, find_keyring()).put(desk.store.key)
            (home / PASSPHRASE_FILE).unlink(missing_ok=True)
    desk.store.by_sheet = False


def _no_keyring() -> str:
    """Why the key cannot be kept without a passphrase; "" where it can."""
    try:
        find_keyring()
    except KeyringMissing as error:
        return f"{error.what} Give a passphrase."
    return ""


def write_key_file(desk: Desk, out: Path) -> None:
    """Writes the store's key to a file for unattended work, its owner's alone. Raises Refused, also where it would lie
    with what it opens, or OSError.
    """
    need_role(desk, Role.ADMINISTRATOR)
    above = (one_name(out).parent, *one_name(out).parent.parents)
    if any(one_name(folder) in above for folder in (desk.store.path.parent, *our_folders(desk))):
        raise Refused(
            "Whoever reads this file opens the store and its backups: write it to another folder than theirs, and best"
            " to another disk."
        )

    def give(room: Room) -> bytes:
        content = key_file_text(desk.store.key)
        room(len(content))
        with desk.store.write() as tx:
            check_signed_in(tx, desk.user)
            append(tx, at=desk.clock(), actor_id=desk.user.id, action="write_key_file", heading=Heading.SYSTEM)
        return content

    write_copy(out, give)


def sheet_for_change(desk: Desk) -> Sheet:
    """A recovery key for ``change_key``, to be printed before: until then it opens nothing."""
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        body = people.organisation_of(tx)
    code = new_code(desk.random)
    return Sheet(code, recovery_sheet(body, code, desk))


# A lost administrator


def new_administrator(entry: Entry, command: NewAdministrator) -> int:
    """Makes an administrator with the recovery key and two people; returns the account's number.

    Raises Refused, Invalid or a KeyProblem.
    """
    if problems := account_problems(command.new):
        raise Invalid(problems)
    if command.new.role is not Role.ADMINISTRATOR:
        raise Refused("This way makes an administrator, and nobody else.")
    if not hmac.compare_digest(open_with_recovery(entry.store.path.parent, command.code), entry.store.key):
        raise WrongRecoveryCode
    guardian = sign_in(entry, command.guardian, command.guardian_password)
    officer = sign_in(entry, command.officer, command.officer_password)
    if (guardian.user.role, officer.user.role) != (Role.GUARDIAN, Role.RECORDS_OFFICER):
        raise Refused("The guardian and a records officer make an administrator together.")
    hashed = hash_password(command.new.password)
    with entry.store.write() as tx:
        for one in (guardian, officer):
            check_signed_in(tx, one.user)
        number = next_number(tx, "user")
        said: dict[str, Json] = {"user": number, "role": Role.ADMINISTRATOR.value, "with": officer.user.id}
        append(tx, at=entry.clock(), actor_id=guardian.user.id, action="add_user", heading=Heading.SYSTEM, data=said)
        insert_user(tx, command.new, hashed, must_change=True, number=number)
    return number


# A damaged file, another computer


def look(folder: Path, file: Path, code: str, earlier: str = "") -> Preview:
    """What restoring a backup with the recovery sheet would change. Changes nothing but what a crash cut short, and the
    write-ahead log, which goes into the file where the store opens. `earlier`: as in ``recover``.

    Raises StoreError, KeyProblem or OSError.
    """
    swapping.settle(folder, FILE)
    key, _ = sheet_key(folder, file, code)
    return preview(folder, key, file, key_of(folder, file, key, earlier))


def sheet_key(folder: Path, file: Path, code: str) -> tuple[bytes, Path]:
    """The key that a recovery key unseals, and the file that seals it: beside the store, else beside the backup, else
    beside another backup in its folder, since the newest sheet is that of the newest one. Raises a KeyProblem.
    """
    try:
        return open_with_recovery(folder, code), folder / RECOVERY_FILE
    except (KeyMissing, WrongRecoveryCode) as error:
        problem: KeyProblem = error
    tried = set[bytes]()
    for path in (recovery_of(file), *sorted(file.parent.glob("*.recovery"), reverse=True)):
        with suppress(OSError):
            # To try one takes long, and most are copies of one another.
            if (content := path.read_bytes()) in tried:
                continue
            tried.add(content)
            try:
                return open_sealed(path, code), path
            except KeyProblem as error:
                if not isinstance(problem, WrongRecoveryCode):
                    problem = error
    raise problem


def recover(
    folder: Path, file: Path, code: str, clock: Callable[[], datetime] = now, earlier: str = ""
) -> tuple[Entry, Restored]:
    """Restores a backup with the recovery sheet: over a store that does not open, or into an empty folder.

    `earlier`: the recovery key of the backup's day, where the store's key was changed since: the newest one opens the
    lists.

    Raises StoreError, KeyProblem or OSError; then the folder is as it was, or, where the restored store alone could not
    be opened, that stands in it already, and opens with the sheet.
    """
    # First: what a crash cut short may have left the sealed key in its staging folder.
    swapping.settle(folder, FILE)
    key, sealed = sheet_key(folder, file, code)
    return recover_keyed(folder, file, key, clock, earlier, sealed)


def recover_keyed(
    folder: Path,
    file: Path,
    key: bytes,
    clock: Callable[[], datetime] = now,
    earlier: str = "",
    sealed: Path | None = None,
) -> tuple[Entry, Restored]:
    """The same with the store's key at hand, where nothing is left that a crash cut short. `sealed`: the file from
    which a sheet unsealed it.
    """
    its_key = key_of(folder, file, key, earlier)
    with swapping.at_rest(folder / FILE, key):
        done = put_back(folder, key, file, its_key, clock, sealed=sealed)
    keep_restored(folder, file, its_key, key)
    entry = open_keyed(folder, key, clock)
    write_lists(entry)
    entry.store.by_sheet = True
    return entry, done


# The change of the key


def change_key(desk: Desk, command: ChangeKey) -> None:
    """Encrypts the store anew under a new key, and seals that with the new recovery key and the passphrase, if any.

    The store's file, its sealed keys and its lists change in one step. Backups from before stay under the old
    key, and are named until they are replaced. Raises Refused (Invalid beside what was typed), StoreError or a
    KeyProblem: then all is as it was, but
    where the keyring alone did not take the new key: then the old one leads to it until the keyring does.
    """
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        check_signed_in(tx, desk.user)
    second = confirmed_by(desk, command.second, command.password)
    home, old, new = desk.store.path.parent, desk.store.key, new_key(desk.random)
    if swapping.replaced_files(home):
        raise Refused("A restore waits, and its way back is under this key: confirm it or go back first.")
    passphrase = (home / PASSPHRASE_FILE).exists()
    if passphrase and not _opens(home, desk, command.passphrase):
        raise Invalid((Problem("passphrase", "This is not the passphrase of the store.", hard=True),))
    said: dict[str, Json] = {"asked_by": desk.user.id, "confirmed_by": second.user.id}
    mend_kept(desk)
    folders = our_folders(desk)
    desk.store.close()
    with swapping.alone(desk.store.path, old), swapping.staged(home) as making:
        _copy_under(desk.store.path, making, old, new)
        store = open_store(making, new)
        try:
            with store.write() as tx:
                at = desk.clock()
                append(tx, at=at, actor_id=desk.user.id, action="change_key", heading=Heading.SYSTEM, data=said)
                note_sheet_kept(tx)
                lists = translated(tx, folders, old, new)
        finally:
            store.close()
        with swapping.alone(making / FILE, new):
            pass
        backup.look_into(making / FILE, new)
        seal_recovery(making, new, command.code, desk.random)
        if passphrase:
            PassphraseHome(making, desk.random).put(new, command.passphrase)
        desk.secrets.reseal(making, new)
        seal_next(making, new, old, desk.random)
        write_under(making, lists, new, old, desk.random)
        keep(making, _under_old_key(home, old))
        swapping.swap(home, FILE, swapping.Mark("The change of the store’s key", ""))
    desk.store.rekeyed(new)
    desk.secrets.rekeyed(new)
    # The key is changed: a list that cannot be written is found by ``tracing-desk verify``, and a file that leads from
    # the old key to the new one may stay until the store is opened next.
    for folder in folders:
        if folder != home:
            with suppress(OSError):
                # First: what opens the lists there.
                seal_beside(home, folder)
                write_under(folder, lists, new, old, desk.random)
    with suppress(OSError):
        put_in_place(home, new)


def _opens(home: Path, desk: Desk, passphrase: str) -> bool:
    """Whether a passphrase leads to the store's key."""
    try:
        return PassphraseHome(home, desk.random).get(passphrase) == desk.store.key
    except WrongPassphrase:
        return False


def _copy_under(path: Path, making: Path, old: bytes, new: bytes) -> None:
    """A copy of a store at rest, under another key.

    SQLite reads it: to open and close the file beside SQLite would let go of the locks that keep others out.
    """
    raw = look_at(path, old)
    try:
        with told(making / FILE):
            raw.execute("VACUUM INTO ?", (str(making / FILE),))
    finally:
        raw.close()
    (making / FILE).chmod(0o600)
    rekey(making / FILE, old, new)


def _under_old_key(home: Path, old: bytes) -> Kept:
    """Every backup that the old key opens, as one under an earlier key, and every copy beside the store."""
    kept = kept_of(home)
    found = [
        path
        for folder in kept.folders
        if is_folder(folder)
        for path in backup.backups_in(folder)
        if backup.opens(path, old)
    ]
    found += backups.copies_beside(home)
    return Kept(kept.folders, tuple(dict.fromkeys((*kept.under_old_key, *found))))
