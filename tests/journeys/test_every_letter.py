"""Every letter that an agreement names, written at its moment: from intake to the very pages."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from db.records import LetterKind
from desktop.casework import (
    decisions,
    issuing,
    requests,
    writing,
)
from desktop.casework.casepage import case_page
from desktop.policy.agreements import Agreement
from desktop.policy.letterkinds import TO_THE_PERSON, WRITTEN_IN
from desktop.policy.wording import weekday_day
from tests.fixtures import Office
from tests.journeys.walking import (
    SHIPPED,
    TODAY,
    brought_to,
    complete,
    every_agreement,
    kind_of,
    letter,
    received_under,
    squeezed,
    write_command,
)
from tests.letters.reading import text_of


@every_agreement
def test_a_request_that_no_version_takes_on_has_its_letter(office: Office, agreement: Agreement) -> None:
    received = agreement.versions[0].in_force_from - timedelta(days=1)
    answers = complete(agreement, received)
    command = requests.Register(command_id=str(uuid4()), agreement_id=agreement.id, answers=answers)
    done = office.submit(requests.register(office.caseworker, command))
    done = decisions.reject(office.reviewer, office.decide(done, reasons="No agreement was in force."))
    assert squeezed(agreement.because_none) in letter(office, done)
    assert kind_of(office, done) is LetterKind.NOT_PERMITTED
    assert LetterKind.NOT_PERMITTED in agreement.letters


@pytest.mark.parametrize(
    ("agreement", "kind"),
    [(one, kind) for one in SHIPPED for kind in one.letters if kind in WRITTEN_IN],
    ids=lambda one: getattr(one, "id", None) or str(one),
)
def test_each_letter_on_the_way_is_written_at_its_moment(
    office: Office, agreement: Agreement, kind: LetterKind
) -> None:
    done = brought_to(office, agreement, kind)
    page = case_page(office.caseworker, done.case_id)
    timed = kind not in TO_THE_PERSON and kind is not LetterKind.MORE_INFORMATION
    if timed and done.due_on is not None and done.due_on < office.entry.today():
        # An agreement that takes no more requests on: those that are open are late.
        assert page.case.row.received_on == received_under(agreement) < TODAY
        assert "a day that has passed" in page.writing[kind]
        return
    assert kind in page.to_write
    seen = writing.preview_written(office.caseworker, write_command(done, kind))
    after = writing.write(office.caseworker, write_command(done, kind))
    assert (after.state, after.due_on) == (done.state, done.due_on)
    page = case_page(office.caseworker, done.case_id)
    (one,) = page.case.letters
    assert (one.kind, page.case.letter) == (kind, None)
    assert kind not in page.to_write
    said = text_of(issuing.read_letter(office.caseworker, done.case_id, one.id))
    assert said == text_of(seen.pdf)
    assert "{" not in said
    assert ("3 Weir Street" in said) == (kind not in TO_THE_PERSON)
    assert page.due is not None
    assert (f"by {weekday_day(page.due.due_on)} at the latest" in said) == timed
    assert squeezed(agreement.clock.basis) in said or kind is not LetterKind.ACKNOWLEDGEMENT


@every_agreement
def test_an_agreement_names_every_letter_that_it_ends_in(agreement: Agreement) -> None:
    answers = {agreement.answer_letter(one.id) for one in agreement.grounds}
    assert answers | {LetterKind.REFUSAL, LetterKind.REJECTION, LetterKind.NOT_PERMITTED} <= set(agreement.letters)
    known = answers | set(WRITTEN_IN) | {LetterKind.REFUSAL, LetterKind.REJECTION, LetterKind.NOT_PERMITTED}
    known |= {LetterKind.PARTIAL_DISCLOSURE, LetterKind.NO_TRACE} if agreement.kind == "tracing" else set()
    known |= {LetterKind.CORRECTION} if agreement.corrects else set()
    assert set(agreement.letters) <= known
