"""Letters that are not what they were made from are found out."""

from __future__ import annotations

from sqlalchemy import text

from db.casereads import salt_of
from db.records import State
from desktop.casework.letterfacts import file_id
from desktop.casework.verifying import verify_store
from tests.fixtures import Office
from tests.store.test_letters import acknowledged, verify_sound


def test_facts_that_were_changed_are_found_out(office: Office) -> None:
    acknowledged(office, office.register())
    assert verify_sound(office)
    with office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'letter_no_update'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER letter_no_update")
        tx.exec_driver_sql("UPDATE letter SET facts = facts || ' '")
        tx.exec_driver_sql(made)
    assert dict(verify_store(office.entry).checks)["Fixed records"] == ("letter 1 was changed",)


def said_to_be_of(office: Office, value: str) -> dict[str, tuple[str, ...]]:
    """What is found once the letters are said to be made from this, with their guard lifted and put back."""
    with office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'letter_no_update'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER letter_no_update")
        tx.execute(text("UPDATE letter SET snapshot_hash = :value"), {"value": value})
        tx.exec_driver_sql(made)
    return {name: faults for name, faults in verify_store(office.entry).checks if faults and name != "Files"}


def test_a_letter_that_is_said_to_be_made_from_something_else_is_found_out(office: Office) -> None:
    office.in_state(State.ISSUED)
    found = said_to_be_of(office, "00" * 32)
    assert found == {"Letters": ("the file of letter 1 is not of what the letter was made from",)}


def test_a_letter_of_the_time_when_its_file_named_the_plain_hash_is_sound(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    with office.entry.store.read() as tx:
        known = file_id(salt_of(tx, done.case_id), tx.execute(text("SELECT snapshot_hash FROM letter")).scalar_one())
    # The hash that is kept is now the one that the file names as it is.
    assert said_to_be_of(office, known) == {}
