"""What somebody with the key changed by SQL, with the guards away meanwhile: the check tells it, and goes on."""

from __future__ import annotations

import pytest

from desktop.casework.verifying import verify_store
from tests.fixtures import Office
from tests.store.backing import held
from tests.store.disposing import approved, behind_guards, destroyed, faults, many_closed

SAID = ("place_hold", "propose_run", "approve_run", "certify_run", "destroy", "issue", "add_user", "restore")


def _lived(office: Office) -> None:
    """A store with a case that is destroyed, one that is held, and one on an approved run."""
    gone, kept, waiting = many_closed(office, 3)
    destroyed(office, gone)
    held(office, kept.case_id)
    approved(office, waiting)


@pytest.mark.parametrize("data", ["zz", "[1]", '{"run":1', '"x"', '{"at":5,"run":"x","cases":7}'])
def test_an_entry_of_the_journal_that_says_nothing_is_told_by_its_number(office: Office, data: str) -> None:
    _lived(office)
    with office.entry.store.read() as tx:
        found = tx.exec_driver_sql("SELECT action, MAX(seq), data FROM journal GROUP BY action").all()
    entries = {action: (seq, said) for action, seq, said in found if action in SAID}
    assert len(entries) >= len(SAID) - 2
    for action, (seq, said) in entries.items():
        behind_guards(office, "journal", "UPDATE journal SET data = :data WHERE seq = :seq", data=data, seq=seq)
        assert f"entry {seq}: its content was changed" in faults(office), action
        behind_guards(office, "journal", "UPDATE journal SET data = :data WHERE seq = :seq", data=said, seq=seq)
    assert faults(office) == []


@pytest.mark.parametrize(
    ("table", "sql", "check"),
    [
        ("letter", "UPDATE letter SET pdf = 'zz'", "Fixed records"),
        ("cases", "UPDATE cases SET salt = 'zz'", "Fixed records"),
        ("destruction_certificate", "UPDATE destruction_certificate SET pdf = 'zz'", "Destruction"),
        ("certificate", "UPDATE certificate SET packed = 'zz'", "Certificate"),
    ],
)
def test_a_value_of_another_type_is_told_and_the_other_checks_go_on(
    office: Office, table: str, sql: str, check: str
) -> None:
    _lived(office)
    behind_guards(office, "identifier", "DELETE FROM identifier WHERE case_id = (SELECT MAX(id) FROM cases)")
    behind_guards(office, table, sql)
    found = dict(verify_store(office.entry).checks)
    assert any("damaged, or was changed" in one for one in found[check])
    assert any("is found by was changed" in one for one in found["Dates and identifiers"])
