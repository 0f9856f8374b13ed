"""To whom and where a letter goes: as the post wants it, said where it cannot be posted, and typed back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.records import LetterKind
from desktop.casework import issuing, sending, writing
from tests.fixtures import Office
from tests.journeys.walking import write_command
from tests.letters.reading import text_of
from tests.letters.test_window import window_lines
from tests.store.test_letters import ACK, acknowledged, at_the_door, page


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("27 Ropewalk Court\nWestmere\nwm4 8rd", ("27 Ropewalk Court", "Westmere", "WM4 8RD")),
        ("27 Ropewalk Court\nWestmere wm48rd\nuk", ("27 Ropewalk Court", "Westmere", "WM4 8RD")),
        ("12 rue de la Paix\n75002 Paris\nfrance", ("12 rue de la Paix", "75002 Paris", "FRANCE")),
        ("Unit 4\nbfpo 57\nbf1 1aa", ("Unit 4", "BF1 1AA", "BFPO 57")),
    ],
)
def test_a_letter_to_the_person_has_its_address_as_the_post_wants_it(
    office: Office, typed: str, printed: tuple[str, ...]
) -> None:
    done = at_the_door(office, LetterKind.DEBT_NOTICE)
    command = replace(write_command(done, LetterKind.DEBT_NOTICE), recipient=f"Li Wen Ashworth\n{typed}")
    made = writing.preview_written(office.caseworker, command)
    assert made.recipient == ("Li Wen Ashworth", *printed)
    assert "Dear Li Wen Ashworth" in text_of(made.pdf)


@pytest.mark.parametrize(
    ("lines", "postcode", "why"),
    [
        ("", "", "has no postal address"),
        ("No fixed abode", "", "no fixed abode"),
        ("No fixed abode\nEastmoor", "EM1 2HQ", "no fixed abode"),
        ("Eastmoor", "", "is not whole"),
        ("Harbour Road\nEastmoor", "EM1 2HQ", ""),
        ("Harbour Road", "EM1 2HQ", ""),
        ("BFPO 57", "", ""),
    ],
)
def test_a_letter_that_cannot_be_posted_says_so_before_it_is_issued(
    office: Office, lines: str, postcode: str, why: str
) -> None:
    done = office.register(requester__address={"lines": lines, "postcode": postcode})
    note = writing.preview_written(office.caseworker, write_command(done, ACK)).note
    assert note.startswith("It cannot be posted: ") is bool(why)
    assert why in note
    acknowledged(office, done)


@pytest.mark.parametrize("theirs", ["-", "???", " \u2013 "])
def test_a_letter_whose_reference_cannot_be_typed_back_is_sent_by_ours(office: Office, theirs: str) -> None:
    done = acknowledged(office, office.register(requester__reference=theirs))
    (one,) = page(office, done).case.letters
    back = sending.letter_to_type_back(office.caseworker, done.case_id, one.id)
    assert (back.reference, back.ours) == (page(office, done).case.row.reference, True)
    office.sent(done, one.id)


@pytest.mark.parametrize(
    "person", ["Gwendolyn Prior-Featherstone", "Bartholomew Featherstonehaugh " * 6], ids=["run on", "shortened"]
)
def test_the_first_line_that_is_typed_back_is_the_one_that_is_printed(office: Office, person: str) -> None:
    done = acknowledged(office, office.register(requester__officer=person))
    (one,) = page(office, done).case.letters
    back = sending.letter_to_type_back(office.caseworker, done.case_id, one.id)
    read = window_lines(issuing.read_letter(office.caseworker, done.case_id, one.id))[0]
    assert read != back.first_line.replace(" ", "")
    for line in (read, back.first_line, *back.as_printed):
        assert not sending.sent_problems(back, back.reference, line)
    assert sending.sent_problems(back, back.reference, read[:5])
    office.sent(done, one.id, typed_line=read)
