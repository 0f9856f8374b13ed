"""What the store knows of itself stays as it is, and no number is given out twice, whatever SQL does to the counts."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from db.migrations import guards, whole_schema
from db.migrations.guards_counts import CHANGING
from db.people import facts
from db.records import Role
from db.records_views import RegisterFilter
from db.store import Tx
from desktop.casework import requesters, savedfilters, savedreports
from desktop.casework.desk import Refused
from desktop.casework.pseudonyms import ensure_key
from desktop.casework.requesters import PutBody, PutOfficer
from desktop.casework.savedfilters import SaveFilter
from desktop.casework.savedreports import SaveReport, save_report
from tests.fixtures import Office
from tests.store.disposing import closed, destroyed, faults, statement
from tests.store.holding import place, reference
from tests.store.test_saved_reports import YEAR


def test_no_fact_about_the_store_is_renamed_and_none_changed_but_counts(office: Office) -> None:
    destroyed(office, closed(office))
    ensure_key(office.entry)
    with office.entry.store.read() as tx:
        known = facts(tx, "")
    assert {"store_id", "pseudonym_key", "sequence.letter", "sequence.case.TR", "erasure_lists"} <= {*known}
    assert any(key.startswith("erased.") for key in known)
    changing = {*re.findall(r"'(\w+)'", CHANGING)}
    for key, value in known.items():
        statement(office, "UPDATE meta SET key = 'x' WHERE key = :key", key=key)
        if key not in changing:
            less = "0" if key.startswith("sequence.") else f"{value}x"
            statement(office, "UPDATE meta SET value = :value WHERE key = :key", key=key, value=less)
        if key.startswith("sequence."):
            for wrong in ("9x", "", "-9", " 99", "1e9", "99.5"):
                statement(office, "UPDATE meta SET value = :value WHERE key = :key", key=key, value=wrong)
    assert faults(office) == []


def test_every_table_that_counts_its_rows_keeps_them_or_looks_a_number_up() -> None:
    """What SQLite counts by can be set back by SQL; then a number is free again where its row is gone."""
    known = guards()
    counting = [one.name for one in whole_schema().sorted_tables if one.dialect_options["sqlite"]["autoincrement"]]
    assert len(counting) > 20
    for table in counting:
        kept = any(re.search(rf" BEFORE DELETE ON {table} FOR EACH ROW WHEN 1 BEGIN ", one) for one in known.values())
        assert kept != (f"{table}_taken" in known), table


def _set_back(tx: Tx) -> None:
    tx.execute(text("UPDATE sqlite_sequence SET seq = 0"))


def test_counts_that_were_set_back_give_no_number_again_and_are_found(office: Office) -> None:
    first = closed(office)
    held = place(office.officers[0], case=reference(office, first))
    with office.entry.store.write() as tx:
        _set_back(tx)
    assert "the count of cases was set back" in faults(office)
    with office.entry.store.write() as tx:
        tx.execute(text("DELETE FROM sqlite_sequence"))
    assert "the count of cases was set back" in faults(office)
    assert office.register().case_id > first.case_id
    assert place(office.officers[0], agreement_id="foi") > held


def test_what_was_taken_off_the_record_gives_its_number_to_nothing_else(office: Office) -> None:
    """A saved filter names a requester by that number, and the journal both."""
    keeper = office.desk(Role.ADMINISTRATOR)
    body = requesters.put_body(keeper, PutBody(name="A body of its own", addresses=""))
    officer = requesters.put_officer(keeper, PutOfficer(body_id=body, name="Somebody"))
    saved = savedfilters.save_filter(keeper, SaveFilter(name="open ones", wanted=RegisterFilter(open_only=True)))
    requesters.remove_officer(keeper, body, officer)
    requesters.remove_body(keeper, body)
    savedfilters.delete_filter(keeper, saved)
    with office.entry.store.write() as tx:
        _set_back(tx)
    with pytest.raises(Refused, match="store does not allow"):
        requesters.put_body(keeper, PutBody(name="Another", addresses=""))
    with pytest.raises(Refused, match="store does not allow"):
        savedfilters.save_filter(keeper, SaveFilter(name="others", wanted=RegisterFilter(open_only=True)))


def test_what_was_saved_last_and_deleted_gives_its_number_to_no_report_either(office: Office) -> None:
    keeper = office.desk(Role.ADMINISTRATOR)
    number = save_report(keeper, SaveReport(name="board", wanted=YEAR))
    savedreports.delete_report(keeper, number)
    with office.entry.store.write() as tx:
        _set_back(tx)
    with pytest.raises(Refused, match="store does not allow"):
        save_report(keeper, SaveReport(name="board", wanted=YEAR))
