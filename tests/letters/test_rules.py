"""Rules across the text stand between two things: none at the head of a page, none beside the foot's own."""

from __future__ import annotations

import pytest

from db.records import LetterKind
from desktop.letters.facts import ItemRow
from desktop.letters.pages import render
from tests.letters.factory import letter
from tests.letters.reading import chars_of, pages_of
from tests.letters.test_pages import BODY_FOOT, rules_of


@pytest.mark.parametrize("kind", [LetterKind.DISCLOSURE, LetterKind.SAR_ANSWER])
@pytest.mark.parametrize("rows", [4, 16, 17, 40])
def test_no_rule_stands_at_the_head_of_a_page(kind: LetterKind, rows: int) -> None:
    pdf = render(letter(kind, items=(ItemRow("Name", "Li Wen Tan", "14 May 2012"),) * rows))
    for page in range(1, len(pages_of(pdf))):
        highest = min(char.bottom for char in chars_of(pdf, page) if char.top > 17)
        assert not [rule for rule in rules_of(pdf, page) if rule < highest], page


def test_a_table_that_goes_on_over_the_page_ends_without_a_rule() -> None:
    pdf = render(letter(LetterKind.DISCLOSURE, items=(ItemRow("Former name", "Li Wen", "2 September 2009"),) * 100))
    for page in range(3):
        lowest = max(char.bottom for char in chars_of(pdf, page) if char.bottom < BODY_FOOT)
        assert max(rules_of(pdf, page)) < lowest, page
