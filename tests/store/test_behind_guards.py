"""What somebody with the key changed by SQL, with the guards away meanwhile: the check tells it, and goes on."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import timedelta

import pytest

from db.engine import connect
from db.migrations import guards
from desktop.casework import disposal, holds
from desktop.casework.desk import Refused
from desktop.casework.disposal import DecideRun, TakeOff
from desktop.casework.verifying import verify_store
from tests.fixtures import KEY, Office
from tests.store.backing import held
from tests.store.disposing import approved, behind_guards, destroyed, faults, many_closed, pass_grace, proposed
from tests.store.holding import reference

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


# What the journal says otherwise


OTHER = ("is not in the journal", "that the journal says is not kept")
"""What is found of a row that says something else than the journal."""


def _swapped(office: Office, run: int, sql: str, **values: int) -> list[str]:
    """What is found after a change by SQL; the run is not carried out then."""
    behind_guards(office, sql.split()[2 if sql.startswith("INSERT") else 1], sql, **values)
    found = faults(office)
    pass_grace(office)
    with pytest.raises(Refused, match="The journal does not say"):
        disposal.carry_out(office.officers[0], run)
    assert faults(office) == found
    return found


def test_a_run_that_was_turned_down_is_not_carried_out_because_its_row_says_otherwise(office: Office) -> None:
    (done,) = many_closed(office, 1)
    run = proposed(office, done)
    disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=False, reasons="Not yet."))
    found = _swapped(office, run, "UPDATE disposal_verdict SET approved = 1, not_before = '2020-01-01'")
    assert found == [f"a decision of a disposal run {said}" for said in OTHER]


def test_the_first_day_of_a_run_is_the_one_that_the_journal_says(office: Office) -> None:
    (done,) = many_closed(office, 1)
    run = approved(office, done)
    found = _swapped(office, run, "UPDATE disposal_verdict SET not_before = '2020-01-01'")
    assert found == [f"a decision of a disposal run {said}" for said in OTHER]


def test_a_hold_whose_release_was_turned_down_still_stands_by_the_journal(office: Office) -> None:
    done, _other = many_closed(office, 2)
    hold = held(office, done.case_id)
    first, second = office.officers
    holds.propose_release(first, holds.ProposeRelease(hold_id=hold, because="It is over."))
    holds.decide_release(second, holds.DecideRelease(hold_id=hold, release=False, because="It is not."))
    run = approved(office, _other)
    found = _swapped(office, run, "UPDATE hold_step SET step = 'release' WHERE step = 'keep'")
    assert "a step towards the release of a hold is not in the journal" in found


def test_a_run_is_of_the_cases_that_the_journal_says(office: Office) -> None:
    one, other, third = many_closed(office, 3)
    run = approved(office, one, third)
    said = "run 1 is of other cases than the journal says"
    more = "INSERT INTO disposal_item SELECT run_id, :case, due_on, rule FROM disposal_item LIMIT 1"
    assert _swapped(office, run, more, case=other.case_id) == [said]
    less = "DELETE FROM disposal_item WHERE case_id = :case"
    behind_guards(office, "disposal_item", less, case=other.case_id)
    assert faults(office) == []
    behind_guards(office, "disposal_item", less, case=third.case_id)
    assert faults(office) == [said]


def test_what_went_by_a_run_that_was_never_approved_is_told_for_good(office: Office) -> None:
    (done,) = many_closed(office, 1)
    destroyed(office, done)
    with office.entry.store.read() as tx:
        seq = tx.exec_driver_sql("SELECT seq FROM journal WHERE action = 'approve_run'").scalar_one()
    behind_guards(office, "journal", "UPDATE journal SET action = 'turn_down_run' WHERE seq = :seq", seq=seq)
    assert "TR-000001-7 was destroyed by a run that the journal does not say was approved" in faults(office)


def test_pages_that_were_made_anew_with_their_hash_are_not_those_that_the_journal_says(office: Office) -> None:
    _lived(office)
    other = b"%PDF other"
    values = {"pdf": other, "sha256": hashlib.sha256(other).hexdigest()}
    behind_guards(
        office, "destruction_certificate", "UPDATE destruction_certificate SET pdf = :pdf, sha256 = :sha256", **values
    )
    behind_guards(office, "letter", "UPDATE letter SET pdf = :pdf, sha256 = :sha256 WHERE case_id = 2", **values)
    found = faults(office)
    assert "a destruction certificate is not in the journal" in found
    assert "a letter of TR-000002-5 is not in the journal" in found


def test_the_content_of_a_certificate_is_the_one_that_the_journal_says(office: Office) -> None:
    _lived(office)
    behind_guards(
        office,
        "destruction_certificate",
        "UPDATE destruction_certificate SET content = replace(content, 'TR-000001-7', 'TR-000009-9')",
    )
    assert faults(office) == ["destruction certificate 1 was changed"]


# What the journal says, and the store has not


def test_a_case_that_was_taken_off_a_run_does_not_go_because_its_row_is_gone(office: Office) -> None:
    done, other = many_closed(office, 2)
    run = approved(office, done, other)
    disposal.take_off(office.officers[1], TakeOff(run_id=run, case_id=done.case_id, why="A court asked for it."))
    behind_guards(office, "disposal_result", "DELETE FROM disposal_result")
    said = "a result of a disposal run of TR-000001-7 that the journal says is not kept"
    assert faults(office) == [said]
    pass_grace(office)
    with pytest.raises(Refused, match="a result of a disposal run"):
        disposal.carry_out(office.officers[0], run)


def test_a_run_that_was_turned_down_is_not_decided_anew_because_its_row_is_gone(office: Office) -> None:
    (done,) = many_closed(office, 1)
    run = proposed(office, done)
    disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=False, reasons="A court wants it."))
    behind_guards(office, "disposal_verdict", "DELETE FROM disposal_verdict")
    said = "a decision of a disposal run that the journal says is not kept"
    assert faults(office) == [said]
    disposal.decide_run(office.officers[1], DecideRun(run_id=run, approved=True))
    pass_grace(office)
    with pytest.raises(Refused, match=said):
        disposal.carry_out(office.officers[0], run)


def test_a_hold_that_was_taken_away_with_its_copy_is_missed(office: Office) -> None:
    kept, due = many_closed(office, 2)
    hold = held(office, kept.case_id)
    run = approved(office, due)
    pass_grace(office)
    behind_guards(office, "hold", "DELETE FROM hold WHERE id = :id", id=hold)
    behind_guards(office, "meta", "DELETE FROM meta WHERE key = 'holds_copied'")
    (office.entry.store.path.parent / "holds.sealed").unlink()
    assert faults(office) == ["a hold that the journal says is not kept"]
    with pytest.raises(Refused, match="a hold that the journal says is not kept"):
        disposal.carry_out(office.officers[0], run)


def test_a_step_of_a_hold_that_was_taken_away_is_missed(office: Office) -> None:
    (done,) = many_closed(office, 1)
    hold = held(office, done.case_id)
    holds.propose_release(office.officers[0], holds.ProposeRelease(hold_id=hold, because="It is over."))
    behind_guards(office, "hold_step", "DELETE FROM hold_step")
    assert "a step towards the release of a hold that the journal says is not kept" in faults(office)


def test_a_later_day_that_was_taken_away_is_missed(office: Office) -> None:
    (done,) = many_closed(office, 1)
    desk = office.officers[0]
    later = desk.today() + timedelta(days=400)
    disposal.retain(desk, disposal.Retain(case_ids=(done.case_id,), review_on=later, because="It is asked for."))
    behind_guards(office, "retention_change", "DELETE FROM retention_change")
    assert faults(office) == ["a changed timer of TR-000001-7 that the journal says is not kept"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE retention SET months = 1, due_on = '2020-01-01'",
        "UPDATE retention SET months = NULL, due_on = '2020-01-01'",
        "UPDATE retention SET months = 1",
        "UPDATE retention SET started_on = '2020-01-01'",
        "UPDATE retention SET trigger = 'last_consulted'",
        "UPDATE retention SET trigger = 'debt_settled', longstop_on = '2020-01-01'",
        "UPDATE retention SET longstop_on = '2020-01-01'",
    ],
)
def test_a_timer_is_the_one_of_its_agreement_also_once_its_case_is_gone(office: Office, sql: str) -> None:
    one, other = many_closed(office, 2)
    said = [f"the timer of {reference(office, case)} is not that of its agreement" for case in (one, other)]
    destroyed(office, one)
    behind_guards(office, "retention", sql)
    assert set(said) <= set(faults(office))


def test_a_case_was_closed_on_the_day_that_the_journal_says(office: Office) -> None:
    many_closed(office, 1)
    behind_guards(office, "cases", "UPDATE cases SET closed_on = '2020-01-01'")
    behind_guards(office, "retention", "UPDATE retention SET started_on = '2020-01-01', due_on = '2023-01-01'")
    assert faults(office) == ["TR-000001-7 was closed on another day than the journal says"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM destruction_certificate", "a destruction certificate"),
        ("DELETE FROM submission WHERE case_id = 2", "a submission of TR-000002-5"),
        ("DELETE FROM decision WHERE case_id = 2", "a decision of TR-000002-5"),
        ("DELETE FROM finding WHERE case_id = 2", "an outcome of TR-000002-5"),
        ("DELETE FROM finding_review WHERE case_id = 2", "a release of TR-000002-5"),
        ("DELETE FROM submission WHERE case_id = 1", "a submission of TR-000001-7"),
        ("DELETE FROM decision WHERE case_id = 1", "a decision of TR-000001-7"),
        ("DELETE FROM finding WHERE case_id = 1", "an outcome of TR-000001-7"),
        ("DELETE FROM finding_review WHERE case_id = 1", "a release of TR-000001-7"),
        ("DELETE FROM disposal_verdict WHERE run_id = 2", "a decision of a disposal run"),
    ],
)
def test_what_was_taken_away_is_missed(office: Office, sql: str, said: str) -> None:
    _lived(office)
    behind_guards(office, sql.split()[2], sql)
    assert f"{said} that the journal says is not kept" in faults(office)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE cases SET agreement_id = 'sar'", "what stays of TR-000001-7"),
        ("UPDATE cases SET agreement_version = 9", "what stays of TR-000001-7"),
        ("UPDATE cases SET received_on = '2020-01-01'", "what stays of TR-000001-7"),
        ("UPDATE cases SET outcome = 'no_trace'", "what stays of TR-000001-7"),
        ("UPDATE disposal_item SET due_on = '2020-01-01'", "what stays of TR-000001-7"),
        ("UPDATE disposal_item SET rule = 'at once'", "what stays of TR-000001-7"),
        ("UPDATE disposal_run SET because = 'another'", "run 1"),
        ("UPDATE disposal_run SET proposed_at = '2020-01-01T00:00:00.000000Z'", "run 1"),
        ("UPDATE disposal_verdict SET reasons = 'another'", "run 1"),
    ],
)
def test_what_stays_of_a_destroyed_case_is_what_its_certificate_says(office: Office, sql: str, said: str) -> None:
    (done,) = many_closed(office, 1)
    destroyed(office, done)
    behind_guards(office, sql.split()[1], sql)
    assert f"{said} is not what destruction certificate 1 says" in faults(office)


@pytest.mark.parametrize("outcome", ["'refused'", "'withdrawn'", "'no_trace'", "NULL"])
def test_a_case_ended_as_the_journal_says(office: Office, outcome: str) -> None:
    _lived(office)
    behind_guards(office, "cases", f"UPDATE cases SET outcome = {outcome}")  # noqa: S608
    found = faults(office)
    assert {f"TR-00000{one} ended otherwise than the journal says" for one in ("1-7", "2-5", "3-3")} <= set(found)


def test_a_case_is_under_the_agreement_that_it_names(office: Office) -> None:
    _lived(office)
    behind_guards(office, "cases", "UPDATE cases SET agreement_id = 'sar' WHERE id = 2")
    assert "TR-000002-5 is not under the agreement that it names" in faults(office)


@pytest.mark.parametrize("column", ["family_name", "given_names", "born", "requester", "requester_reference"])
def test_lists_say_of_a_case_what_its_answers_say(office: Office, column: str) -> None:
    _lived(office)
    behind_guards(office, "cases", f"UPDATE cases SET {column} = '1950' WHERE id = 2")  # noqa: S608
    assert "what lists say of TR-000002-5 is not what its answers say" in faults(office)


def test_the_check_goes_on_where_the_text_of_an_agreement_is_gone(office: Office) -> None:
    _lived(office)
    of_cases = {name: sql for name, sql in guards().items() if " ON cases " in sql}
    with closing(connect(office.entry.store.path, KEY)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        for name in of_cases:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE cases SET agreement_hash = 'gone' WHERE id = 2")
        for sql in of_cases.values():
            raw.execute(sql)
    found = faults(office)
    assert "the agreement that TR-000002-5 is under cannot be read" in found
    behind_guards(office, "destruction_certificate", "DELETE FROM destruction_certificate")
    assert "a destruction certificate that the journal says is not kept" in faults(office)
