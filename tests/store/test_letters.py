"""Letters on the way to the answer, and in the place of another: who may write them, when, and what SQL cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.casereads import load_case
from db.errors import RuleKept
from db.records import Action, LetterKind, Role, State
from desktop.casework import issuing, reissuing, sending, writing
from desktop.casework.casepage import CasePage, case_page
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.interimfacts import interim_facts
from desktop.casework.letterfacts import facts_for, letter_kind
from desktop.casework.requests import agreement_of
from desktop.casework.verifying import verify_store
from desktop.letters.facts import LetterError
from desktop.letters.words import words
from desktop.policy.letterkinds import SAID, TO_THE_PERSON, WRITTEN_IN
from desktop.policy.wording import day
from tests.fixtures import Office, on
from tests.journeys import rectification
from tests.journeys.walking import brought_to, set_clock, write_command
from tests.letters.reading import text_of
from tests.store.test_safeguarding import raise_concern

STATES = [state for state in State if state is not State.DESTROYED]
POLICE = (LetterKind.ACKNOWLEDGEMENT, LetterKind.MORE_INFORMATION)
ACK, WHY = LetterKind.ACKNOWLEDGEMENT, "The first had an old telephone number."


def page(office: Office, done: Done) -> CasePage:
    return case_page(office.caseworker, done.case_id)


def acknowledged(office: Office, done: Done) -> Done:
    return writing.write(office.caseworker, write_command(done, ACK))


def again(office: Office, done: Done, why: str = WHY) -> Done:
    return reissuing.reissue(office.caseworker, reissuing.Reissue(**on(done), why=why))


def verify_sound(office: Office) -> bool:
    return not [fault for name, faults in verify_store(office.entry).checks for fault in faults if name != "Files"]


def at_the_door(office: Office, kind: LetterKind) -> Done:
    """A case in which a letter to the person may be written."""
    name = "charity-letter-forwarding" if kind is LetterKind.FORWARDING else "nhs-debt-report"
    return brought_to(office, office.entry.agreements.get(name), kind)


@pytest.mark.parametrize("state", STATES)
def test_each_letter_is_written_in_its_states_and_in_no_other(office: Office, state: State) -> None:
    for kind in POLICE:
        done = office.in_state(state)
        if state in WRITTEN_IN[kind]:
            assert writing.write(office.caseworker, write_command(done, kind)).state is state
            continue
        assert page(office, done).writing[kind]
        with pytest.raises(Refused):
            writing.write(office.caseworker, write_command(done, kind))
        assert all(one.kind is not kind for one in page(office, done).case.letters)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
def test_only_a_caseworker_writes_or_issues_again(office: Office, role: Role) -> None:
    done = office.register()
    with pytest.raises(Refused, match="Only a caseworker"):
        writing.write(office.desk(role), write_command(done, ACK))
    done = office.in_state(State.ISSUED)
    with pytest.raises(Refused, match="Only a caseworker"):
        reissuing.reissue(office.desk(role), reissuing.Reissue(**on(done), why=WHY))


def test_a_letter_that_the_agreement_does_not_have_is_not_written(office: Office) -> None:
    done = office.register()
    for kind in (LetterKind.EXTENSION, LetterKind.FORWARDING, LetterKind.REFUSAL):
        with pytest.raises(Refused, match="does not have this letter"):
            writing.write(office.caseworker, write_command(done, kind))


def test_a_request_is_acknowledged_once(office: Office) -> None:
    done = acknowledged(office, office.register())
    with pytest.raises(Refused, match="issued already: letter 1"):
        acknowledged(office, done)
    command = write_command(office.register(), ACK)
    first = writing.write(office.caseworker, command)
    assert writing.write(office.caseworker, command) == first


def test_an_acknowledgement_is_no_answer(office: Office) -> None:
    done = office.submit(acknowledged(office, office.register()))
    assert page(office, done).case.letter is None
    assert [one.kind for one in page(office, done).case.letters] == [ACK]
    with pytest.raises(Refused, match="No letter of this case"):
        issuing.read_letter(office.caseworker, done.case_id)


@pytest.mark.parametrize("kind", [LetterKind.MORE_INFORMATION, ACK])
def test_words_are_asked_for_where_the_letter_has_them_and_nowhere_else(office: Office, kind: LetterKind) -> None:
    done = office.in_state(State.RETURNED) if kind in SAID else office.register()
    wrong = replace(write_command(done, kind), said="" if kind in SAID else "Something.")
    if kind in SAID:
        with pytest.raises(Invalid, match="Say it in words"):
            writing.write(office.caseworker, replace(wrong, said="\u3164"))
    with pytest.raises(Invalid, match="Say it in words" if kind in SAID else "no such part"):
        writing.write(office.caseworker, wrong)


def test_a_declined_request_for_speed_has_the_usual_time_and_says_so(office: Office) -> None:
    urgent: dict[str, Any] = {"urgency__expedite": True, "urgency__reason": "A trial is set."}
    done = office.register(received=office.entry.today(), **urgent)
    assert page(office, done).case.row.expedited
    assert "accepted" in page(office, done).writing[LetterKind.EXPEDITE_ACCEPTED]
    done = office.save(done, urgency__decision="declined")
    assert not page(office, done).case.row.expedited
    assert page(office, done).to_write == (ACK, LetterKind.EXPEDITE_DECLINED)
    done = office.save(done, urgency__decision="accepted")
    assert page(office, done).case.row.expedited
    assert page(office, done).to_write == (ACK, LetterKind.EXPEDITE_ACCEPTED)


TIMED = (ACK, LetterKind.EXPEDITE_ACCEPTED, LetterKind.EXPEDITE_DECLINED, LetterKind.EXTENSION)


@pytest.mark.parametrize("kind", TIMED)
def test_no_letter_promises_a_day_that_has_passed(office: Office, kind: LetterKind) -> None:
    name = "sar" if kind is LetterKind.EXTENSION else "law-enforcement-tracing"
    agreement = office.entry.agreements.get(name)
    done = brought_to(office, agreement, kind)
    due = done.due_on
    assert due is not None
    set_clock(office, due + timedelta(days=1))
    shown = page(office, done)
    assert shown.writing[kind].startswith(f"The answer was due on {day(due)}, so this letter would promise a day")
    assert kind not in shown.to_write
    for does in (writing.preview_written, writing.write):
        with pytest.raises(Refused, match="a day that has passed"):
            does(office.caseworker, write_command(done, kind))
    with office.entry.store.read() as tx, pytest.raises(Refused, match="a day that has passed"):
        interim_facts(office.caseworker, tx, shown.agreement, shown.case, kind, "Why.", "")
    # On the day itself it can still be answered in time.
    set_clock(office, due)
    assert kind in page(office, done).to_write
    writing.write(office.caseworker, write_command(done, kind))


def test_what_stops_a_late_letter_says_what_to_do(office: Office) -> None:
    late = office.register(received=date(2026, 5, 1))
    assert page(office, late).writing[ACK].endswith("has passed. Answer the request.")
    done = brought_to(office, office.entry.agreements.get("sar"), ACK)
    assert done.due_on is not None
    set_clock(office, done.due_on + timedelta(days=1))
    said = "has passed. Extend the time first, if they were told of it in time; or answer the request."
    assert page(office, done).writing[ACK].endswith(said)


def test_it_is_printed_copied_and_sent_like_any_letter(office: Office, tmp_path: Path) -> None:
    done = acknowledged(office, office.register())
    (one,) = page(office, done).case.letters
    done = issuing.printed(office.caseworker, issuing.Handled(**on(done), letter_id=one.id))
    copy = tmp_path / "copy.pdf"
    done = issuing.save_copy(office.caseworker, issuing.SaveCopy(**on(done), letter_id=one.id, out=copy))
    assert copy.read_bytes() == issuing.read_letter(office.caseworker, done.case_id, one.id)
    with pytest.raises(Invalid, match="not the reference"):
        office.sent(done, one.id, typed_reference="X")
    done = office.sent(done, one.id)
    assert done.state is State.DRAFT
    assert page(office, done).case.letters[0].sent_by_name == "Ruth Adeyemi"
    with pytest.raises(Refused, match="sent already"):
        office.sent(done, one.id)


def test_a_letter_of_another_case_is_not_handled_here(office: Office) -> None:
    other = acknowledged(office, office.register())
    (one,) = page(office, other).case.letters
    done = acknowledged(office, office.register())
    with pytest.raises(Refused, match="No letter of this case"):
        issuing.printed(office.caseworker, issuing.Handled(**on(done), letter_id=one.id))
    with pytest.raises(Refused, match="No letter of this case"):
        issuing.read_letter(office.caseworker, done.case_id, one.id)


# To the person themselves


@pytest.mark.parametrize("kind", sorted(TO_THE_PERSON))
def test_a_letter_to_the_person_needs_their_name_and_address(office: Office, kind: LetterKind) -> None:
    done = at_the_door(office, kind)
    for wrong in ("", "Li Wen Ashworth", "Li Wen Ashworth\nWestmere", "Li Wen\nNo fixed abode\nWestmere\nWM4 8RD"):
        with pytest.raises(Invalid, match="the whole address"):
            writing.write(office.caseworker, replace(write_command(done, kind), recipient=wrong))


@pytest.mark.parametrize("kind", sorted(TO_THE_PERSON))
def test_a_letter_to_the_person_is_sent_by_our_reference_and_once(office: Office, kind: LetterKind) -> None:
    done = writing.write(office.caseworker, write_command(at_the_door(office, kind), kind))
    (one,) = page(office, done).case.letters
    assert sending.reference_on(page(office, done).case, one) == page(office, done).case.row.reference
    with pytest.raises(Refused, match="issued already"):
        writing.write(office.caseworker, write_command(done, kind))


@pytest.mark.parametrize("kind", sorted(TO_THE_PERSON))
def test_nothing_goes_to_the_person_while_the_address_is_kept_off(office: Office, kind: LetterKind) -> None:
    done = at_the_door(office, kind)
    raise_concern(office, done)
    done = replace(done, version=page(office, done).case.row.version)
    with pytest.raises(Refused, match="kept off"):
        writing.write(office.caseworker, write_command(done, kind))
    model = acknowledged(office, office.register())
    with pytest.raises(RuleKept, match=r"address is kept off|guardian alone"):
        insert(office, done, model, kind)


def test_the_answer_waits_for_the_forwarding_letter_and_never_has_its_address(office: Office) -> None:
    done = at_the_door(office, LetterKind.FORWARDING)
    with pytest.raises(Refused, match="First issue the forwarding letter"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    done = writing.write(office.caseworker, write_command(done, LetterKind.FORWARDING))
    (one,) = page(office, done).case.letters
    assert "27 Ropewalk Court" in text_of(issuing.read_letter(office.caseworker, done.case_id, one.id))
    desk = office.caseworker
    with desk.store.read() as tx:
        case = load_case(tx, done.case_id)
        agreement = agreement_of(desk, tx, case)
        facts = facts_for(tx, case, agreement, letter_kind(case, agreement), None, desk.today())
    assert words(facts).title == "We have sent your letter on"
    with pytest.raises(LetterError, match="kept off"):
        words(replace(facts, status_answer="It went to 27, Ropewalk Court."))
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    assert "Ropewalk" not in text_of(issuing.read_letter(office.caseworker, done.case_id))


def test_the_journal_has_no_address_in_clear(office: Office) -> None:
    done = at_the_door(office, LetterKind.FORWARDING)
    writing.write(office.caseworker, write_command(done, LetterKind.FORWARDING))
    with office.entry.store.read() as tx:
        said = " ".join(tx.execute(text("SELECT data FROM journal")).scalars())
    assert "Ropewalk" not in said
    assert '"kind":"forwarding"' in said


# In the place of another


def test_a_letter_issued_again_has_a_new_number_and_the_same_snapshot(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    first = page(office, done).case.letter
    assert first is not None
    seen = reissuing.preview_reissue(office.caseworker, reissuing.Reissue(**on(done), why=WHY))
    done = again(office, done)
    last = page(office, done).case.letter
    assert last is not None
    assert (last.number, last.replaces, last.kind) == (first.number + 1, first.number, first.kind)
    assert last.snapshot_hash == first.snapshot_hash
    said = text_of(issuing.read_letter(office.caseworker, done.case_id))
    assert said == text_of(seen.pdf)
    assert f"takes the place of our letter {first.number} of 10 June 2026. {WHY}" in said
    before = text_of(issuing.read_letter(office.caseworker, done.case_id, first.id))
    assert said.replace(f"This letter takes the place of our letter 1 of 10 June 2026. {WHY} ", "") == before
    third = page(office, again(office, done)).case.letter
    assert third is not None
    assert third.replaces == last.number
    assert verify_sound(office)


def test_nothing_more_is_disclosed_by_a_letter_issued_again(office: Office) -> None:
    again(office, office.in_state(State.ISSUED))
    with office.entry.store.read() as tx:
        assert tx.execute(text("SELECT COUNT(*) FROM disclosure")).scalar_one() == 1
        assert tx.execute(text("SELECT COUNT(*) FROM retention")).scalar_one() == 1


@pytest.mark.parametrize("state", [state for state in STATES if state is not State.ISSUED])
def test_only_an_issued_answer_is_issued_again(office: Office, state: State) -> None:
    with pytest.raises(Refused):
        again(office, office.in_state(state))


def test_it_needs_its_reason_and_never_hints_at_a_record(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    with pytest.raises(Invalid, match="reasons"):
        again(office, done, " ")
    with pytest.raises(Invalid, match="Take out “marker”"):
        again(office, done, "A marker was set.")


def test_what_was_given_is_not_sent_again_once_someone_may_be_in_danger(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    raise_concern(office, done)
    done = replace(done, version=page(office, done).case.row.version)
    assert "concern" in page(office, done).actions[Action.REISSUE]
    with pytest.raises(Refused, match="not sent again"):
        again(office, done)


def test_what_was_wrong_is_not_sent_again(office: Office) -> None:
    given = office.in_state(State.ISSUED)
    rectification.tell(office, rectification.released(office, given))
    given = replace(given, version=page(office, given).case.row.version)
    with pytest.raises(Refused, match="was wrong"):
        again(office, given)


# Direct SQL

_INSERT = (
    "INSERT INTO letter (number, case_id, kind, sha256, snapshot_hash, issued_by, issued_at, pdf, recipient, facts,"
    " replaces) SELECT {number}, {case}, '{kind}', sha256, {hash}, {who}, issued_at, {pdf}, recipient, {facts},"
    " {replaces} FROM letter WHERE case_id = {model}"
)
_NEXT = "(SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'sequence.letter')"
_BUMP = "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'sequence.letter'"


def insert(office: Office, done: Done, model: Done, kind: LetterKind, /, **changes: Any) -> None:
    """A letter put into a case by SQL: that of another case, under the next number, with these changes."""
    values = {"number": _NEXT, "hash": "snapshot_hash", "who": office.caseworker.user.id, "pdf": "pdf"}
    values |= {"facts": "facts", "replaces": "NULL", "case": done.case_id, "model": model.case_id, "kind": kind.value}
    with office.entry.store.write() as tx:
        tx.exec_driver_sql(_BUMP)
        tx.exec_driver_sql(_INSERT.format(**(values | changes)))


@pytest.mark.parametrize("state", STATES)
def test_sql_writes_a_letter_in_its_states_and_in_no_other(office: Office, state: State) -> None:
    model, done = acknowledged(office, office.register()), office.in_state(state)
    for kind in WRITTEN_IN:
        needs_more = kind in TO_THE_PERSON or kind is LetterKind.EXTENSION
        if state in WRITTEN_IN[kind] and not needs_more:
            insert(office, done, model, kind)
        elif kind not in TO_THE_PERSON or state is not State.RELEASED:
            with pytest.raises(RuleKept, match="not ready for this letter"):
                insert(office, done, model, kind)


HOSTILE: dict[str, dict[str, Any]] = {
    "by a reviewer": {"who": "(SELECT id FROM user WHERE role = 'reviewer')"},
    "without pages": {"pdf": "NULL"},
    "without its facts": {"facts": "NULL"},
    "with a short hash": {"hash": "'x'"},
    "under a number to come": {"number": f"{_NEXT} + 1"},
    "in the place of another": {"replaces": "(SELECT MIN(id) FROM letter)"},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_sql_writes_no_letter_that_is_not_whole(office: Office, changes: dict[str, Any]) -> None:
    model, done = acknowledged(office, office.register()), office.register()
    with pytest.raises(RuleKept):
        insert(office, done, model, ACK, **changes)
    insert(office, done, model, ACK)
    assert any("letter of" in one for one in dict(verify_store(office.entry).checks)["Journal"])


AGAIN: dict[str, dict[str, Any]] = {
    "as another answer": {"replaces": "NULL"},
    "with another snapshot": {"hash": f"'{'0' * 64}'"},
    "as another kind": {"kind": "no_trace"},
    "for another case": {"replaces": "(SELECT MIN(id) FROM letter)"},
    "with facts of its own": {"facts": "'{}'"},
}


@pytest.mark.parametrize("changes", AGAIN.values(), ids=AGAIN)
def test_sql_issues_nothing_again_but_the_last_answer_as_it_was(office: Office, changes: dict[str, Any]) -> None:
    office.in_state(State.ISSUED)
    done = office.in_state(State.ISSUED)
    last = page(office, done).case.letter
    assert last is not None
    with pytest.raises(RuleKept):
        insert(office, done, done, last.kind, **({"replaces": last.id} | changes))
    insert(office, done, done, last.kind, replaces=last.id)


def test_a_case_is_not_closed_by_a_letter_that_does_not_answer(office: Office) -> None:
    done = office.submit(acknowledged(office, office.register()))
    done = office.release(office.traced(office.approve(done)))
    sql = "UPDATE cases SET state = 'issued', version = version + 1 WHERE id = :id"
    with pytest.raises(RuleKept, match="no letter is issued"), office.entry.store.write() as tx:
        tx.execute(text(sql), {"id": done.case_id})
