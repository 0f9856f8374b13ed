"""The first start of a store, and every later opening: the folder, the key, the file."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db import people
from db.health import newest_moment
from db.journal import append
from db.records import Heading, Json, Organisation
from db.store import FILE, Store, Tx, create_store, open_store
from db.swapping import settle
from desktop.casework.accounts import NewUser, account_problems, insert_user, organisation_problems, organisation_values
from desktop.casework.certificates import ensure_certificate, first_certificate
from desktop.casework.desk import Entry, Invalid
from desktop.casework.keptlists import settle_lists
from desktop.casework.recoverysheets import note_sheet_made, recovery_sheet
from desktop.policy.agreements import load_agreements
from desktop.policy.calendars import load_calendars
from desktop.policy.wording import day, london, plural
from desktop.security.keys import (
    ID_FILE,
    NEXT_FILE,
    PASSPHRASE_FILE,
    Cost,
    KeyProblem,
    KeyringHome,
    PassphraseHome,
    find_keyring,
    make_recovery,
    new_key,
    new_store_id,
    next_key,
    open_key,
    open_with_recovery,
    read_store_id,
    write_store_id,
)
from desktop.security.passwords import hash_password
from desktop.security.signingsecrets import SigningSecrets

OWN_AGREEMENTS = "agreements"
STAGING = ".store.making"
SAMPLE_ID = "sample"
"""What stands for the id of a sample store, whose key is in no keyring."""
SAMPLE_MARK = "store.sample"
"""An empty file that tells a sample store from a real one before it is open. All in it is invented, so its passphrase
is its published password."""


class StoreExists(Exception):
    """There is a store in the folder already."""


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What the set-up asks for. An empty passphrase keeps the key in the keyring."""

    organisation: Organisation
    administrator: NewUser
    passphrase: str = ""


@dataclass(frozen=True, slots=True)
class Created:
    """A new store, open, and the recovery code to print. The code is kept nowhere."""

    entry: Entry
    recovery_code: str
    recovery_sheet: bytes
    """The one-page PDF."""


def now() -> datetime:
    """The moment now."""
    return datetime.now(UTC)


def has_store(folder: Path) -> bool:
    """Whether there is a store in the folder, or any part of one: a key without its store is still somebody's."""
    return any(folder.glob(f"{FILE}*")) or any(folder.glob("store.*"))


def _refuse_over(folder: Path) -> None:
    if (folder / FILE).exists():
        raise StoreExists(f"There is a store in {folder} already. Choose another folder with --data-dir.")
    if has_store(folder):
        raise StoreExists(
            f"{folder} holds the key of a store, but not its file {FILE}. Put the file back, or choose an empty folder."
        )


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder inside `folder` in which a store is made; its files move up only when all of it is there.

    The store's own file moves last. What a killed set-up left behind is taken away by the next one.
    """
    making = folder / STAGING
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        yield making
        for path in sorted(making.iterdir(), key=lambda one: one.name.startswith(FILE)):
            path.rename(folder / path.name)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def has_keyring() -> bool:
    """Whether this computer has a keyring that the key can live in."""
    try:
        find_keyring()
    except KeyProblem:
        return False
    return True


def entry_for(store: Store, folder: Path, key: bytes, clock: Callable[[], datetime] = now) -> Entry:
    """The open store with the shipped agreements and the organisation's own."""
    return Entry(
        store=store,
        clock=clock,
        random=secrets.token_bytes,
        agreements=load_agreements(folder / OWN_AGREEMENTS),
        calendars=load_calendars(),
        secrets=_signing_secrets(folder, key),
    )


def _signing_secrets(folder: Path, key: bytes) -> SigningSecrets:
    """Where the store's key is, the passwords of its certificates are too."""
    # A store without an id, such as a sample, has nothing in a keyring.
    known = (folder / ID_FILE).exists()
    store_id = read_store_id(folder) if known else SAMPLE_ID
    keyring = known and not (folder / PASSPHRASE_FILE).exists()
    return SigningSecrets(folder, store_id, key, secrets.token_bytes, keyring=keyring)


def create(folder: Path, start: FirstStart, clock: Callable[[], datetime] = now) -> Created:
    """Makes the store, its key, its recovery code and its first administrator.

    Raises Invalid, StoreExists, a KeyProblem or a StoreError; then there is no store.
    """
    problems = (*organisation_problems(start.organisation), *account_problems(start.administrator))
    if problems:
        raise Invalid(problems)
    _refuse_over(folder)
    key, store_id = new_key(secrets.token_bytes), new_store_id(secrets.token_bytes)
    home = None if start.passphrase else KeyringHome(store_id, find_keyring())
    if home is not None:
        home.put(key)
    signing: SigningSecrets | None = None
    try:
        with _staging(folder) as making:
            if home is None:
                PassphraseHome(making, secrets.token_bytes).put(key, start.passphrase)
            write_store_id(making, store_id)
            code = make_recovery(making, key, secrets.token_bytes)
            signing = _signing_secrets(making, key)
            _fill(making, key, start, store_id, signing, clock)
    except BaseException:
        if home is not None:
            home.delete()
        if signing is not None:
            signing.forget_made()
        raise
    entry = entry_for(open_store(folder, key), folder, key, clock)
    return Created(entry, code, recovery_sheet(start.organisation, code, entry))


def _fill(
    making: Path,
    key: bytes,
    start: FirstStart,
    store_id: str,
    signing: SigningSecrets,
    clock: Callable[[], datetime],
) -> None:
    """The file, with the organisation, its certificate and the administrator."""
    hashed = hash_password(start.administrator.password)
    store = create_store(making, key)
    try:
        with store.write() as tx:
            fill_new_store(tx, clock(), start.organisation, store_id, signing)
            insert_user(tx, start.administrator, hashed, must_change=False)
            note_sheet_made(tx)
    finally:
        store.close()


