"""A store of which one page cannot be read gives a restore all the rest, and what is lost is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from db import journal
from db.engine import look_at
from db.records import Role, State
from db.replaced import READ, Replaced, narrowed, new_cases, new_holds
from db.replaying import carry_over, without_guards
from db.store import FILE, open_store
from desktop.casework import accounts, journalview, restorepreview, restoring
from desktop.casework.accounts import NewUser
from desktop.casework.desk import Done, Refused
from desktop.casework.holds import hold_rows
from desktop.casework.restorepreview import Preview
from desktop.casework.restoring import Restored
from tests.faults.test_flipped_byte import PAGE, flipped
from tests.fixtures import KEY, Office, make_entry, signed_in
from tests.store.backing import backed_up, held
from tests.store.disposing import closed, destroyed, faults, many_closed, state_of
from tests.store.holding import over, place, reference, same_person
from tests.store.test_put_back import opened


def torn_at(office: Office, *names: str) -> None:
    """Closes the store and damages the first page of these tables and indexes."""
    with office.entry.store.read() as tx:
        query = "SELECT name, rootpage FROM sqlite_master"
        roots = {row.name: row.rootpage for row in tx.execute(text(query))}
    office.entry.store.close()
    for name in names:
        flipped(office.entry.store.path.parent, (roots[name] - 1) * PAGE + 300)


def brought_back(office: Office, path: Path) -> tuple[Preview, Restored, Office]:
    home, clock = office.entry.store.path.parent, office.entry.clock
    seen = restorepreview.preview(home, KEY, path, KEY)
    found = restoring.put_back(home, KEY, path, KEY, clock)
    return seen, found, opened(signed_in(make_entry(open_store(home, KEY), clock())))


def amiss(office: Office) -> list[str]:
    return [fault for fault in faults(office) if "desk-replaced" not in fault and "holds 1 case" not in fault]


@pytest.fixture
def lived(office: Office, tmp_path: Path) -> tuple[Office, list[Done], Path]:
    """A store that went on after its backup: one case destroyed, one held, one held as the same person's, one more."""
    gone, stays = many_closed(office, 2)
    first, second = (office.register(person=one) for one in (1, 2))
    path = backed_up(office, tmp_path / "backups")
    destroyed(office, gone)
    held(office, stays.case_id)
    same_person(office, first, second, same=True)
    place(office.officers[0], person_of=reference(office, first))
    new = NewUser("new.officer", "New Officer", Role.RECORDS_OFFICER, "violet hammer orbit")
    accounts.add_user(office.desk(Role.ADMINISTRATOR), new)
    office.register()
    return office, [gone, stays, first, second], path


TORN = {
    "disposal_verdict": ("disposal runs",), "disposal_result": ("disposal runs",), "hold": ("holds",),
    "destruction_certificate": ("certificates of destruction",), "link": ("links between cases",),
    "cases": ("cases",), "user": ("accounts",), "journal": ("entries of the journal",),
    "meta": ("numbers that were given out",), "sqlite_sequence": ("numbers that were given out",),
    "letter": ("days of review",), "attachment": (),
}  # fmt: skip


@pytest.mark.parametrize("table", TORN)
def test_one_torn_page_costs_what_stood_on_it_and_is_named(lived: tuple[Office, list[Done], Path], table: str) -> None:
    office, (gone, stays, first, second), path = lived
    torn_at(office, table)
    seen, found, again = brought_back(office, path)
    assert (seen.readable, found.readable) == (True, True)
    assert seen.unread == found.unread == TORN[table]
    assert state_of(again, gone) is State.DESTROYED
    assert [bool(over(again, one)) for one in (stays, first, second)] == [True] * 3
    assert seen.entries == found.carried.entries
    with again.entry.store.read() as tx:
        said = next(journal.of_action(tx, "restore")).data
    assert said.get("unread", []) == [*TORN[table]]
    named = [one for one in found.sentences() if "could not be read" in one]
    assert [f"Some {TORN[table][0]} could not" in one for one in named] == [True] * len(TORN[table])
    assert amiss(again) == []
    again.register()
    auditor = again.desk(Role.AUDITOR)
    journalview.journal_lines(auditor, journalview.journal_numbers(auditor, journalview.JournalAsked()))
    again.entry.store.close()


def test_a_torn_index_costs_nothing(lived: tuple[Office, list[Done], Path]) -> None:
    office, (gone, stays, *_), path = lived
    torn_at(office, "ix_identifier_kind_value_case_id", "sqlite_autoindex_cases_1")
    seen, found, again = brought_back(office, path)
    assert seen.unread == found.unread == ()
    assert state_of(again, gone) is State.DESTROYED
    assert over(again, stays)
    assert amiss(again) == []
    again.entry.store.close()


def test_accounts_that_cannot_be_read_stay_who_they_were_or_are_said_to_be_unread(
    lived: tuple[Office, list[Done], Path],
) -> None:
    office, (_, stays, *_rest), path = lived
    new = accounts.sign_in(office.entry, "new.officer", "violet hammer orbit")
    new = accounts.change_password(new, "violet hammer orbit", "amber kettle orchard")
    number = place(new, case=reference(office, stays))
    torn_at(office, "user")
    _, _, again = brought_back(office, path)
    who = {row.hold.id: row.hold.placed_by for row in hold_rows(again.guardian)}
    named = f"Account {new.user.id}, which could not be read"
    assert (who[1], who[number]) == (office.officers[0].user.name, named)
    (account,) = (one for one in accounts.users(again.entry) if one.name == named)
    assert (account.active, account.role) == (False, Role.AUDITOR)
    assert amiss(again) == []
    again.entry.store.close()


def test_a_hold_that_only_the_replaced_store_has_is_seen_past_damage(lived: tuple[Office, list[Done], Path]) -> None:
    office, _, path = lived
    alone = closed(office)
    named = reference(office, alone)
    held(office, alone.case_id)
    torn_at(office, "disposal_run")
    _, _, again = brought_back(office, path)
    with pytest.raises(Refused, match=f"under a hold that the restored store lacks: {named}"):
        restoring.confirm_restore(again.desk(Role.ADMINISTRATOR))
    again.entry.store.close()


_SQLITE_READ = 20


def test_damage_is_looked_past_in_every_table_that_a_restore_reads(
    lived: tuple[Office, list[Done], Path], tmp_path: Path
) -> None:
    office, _, path = lived
    office.entry.store.empty_log()
    asked: set[str] = set()

    def heard(action: int, table: str | None, *_rest: object) -> int:
        if action == _SQLITE_READ and table and table != "sqlite_master":
            asked.add(table)
        return 0

    raw = look_at(office.entry.store.path, KEY)
    raw.set_authorizer(heard)
    old = Replaced(raw)
    (tmp_path / "fresh").mkdir()
    shutil.copy(path, tmp_path / "fresh" / FILE)
    store = open_store(tmp_path / "fresh", KEY)
    with store.write() as tx, without_guards(tx):
        new = Replaced(tx.connection.driver_connection)
        assert any(new_cases(old, new))
        assert new_holds(new, old)
        assert narrowed(new, old) == frozenset() != old.held()
        assert carry_over(tx, old, office.entry.clock()).entries
    store.close()
    raw.close()
    assert asked == READ
