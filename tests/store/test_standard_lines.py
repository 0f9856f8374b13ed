"""The standard lines of agreements, in the letters of their days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from db.records import LetterKind, State
from desktop.casework import issuing, reissuing, writing
from desktop.casework.desk import Invalid
from desktop.casework.sample import MovingClock
from desktop.casework.verifying import verify_store
from desktop.letters.words import says_too_much
from desktop.policy.agreements import AgreementError, decode, load_agreements
from desktop.policy.agreements_standing import lines_on
from tests.fixtures import Office, on
from tests.letters.conformance import problems
from tests.letters.reading import pages_of
from tests.store.test_own_words import refused, said

LINE = """
[[standard_lines]]
id = "contact"
letters = ["refusal", "no_trace", "acknowledgement", "disclosure"]
heading = "Our new building"
text = "From July we are at another address."
owner = "the office manager"
valid_from = 2026-01-01
valid_to = 2026-06-30

[statistics]
"""


def with_line(office: Office, line: str = LINE) -> None:
    """The agreement for law enforcement with a standard line, taken in after the cases were."""
    now = load_agreements().get("law-enforcement-tracing")
    after = decode(now.text.replace("[statistics]\n", line), now.id)
    office.entry.agreements.put(after, 0)


def test_a_standard_line_stands_in_the_letters_of_its_days_and_stops_them_after(office: Office) -> None:
    done = refused(office)
    plain = issuing.preview(office.caseworker, done.case_id)
    assert "another address" not in said(plain)
    # The case stays pinned to the text that it was taken on with; its letters have the lines of today.
    with_line(office)
    assert "From July we are at another address." in said(issuing.preview(office.caseworker, done.case_id))
    clock = office.entry.clock
    assert isinstance(clock, MovingClock)
    clock.at += timedelta(days=60)
    assert office.caseworker.today() > date(2026, 6, 30)
    preview = issuing.preview(office.caseworker, done.case_id)
    assert preview.pdf == b""
    (problem,) = preview.problems
    assert "“Our new building”" in problem
    assert "valid until 30 June 2026" in problem
    assert "ask the office manager" in problem
    with pytest.raises(Invalid, match="30 June 2026"):
        issuing.issue(office.caseworker, issuing.Issue(**on(done)))
    # The line that follows it, with the same id, lets the letter go again.
    following = LINE.replace("From July we are", "We are now").replace("2026-01-01", "2026-07-01")
    following = following.replace("valid_to = 2026-06-30\n", "")
    with_line(office, LINE.replace("[statistics]\n", "") + following)
    assert "We are now at another address." in said(issuing.preview(office.caseworker, done.case_id))


def test_a_line_whose_first_day_is_to_come_is_not_printed(office: Office) -> None:
    done = refused(office)
    with_line(office, LINE.replace("2026-01-01", "2026-06-29"))
    preview = issuing.preview(office.caseworker, done.case_id)
    assert not preview.problems
    assert "another address" not in said(preview)


def test_a_reissue_has_the_lines_of_its_own_day(office: Office) -> None:
    done = office.in_state(State.ISSUED)
    with_line(office)
    command = reissuing.Reissue(**on(done), why="It was lost in the post.")
    assert "another address" in said(reissuing.preview_reissue(office.caseworker, command))


def test_an_acknowledgement_has_it_too_and_binds_it(office: Office) -> None:
    with_line(office)
    done = office.register()
    command = writing.Write(**on(done), kind=LetterKind.ACKNOWLEDGEMENT)
    assert "another address" in said(writing.preview_written(office.caseworker, command))
    assert writing.write(office.caseworker, command).state is State.DRAFT
    assert verify_store(office.entry).sound


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('owner = "the office manager"', 'owner = " "', "this cannot be empty"),
        ('"no_trace", ', "", "would tell them apart"),
        ('"disclosure"]', '"debt_notice"]', "no letter “debt_notice”"),
        ("another address.", "another address, {person}.", "no merge fields"),
        ("valid_to = 2026-06-30", "valid_to = 2025-06-30", "ends before it begins"),
        ("valid_to = 2026-06-30", "", "valid on one day"),
        ("valid_to = 2026-06-30", 'valid_to = 2026-06-30\nwelsh = "Cyfeiriad"', "the heading and the text in Welsh"),
        ('id = "contact"\n', 'id = "contact"\nweight = 3\n', "no such key"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_its_place(old: str, new: str, message: str) -> None:
    now = load_agreements().get("law-enforcement-tracing")
    assert old in LINE
    line = LINE.replace(old, new)
    if "one day" in message:
        line = line.replace("[statistics]\n", "") + LINE
    with pytest.raises(AgreementError, match="standard_lines") as caught:
        decode(now.text.replace("[statistics]\n", line), now.id)
    assert message in str(caught.value)
    assert caught.value.line > 0


def test_pages_of_a_letter_with_a_line_are_well_made(office: Office) -> None:
    with_line(office)
    pdf = issuing.preview(office.caseworker, refused(office).case_id).pdf
    assert not problems(pdf)
    assert "Our new building" in pages_of(pdf)[-1]


SHIPPED = {
    "sar": LetterKind.SAR_ANSWER,
    "nhs-debt-report": LetterKind.ANSWER,
    "nhs-status-check": LetterKind.STATUS_ANSWER,
}


def test_shipped_lines_have_an_owner_a_source_their_days_and_welsh() -> None:
    with_lines = {one.id: one.standard_lines for one in load_agreements().all() if one.standard_lines}
    assert with_lines.keys() == SHIPPED.keys()
    for agreement, lines in with_lines.items():
        for line in lines:
            assert line.letters == (SHIPPED[agreement],)
            assert all((line.owner, line.source, line.valid_from, line.welsh, line.welsh_heading))
            assert not says_too_much(f"{line.heading} {line.text} {line.welsh_heading} {line.welsh}")
        valid, stale = lines_on(lines, SHIPPED[agreement], date(2026, 12, 1))
        assert (len(valid), stale) == (1, ())


def test_the_line_of_subject_access_follows_the_law_of_the_letters_day() -> None:
    lines = load_agreements().get("sar").standard_lines
    for on_day, regulation in (
        (date(2020, 12, 31), "of the General Data Protection Regulation"),
        (date(2021, 1, 1), "of the UK General Data Protection Regulation"),
    ):
        ((line,), stale) = lines_on(lines, LetterKind.SAR_ANSWER, on_day)
        assert stale == ()
        assert regulation in line.text
    assert lines_on(lines, LetterKind.SAR_ANSWER, date(2018, 5, 24)) == ((), ())
