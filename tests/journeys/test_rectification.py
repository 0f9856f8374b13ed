"""Rectification: what was given wrongly is put right, and everyone who was given it is told."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import uuid4

import pytest

from db.records import Action, LetterKind, Role, State
from desktop.casework import decisions, issuing, notices, requests
from desktop.casework.casepage import history
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.owing import told_words
from desktop.casework.verifying import verify_store
from desktop.casework.work import my_work
from desktop.policy.answers import value_words
from tests.fixtures import Office, on
from tests.journeys import walking as every
from tests.journeys.rectification import (
    NOT_MET,
    WAS,
    another,
    asked,
    excuse,
    given,
    issue,
    notice_text,
    page,
    recorded,
    reference,
    released,
    same_person,
    tell,
    wrong,
)
from tests.letters.reading import text_of

__all__ = ["given"]


def test_the_month_begins_with_receipt(office: Office, given: Done) -> None:
    assert page(office, asked(office, given)).case.row.due_on == date(2026, 7, 1)


def test_what_was_given_to_whom_is_there_to_mark(office: Office, given: Done) -> None:
    field = page(office, asked(office, given)).agreement.field("register.wrong")
    assert field is not None
    (option,) = field.options
    assert option.id == f"{reference(office, given)}:address"
    assert "Northshire Police, 10 June 2026" in option.label
    assert f"Last known address: {WAS}, Westmere WM4 8RD" in option.label


def test_every_recipient_is_told_before_the_case_closes(office: Office, given: Done) -> None:
    other = another(office)
    done = released(office, given, other)
    before = page(office, done)
    assert told_words(before.notices) == "0 of 2 recipients told"
    assert "First tell every recipient" in before.actions[Action.ISSUE]
    with pytest.raises(Refused, match="0 of 2 recipients told"):
        issue(office, done)
    seen = notices.preview_notice(office.caseworker, done.case_id, 0)
    done = tell(office, done)
    with pytest.raises(Refused, match="1 of 2 recipients told"):
        issue(office, done)
    kept = notices.read_notice(office.caseworker, done.case_id, page(office, done).notices[0].id)
    assert hashlib.sha256(kept).hexdigest() == page(office, done).notices[0].sha256
    assert text_of(kept) == text_of(seen.pdf)
    done = issue(office, tell(office, done, 1))
    assert done.state is State.ISSUED
    assert told_words(page(office, done).notices) == "2 of 2 recipients told"
    numbers = [one.number for one in page(office, done).notices]
    letter = page(office, done).case.letter
    assert letter is not None
    assert letter.kind is LetterKind.ANSWER
    assert numbers == [letter.number - 2, letter.number - 1]
    faults = [fault for name, found in verify_store(office.entry).checks for fault in found if name != "Files"]
    assert faults == []


def test_my_work_says_whom_to_tell(office: Office, given: Done) -> None:
    other = another(office)
    done = released(office, given, other)

    def step() -> str:
        return next(
            one.next_step
            for group in my_work(office.caseworker).groups
            for one in group.rows
            if one.row.id == done.case_id
        )

    assert step() == "Tell 2 recipients of what was wrong"
    done = tell(office, done)
    assert step() == "Tell 1 recipient of what was wrong"
    done = excuse(office, done)
    assert step() == "Check the letter, then issue it"


def test_a_notice_says_what_was_wrong_what_is_right_and_what_to_do(office: Office, given: Done) -> None:
    done = tell(office, released(office, given))
    said = notice_text(office, done)
    case = page(office, given).case
    for words in (
        "Something that we gave you was wrong",
        WAS,
        "9 Tannery Yard",
        case.row.reference,
        case.row.requester_reference,
        "10 June 2026",
        "Articles 16 and 19",
        "Tell everyone to whom you passed it",
        "within 10 working days",
        reference(office, done),
    ):
        assert words in said, words
    assert "Northshire Police" in said
    for hidden in (case.row.family_name, "Sam Northcott", "3 Weir Street", "Looked at."):
        assert hidden not in said, hidden


def test_each_recipient_reads_only_of_what_they_were_given(office: Office, given: Done) -> None:
    other = another(office)
    done = released(office, given, other)
    done = tell(office, tell(office, done), 1)
    first, second = (notice_text(office, done, place) for place in (0, 1))
    assert reference(office, given) in first
    assert reference(office, other) not in first
    assert "Eastshire" not in first
    assert "Eastshire Police" in second


def test_two_answers_to_one_recipient_make_one_notice(office: Office, given: Done) -> None:
    again = office.in_state(State.ISSUED)
    done = released(office, given, again)
    (one,) = page(office, done).notices
    assert len(one.content["rows"]) == 2
    said = notice_text(office, tell(office, done))
    assert reference(office, given) in said
    assert reference(office, again) in said


def test_nobody_is_told_twice(office: Office, given: Done) -> None:
    done = released(office, given)
    (one,) = page(office, done).notices
    command = notices.Tell(**on(done), notice_id=one.id)
    once = notices.tell(office.caseworker, command)
    assert notices.tell(office.caseworker, command) == once
    with pytest.raises(Refused, match="told already"):
        notices.tell(office.caseworker, notices.Tell(**on(once), notice_id=one.id))
    # Recorded and released again as it was, nothing more is owed; told otherwise, the recipient is told anew.
    done = office.release(recorded(office, once))
    assert [one.number is not None for one in page(office, done).notices] == [True]
    done = office.save(done, register__wrong=wrong(office, given, right="1 Mill Lane"))
    done = office.release(recorded(office, office.approve(office.submit(done))))
    assert told_words(page(office, done).notices) == "1 of 2 recipients told"


def test_what_two_people_agreed_on_is_told_and_nothing_typed_later(office: Office, given: Done) -> None:
    done = office.approve(office.submit(office.save(asked(office, given), register__wrong=wrong(office, given))))
    done = recorded(office, done, values={"corrected": {"value": "1 False Street", "recorded_on": ""}})
    done = issue(office, tell(office, office.release(done)))
    said = text_of(issuing.read_letter(office.caseworker, done.case_id))
    assert "We have put right what was wrong" in said
    assert "9 Tannery Yard" in said
    assert "False Street" not in said
    assert "Northshire" not in said
    assert "complain to the Information Commissioner, or ask a court" in said


def test_where_nothing_is_wrong_nobody_is_told(office: Office, given: Done) -> None:
    marks = wrong(office, given, finding="stands", right="")
    done = office.approve(office.submit(office.save(asked(office, given), register__wrong=marks)))
    with pytest.raises(Invalid, match="marks nothing as wrong"):
        recorded(office, done)
    done = office.release(recorded(office, done, "not_rectified"))
    assert page(office, done).notices == ()
    said = text_of(issuing.read_letter(office.caseworker, issue(office, done).case_id))
    assert "We have not changed what we said about you" in said
    assert "As typed" in said
    assert "ask a court" in said
    links = page(office, done).links
    assert [one.reference for one in links] == [reference(office, given)]


def test_what_was_found_wrong_is_not_left_as_it_was(office: Office, given: Done) -> None:
    done = office.approve(office.submit(office.save(asked(office, given), register__wrong=wrong(office, given))))
    with pytest.raises(Invalid, match="Choose an answer that puts it right"):
        recorded(office, done, "not_rectified")


def test_nobody_was_given_anything(office: Office) -> None:
    refused = office.in_state(State.REFUSED)
    mine = asked(office, refused)
    field = page(office, mine).agreement.field("register.wrong")
    assert field is not None
    assert field.options == ()
    done = office.approve(office.submit(mine))
    done = issue(office, office.release(recorded(office, done, "not_rectified")))
    assert page(office, done).notices == ()


def test_a_refusal_has_its_own_words_and_the_rights(office: Office, given: Done) -> None:
    done = office.submit(office.save(asked(office, given), criteria__reasonable=NOT_MET))
    command = office.decide(done, reasons="The tenth this week.", because_of=("reasonable",))
    done = issue(office, decisions.refuse(office.reviewer, command))
    said = text_of(issuing.read_letter(office.caseworker, done.case_id))
    assert "We cannot put right what you asked us to" in said
    assert "So we have not changed what we hold." in said
    assert "complain to the Information Commissioner" in said
    assert "The tenth this week" not in said


def test_only_a_second_person_records_why_nobody_is_told(office: Office, given: Done) -> None:
    other = another(office)
    done = tell(office, released(office, given, other))
    with pytest.raises(Refused, match="Only a guardian or a reviewer"):
        excuse(office, done, Role.CASEWORKER)
    with pytest.raises(Invalid, match="reasons"):
        excuse(office, done, reasons="  ")
    with pytest.raises(Refused, match="Only a caseworker"):
        notices.tell(office.reviewer, notices.Tell(**on(done), notice_id=page(office, done).notices[1].id))
    done = excuse(office, done)
    assert told_words(page(office, done).notices) == "1 of 2 recipients told, 1 not told for a reason"
    with pytest.raises(Refused, match="not told, and why"):
        tell(office, done, 1)
    assert issue(office, done).state is State.ISSUED


def test_the_corrected_case_and_whoever_asks_of_it_are_told(office: Office, given: Done) -> None:
    done = tell(office, released(office, given))
    mine, theirs = reference(office, done), reference(office, given)
    lines = [one.what for one in history(office.caseworker, given.case_id)]
    assert any(what.endswith(f"corrected by {mine}") for what in lines)
    (one,) = page(office, given).corrected
    assert (one.reference, one.item) == (mine, "address")
    assert [one.reference for one in page(office, given).links] == [mine]
    command = requests.Register(
        command_id=str(uuid4()), agreement_id="sar", answers={"received.on": {"day": "9", "month": "6", "year": "2026"}}
    )
    access = requests.register(office.caseworker, command)
    same_person(office, access, given)
    field = page(office, access).agreement.field("register.told")
    assert field is not None
    (option,) = (one for one in field.options if one.id == theirs)
    assert "On 10 June 2026 we told them that this was wrong, and what is right: last known address." in option.label


def test_what_was_corrected_before_is_challenged_as_it_was_last_told(office: Office, given: Done) -> None:
    done = issue(office, tell(office, released(office, given)))
    again = asked(office, given)
    field = page(office, again).agreement.field("register.wrong")
    assert field is not None
    assert f"as corrected by {reference(office, done)}" in field.options[0].label
    assert "9 Tannery Yard, Westmere WM1 2AA" in field.options[0].label


def test_an_answer_that_was_wrong_is_corrected_like_an_item(office: Office) -> None:
    agreement = office.entry.agreements.get("nhs-status-check")
    answer = agreement.answers[0]
    checked = every.recorded(office, agreement, every.approved(office, agreement, answer), answer)
    checked = issue(office, office.release(checked))
    key = f"{reference(office, checked)}:answer"
    marks: list[dict[str, str]] = [
        {"item": key, "finding": "wrong", "right": "The person has had settled status since 2020."}
    ]
    done = tell(office, released(office, checked, marks=marks))
    field = page(office, done).agreement.field("register.wrong")
    assert field is not None
    assert key in [one.id for one in field.options]
    said = " ".join(notice_text(office, done).split())
    assert "settled status since 2020" in said
    assert reference(office, checked) in said


def test_marks_read_as_words(office: Office, given: Done) -> None:
    done = office.save(asked(office, given), register__wrong=wrong(office, given))
    field = page(office, done).agreement.field("register.wrong")
    assert field is not None
    words = value_words(field, page(office, done).case.answers["register.wrong"])
    assert "Wrong or incomplete. What is right: 9 Tannery Yard" in words
    assert "Northshire Police" in words


def test_a_notice_is_printed_copied_and_sent_once(office: Office, given: Done) -> None:
    done = released(office, given)
    (one,) = page(office, done).notices
    with pytest.raises(Refused, match="issued"):
        notices.handle_notice(
            office.caseworker, notices.HandleNotice(**on(done), notice_id=one.id, action=Action.MARK_SENT)
        )
    done = issue(office, tell(office, done))
    with pytest.raises(Invalid, match="not the reference on the letter"):
        notices.handle_notice(
            office.caseworker,
            notices.HandleNotice(**on(done), notice_id=one.id, action=Action.MARK_SENT, typed_reference="other"),
        )
    for action in (Action.PRINT, Action.SAVE_COPY, Action.MARK_SENT):
        command = notices.HandleNotice(
            **on(done),
            notice_id=one.id,
            action=action,
            typed_reference=page(office, given).case.row.requester_reference,
            typed_line=one.recipient.splitlines()[0],
        )
        done = notices.handle_notice(office.caseworker, command)
    assert page(office, done).notices[0].sent_at is not None
    with pytest.raises(Refused, match="sent already"):
        notices.handle_notice(
            office.caseworker, notices.HandleNotice(**on(done), notice_id=one.id, action=Action.MARK_SENT)
        )
