"""Addresses, postcodes and letters as others publish them, each case with its public source, asked of our rules.

What no rule of ours answers is listed with why.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.records import LetterKind
from desktop.letters.facts import StandingText
from desktop.letters.words import why_not_in_welsh
from desktop.policy.addresses import PostalAddress, format_postcode, is_real_postcode, normalise_postcode, tidy_lines
from tests.letters.factory import bilingual

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "addresses_letters.json").read_text("utf-8"))

NOT_OURS = {
    "letter_timing": "the timetable of a print and post service; the desk prints its letters and posts none",
    "stats_compliance_rate_pct_2dp": "statistics are published by a part of the desk that is to come",
    "stats_compliance_rate_pct_0dp": "statistics are published by a part of the desk that is to come",
    "stats_reconcile_requests": "statistics are published by a part of the desk that is to come",
    "stats_reconcile_outcomes": "statistics are published by a part of the desk that is to come",
}


def address(case: dict[str, Any]) -> PostalAddress:
    """The address of a case. Where a case does not say, letters may go abroad."""
    return PostalAddress(case["input"], abroad=case.get("allow_international", True))


def in_both_languages(case: dict[str, Any]) -> str:
    """Whether a letter can go out in the languages that are asked for: in Welsh, too, only with all of its Welsh."""
    asked = case["input"]
    line = StandingText("Heading", "Text", asked.get("welsh_subject") or "", asked.get("welsh_content") or "")
    facts = bilingual(LetterKind.REFUSAL, standing=(line,))
    wanted = asked.get("languages") == "welsh_then_english"
    return "invalid" if wanted and why_not_in_welsh(facts) else "valid"


ASK: dict[str, Callable[[dict[str, Any]], object]] = {
    "address_country": lambda case: address(case).country,
    "address_has_enough_lines(min 3)": lambda case: address(case).has_enough_lines,
    "address_has_too_many_lines(max 7)": lambda case: address(case).has_too_many_lines,
    "address_postcode": lambda case: address(case).postcode,
    "address_has_invalid_leading_characters": lambda case: address(case).has_bad_beginning,
    "address_no_fixed_abode": lambda case: address(case).is_nowhere,
    "address_normalised": lambda case: "\n".join(address(case).lines),
    "address_normalised_lines": lambda case: list(address(case).lines),
    "address_is_nonempty": lambda case: bool(tidy_lines(case["input"])),
    "address_valid": lambda case: address(case).valid,
    "address_bfpo_number": lambda case: address(case).bfpo_number,
    "bilingual_letter_template": in_both_languages,
    "postcode_normalise": lambda case: normalise_postcode(case["input"]),
    "postcode_is_real_uk": lambda case: is_real_postcode(case["input"]),
    "postcode_format_for_printing": lambda case: format_postcode(case["input"]),
}
OURS = [one for one in CASES if one["kind"] not in NOT_OURS]


@pytest.mark.parametrize("case", OURS, ids=lambda one: str(one["id"]))
def test_a_published_address_is_read_as_published(case: dict[str, Any]) -> None:
    assert ASK[case["kind"]](case) == case["expected"], (case["input"], case["note"])


def test_every_case_is_asked_or_has_its_reason() -> None:
    assert {one["kind"] for one in CASES} == set(ASK) | set(NOT_OURS)
    assert len({one["id"] for one in CASES}) == len(CASES)
    assert all(one["source"] for one in CASES)


# The same rules on more of the same kinds: written from the rules, not from the table.


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("M1 1AA", True), ("M60 1NW", True), ("CR2 6XH", True), ("DN55 1PT", True), ("W1A 1HQ", True),
        ("EC1A 1BB", True), ("JE2 3RU", True), ("bf1 1aa", True), ("  e 1 6 an ", True), ("QQ1 1AA", False),
        ("NF1 1AA", False), ("ZZ99 3VZ", False), ("SW1A 1AC", False), ("SW1A 1A", False), ("SW1A 11A", False),
        ("GIR 0AA", False), ("SW1A-1AA", False), ("1AA SW1A", False), ("SO14 6WBA", False),
        ("BFPO 1", False), ("N5 3EF, London", False),
    ],
)  # fmt: skip
def test_a_postcode_is_real_by_its_shape_and_area(text: str, real: bool) -> None:
    assert is_real_postcode(text) is real


@pytest.mark.parametrize(
    ("last", "country"),
    [
        ("Deutschland", "Germany"), ("the netherlands", "Netherlands"), ("ESPAÑA", "Spain"),
        ("U.S.A.", "United States"),
        ("Cymru", "United Kingdom"), ("Northern Ireland", "United Kingdom"), ("Republic of Ireland", "Ireland"),
        ("Côte d’Ivoire", "Ivory Coast"), ("Jersey", "Jersey"), ("Berlin", "United Kingdom"),
    ],
)  # fmt: skip
def test_the_last_line_says_the_country(last: str, country: str) -> None:
    assert PostalAddress(f"A Person\n1 Example Street\n{last}").country == country


def test_a_whole_address_is_put_in_order() -> None:
    found = PostalAddress(" A Person ,\n1  Example  Street\n\ncity of town\nsw1a1aa\nEngland\n")
    assert found.lines == ("A Person", "1 Example Street", "city of town", "SW1A 1AA")
    assert found.valid
    assert PostalAddress("A Person\n1 Example Street\nSt Helier\nJE2 3RU\nJersey").lines[-2:] == ("Jersey", "JE2 3RU")
    assert not PostalAddress("A\n1 Street\nSW1A 1AA\nFrance").valid
    assert not PostalAddress("A\nBFPO 1\nFrance", abroad=True).valid
    assert PostalAddress("A Person\nBFPO 1").valid
    assert not PostalAddress("1\n2\n3\n4\n5\n6\n7\nSW1A 1AA").valid
    assert not PostalAddress("A Person\nN.F.A.\nSW1A 1AA").valid
    assert not PostalAddress("A Person\nof no fixed address\nSW1A 1AA").valid
    assert PostalAddress("A Person\nNFA House\nSW1A 1AA").valid


@pytest.mark.parametrize("mark", list('[]()@<>",/\\~='))
def test_no_line_begins_with_a_mark_that_machines_misread(mark: str) -> None:
    assert PostalAddress(f"A Person\n{mark}1 Example Street\nSW1A 1AA").has_bad_beginning
    assert not PostalAddress(f"A Person\n1{mark} Example Street\nSW1A 1AA").has_bad_beginning


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "\ud800", "BFPO", "the", "\u200b\n,", ",", "UK", "SW1A 1AA", "x" * 5000]
)
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    found = PostalAddress(text)
    assert isinstance(found.valid, bool)
    assert found.has_bad_beginning in (True, False)
    assert not found.valid
