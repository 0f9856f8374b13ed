"""What the letters say, and what they never say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from db.records import LetterKind
from desktop.letters.facts import LetterError
from desktop.letters.words import Words, says_too_much, sheet_words, words
from tests.letters.factory import letter, sheet

KINDS = list(LetterKind)


def blocks(content: Words) -> list[str]:
    """Every paragraph and bullet."""
    return [block.text for part in (*content.sections, *content.after_sign_off) for block in part.blocks if block.text]


def headings(content: Words) -> list[str]:
    return [part.heading for part in (*content.sections, *content.after_sign_off)]


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_are_short_and_in_sentence_case(kind: LetterKind) -> None:
    content = words(letter(kind))
    for paragraph in blocks(content):
        for sentence in re.split(r"(?<=[.?]) ", paragraph):
            assert len(sentence.split()) <= 26, sentence
            assert sentence[0].isupper() or sentence[0] == "“", sentence
    for heading in headings(content)[1:]:
        assert heading == heading[0] + heading[1:].replace("Caldicott", "").lower(), heading


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_names_who_signs_it_and_ends_with_the_rights(kind: LetterKind) -> None:
    content = words(letter(kind))
    assert content.sign_off is not None
    assert content.sign_off.name == "Margaret Ellison"
    # Who is told of our mistake has nothing to have reviewed.
    ends = "How we handle personal data" if kind is LetterKind.CORRECTION else "Your right to a review"
    assert content.after_sign_off[0].heading == ends
    assert content.ending == "End of letter"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not LetterKind.DISCLOSURE])
def test_only_a_disclosure_names_the_person(kind: LetterKind) -> None:
    # An answer lists what was released, and nothing else of the case.
    items = (
        letter(kind).items
        if kind in (LetterKind.ANSWER, LetterKind.CORRECTION)
        else letter(LetterKind.DISCLOSURE).items
    )
    given = {"person": "Li Wen Ashworth, born 4 November 1991", "items": items}
    assert not any("Ashworth" in piece for piece in words(letter(kind, **given)).texts())


def test_no_title_of_a_document_names_the_person() -> None:
    assert words(letter(LetterKind.DISCLOSURE)).document_title == "Letter TR-000146-2"
    assert words(letter(LetterKind.DISCLOSURE, number=93)).document_title == "Letter 93 TR-000146-2"


def test_a_disclosure_limits_what_is_done_with_it() -> None:
    said = " ".join(blocks(words(letter(LetterKind.DISCLOSURE)))).replace("\u00a0", " ")
    assert "Use it only to find out whether this person is safe" in said
    assert "Do not pass it on to anyone else without asking us first." in said
    assert "by 12 December 2017 at the latest" in said
    assert "We took this from our records on 12 June 2017 at 9.20am." in said
    assert "may be out of date" in said
    assert "agrees with the name, the date of birth, the gender and the former address that you gave" in said
    assert "You also asked for the GP practice." in said


def test_nothing_is_said_of_items_that_were_not_asked_for() -> None:
    said = " ".join(blocks(words(letter(LetterKind.DISCLOSURE, not_permitted=()))))
    assert "You also asked" not in said


def test_times_are_those_of_london() -> None:
    winter = letter(LetterKind.STATUS_ANSWER, taken_at=datetime(2017, 1, 9, 17, 30, tzinfo=UTC))
    summer = letter(LetterKind.STATUS_ANSWER, taken_at=datetime(2017, 7, 9, 23, 30, tzinfo=UTC))
    assert any("9\u00a0January 2017 at 5.30pm" in block for block in blocks(words(winter)))
    assert any("10\u00a0July 2017 at 12.30am" in block for block in blocks(words(summer)))


def test_a_status_answer_does_not_decide_about_charging_and_is_never_medical() -> None:
    said = " ".join(blocks(words(letter(LetterKind.STATUS_ANSWER))))
    assert "does not determine whether to charge" in said
    assert "The person has limited leave" in said
    assert "Never send us medical information." in said


def test_a_rejection_says_what_was_not_followed_and_how_to_ask() -> None:
    content = words(letter(LetterKind.REJECTION))
    said = blocks(content)
    assert said[1] == "The procedure asks that a senior officer signs each request. Yours has no second signature."
    assert "How to ask" in headings(content)
    assert sum(block.startswith(("Use the form", "Have it counter", "Send it")) for block in said) == 3


def test_a_rejection_can_say_how_to_ask_in_its_own_words() -> None:
    said = blocks(words(letter(LetterKind.REJECTION, how_to_ask=("Ask the court.", "Ask again in {a} year."))))
    assert said[2:4] == ["Ask the court.", "Ask again in {a} year."]
    assert not any(block.startswith("Use the form") for block in said)


def test_a_refusal_and_a_no_trace_letter_have_one_shape() -> None:
    refusal, no_trace = words(letter(LetterKind.REFUSAL)), words(letter(LetterKind.NO_TRACE))
    assert refusal.title == no_trace.title
    assert refusal.marking == no_trace.marking
    assert headings(refusal) == headings(no_trace)
    assert [len(part.blocks) for part in refusal.sections] == [len(part.blocks) for part in no_trace.sections]
    assert refusal.sign_off == no_trace.sign_off
    same = [a == b for a, b in zip(blocks(refusal), blocks(no_trace), strict=True)]
    assert same.count(False) == 1, "only the reason differs"


@pytest.mark.parametrize(
    "reason",
    [
        "A safeguarding marker is set.", "The record is S-FLAGGED.", "There is a  protected\naddress.",
        "Our record shows someone else.",
    ],
)  # fmt: skip
def test_a_refusal_that_hints_at_a_record_is_not_made(reason: str) -> None:
    for changes in ({"reasons": (reason,)}, {"criterion": reason}):
        with pytest.raises(LetterError, match="Take out") as caught:
            words(letter(LetterKind.REFUSAL, **changes))
        assert caught.value.field == "reasons"


@pytest.mark.parametrize("kind", [LetterKind.REFUSAL, LetterKind.NO_TRACE])
def test_neither_says_what_only_a_record_could_tell(kind: LetterKind) -> None:
    said = " ".join(words(letter(kind)).texts()).casefold()
    searched = ("our record",) if kind is LetterKind.NO_TRACE else ()
    assert says_too_much(said) == searched, "that a search was made is all that a no-trace letter says"
    for word in ("found", "traced", "address", "sensitive", "protect", "flag"):
        assert word not in said, word


def test_braces_in_a_value_stay_as_they_are() -> None:
    content = words(letter(LetterKind.REFUSAL, criterion="It asks for {person} and {x}.", reasons=("{", "} {reasons}")))
    assert "It asks for {person} and {x}. { } {reasons}" in blocks(content)


def test_no_line_ends_between_a_figure_and_its_word() -> None:
    content = words(letter(LetterKind.REFUSAL, received=date(2017, 5, 1)))
    assert "1\u00a0May 2017" in blocks(content)[0]
    assert any("within 20\u00a0working days" in block for block in blocks(content))


def test_a_recovery_sheet_gives_its_key_whole_and_in_order() -> None:
    made = sheet()
    content = sheet_words(made)
    rows = [row for part in content.sections for block in part.blocks for row in block.rows]
    assert tuple(group for row in rows for group in row[1:]) == made.groups
    assert [row[0] for row in rows] == ["1", "2"]
    assert content.sign_off is None
