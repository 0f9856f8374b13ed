"""Many letters at once: each by itself, whatever becomes of the others."""

from __future__ import annotations

import gc
import stat
import tracemalloc
from pathlib import Path

from db import journal
from db.records import Outcome, State
from desktop.casework import issuing, outcomes
from desktop.casework.batch import Batch, ReadyLetter, Unprinted, ready_letters, results_text, run_batch
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done
from desktop.casework.letterfacts import letter_kind
from tests.fixtures import Office, on


def going(_done: int, _of: int) -> bool:
    return True


def actions(office: Office, case_id: int) -> list[str]:
    with office.entry.store.read() as tx:
        return [one.action for one in journal.entries(tx, case_id=case_id, limit=1000)]


def no_trace(office: Office) -> Done:
    done = office.approve(office.submit(office.register()))
    record = outcomes.Record(**on(done), outcome=Outcome.NO_TRACE, matched=(), values={})
    return outcomes.record(office.caseworker, record)


def several(office: Office) -> tuple[ReadyLetter, ...]:
    for state in (State.RELEASED, State.REFUSED, State.REJECTED):
        office.in_state(state)
    no_trace(office)
    return ready_letters(office.caseworker)


def test_every_letter_that_is_ready_is_offered_as_what_it_is(office: Office) -> None:
    for state in (State.DRAFT, State.APPROVED, State.RECORDED, State.ISSUED, State.WITHDRAWN):
        office.in_state(state)
    letters = several(office)
    assert len(letters) == 4
    for one in letters:
        page = case_page(office.caseworker, one.case_id)
        assert one.kind is letter_kind(page.case, page.agreement)
        assert (one.reference, one.version) == (page.case.row.reference, page.case.row.version)
        assert one.body == "Northshire Police"
    assert ready_letters(office.reviewer) == ()


def test_each_is_issued_printed_and_copied_as_it_is_stored(office: Office, tmp_path: Path) -> None:
    letters = several(office)
    printed: dict[str, bytes] = {}
    seen: list[tuple[int, int]] = []

    def told(done: int, of: int) -> bool:
        seen.append((done, of))
        return True

    batch = Batch(letters=letters, print=printed.__setitem__, folder=tmp_path)
    results = run_batch(office.caseworker, batch, told)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [one.number for one in results] == [1, 2, 3, 4]
    assert all(one.well for one in results)
    for one in results:
        stored = issuing.read_letter(office.caseworker, one.case_id)
        out = tmp_path / f"{one.reference}.pdf"
        assert out.read_bytes() == printed[one.reference] == stored
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert [step for step in actions(office, one.case_id) if step in ("issue", "print", "save_copy")] == [
            "issue", "print", "save_copy",
        ]  # fmt: skip
        assert one.words() == f"Issued, no. {one.number}; printed; copy saved"
    assert {one.name for one in tmp_path.glob("*.pdf")} == {f"{one.reference}.pdf" for one in letters}
    assert ready_letters(office.caseworker) == ()


def test_one_that_fails_stops_none_of_the_others(office: Office, tmp_path: Path) -> None:
    letters = several(office)
    changed, unprintable, there, crash = letters
    office.save(Done(changed.case_id, changed.version, State.RELEASED), person__family_name="Quillfeather")
    (tmp_path / f"{there.reference}.pdf").write_bytes(b"What was there before.")

    def prints(reference: str, _pdf: bytes) -> None:
        if reference == unprintable.reference:
            raise Unprinted
        if reference == crash.reference:
            raise ZeroDivisionError("Quillfeather")

    first, second, third, fourth = run_batch(
        office.caseworker, Batch(letters=letters, print=prints, folder=tmp_path), going
    )
    assert first.number is None
    assert first.words().startswith("Not issued: ")
    assert second.words() == "Issued, no. 1; not printed: the printer did not take it; copy saved"
    assert third.words().endswith("; not saved: a file of that name is there already")
    assert "not printed: the desk made a mistake (ZeroDivisionError)" in fourth.words()
    assert fourth.saved == "copy saved"
    assert [one.well for one in (first, second, third, fourth)] == [False] * 4
    assert (tmp_path / f"{there.reference}.pdf").read_bytes() == b"What was there before."
    assert "print" not in actions(office, unprintable.case_id)
    assert "save_copy" not in actions(office, there.case_id)
    said = results_text((first, second, third, fourth))
    assert said.count("\n") == 3
    assert all(one.reference in said for one in letters)
    for name in ("Quillfeather", "Kowalczyk", "Hale", "Northshire"):
        assert name not in said


def test_a_letter_that_fails_in_the_middle_of_its_transaction_leaves_its_case_as_it_was(office: Office) -> None:
    letters = several(office)
    with office.entry.store.write() as tx:
        tx.exec_driver_sql(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON retention"
            f" WHEN NEW.case_id = {letters[1].case_id} BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    results = run_batch(office.caseworker, Batch(letters=letters), going)
    assert [one.number for one in results] == [1, None, 2, 3]
    assert case_page(office.caseworker, letters[1].case_id).case.row.state is not State.ISSUED
    assert "issue" not in actions(office, letters[1].case_id)
    with office.entry.store.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER full")


def test_stopping_leaves_what_is_finished_finished(office: Office) -> None:
    letters = several(office)
    results = run_batch(office.caseworker, Batch(letters=letters), lambda done, _of: done < 2)
    assert [one.number for one in results] == [1, 2, None, None]
    assert results[2].words() == "Not issued: you stopped before it was its turn."
    assert [one.case_id for one in ready_letters(office.caseworker)] == [one.case_id for one in letters[2:]]


def test_a_letter_is_not_issued_twice(office: Office) -> None:
    letters = several(office)
    run_batch(office.caseworker, Batch(letters=letters), going)
    again = run_batch(office.caseworker, Batch(letters=letters), going)
    assert all(one.number is None for one in again)
    assert issuing.read_letter(office.caseworker, letters[0].case_id)


def test_memory_does_not_grow_with_the_letters(office: Office) -> None:
    """Of 1,000 letters one is in memory at a time: twenty more leave less behind than a quarter of a letter each."""
    for _ in range(40):
        no_trace(office)
    letters = ready_letters(office.caseworker)
    printed: list[str] = []
    after: list[int] = []
    tracemalloc.start()

    def prints(reference: str, _pdf: bytes) -> None:
        printed.append(reference)
        # The first letters fill caches of fonts and statements.
        if len(printed) in (20, 40):
            gc.collect()
            after.append(tracemalloc.get_traced_memory()[0])

    try:
        results = run_batch(office.caseworker, Batch(letters=letters, print=prints), going)
    finally:
        tracemalloc.stop()
    assert all(one.well for one in results)
    size = len(issuing.read_letter(office.caseworker, letters[0].case_id))
    assert len(printed) == 40
    assert (after[1] - after[0]) / 20 < size / 4, after
