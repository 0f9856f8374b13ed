"""What stands in a letter's window, and whom the letter greets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.addressblock import WINDOW_LINES, address_block, same_line
from desktop.policy.addresses import PostalAddress
from desktop.policy.salutations import greeting

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "addresses_letters.json").read_text("utf-8"))
PUBLISHED = [one for one in CASES if one["kind"] in ("address_normalised", "address_normalised_lines")]
POSTCODES = [one for one in CASES if one["kind"] == "postcode_format_for_printing"]
EVERY = [one for one in CASES if one["kind"].startswith("address_") and PostalAddress(one["input"]).lines]


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda one: str(one["id"]))
def test_a_published_address_is_printed_as_published(case: dict[str, Any]) -> None:
    """But for the country, which Royal Mail wants in capitals; and in one box or in two it prints the same."""
    expected = case["expected"] if isinstance(case["expected"], list) else case["expected"].splitlines()
    read = PostalAddress(case["input"])
    wanted = [*expected[:-1], expected[-1].upper()] if read.international else expected
    assert list(address_block((), case["input"], "")) == wanted
    name, *rest = case["input"].splitlines()
    assert list(address_block((name,), "\n".join(rest), "")) == wanted


@pytest.mark.parametrize("case", POSTCODES, ids=lambda one: str(one["id"]))
def test_a_postcode_is_printed_on_a_line_of_its_own_at_the_end(case: dict[str, Any]) -> None:
    expected = ("A Person", "1 Example Street", "Exampleton", case["expected"])
    assert address_block(("A Person",), "1 Example Street\nExampleton", case["input"]) == expected
    assert address_block(("A Person",), f"1 Example Street\nExampleton\n{case['input']}", "") == expected


@pytest.mark.parametrize("case", EVERY, ids=lambda one: str(one["id"]))
def test_every_published_address_is_printed_without_a_blank_or_doubled_line(case: dict[str, Any]) -> None:
    block = address_block((), case["input"], "")
    read = PostalAddress(case["input"])
    assert all(line.strip() == line and line for line in block)
    assert len({line.casefold() for line in block}) == len(block) <= WINDOW_LINES
    assert not [line for line in block if line[-1] in ",.;:"]
    if read.international:
        assert block[-1] == read.country.upper()
    elif read.bfpo_number is not None:
        assert block[-1] == f"BFPO {read.bfpo_number}"
    elif read.postcode is not None:
        assert block[-1] == read.postcode


@pytest.mark.parametrize(
    ("heads", "lines", "postcode", "expected"),
    [
        # Nothing at the ends of lines, nothing blank, nothing twice; the nearer of two that say the same stays.
        (("A Person",), " 1 High St., \n\n Exampleton . ", "sw1a1aa", ("A Person", "1 High St", "Exampleton",
                                                                                "SW1A 1AA")),
        (("A Person", "Force"), "A Person\nForce\n1 Road\nTown SW1A 1AA", "SW1A 1AA",
         ("A Person", "Force", "1 Road", "Town", "SW1A 1AA")),
        (("A Person", "Exampleton"), "1 Road\nExampleton", "SW1A 1AA",
         ("A Person", "1 Road", "Exampleton", "SW1A 1AA")),
        # A nation of the United Kingdom, and the United Kingdom itself, are left out; an island stays.
        (("A Person",), "1 Road\nTown\nScotland", "EH1 1AA", ("A Person", "1 Road", "Town", "EH1 1AA")),
        (("A Person",), "1 Road\nTown\nEH1 1AA\nUK", "", ("A Person", "1 Road", "Town", "EH1 1AA")),
        (("A Person",), "1 Road\nSt Helier\nJersey", "JE2 3RU",
         ("A Person", "1 Road", "St Helier", "Jersey", "JE2 3RU")),
        # However often it is said, and wherever.
        (("A Person",), "1 Road\nTown\nUnited Kingdom\nUK", "EM1 2HQ", ("A Person", "1 Road", "Town", "EM1 2HQ")),
        (("A Person",), "1 Road\nTown\nEM1 2HQ\nEngland\nUK", "", ("A Person", "1 Road", "Town", "EM1 2HQ")),
        (("A Person",), "1 Road\nTown\nUK\nEM1 2HQ\nUK", "", ("A Person", "1 Road", "Town", "EM1 2HQ")),
        (("A Person",), "1 Road\nSt Helier\nJersey\nUK", "JE2 3RU",
         ("A Person", "1 Road", "St Helier", "Jersey", "JE2 3RU")),
        (("A Person",), "1 High St, , Eastmoor,,", "EM1 2HQ", ("A Person", "1 High St, Eastmoor", "EM1 2HQ")),
        # Abroad: in English, in capitals, last, whatever the postcode's box holds.
        (("A Person",), "Hauptstraße 1\n10115 Berlin\nDeutschland", "", ("A Person", "Hauptstraße 1", "10115 Berlin",
                                                                     "GERMANY")),
        (("A Person",), "1 Rue X\nParis\nfrance", "75001", ("A Person", "1 Rue X", "Paris", "75001", "FRANCE")),
        # The forces: the postcode, then the number.
        (("Cpl X",), "BFPO\nbfpo 12", "bf11aa", ("Cpl X", "BF1 1AA", "BFPO 12")),
        (("Cpl X",), "1 Unit", "BFPO c/o 12", ("Cpl X", "1 Unit", "BFPO 12")),
        # A person or body that is called like a country is none.
        (("Jordan", "Georgia"), "1 Road\nTown", "SW1A 1AA", ("Jordan", "Georgia", "1 Road", "Town", "SW1A 1AA")),
        # What is no postcode of ours is printed as it was given.
        (("A Person",), "1 Road\nTown", "zz99 3vz", ("A Person", "1 Road", "Town", "ZZ99 3VZ")),
        (("", " "), "", "", ()),
    ],
)  # fmt: skip
def test_the_rules_hold_beyond_the_table(
    heads: tuple[str, ...], lines: str, postcode: str, expected: tuple[str, ...]
) -> None:
    assert address_block(heads, lines, postcode) == expected


def test_more_lines_than_show_share_lines_and_lose_nothing() -> None:
    place = "Suite 4\nHarbour House\n12 Harbour Road\nDocks\nExampleton\nExampleshire"
    block = address_block(("DS Colin Marsden", "Unit A", "Example Police"), place, "SW1A 1AA")
    assert len(block) == WINDOW_LINES
    assert block[0] == "DS Colin Marsden"
    assert block[-1] == "SW1A 1AA"
    said = ", ".join(block)
    assert said == ", ".join(("DS Colin Marsden", "Unit A", "Example Police", *place.splitlines(), "SW1A 1AA"))


@given(st.lists(st.text(max_size=12), max_size=4), st.text(max_size=80), st.text(max_size=12))
def test_whatever_is_typed_prints_no_blank_line_and_no_more_than_show(
    heads: list[str], lines: str, postcode: str
) -> None:
    block = address_block(heads, lines, postcode)
    assert len(block) <= WINDOW_LINES
    assert all(any(c.isalnum() for c in line) for line in block)


@pytest.mark.parametrize(
    ("grade", "name", "expected"),
    [
        ("Detective Sergeant", "Colin Marsden", "Detective Sergeant Marsden"),
        ("DS", "DS Colin Marsden", "DS Marsden"),
        ("DS", "Marsden, Colin", "DS Marsden"),
        ("DS", "Pieter van den Berg", "DS van den Berg"),
        ("DS", "Pieter Van Den Berg QPM", "DS Van Den Berg"),
        ("DS", "van Dijk", "DS van Dijk"),
        ("DS", "Yusuf al Hadi", "DS al Hadi"),
        ("DS", "Colin Ben Marsden", "DS Marsden"),
        ("DC", "Mary St. John", "DC St. John"),
        ("DC", "Anna Smith-Jones (she/her), MBE", "DC Smith-Jones"),
        ("DC", "Siân O’Neill", "DC O’Neill"),
        ("Inspector", "Dr Ann Lee", "Inspector Lee"),
        ("", "Dr. Jane Okafor", "Dr Okafor"),
        ("", "Mr X", "Mr X"),
        ("", "Sir Colin Marsden", "Sir Colin"),
        ("", "Dame Ruth Adeyemi DBE", "Dame Ruth"),
        ("", "Sam Northcott", "Sam Northcott"),
        ("", "Overseas Visitor Manager", "Overseas Visitor Manager"),
        ("DS", "", "colleague"),
        ("", " ", "colleague"),
        ("DS", ",", "colleague"),
    ],
)
def test_a_letter_greets_by_the_family_name(grade: str, name: str, expected: str) -> None:
    assert greeting(grade, name) == expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_whoever_it_is_somebody_is_greeted(grade: str, name: str) -> None:
    assert greeting(grade, name).strip() == greeting(grade, name) != ""


def test_a_line_is_told_by_its_letters_and_figures_alone() -> None:
    assert same_line(" detective  sergeant colin-marsden.", "Detective Sergeant Colin Marsden")
    assert not same_line("Detective Sergeant Marsden", "Detective Sergeant Colin Marsden")
    assert not same_line("", "")
