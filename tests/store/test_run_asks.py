"""What somebody with the key changed by SQL, with the guards away, lets no run destroy what was to be kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from db.records import State
from desktop.casework import disposal
from desktop.casework.desk import Done, Refused
from desktop.casework.disposal import Retain
from desktop.casework.verifying import verify_store
from tests.fixtures import Office
from tests.store.backing import held, linked
from tests.store.disposing import approved, behind_guards, closed, many_closed, moment, pass_days, pass_grace, state_of
from tests.store.holding import same_person


def refused(office: Office, case: Done, run: int) -> tuple[str, list[str]]:
    """Why the run is refused, and what the check says; the case stays."""
    pass_grace(office)
    with pytest.raises(Refused) as caught:
        disposal.carry_out(office.officers[0], run)
    assert state_of(office, case) is State.ISSUED
    checks = dict(verify_store(office.entry).checks)
    return str(caught.value), [fault for name, faults in checks.items() if name != "Bank holidays" for fault in faults]


def kept_longer(office: Office, case: Done) -> None:
    later = office.entry.clock().date() + timedelta(days=2000)
    disposal.retain(office.officers[0], Retain(case_ids=(case.case_id,), review_on=later, because="An inquiry asks."))


BYTES = "UPDATE journal SET action = CAST(action AS BLOB) WHERE action = 'retain'"
BELOW = "UPDATE journal SET seq = -seq WHERE action = 'retain'"


@pytest.mark.parametrize(
    ("rows", "entries", "why"),
    [
        ("DELETE FROM retention_change", "", "a changed timer of TR-000001-7 that the journal says is not kept"),
        ("UPDATE retention_change SET due_on = '2027-01-01'", "", "a changed timer of TR-000001-7"),
        ("DELETE FROM retention_change", BYTES, "an entry was changed so that nobody finds it"),
        ("DELETE FROM retention_change", BELOW, "an entry was changed so that nobody finds it"),
    ],
)
def test_a_later_day_holds(office: Office, rows: str, entries: str, why: str) -> None:
    case = closed(office)
    kept_longer(office, case)
    behind_guards(office, "retention_change", rows)
    if entries:
        behind_guards(office, "journal", entries)
    said, found = refused(office, case, approved(office, case))
    assert why in said
    assert found


def test_a_shorter_timer_lets_no_case_go_while_a_run_is_under_way(office: Office) -> None:
    case = closed(office)
    run = approved(office, case)
    behind_guards(office, "retention", "UPDATE retention SET months = 1, due_on = '2026-07-12'")
    said, found = refused(office, case, run)
    assert "the timer of TR-000001-7 is not that of its agreement" in said
    assert "the timer of TR-000001-7 is not that of its agreement" in found


def test_an_answer_is_the_one_that_was_given(office: Office) -> None:
    case = closed(office)
    run = approved(office, case)
    behind_guards(office, "answer", "UPDATE answer SET value = json_quote('Another') WHERE field LIKE 'criteria.%'")
    said, found = refused(office, case, run)
    why = "an answer of TR-000001-7 is another one than the journal says was given"
    assert why in said
    assert why in found


@pytest.mark.parametrize("scope", ["case_id = 2", "requester = 'Another body'", "received_to = '2001-01-01'"])
def test_a_hold_that_was_made_to_cover_another_case_is_missed(office: Office, scope: str) -> None:
    case, _other = many_closed(office, 2)
    run = approved(office, case)
    held(office, case.case_id)
    behind_guards(office, "hold", f"UPDATE hold SET {scope}")  # noqa: S608
    (office.entry.store.path.parent / "holds.sealed").unlink()
    said, found = refused(office, case, run)
    assert "a hold that the journal says is not kept" in said or "a hold is not in the journal" in said
    assert "a hold is not in the journal" in found


def asked_about(office: Office, case: Done) -> Done:
    """An open subject access request about the person of a case."""
    return office.register("sar", "police", received=office.entry.today())


SAR = [
    (
        "link",
        "INSERT INTO link VALUES (:case, :sar, 0, 1, :at)",
        "whom TR-000001-7 is about, beside another case, is not what the journal says",
    ),
    ("cases", "UPDATE cases SET kind = 'tracing' WHERE id = :sar", "are of another kind than it"),
    ("cases", "UPDATE cases SET family_name = 'Other' WHERE id = :sar", "what lists say of"),
    ("cases", "UPDATE cases SET family_name = 'Other' WHERE id = :case", "what lists say of TR-000001-7"),
    (
        "cases",
        "UPDATE cases SET state = 'withdrawn', outcome = 'withdrawn', closed_on = '2029-06-01' WHERE id = :sar",
        "is closed, and was not",
    ),
    ("identifier", "DELETE FROM identifier WHERE case_id = :case", "what TR-000001-7 is found by was changed"),
]


@pytest.mark.parametrize(("table", "sql", "why"), SAR)
def test_a_request_that_keeps_a_case_goes_on_keeping_it(office: Office, table: str, sql: str, why: str) -> None:
    case = closed(office)
    run = approved(office, case)
    sar = asked_about(office, case)
    values = {"case": case.case_id, "sar": sar.case_id, "at": moment(office)}
    wanted = {name: value for name, value in values.items() if f":{name}" in sql}
    behind_guards(office, table, sql, **wanted)
    said, found = refused(office, case, run)
    assert why in said
    assert found
    if "closed" not in why:
        assert any(why.removeprefix("are ").removesuffix(" than it") in one for one in found)


def test_a_pair_of_one_person_that_was_taken_apart_is_missed(office: Office) -> None:
    case, other = many_closed(office, 2)
    run = approved(office, case)
    same_person(office, case, other, same=True)
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT COUNT(*) FROM link")).scalar_one() == 1
    behind_guards(office, "link", "DELETE FROM link")
    said, found = refused(office, case, run)
    assert "is about, beside another case, is not what the journal says" in said
    assert any("is about, beside another case, is not what the journal says" in one for one in found)


def test_what_was_only_said_of_two_cases_stays_as_it_is(office: Office) -> None:
    case, other = many_closed(office, 2)
    same_person(office, case, other, same=True)
    same_person(office, other, case, same=True)
    checks = dict(verify_store(office.entry).checks)
    assert [fault for name, faults in checks.items() if name != "Bank holidays" for fault in faults] == []


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE relation SET other_id = :other", "a link of TR-000003-3"),
        (
            "UPDATE relation SET unlinked_by = 1, unlinked_at = :at",
            "an end of a link of TR-000003-3 is not in the journal",
        ),
        ("DELETE FROM relation", "a link of TR-000003-3 that the journal says is not kept"),
    ],
)
def test_an_open_linked_case_goes_on_keeping_a_case(office: Office, sql: str, why: str) -> None:
    case, other = many_closed(office, 2)
    opened = office.register()
    linked(office, opened, case)
    pass_days(office, 40)
    values = {"other": other.case_id, "at": moment(office)}
    behind_guards(office, "relation", sql, **{name: value for name, value in values.items() if f":{name}" in sql})
    said, found = refused(office, case, approved(office, case))
    assert why in said
    assert any(why in one for one in found)
