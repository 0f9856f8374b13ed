"""What `verify` sees: lifted guards, changed submissions and letters, and a journal that was cut off."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from desktop.casework.verifying import verify_store
from tests.fixtures import Office

TAMPERED = {
    "Guards": "DROP TRIGGER decision_second_person",
    "Fixed records": "UPDATE submission SET snapshot = '{}'",
    "Journal": "DELETE FROM journal WHERE seq > (SELECT MAX(seq) - 5 FROM journal)",
}


def test_an_untouched_store_is_sound(sample_office: Office) -> None:
    assert verify_store(sample_office.entry).sound


@pytest.mark.parametrize("check", TAMPERED)
def test_tampering_is_seen(sample_office: Office, check: str) -> None:
    with sample_office.entry.store.write() as tx:
        for name in ("submission_no_update", "journal_no_delete"):
            made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}).scalar_one()
            tx.exec_driver_sql(f"DROP TRIGGER {name}")
            if name.split("_")[0] in TAMPERED[check].lower():
                tx.exec_driver_sql(TAMPERED[check])
            tx.exec_driver_sql(made)
        if check == "Guards":
            tx.exec_driver_sql(TAMPERED[check])
    faults = dict(verify_store(sample_office.entry).checks)
    assert [name for name, found in faults.items() if found] == [check]


def test_a_journal_that_was_cut_and_mended_is_seen(sample_office: Office) -> None:
    with sample_office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'journal_no_delete'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER journal_no_delete")
        tx.exec_driver_sql(
            "DELETE FROM journal WHERE seq >= (SELECT MAX(seq) FROM journal WHERE action IN ('submit', 'approve'))"
        )
        tx.exec_driver_sql("UPDATE sqlite_sequence SET seq = (SELECT MAX(seq) FROM journal) WHERE name = 'journal'")
        tx.exec_driver_sql(made)
    assert any("is not in the journal" in fault for fault in dict(verify_store(sample_office.entry).checks)["Journal"])


def test_a_timer_that_was_taken_away_is_seen(sample_office: Office) -> None:
    with sample_office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'retention_no_delete'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER retention_no_delete")
        tx.exec_driver_sql("DELETE FROM retention")
        tx.exec_driver_sql(made)
    faults = dict(verify_store(sample_office.entry).checks)["Retention timers"]
    assert faults
    assert all(fault.startswith("no retention timer runs for ") for fault in faults)


def test_a_changed_letter_is_seen(sample_office: Office) -> None:
    with sample_office.entry.store.write() as tx:
        made = tx.execute(text("SELECT sql FROM sqlite_master WHERE name = 'letter_no_update'")).scalar_one()
        tx.exec_driver_sql("DROP TRIGGER letter_no_update")
        tx.exec_driver_sql("UPDATE letter SET pdf = X'00' WHERE number = 1")
        tx.exec_driver_sql(made)
    faults = dict(verify_store(sample_office.entry).checks)
    assert faults["Fixed records"] == ("letter 1 was changed",)
