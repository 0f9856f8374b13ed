"""Names and references with hyphens: where a line ends in them, and where none does."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from db.records import LetterKind
from desktop.letters.facts import ItemRow
from desktop.letters.pages import render
from tests.letters.factory import letter
from tests.letters.reading import pages_of, read_by_content


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("beside", ["", "शर्मा "], ids=["Latin", "Devanagari"])
def test_a_name_that_no_line_holds_is_broken_after_its_hyphens(beside: str, large: bool) -> None:
    name = "Featherstonehaugh-Cholmondeley-Montgomery-Ravenscroft"
    facts = letter(LetterKind.DISCLOSURE, large_print=large, recipient=(f"{beside}{name}", "Eastmoor", "EM1 2HQ"))
    pdf = render(replace(facts, items=(ItemRow("Name", f"{beside}{name}", "14 May 2012"),)))
    read = read_by_content(pdf)
    assert "".join(read.split()).count(name) == 2
    broken = [line for line in map(str.strip, read.splitlines()) if set(line.split("-")) & set(name.split("-"))]
    assert len(broken) >= 4
    for line in broken:
        assert line.endswith(("-", "Ravenscroft")), "no line ends inside a part of the name"


def test_what_has_a_hyphen_and_finds_room_on_a_line_is_not_broken_there() -> None:
    for start in range(40):
        reasons = (f"{'x' * start} It is TR-000146-2 or EMC-2017-0418, and FI-000012-8. " * 3,)
        read = "\n".join(pages_of(render(letter(LetterKind.REFUSAL, reasons=reasons))))
        assert not re.search(r"(TR|EMC|FI|\d)-\n", read)
