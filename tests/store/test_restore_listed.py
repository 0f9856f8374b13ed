"""Who was destroyed stays so through a restore, whatever the store that it replaces holds of them; and is said."""

from __future__ import annotations

from pathlib import Path

from db.records import State
from db.store import FILE
from desktop.casework import recovery, restorepreview
from tests.fixtures import Office, make_entry, signed_in
from tests.store.backing import backed_up, count, restored, sheet_of
from tests.store.disposing import closed, destroyed, faults, many_closed, state_of
from tests.store.holding import reference
from tests.store.test_put_back import older_of, put_in_place
from tests.store.test_restore_torn import brought_back, torn_at


def test_a_destroyed_case_that_an_older_store_never_had_goes_again(office: Office, tmp_path: Path) -> None:
    office.register()
    older = older_of(office, tmp_path / "older.db")
    gone = closed(office)
    named = reference(office, gone)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    again = put_in_place(office, older, lists=True)
    seen = restorepreview.preview_restore(again.entry, path)
    found = restored(again, path)
    assert (seen.listed, seen.spared) == (1, frozenset())
    assert (found.listed, found.carried.spared) == ((named,), frozenset())
    assert state_of(again, gone) is State.DESTROYED
    assert not any("is back" in fault for fault in faults(again))
    again.entry.store.close()


def test_a_destroyed_case_that_is_torn_in_the_store_goes_again(office: Office, tmp_path: Path) -> None:
    gone, _ = many_closed(office, 2)
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    # The store keeps the hash of the case from now on, beside its stub.
    restored(office, path)
    torn_at(office, "cases")
    seen, found, again = brought_back(office, path)
    assert (seen.listed + len(seen.erased), seen.spared) == (len(found.again), frozenset())
    assert (len(found.again), found.carried.spared) == (1, frozenset())
    assert state_of(again, gone) is State.DESTROYED
    again.entry.store.close()


def test_no_number_is_given_out_twice_where_the_store_is_gone(office: Office, tmp_path: Path) -> None:
    home, clock, sheet = office.entry.store.path.parent, office.entry.clock, sheet_of(office)
    office.register()
    path = backed_up(office, tmp_path / "backups")
    lost = reference(office, office.register(person=1))
    office.entry.store.close()
    for one in home.glob(f"{FILE}*"):
        one.unlink()
    entry, _ = recovery.recover(home, path, sheet, clock)
    again = signed_in(make_entry(entry.store, clock()))
    assert reference(again, again.register(person=2)) > lost
    again.entry.store.close()


def test_no_letter_gets_a_number_twice_where_the_count_of_them_is_torn(office: Office, tmp_path: Path) -> None:
    office.in_state(State.ISSUED)
    path = backed_up(office, tmp_path / "backups")
    office.in_state(State.ISSUED)
    lost = count(office, "SELECT MAX(number) FROM letter")
    torn_at(office, "sqlite_sequence")
    _, _, again = brought_back(office, path)
    again.in_state(State.ISSUED)
    assert count(again, "SELECT MAX(number) FROM letter") > lost
    again.entry.store.close()
