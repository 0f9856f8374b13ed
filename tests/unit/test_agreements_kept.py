"""Every text of an agreement that a landed program shipped still opens: cases stay with the text of their day.

``data/kept`` holds them as they were. A text is added when it has changed, and never edited.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from db.records import Leads
from desktop.policy.agreements import AgreementError, decode, load_agreements

KEPT = sorted((Path(__file__).parent / "data" / "kept").glob("*.toml"))


def agreement_of(path: Path) -> str:
    """foi.toml is the first text that landed, foi.2.toml the second."""
    return path.stem.partition(".")[0]


def test_there_are_kept_texts() -> None:
    assert {agreement_of(path) for path in KEPT} == {one.id for one in load_agreements().all()}


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_kept_text_opens_and_binds_the_case_to_what_it_says(path: Path) -> None:
    text = path.read_text("utf-8")
    one = decode(text, path.stem, kept=True)
    assert one.text == text
    assert one.id == agreement_of(path)
    borrowed = next(criterion for criterion in one.criteria if criterion.id == one.borrowed_refusal)
    assert borrowed.leads is Leads.REFUSE
    assert borrowed.refusal
    now = load_agreements().get(one.id)
    assert [item.id for item in one.items] == [item.id for item in now.items]
    assert {criterion.id for criterion in one.criteria} >= {"safeguarding", one.borrowed_refusal}


def test_words_that_a_kept_text_forbade_stay_forbidden() -> None:
    path = next(one for one in KEPT if one.stem == "nhs-debt-report")
    one = decode(path.read_text("utf-8"), path.stem, kept=True)
    assert [criterion.never_says for criterion in one.criteria if criterion.never_says] == ["clinical"]


def test_a_new_file_has_to_say_all_that_one_of_today_says() -> None:
    with pytest.raises(AgreementError, match="this key is missing"):
        decode(KEPT[0].read_text("utf-8"), "new.toml")
