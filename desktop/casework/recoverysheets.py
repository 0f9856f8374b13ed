"""The recovery sheet: the page whose key opens the store without keyring or passphrase, and whether anybody has one."""

from __future__ import annotations

from enum import StrEnum

from db import people
from db.journal import append
from db.records import Heading, Organisation, Role
from db.store import Tx
from desktop.casework.accounts import verify_password
from desktop.casework.backups import reseal_backups
from desktop.casework.desk import Desk, Entry, Invalid, check_signed_in, need_role
from desktop.policy.fields import Problem
from desktop.security.recovery import ALPHABET_WORDS

_FACT = "recovery_sheet"


class SheetState(StrEnum):
    """What the store knows of its newest recovery sheet."""

    MADE = "made"
    """It was neither printed nor saved, as far as anybody said: its key may be lost."""
    KEPT = "kept"
    """It was printed or saved."""
    UNKNOWN = ""
    """The store was made before this was noted."""


def recovery_sheet(organisation: Organisation, code: str, entry: Entry) -> bytes:
    """The page to print once: the code that opens the store without keyring or passphrase."""
    from desktop.letters.facts import RecoverySheet
    from desktop.letters.pages import render_sheet

    groups = tuple(code.split("-"))
    return render_sheet(RecoverySheet(organisation, groups, ALPHABET_WORDS, entry.today()))


def note_sheet_made(tx: Tx) -> None:
    """Notes that there is a sheet of which nobody has said yet that it was printed or saved."""
    people.change_fact(tx, _FACT, SheetState.MADE)


def note_sheet_kept(tx: Tx) -> None:
    """Notes that the newest sheet was printed or saved."""
    people.change_fact(tx, _FACT, SheetState.KEPT)


def sheet_state(desk: Desk) -> SheetState:
    """Whether the newest sheet was printed or saved. For administrators."""
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        return SheetState(people.fact(tx, _FACT))


def make_sheet(desk: Desk, password: str) -> bytes:
    """A new sheet, as a one-page PDF that is kept nowhere; the key of an earlier one opens neither the store from then
    on nor a backup that can be reached.

    `password` is the administrator's own, typed again. Raises Invalid where it is not, Refused, or KeyNotSaved.
    """
    need_role(desk, Role.ADMINISTRATOR)
    if not verify_password(desk, password):
        raise Invalid((Problem("password", "This is not your password now.", hard=True),))
    # First, and by itself: whatever happens from here on, no store takes a key for kept that nobody has seen.
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        note_sheet_made(tx)
    with desk.store.write() as tx:
        check_signed_in(tx, desk.user)
        _journal(desk, tx, "make_recovery_sheet")
        organisation = people.organisation_of(tx)
        code = desk.secrets.make_recovery()
    reseal_backups(desk)
    return recovery_sheet(organisation, code, desk)


def keep_sheet(entry: Entry) -> None:
    """Notes that the newest sheet was printed or saved: at the first start, or by the administrator who made it."""
    if isinstance(entry, Desk):
        need_role(entry, Role.ADMINISTRATOR)
    with entry.store.write() as tx:
        if isinstance(entry, Desk):
            check_signed_in(tx, entry.user)
        if people.fact(tx, _FACT) != SheetState.KEPT:
            note_sheet_kept(tx)
            _journal(entry, tx, "keep_recovery_sheet")


def _journal(entry: Entry, tx: Tx, action: str) -> None:
    actor = entry.user.id if isinstance(entry, Desk) else None
    append(tx, at=entry.clock(), actor_id=actor, action=action, heading=Heading.SYSTEM)
