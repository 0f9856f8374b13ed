"""What was read is what is issued: a letter that changed meanwhile is refused, and in the print that was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from db.records import LetterKind, Role, State
from desktop.casework import accounts, issuing, reissuing, writing
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid
from desktop.casework.sample import MovingClock
from tests.fixtures import Office, on
from tests.journeys.walking import brought_to, write_command
from tests.letters.reading import text_of


def sign_as(office: Office, name: str) -> None:
    desk = office.desk(Role.ADMINISTRATOR)
    accounts.save_organisation(desk, replace(accounts.organisation(office.entry), signatory_name=name))


def pages(office: Office, done: Done) -> str:
    """What the last letter of a case says."""
    last = case_page(office.caseworker, done.case_id).case.letters[-1]
    return text_of(issuing.read_letter(office.caseworker, done.case_id, last.id))


def test_a_letter_whose_signatory_changed_since_it_was_read_is_not_issued(office: Office) -> None:
    done = office.in_state(State.RELEASED)
    seen = issuing.preview(office.caseworker, done.case_id).seen
    sign_as(office, "Noor Halabi")
    with pytest.raises(Invalid, match="changed since you read it"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done), seen=seen))
    assert case_page(office.caseworker, done.case_id).case.letter is None
    now = issuing.preview(office.caseworker, done.case_id)
    done = issuing.issue(office.caseworker, issuing.Issue(**on(done), seen=now.seen))
    assert pages(office, done) == text_of(now.pdf)


def test_a_letter_that_was_read_before_midnight_is_not_issued_after_it(office: Office) -> None:
    done = office.in_state(State.REFUSED)
    seen = issuing.preview(office.caseworker, done.case_id).seen
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at += timedelta(days=1)
    with pytest.raises(Invalid, match="changed since you read it"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done), seen=seen))


def test_the_print_that_was_read_is_the_print_that_is_issued(office: Office) -> None:
    done = office.in_state(State.REFUSED)
    seen = issuing.preview(office.caseworker, done.case_id, large_print=True).seen
    with pytest.raises(Invalid, match="changed since you read it"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done), seen=seen))
    issuing.issue(office.caseworker, issuing.Issue(**on(done), large_print=True, seen=seen))


def test_letters_on_the_way_and_again_are_issued_as_they_were_read(office: Office) -> None:
    done = office.register()
    write = write_command(done, LetterKind.ACKNOWLEDGEMENT)
    write = replace(write, seen=writing.preview_written(office.caseworker, write).seen)
    sign_as(office, "Noor Halabi")
    with pytest.raises(Invalid, match="changed since you read it"):
        writing.write(office.caseworker, write)
    done = office.in_state(State.ISSUED)
    again = reissuing.Reissue(**on(done), why="It was lost in the post.", large_print=True)
    made = reissuing.preview_reissue(office.caseworker, again)
    with pytest.raises(Invalid, match="changed since you read it"):
        reissuing.reissue(office.caseworker, replace(again, large_print=None, seen=made.seen))
    done = reissuing.reissue(office.caseworker, replace(again, seen=made.seen))
    assert pages(office, done) == text_of(made.pdf)


def test_a_letter_to_the_person_can_be_in_large_print(office: Office) -> None:
    kind = LetterKind.DEBT_NOTICE
    done = brought_to(office, office.entry.agreements.get("nhs-debt-report"), kind)
    plain = write_command(done, kind)
    large = replace(plain, large_print=True)
    made = writing.preview_written(office.caseworker, large)
    assert made.large_print
    assert not writing.preview_written(office.caseworker, plain).large_print
    done = writing.write(office.caseworker, replace(large, seen=made.seen))
    assert pages(office, done) == text_of(made.pdf)
    last = case_page(office.caseworker, done.case_id).case.letters[-1]
    assert '"large_print":true' in facts_kept(office, last.id)


def facts_kept(office: Office, letter_id: int) -> str:
    with office.entry.store.read() as tx:
        return str(tx.execute(text("SELECT facts FROM letter WHERE id = :id"), {"id": letter_id}).scalar_one())