def fill_new_store(tx: Tx, at: datetime, organisation: Organisation, store_id: str, signing: SigningSecrets) -> None:
    """Writes what every store holds from its first moment."""
    people.put_fact(tx, "store_id", store_id)
    people.put_organisation(tx, organisation_values(organisation, sample=organisation.sample))
    append(tx, at=at, actor_id=None, action="set_up", heading=Heading.SYSTEM)
    first_certificate(tx, signing, organisation.name, at)


def create_sample(folder: Path, clock: Callable[[], datetime] = now) -> None:
    """Makes the sample store in a folder that has no store yet. Its passphrase is its published password."""
    from desktop.casework.sample import fill_sample, sample_password

    _refuse_over(folder)
    key = new_key(secrets.token_bytes)
    with _staging(folder) as making:
        # The passphrase is printed on the sign-in window: stretching it would only slow each start.
        PassphraseHome(making, secrets.token_bytes, _QUICK).put(key, sample_password())
        (making / SAMPLE_MARK).touch(mode=0o600)
        store = create_store(making, key)
        try:
            fill_sample(entry_for(store, making, key, clock))
        finally:
            store.close()


_LONG, _HOUR = timedelta(days=30), timedelta(hours=1)
"""After so long without an entry in the journal, and so much before one, a start says that the clock may be wrong."""
_QUICK = Cost(memory_kib=64, passes=1, lanes=1)


def is_sample(folder: Path) -> bool:
    """Whether the folder holds a sample store."""
    return (folder / SAMPLE_MARK).exists()


def open_entry(folder: Path, ask: Callable[[], str], clock: Callable[[], datetime] = now) -> Entry:
    """Opens the store: with the keyring's key, or the passphrase that `ask` gives. Raises KeyProblem or StoreError."""
    # First: what a crash cut short may have left the sealed key in its staging folder.
    settled = settle(folder, FILE)
    if is_sample(folder):
        from desktop.casework.sample import sample_password

        key = PassphraseHome(folder, secrets.token_bytes).get(sample_password())
    else:
        key = open_key(folder, read_store_id(folder), ask)
    return open_keyed(folder, key, clock, settled)


def open_recovered(folder: Path, code: str, clock: Callable[[], datetime] = now) -> Entry:
    """Opens the store with the code of its recovery sheet, which the journal keeps."""
    settled = settle(folder, FILE)
    entry = open_keyed(folder, open_with_recovery(folder, code), clock, settled)
    with entry.store.write() as tx:
        append(tx, at=clock(), actor_id=None, action="open_recovered", heading=Heading.SYSTEM)
    entry.store.by_sheet = True
    return entry


def lost_words(changes: int) -> tuple[str, ...]:
    """What is said where finished changes were damaged with the end of the store's log; nothing for none."""
    said = f"the end of the store's log was damaged: {plural(changes, 'change')} made last cannot be read, and is lost"
    return (said if changes == 1 else said.replace(", and is lost", ", and are lost"),) if changes else ()


def open_keyed(folder: Path, key: bytes, clock: Callable[[], datetime] = now, settled: str = "") -> Entry:
    """Opens the store with its key, as it was kept: where the key was changed and the new one could not be put in the
    old one's place yet, it is put there now. What a crash cut short is finished or undone first, and journalled.
    """
    settled = settled or settle(folder, FILE)
    known = next_key(folder, key)
    store = open_store(folder, known)
    try:
        if (folder / NEXT_FILE).exists():
            with suppress(KeyProblem):
                put_in_place(folder, known)
        entry = entry_for(store, folder, known, clock)
        store.settled = _opened(entry, settled)
    except BaseException:
        # A damaged store that stays open could not be replaced.
        store.close()
        raise
    return entry


def _opened(entry: Entry, settled: str) -> str:
    """Journals what was found at an opening and makes what has to be there; what is to be said of it."""
    store, at = entry.store, entry.clock()
    clocks = _clock_to_look_at(entry)
    if settled:
        with store.write() as tx:
            append(tx, at=at, actor_id=None, action="finish_swap", heading=Heading.SYSTEM, data={"what": settled})
    ensure_certificate(entry)
    if store.lost:
        with store.write() as tx:
            data: dict[str, Json] = {"changes": store.lost}
            append(tx, at=at, actor_id=None, action="log_damaged", heading=Heading.SYSTEM, data=data)
    return " ".join(one for one in (settled, settle_lists(entry), clocks) if one)


def _clock_to_look_at(entry: Entry) -> str:
    """What is said where the journal ends long before now, or after it: every date of the desk rests on this computer's
    clock.
    """
    with entry.store.read() as tx:
        newest = newest_moment(tx)
    if newest is None or -_HOUR <= entry.clock() - newest <= _LONG:
        return ""
    last, today = day(london(newest).date()), day(entry.today())
    clock = "set this computer’s clock right before you go on"
    if newest > entry.clock():
        return f"The desk was used on {last}, and this computer says that today is {today}: {clock}."
    return f"The desk was last used on {last}. If today is not {today}, {clock}."


def put_in_place(folder: Path, key: bytes) -> None:
    """Puts the store's new key where the old one was kept, and lets go of what was left for its holder.

    Raises KeyNotSaved, KeyringLocked or KeyringMissing: then the old one still leads to it.
    """
    if (folder / ID_FILE).exists() and not (folder / PASSPHRASE_FILE).exists():
        KeyringHome(read_store_id(folder), find_keyring()).put(key)
    (folder / NEXT_FILE).unlink(missing_ok=True)
