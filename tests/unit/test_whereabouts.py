"""What tells where a person is, in a text that should not: found, and told from what only looks like it."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.whereabouts import holds_line, telling_lines, told_where

KNOWN = ("Flat 2, 27 Ropewalk Court\nWestmere\nNorthshire\nWM4 8RD", "The Old Dairy\nNetherby")
TELLING = (
    "Tomasz, now at 27 Ropewalk Court, Westmere", "27 ROPEWALK COURT", "27, Ropewalk Ct.", "ropewalk-court",
    "Tomasz (Ropewalk Court)", "27Ropewalk Court", "WM4 8RD", "wm48rd", "somewhere in WM4", "Tomasz, Westmere",
    "Tomasz, now in Westmere", "lives in Westmere", "Westmere: from Westmere", "c/o her aunt", "care of Mrs Hale",
    "Tomasz\nWestmere", "3 Weir Street", "3 Weir St, Leeds", "12a St Mary's Road", "14-16 Market Sq.", "Flat 3b",
    "flat B of the same house", "P.O. Box 12", "PO box 4", "BFPO 57", "9 Tannery Yard", "112 High Street",
    "at Rose Cottage", "staying at the Bluebell Hostel", "moved to Lime Grove House", "Tomasz, Penny Lane",
    "registered at Weir Street Surgery", "Hauptstrasse 12", "12 rue de la Paix", "ulica Długa 7", "01632 960123",
    "+44 1632 960 123", "(01632) 960123", "tomasz@westmere.example", "No fixed abode", "at The Old Dairy",
    "the old  dairy", "27 Ro\u00adpewalk Court".replace("\u00ad", ""), "２７ Ropewalk Court", "Room 4", "Caravan 7",
    "He was seen near Westmere.", "1 Saint Aldhelm's Close", "Unit 5, 3 Mill Lane",
    "27 Ropewa1k C0urt", "27 R\u043epewalk C\u043eurt", "R.o.p.e.w.a.l.k Court", "Tomasz, We5tmere", "7 D0ck R0ad",
    "W M 4 8 R D", "WM4-8RD", "WM 4 8RD", "52.4862, -1.8904", "52.4862° N, 1.8904° W", "52°29'N",
    "///filled.count.soap", "filled.count.soap",
    "27 Ropewalk", "(Ropewalk 27)", "Ropewalk, number 27", "twenty-seven Ropewalk", "twenty seven Ropewalk",
    "No 27, the Ropewalk", "27Ropewalk", "No. 27 of Ropewalk", "WM four 8RD", "WM4 eight RD", "VVM4 8RD",
    "27 Ropevvalk", "O1632 96O123", "o1632 960I23", "01632-96O-l23", "oh one six three two nine six zero one two three",
    "lia at mail dot org", "lia@mail dot org", "lia (at) mail (dot) org", "lia at mail.post dot org",
)  # fmt: skip
HARMLESS = (
    "Li Wen Ashworth", "Tomasz Kowalczyk", "Kowalczyk, Tomasz", "Penny Lane", "Lane, Penny Ann", "Ann Street-Porter",
    "Court, Margaret", "Kim Hill", "Parks, Rosa", "Dr J. House", "St John-Stevas", "formerly Ann Westmere",
    "4 May 2016", "19 January 2016", "30 June 1984", "born 1984", "1984 Kim Hill", "not known", "Not recorded",
    "Limited leave to remain, 30 months, from 4 May 2016 to 3 November 2018", "20 hours a week in term time",
    "Order of 3 May 2017 at Westmere Crown Court", "Leeds County Court, 12 June 2016", "2016 at the High Court",
    "EU Settlement Scheme: pre-settled until 30 June 2027", "3 close relatives", "12 months close contact",
    "2 previous names", "NHS number 999 000 0018", "Z1234567", "GWF012345678", "SA-000012-4", "1 (male)", "Male",
    "In the return for June 2026", "3 people, 2 requests, 1 way", "Given by Westmere Police", "From Westmere Council",
    "Northshire Police asked us on 12 May 2026", "We gave them the name on 3 June 2026.", "4 of 12 items",
    "No right to work on record", "Application pending since 1 March 2026 (in time)", "Yes", "15 January 2015",
    "The House of Commons asked", "2 weeks at most", "Section 24A of the Immigration Act 1971", "Li-Wen O'Hara-Flynn",
    "EMC/2017/0042", "NSP/ECU/2017/331", "01/02/2016, 03/04/2017", "CRIS 1234567/17", "Public Protection Unit, Floor 2",
    "Westmere University Hospitals NHS Trust", "1.5 and 2.25",
    "27 months", "twenty-seven months", "Ropewalk Insurance", "Ropewalk, 27 May 2016", "Ropewalk (27/05/2016)",
    "Ropewalk Insurance, 28 policies", "27 people asked for Ropewalk", "Li Ropewalk, May 27", "savvy, revved",
    "One of two people, three times, at four", "He looked at the dot", "seen at 12.30", "The 27th, Ropewalk said",
)  # fmt: skip


@pytest.mark.parametrize("text", TELLING)
def test_what_tells_where_a_person_is_is_found(text: str) -> None:
    assert told_where(text, KNOWN)


@pytest.mark.parametrize("text", HARMLESS)
def test_names_dates_courts_and_bodies_pass(text: str) -> None:
    assert told_where(text, KNOWN) == ""


def test_it_says_what_it_found() -> None:
    assert told_where("Tomasz, now at 27 Ropewalk Court, Westmere") == "27 ropewalk court"


def test_an_address_of_somebody_else_is_found_by_its_shape_alone() -> None:
    assert told_where("Tomasz, 8 Dock Road")
    assert not told_where("Tomasz, Netherby")
    assert told_where("Tomasz, Netherby", ("Netherby",)) == "netherby"


@given(st.integers(1, 999), st.sampled_from(["Ropewalk", "St Anne's", "Old Mill", "Łódź"]), st.sampled_from(
    ["Street", "Road", "Court", "Close", "Way", "Hill", "Yard", "Gardens", "Rd", "Ave", "Sq."]),
    st.sampled_from(["{}", "Tomasz, {}", "Tomasz ({})", "now {}.", "x\n{}\ny"]),
)  # fmt: skip
def test_a_house_number_and_a_street_are_found_wherever_they_stand(n: int, name: str, kind: str, put: str) -> None:
    for text in (put.format(f"{n} {name} {kind}"), put.format(f"{n}, {name.upper()} {kind.upper()}")):
        assert told_where(text)


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_can_be_looked_through(text: str, known: list[str]) -> None:
    assert isinstance(told_where(text, known), str)


@pytest.mark.parametrize(
    "text",
    [
        "Twenty-seven Ropewalk Court", "Ropewalk Court 27", "27, The Ropewalk Court", "27 Ropewalk",
        "27-29 Ropewalk Court", "27a Ropewalk Court", "27\nRopewalk Court", "Flat 1, 27 Ropewalk",
        "Ropewalk Court\nWestmere\nWM4 8RD",
        "Ropevvalk\nvvm4 8rd",
    ],
)  # fmt: skip
def test_a_street_is_found_with_its_number_in_any_order_and_with_its_whole_postcode(text: str) -> None:
    assert holds_line(text, KNOWN)


def test_a_number_on_a_line_of_its_own_belongs_to_the_street_under_it() -> None:
    assert told_where("27 Ropewalk", ("27\nRopewalk Court",))
    assert holds_line("Ropewalk 27", ("27\nRopewalk Court",))


@pytest.mark.parametrize(
    "text",
    ["v", "l", "o", "1", "ropewalk ", "27 ", "twenty ", "a at ", "a dot ", "wm4 ", "one-", "(at) ", "\n", "a.", "i1 "],
)
def test_the_time_is_in_proportion_to_the_length_of_a_text(text: str) -> None:
    def taken(length: int) -> float:
        began = process_time()
        told_where(text * (length // len(text)), KNOWN)
        holds_line(text * (length // len(text)), KNOWN)
        return process_time() - began

    assert taken(20_000) < 40 * max(taken(2_000), 0.02)


@pytest.mark.parametrize("text", ["27 Ropewalk Ct, Leeds", "27 R0pewalk C\u043eurt", "Desk 4\n27 Ropewalk Court"])
def test_an_address_that_may_stand_there_is_found_where_it_is_the_persons(text: str) -> None:
    assert holds_line(text, KNOWN)


@pytest.mark.parametrize("text", ["127 Ropewalk Court", "Harbour Road\nWestmere\nWM4 8RD", "Flat 25\n2 Dock Road", ""])
def test_another_address_of_the_same_town_may_stand_there(text: str) -> None:
    assert holds_line(text, KNOWN) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Room 4",
        "Block B",
        "Missing Persons Unit, Room 4",
        "Tracing (Block 2, Room 14a)",
        "Room no. 4",
        "block b\nroom 12",
    ],
)
def test_a_room_or_a_block_is_where_whoever_asks_works(text: str) -> None:
    assert told_where(text, KNOWN)
    assert told_where(text, KNOWN, at_work=True) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Room 4, 27 Ropewalk Court", "Room 4, Ropewalk", "Block B of R0pewalk Ct", "Room 4, WM4 8RD",
        "Room 4, Westmere", "Flat 2", "Caravan 7", "Room 4, the old dairy", "Block B, 3 Weir Street",
        "Room 4, c/o her aunt",
    ],
)  # fmt: skip
def test_a_room_that_stands_with_more_is_found_where_whoever_asks_works_too(text: str) -> None:
    assert told_where(text, KNOWN, at_work=True)


@pytest.mark.parametrize(
    "part", ["Room 4", "Block B", "Room 4 Block B", "Unit 5", "1st Floor", "Floor 3, Desk 4", "12"]
)
def test_a_part_of_a_building_is_of_many_addresses(part: str) -> None:
    assert holds_line(f"{part}\nHarbour Road\nEastmoor", (f"{part}\nRopewalk Court\nWestmere",)) == ""
    assert holds_line(f"{part}\n27 Ropewalk Court", (f"{part}\n27 Ropewalk Court",)) == "27 ropewalk court"


def test_a_part_of_a_building_tells_something_with_the_line_under_it() -> None:
    assert telling_lines("Room 4\nBlock B\n27 Ropewalk Court\nWestmere WM4 8RD") == (
        "Room 4 Block B", "27 Ropewalk Court", "Westmere WM4 8RD",
    )  # fmt: skip
    assert telling_lines("27\nRopewalk Court\nWestmere\n12") == ("27 Ropewalk Court",)
    assert telling_lines("27Ropewalk Court\nRoom 4, Harbour House") == ("27Ropewalk Court", "Room 4, Harbour House")
