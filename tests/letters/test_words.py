"""What the letters say, and what they never say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from db.records import LetterKind
from desktop.letters.content import Words
from desktop.letters.facts import ItemRow, LetterError
from desktop.letters.pagewords import sheet_words
from desktop.letters.words import says_too_much, words
from desktop.policy.agreements import load_agreements
from tests.letters.factory import KINDS, letter, sheet


def blocks(content: Words) -> list[str]:
    """Every paragraph and bullet."""
    return [block.text for part in (*content.sections, *content.after_sign_off) for block in part.blocks if block.text]


ANSWERS = (LetterKind.FOI_ANSWER, LetterKind.SAR_ANSWER, LetterKind.REVIEW_OUTCOME)


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


ENDS = {
    # Who is told of our mistake has nothing to have reviewed.
    LetterKind.CORRECTION: "How we handle personal data",
    LetterKind.SAR_ANSWER: "Your rights",
    LetterKind.REVIEW_OUTCOME: "Your right to complain",
    LetterKind.ACKNOWLEDGEMENT: "If you are not content",
    LetterKind.MORE_INFORMATION: "If you are not content",
    LetterKind.EXPEDITE_ACCEPTED: "If you are not content",
    LetterKind.EXPEDITE_DECLINED: "If you are not content",
    LetterKind.DEBT_NOTICE: "Your rights",
    LetterKind.FORWARDING: "Your rights",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_names_who_signs_it_and_ends_with_the_rights(kind: LetterKind) -> None:
    content = words(letter(kind))
    assert content.sign_off is not None
    assert content.sign_off.name == "Margaret Ellison"
    assert content.after_sign_off[0].heading == ENDS.get(kind, "Your right to a review")
    assert content.ending == "End of letter"


TO_THE_PERSON = (LetterKind.DEBT_NOTICE, LetterKind.FORWARDING)
NAMING = (LetterKind.DISCLOSURE, LetterKind.PARTIAL_DISCLOSURE, *TO_THE_PERSON)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NAMING])
def test_only_a_disclosure_and_a_letter_to_them_name_the_person(kind: LetterKind) -> None:
    # An answer lists what was released, and nothing else of the case.
    items = letter(kind).items or (() if kind in ANSWERS else letter(LetterKind.DISCLOSURE).items)
    given = {"person": "Li Wen Ashworth, born 4 November 1991", "items": items}
    assert not any("Ashworth" in piece for piece in words(letter(kind, **given)).texts())


@pytest.mark.parametrize("kind", TO_THE_PERSON)
def test_a_letter_to_the_person_has_no_reference_of_whoever_asked(kind: LetterKind) -> None:
    made = words(letter(kind))
    assert [name for name, _value in made.references] == ["Date", "Our reference"]
    assert made.greeting == "Dear Li Wen Ashworth"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in TO_THE_PERSON])
def test_a_letter_has_no_line_for_a_reference_that_was_not_given(kind: LetterKind) -> None:
    assert [name for name, _value in words(letter(kind)).references] == ["Date", "Our reference", "Your reference"]
    for nothing in ("", " "):
        made = words(letter(kind, their_reference=nothing))
        assert [name for name, _value in made.references] == ["Date", "Our reference"]
        assert not any("your reference" in piece.casefold() for piece in made.texts())


def test_a_few_items_with_a_long_text_stand_as_paragraphs_under_their_labels() -> None:
    paragraphs = [f"Paragraph {n}. " + "Text of the answer to the question that was asked. " * 8 for n in range(12)]
    long = ItemRow("The information asked for", "\n\n".join(paragraphs), "30 September 2016")
    short = ItemRow("What is kept back", "The names of officers", "12 June 2017")
    section = words(letter(LetterKind.FOI_ANSWER, items=(long, short))).sections[1]
    assert [block.role for block in section.blocks] == ["text", "label", *["text"] * 13, "label", *["text"] * 3]
    said = [block.text for block in section.blocks]
    assert said[1:4] == ["The information asked for", *(one.strip() for one in paragraphs[:2])]
    assert said[14] == "Recorded on: 30 September 2016"
    assert said[15:18] == ["What is kept back", "The names of officers", "Recorded on: 12 June 2017"]
    for rows in ((short,), (long, short, short, short)):
        assert words(letter(LetterKind.FOI_ANSWER, items=rows)).sections[1].blocks[1].role == "items"


def test_a_disclosure_in_part_says_why_of_nothing() -> None:
    kept_safe = words(letter(LetterKind.PARTIAL_DISCLOSURE, not_given=("Last known address",)))
    not_permitted = words(letter(LetterKind.PARTIAL_DISCLOSURE, not_given=("GP practice",)))
    assert headings(kept_safe) == headings(not_permitted)
    differ = [pair for pair in zip(blocks(kept_safe), blocks(not_permitted), strict=True) if pair[0] != pair[1]]
    assert differ == [("Last known address", "GP practice")]
    assert "We never say which." in blocks(kept_safe)[4]


def test_a_letter_in_the_place_of_another_says_of_which_and_why() -> None:
    facts = letter(LetterKind.REFUSAL, replaces="letter 12 of 3 June 2017", why_replaced="The first had an old number.")
    said = blocks(words(facts))
    assert said[0] == "This letter takes the place of our letter 12 of 3 June 2017. The first had an old number."
    assert said[1:] == blocks(words(letter(LetterKind.REFUSAL)))
    with pytest.raises(LetterError, match="what it replaces, and why"):
        words(letter(LetterKind.REFUSAL, replaces="letter 12 of 3 June 2017"))


@pytest.mark.parametrize("kind", [LetterKind.MORE_INFORMATION, LetterKind.EXPEDITE_DECLINED, LetterKind.EXTENSION])
def test_what_a_caseworker_writes_never_hints_at_a_record(kind: LetterKind) -> None:
    with pytest.raises(LetterError, match="Take out “s-flag”") as caught:
        words(letter(kind, said=("There is an S-flag on it.",)))
    assert caught.value.field == "said"


@pytest.mark.parametrize("kind", [LetterKind.ACKNOWLEDGEMENT, LetterKind.EXTENSION])
def test_a_day_that_may_move_says_so(kind: LetterKind) -> None:
    firm, moves = words(letter(kind)), words(letter(kind, provisional="It is provisional."))
    assert len(blocks(moves)) == len(blocks(firm)) + 1
    assert "It is provisional." in blocks(moves)


def test_due_days_have_their_weekday() -> None:
    said = " ".join(blocks(words(letter(LetterKind.ACKNOWLEDGEMENT)))).replace("\u00a0", " ")
    assert "We will answer by Thursday 15 June 2017 at the latest." in said
    assert "That is 20 working days after the day on which it reached us, as the agreement between us asks." in said


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
        "Our record shows someone else.", "There is a flag on the record, and she fears for her life.",
        "An s\u2011flag is set.", "An s\u2013flag is set.", "A Sa\u200bfeguarding concern stands.",
        "Safe\u00adguarding.", "It has a M\u00e1rker.", "ＭＡＲＫＥＲ", "She is at risk from you.",
        "He is in\u00a0danger.", "He hides from his father.", "There is a m a r k e r.", "A m.a.r.k.e.r stands.",
        "It has a m-a-r-k-e-r", "a _marker_", "mar_ker", "m\u0430rk\u0435r", "\u041c\u0410RK\u0415R",
        "\u039c\u0391R\u039a\u0395R", "ma\u0433k\u0435\u0433", "mar\u2060ker", "mar\ufeffker", "mar\u3164ker",
        "m\u20ddarker", "m\u0336arker", "m4rk3r", "f1ag on it", "\u1d0d\u1d00\u0280\u1d0b\u1d07\u0280",
        "\U0001d426\U0001d41a\U0001d42b\U0001d424\U0001d41e\U0001d42b", "safe/guard", "i n d a n g e r f r o m",
        "m\u0430rciwr", "p r y d e r d i o g e l u",
    ],
)  # fmt: skip
def test_a_refusal_that_hints_at_a_record_is_not_made(reason: str) -> None:
    for changes in ({"reasons": (reason,)}, {"criterion": reason}):
        with pytest.raises(LetterError, match="Take out") as caught:
            words(letter(LetterKind.REFUSAL, **changes))
        assert caught.value.field == "reasons"


def test_what_agreements_say_of_their_criteria_hints_at_nothing() -> None:
    for agreement in load_agreements().all():
        texts = [one.refusal for one in agreement.criteria]
        texts += [agreement.refusal_title, agreement.refusal_ending, agreement.because_none, *agreement.rights]
        texts += (
            [one.words or one.label for one in agreement.clock.extension.reasons] if agreement.clock.extension else []
        )
        assert [(agreement.id, one, hints) for one in texts if (hints := says_too_much(one))] == []


@pytest.mark.parametrize(
    "said",
    [
        "The first one had our old telephone number.", "We are afraid that this takes longer.",
        "Give us this record’s number.", "It was marked as OFFICIAL by mistake.", "We wait for other records offices.",
        "Is the patient a refugee?", "You did not say who is in danger, or from whom.",
        "Letter TR-000146-2 of 3 May 2017, at 5.30pm.", "A B C of the I.T. unit, J. K. L. Marsh.", "М. Керимов asked.",
    ],
)  # fmt: skip
def test_plain_words_about_a_letter_hint_at_nothing(said: str) -> None:
    assert says_too_much(said) == ()


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
